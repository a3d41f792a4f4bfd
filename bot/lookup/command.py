"""The words after the command → a question; and a new search for it."""

import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.address import parse_address, refuse_characters
from bot.messages.buttons import CASE_CHARACTERS, Button
from bot.models import Case, Question, Search
from bot.refusals import (
    ButtonUnreadable,
    CaseMalformed,
    CaseMissing,
    QueryRefused,
    SeveralAddresses,
)

_QUOTES = {'"': '"', "'": "'", "`": "`", "\u201c": "\u201d", "\u2018": "\u2019"}
"""Straight, code and the curly ones that phones write."""

_MAILTO = re.compile(r"<mailto:([^<>|]+)\|([^<>|]+)>(?=\s|$)")


@dataclass(frozen=True, slots=True)
class CaseRules:
    """The form that a case reference has in this installation."""

    pattern: re.Pattern[str]
    example: str
    is_required: bool = False


def is_help(typed: str) -> bool:
    """Whether the words, or their absence, ask for help."""
    return typed.strip().lower() in {"", "help"}


def is_without_address(typed: str) -> bool:
    """Whether the words hold nothing that could be meant as an address."""
    return typed.isascii() and "@" not in typed


def parse_question(typed: str, rules: CaseRules) -> Question:
    """Return the one address, exactly as typed, and the case after it, which is not judged yet.

    Raises:
        QueryRefused: one of its kinds, for whatever cannot be looked up as it is.
    """
    words = _unquote(_MAILTO.sub(_unwrap_mailto, _unquote(typed.strip(" \t\r\n"))))
    first, _, rest = words.partition(" ")
    first, rest = _unquote(first), rest.strip(" ")
    refuse_characters(first + rest)
    if words.count("@") > 1:
        raise SeveralAddresses
    return Question(parse_address(first), _parse_case(rest, rules))


def question_again(button: Button, rules: CaseRules) -> Question:
    """Return the question that a button carries, judged anew as if it had been typed.

    Raises:
        ButtonUnreadable: it would not be accepted today.
    """
    try:
        question = Question(parse_address(button.email), _parse_case(button.case or "", rules))
        judge_case(question, rules)
    except QueryRefused as exc:
        raise ButtonUnreadable from exc
    return question


def judge_case(question: Question, rules: CaseRules) -> None:
    """Compare the case with its pattern: only for whoever may ask, for it is the company's own.

    Raises:
        CaseMalformed: it does not look like one.
    """
    if question.case is not None and not rules.pattern.fullmatch(question.case):
        raise CaseMalformed(rules.example)


def new_search(question: Question, user_id: str) -> Search:
    """Return a search that somebody asks for now, under a receipt id of its own."""
    token = secrets.token_hex(6).upper()
    receipt_id = f"R-{token[:4]}-{token[4:8]}-{token[8:]}"
    return Search(receipt_id, question, user_id, datetime.now(UTC))


def _parse_case(rest: str, rules: CaseRules) -> Case | None:
    if not rest:
        if rules.is_required:
            raise CaseMissing(rules.example)
        return None
    if len(rest) > CASE_CHARACTERS:
        raise CaseMalformed(rules.example)
    return Case(rest)


def _unwrap_mailto(match: re.Match[str]) -> str:
    """Slack's `<mailto:X|X>`: the address that is shown must be the one that is looked up."""
    return match[1] if match[1] == match[2] else match[0]


def _unquote(words: str) -> str:
    if len(words) > 1 and _QUOTES.get(words[0]) == words[-1]:
        return words[1:-1].strip(" ")
    return words
