"""The sentences: every error has one, and none can be read as more than it says."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot import errors, refusals
from bot.errors import BotError, SearchFailed, SlackFailed
from bot.messages import ephemeral
from bot.messages.ephemeral import Details
from bot.refusals import Refused
from tests.support.messages import AT, REQUEST_ID

HERE = Details("@ana", "DSR-123", "gong-lookup", "jane@example.com", "7F3A21")


def leaves(kind: type[BotError]) -> Iterator[type[BotError]]:
    """Every kind of error that can be raised."""
    below = kind.__subclasses__()
    yield from (leaf for each in below for leaf in leaves(each))
    if not below or kind is SlackFailed:
        yield kind


EXAMPLES: dict[type[BotError], BotError] = {
    refusals.NotAscii: refusals.NotAscii("CYRILLIC SMALL LETTER A"),
    refusals.InvisibleCharacter: refusals.InvisibleCharacter("ZERO WIDTH SPACE"),
    refusals.CaseMissing: refusals.CaseMissing("DSR-123"),
    refusals.CaseMalformed: refusals.CaseMalformed("DSR-123"),
    refusals.PersonLimitReached: refusals.PersonLimitReached(10, "a minute", AT),
    errors.AnswerTooLarge: errors.AnswerTooLarge(REQUEST_ID, limit_bytes=64 * 1024**2),
    errors.UnexpectedStatus: errors.UnexpectedStatus(REQUEST_ID, 418),
    errors.WrongBaseUrl: errors.WrongBaseUrl(REQUEST_ID, 404),
    SlackFailed: SlackFailed("fatal_error"),
    errors.FileRefused: errors.FileRefused("fatal_error"),
    errors.NotTakenBack: errors.NotTakenBack("cant_delete_file"),
}
ALL = [EXAMPLES.get(kind) or kind() for kind in sorted(leaves(BotError), key=lambda k: k.__name__)]
FAILURES = [error for error in ALL if isinstance(error, SearchFailed)]
REFUSALS = [error for error in ALL if isinstance(error, Refused)]


def name_of(error: object) -> str:
    return type(error).__name__


def said(error: BotError, setting: Details = HERE) -> str:
    return ephemeral.explain(error, setting)


# all of them


@pytest.mark.parametrize("error", ALL, ids=name_of)
def test_every_error_has_a_sentence(error: BotError) -> None:
    sentence = said(error)
    assert re.fullmatch(r"[A-Z].{20,}", sentence)
    assert not re.search(r"[{}]|None|  | ,|\(\)|\.\.|\bincident \.", sentence)


@pytest.mark.parametrize("error", ALL, ids=name_of)
def test_every_sentence_says_what_to_do_next(error: BotError) -> None:
    told_to = r"type|try|ask|use|press|check|give|questions|/gong-lookup jane"
    assert re.search(rf"(?<!\w)({told_to})\b", said(error), re.IGNORECASE)


@pytest.mark.parametrize("error", ALL, ids=name_of)
def test_no_sentence_can_be_read_as_a_result(error: BotError) -> None:
    sentence = said(error).lower()
    assert "no references returned" not in sentence
    assert not re.search(r"nothing (was |has been )?found|no results|no matches", sentence)


def test_the_picture_of_the_errors_shows_every_one() -> None:
    shown = re.findall(r"\b[A-Z]\w+\b", f"{errors.__doc__} {refusals.__doc__}")
    kinds = {kind.__name__ for kind in leaves(BotError)}
    assert kinds - set(shown) == set()


# refusals and failures


@pytest.mark.parametrize("error", REFUSALS, ids=name_of)
def test_a_refusal_says_that_nothing_was_done(error: Refused) -> None:
    untouched = "Gong was not asked|Nothing was searched"
    if isinstance(error, refusals.NotTheAsker | refusals.WithdrawalOff):
        untouched = "Nothing was changed"
    assert re.search(untouched, said(error))


@pytest.mark.parametrize("error", REFUSALS, ids=name_of)
def test_a_refusal_does_not_repeat_the_address(error: Refused) -> None:
    assert "jane@example.com" not in said(error, replace(HERE, example="")).replace(
        "/gong-lookup jane@example.com", ""
    )


@pytest.mark.parametrize("error", FAILURES, ids=name_of)
def test_a_failure_says_that_the_search_did_not_complete(error: SearchFailed) -> None:
    assert said(error).startswith("The search for jane@example.com did NOT complete: ")


@pytest.mark.parametrize("error", FAILURES, ids=name_of)
def test_a_failure_says_nothing_about_what_gong_holds(error: SearchFailed) -> None:
    meaning = "This says nothing about what Gong holds."
    if isinstance(error, errors.AnswerTooLarge):
        meaning = "This is not a “no references” result."
    if isinstance(error, errors.AddressRejected):
        meaning = "This is not a “no references” result."
    assert meaning in said(error)


@pytest.mark.parametrize("error", FAILURES, ids=name_of)
def test_a_failure_names_no_address_where_none_is_known(error: SearchFailed) -> None:
    assert said(error, replace(HERE, email=None)).startswith("The search did NOT complete: ")


@pytest.mark.parametrize(
    "error",
    [error for error in FAILURES if not isinstance(error, errors.Interrupted)],
    ids=name_of,
)
def test_a_failure_has_an_incident_to_ask_about(error: SearchFailed) -> None:
    assert "ncident 7F3A21" in said(error)


ANSWERED = [
    errors.AddressRejected(REQUEST_ID, 400),
    errors.CredentialsRefused(REQUEST_ID, 401),
    errors.NetworkNotTrusted(REQUEST_ID, 403),
    errors.WrongBaseUrl(REQUEST_ID, 404),
    errors.GongUnavailable(REQUEST_ID, 503, reason="status"),
    errors.UnexpectedStatus(REQUEST_ID, 418),
    errors.GongLimitReached(REQUEST_ID, 429),
]


@pytest.mark.parametrize("error", ANSWERED, ids=name_of)
def test_a_failure_that_gong_answered_with_names_status_and_request(error: SearchFailed) -> None:
    assert f"HTTP {error.status}" in said(error)
    assert f"request {REQUEST_ID}" in said(error)


@pytest.mark.parametrize("error", ANSWERED, ids=name_of)
def test_a_failure_without_a_request_id_names_none(error: SearchFailed) -> None:
    assert "request" not in said(type(error)(None, error.status))


def test_an_answer_with_too_many_elements_names_that_limit() -> None:
    sentence = said(errors.AnswerTooLarge(REQUEST_ID, limit_elements=2_000_000))
    assert "(over 2,000,000 elements, request" in sentence


def test_an_answer_too_large_names_the_limit_and_the_request() -> None:
    sentence = said(EXAMPLES[errors.AnswerTooLarge])
    assert f"(over 64 MiB, request {REQUEST_ID})" in sentence


# one by one


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("timeout", "Gong did not answer within 25 seconds."),
        ("unreachable", "Gong could not be reached, or broke off its answer."),
        ("status", "Gong reported a fault of its own (HTTP 503)."),
        ("unreadable", "what came back was not an answer of Gong that can be read."),
    ],
)
def test_gong_may_be_unavailable_for_several_reasons(reason: str, told: str) -> None:
    error = errors.GongUnavailable(None, 503, reason=reason, seconds=25.0)
    assert f"did NOT complete: {told} This says nothing" in said(error)


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        (("The address", "belongs to a user"), ": “The address; belongs to a user”"),
        ((), " and gave no reason"),
        (("",), " and gave no reason"),
        (("{contact} {error.texts}",), ": “{contact} {error.texts}”"),
        (("x" * 1000,), ": “" + "x" * 299 + "…”"),
    ],
)
def test_a_rejection_quotes_gong(texts: tuple[str, ...], told: str) -> None:
    sentence = said(errors.AddressRejected(REQUEST_ID, 400, texts=texts))
    assert f"Gong rejected this address{told} (HTTP 400" in sentence


def test_a_rejection_may_mean_an_employee_and_is_no_result() -> None:
    sentence = said(errors.AddressRejected(None, 400))
    assert "If this person is or was a Gong user, this search cannot cover them" in sentence
    assert "This is not a “no references” result." in sentence


@pytest.mark.parametrize(
    ("host", "told"),
    [("elsewhere.example.com", ", it leads to elsewhere.example.com"), (None, "")],
)
def test_a_wrong_address_says_where_it_leads(host: str | None, told: str) -> None:
    sentence = said(errors.WrongBaseUrl(None, 302, redirect_host=host))
    assert f"(HTTP 302{told})." in sentence


@pytest.mark.parametrize("kind", [errors.GongLimitReached, errors.DayLimitReached])
def test_a_limit_says_when_to_try_again(
    kind: type[errors.GongLimitReached | errors.DayLimitReached],
) -> None:
    assert "Try again after 23 Nov 2026, 14:02:33 UTC" in said(kind(again_at=AT))
    assert "Try again in a few minutes" in said(kind())


def test_a_persons_limit_is_said_plainly() -> None:
    assert said(refusals.PersonLimitReached(200, "24 hours", AT)) == (
        "That was one more than 200 searches in 24 hours, which is the limit for one person. Gong "
        "was not asked. Try again after 23 Nov 2026, 14:02:33 UTC, or ask @ana."
    )


@pytest.mark.parametrize("kind", [refusals.NotAscii, refusals.InvisibleCharacter])
def test_a_character_is_named(kind: type[refusals.NotAscii | refusals.InvisibleCharacter]) -> None:
    assert "ZERO WIDTH SPACE" in said(kind("ZERO WIDTH SPACE"))


@pytest.mark.parametrize("kind", [refusals.CaseMissing, refusals.CaseMalformed])
def test_a_case_is_shown_by_example(
    kind: type[refusals.CaseMissing | refusals.CaseMalformed],
) -> None:
    assert "GDPR-7" in said(kind("GDPR-7"))


@pytest.mark.parametrize("error", [refusals.BotNotInvited(), SlackFailed("not_in_channel")])
def test_a_bot_that_is_not_there_says_how_to_invite_it(error: BotError) -> None:
    assert "Type /invite @gong-lookup here" in said(error)


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("not_in_channel", "I am not a member of this channel."),
        ("channel_not_found", "I am not a member of this channel."),
        ("is_archived", "This channel is archived. Use another one, or ask @ana."),
        ("ratelimited", "Slack asks for a pause. Try again in a few minutes."),
        ("msg_too_long", "Slack did not take it (msg_too_long)."),
        ("{contact}", "Slack did not take it ({contact})."),
    ],
)
def test_what_slack_refused_is_told_with_a_way_out(code: str, told: str) -> None:
    assert told in said(SlackFailed(code))


@pytest.mark.parametrize("code", ["timeout", "unreachable", "http_503", "internal_error"])
def test_what_slack_may_have_taken_is_not_said_to_be_refused(code: str) -> None:
    sentence = said(SlackFailed(code))
    assert "could not be posted" not in sentence
    assert "If it does not stand in the channel, try again." in sentence


def test_a_contact_with_braces_is_shown_as_it_is() -> None:
    assert "Ask {error.args}." in said(refusals.OtherTeam(), replace(HERE, contact="{error.args}"))


# other lines


def test_while_gong_is_asked_the_address_is_named() -> None:
    assert ephemeral.searching_text("jane@example.com") == "Searching Gong for jane@example.com…"


@pytest.mark.parametrize(
    ("ahead", "told"), [(1, "1 search is ahead of yours"), (12, "12 searches are ahead of yours")]
)
def test_a_long_wait_is_told_with_the_place(ahead: int, told: str) -> None:
    assert ephemeral.queueing_text("jane@example.com", ahead, 6.4) == (
        f"Searching Gong for jane@example.com… {told} (about 6 seconds). No need to type it again."
    )


def test_a_wait_that_no_search_causes_is_not_put_down_to_searches() -> None:
    sentence = ephemeral.queueing_text("jane@example.com", 0, 30.0)
    assert "0 searches" not in sentence
    assert "30 seconds" in sentence


def test_help_says_how_to_ask_and_who_will_see_it() -> None:
    sentence = ephemeral.help_text(HERE)
    for told in (
        "/gong-lookup jane@example.com DSR-123",
        "posted to everyone in this channel",
        "Read-only",
        "not employees",
        "inside threads",
        "@ana",
    ):
        assert told in sentence


def test_what_nobody_foresaw_has_an_incident_and_is_no_result() -> None:
    sentence = ephemeral.explain_unforeseen(HERE)
    assert "did NOT complete" in sentence
    assert "says nothing about what Gong holds" in sentence
    assert "give @ana incident 7F3A21" in sentence


def test_what_failed_at_gong_can_be_told_to_an_admin_alone() -> None:
    told = ephemeral.what_failed(errors.CredentialsRefused(REQUEST_ID, 401), HERE)
    assert told == f"Gong refused our credentials (HTTP 401, request {REQUEST_ID})."
