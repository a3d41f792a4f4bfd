"""How the log speaks of an address without naming it."""

import hashlib
import hmac

from bot.models import Email

REFERENCE_CHARACTERS = 16


def subject_reference(key: bytes, email: Email) -> str:
    """The same for the same address in any capitals; nobody without the key can make or undo it.

    Its plus-tag is kept: that is another address.
    """
    sealed = hmac.new(key, email.lower().encode(), hashlib.sha256)
    return sealed.hexdigest()[:REFERENCE_CHARACTERS]
