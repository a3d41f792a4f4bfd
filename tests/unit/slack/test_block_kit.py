"""Outside text is escaped, and cut to Slack's limits."""

import re

import pytest

from bot.slack import block_kit
from tests.stand_ins.block_kit import faults


@pytest.mark.parametrize(
    ("outside", "escaped"),
    [
        ("a & b", "a &amp; b"),
        ("<!channel>", "&lt;!channel&gt;"),
        ("&amp;", "&amp;amp;"),
        ("*_~`@here", "*_~`@here"),
    ],
)
def test_escaping_changes_exactly_what_slack_parses(outside: str, escaped: str) -> None:
    assert block_kit.escape(outside) == escaped


@pytest.mark.parametrize(
    ("outside", "shown"), [("", ""), ("123456", "123456"), ("1234567", "1234 …")]
)
def test_a_text_that_is_too_long_is_cut_with_a_mark(outside: str, shown: str) -> None:
    assert block_kit.cut(outside, 6, " …") == shown


def test_a_title_and_a_paragraph_are_cut_to_slacks_limits() -> None:
    drawn = [block_kit.header("x" * 5000), block_kit.plain("x" * 5000)]
    assert faults(drawn) == []
    assert [len(block["text"]["text"]) for block in drawn] == [150, 3000]


def test_a_text_is_cut_before_it_is_escaped() -> None:
    made = block_kit.text_message("&" * 50_000)
    assert not re.search(r"&(?!amp;)", made.text)
    assert made.text.endswith(block_kit.IN_FILE)
