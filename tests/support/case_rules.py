"""The form of a case reference that is ours unless an installation has another."""

import re

from bot.lookup.command import CaseRules

DEFAULT = re.compile(r"#?(?=.*\d)[A-Za-z0-9][A-Za-z0-9._#/-]{0,39}")
RULES = CaseRules(DEFAULT, "DSR-123")
