"""When Gong fails or is busy: no silence, and never "no references"."""

import asyncio
import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

import app
from tests.stand_ins.answering import Answering, Transport, failing, limited
from tests.stand_ins.people import HTML, rich
from tests.stand_ins.slack_world import User
from tests.support.house import House
from tests.support.log_book import LogBook

pytest_plugins = ["tests.support.fixtures"]

JANE = "jane@example.com"
QUICK = app.Patience(attempt_s=0.3, lookup_s=1)
INCIDENT = r"[0-9A-F]{6}"


MEANING = " This says nothing about what Gong holds."


@pytest.mark.parametrize(
    ("address", "calls", "sentence", "what_next"),
    [
        (
            "employee@example.com",
            1,
            (
                "Gong rejected this address: “The email address belongs to a user of the company” "
                "(HTTP 400, request {}). If this person is or was a Gong user, this search cannot "
                "cover them: ask a Gong tech admin. This is not a “no references” result."
            ),
            "If not, and the address is right, give @ana incident {}.",
        ),
        (
            "denied@example.com",
            1,
            "Gong refused our credentials (HTTP 401, request {}).",
            "Trying again will not help. Give @ana incident {}.",
        ),
        (
            "untrusted@example.com",
            1,
            (
                "Gong does not trust the network this bot runs in: see trusted IPs (HTTP 403, "
                "request {})."
            ),
            "Trying again will not help. Give @ana incident {}.",
        ),
        (
            "moved@example.com",
            1,
            (
                "our settings have a wrong address for Gong (HTTP 302, it leads to "
                "elsewhere.example.com, request {})."
            ),
            "Trying again will not help. Give @ana incident {}.",
        ),
        (
            "lost@example.com",
            1,
            "our settings have a wrong address for Gong (HTTP 404, request {}).",
            "Trying again will not help. Give @ana incident {}.",
        ),
        (
            "teapot@example.com",
            1,
            "Gong answered in a way this bot does not know (HTTP 418, request {}).",
            "Give @ana incident {}.",
        ),
        (
            "broken@example.com",
            3,
            "Gong reported a fault of its own (HTTP 500), request {}.",
            "Try again; if it repeats, give @ana incident {}.",
        ),
        (
            "html@example.com",
            3,
            "what came back was not an answer of Gong that can be read, request {}.",
            "Try again; if it repeats, give @ana incident {}.",
        ),
        (
            "dropped@example.com",
            3,
            "Gong could not be reached, or broke off its answer.",
            "Try again; if it repeats, give @ana incident {}.",
        ),
        (
            "cut@example.com",
            3,
            "Gong could not be reached, or broke off its answer.",
            "Try again; if it repeats, give @ana incident {}.",
        ),
    ],
)
async def test_a_failed_search_is_told_to_the_asker_alone_and_never_reads_like_an_empty_one(
    house: House, address: str, calls: int, sentence: str, what_next: str
) -> None:
    house.gong.people["lost@example.com"] = failing(404, "Not found")
    house.gong.people["teapot@example.com"] = failing(418, "I am a teapot")
    house.gong.people["cut@example.com"] = Answering(transport=Transport.CUT)
    told = await house.told(address)
    meaning = "" if address == "employee@example.com" else MEANING
    expected = re.escape(
        f"The search for {address} did NOT complete: {sentence}{meaning} {what_next}"
    )
    request_id = house.gong.requests[-1].request_id
    expected = expected.replace(r"request\ \{\}", rf"request\ {request_id}")
    assert re.fullmatch(expected.replace(r"\{\}", INCIDENT), told)
    assert len(house.gong.requests) == calls
    assert house.slack.messages == []
    assert {line.user for line in house.slack.private} == {"U0ANA"}


async def test_the_incident_that_is_told_is_the_one_in_the_log(house: House, log: LogBook) -> None:
    told = await house.told("denied@example.com")
    (line,) = log.events("failed")
    assert f"incident {line['incident']}." in told
    assert (line["outcome"], line["status"]) == ("CredentialsRefused", 401)
    assert line["gong_request"] == house.gong.requests[0].request_id


async def test_a_failure_is_not_kept(house: House) -> None:
    house.gong.people[JANE] = [failing(401), Answering(lambda: rich(JANE))]
    await house.told(JANE)
    await house.answered(JANE)
    assert len(house.gong.requests) == 2


@pytest.mark.parametrize("transport", ["http"])
@pytest.mark.parametrize(
    "trouble",
    [
        failing(500, "Failed"),
        failing(503, "Busy"),
        Answering(HTML),
        Answering(b'{"emails": ['),
        Answering(transport=Transport.DROP),
        Answering(transport=Transport.CUT),
        Answering(b"\x1f\x8b broken", headers={"Content-Encoding": "gzip"}, gzip=False),
        Answering(b"x", headers={"Content-Encoding": "br"}, gzip=False),
    ],
    ids=["500", "503", "html", "half JSON", "dropped", "cut", "bad gzip", "brotli"],
)
async def test_trouble_that_passes_is_not_seen_by_anybody(house: House, trouble: Answering) -> None:
    house.gong.people[JANE] = [trouble, Answering(lambda: rich(JANE))]
    summary = await house.answered(JANE)
    assert summary.text.startswith("Gong look-up: 267 references\n")
    assert len(house.gong.requests) == 2
    assert [line.via for line in house.slack.private] == ["ack"]


async def test_a_redirect_is_not_followed(house: House) -> None:
    there = f"{house.gong.base_url}/v2/elsewhere"
    house.gong.people[JANE] = Answering(b"", status=307, headers={"Location": there})
    assert "it leads to 127.0.0.1" in await house.told(JANE)
    assert len(house.gong.requests) == 1


@pytest.mark.parametrize("transport", ["http"])
@pytest.mark.parametrize("patience", [QUICK])
@pytest.mark.parametrize(
    "slow",
    [Answering(delay_s=3), Answering(transport=Transport.DRIP)],
    ids=["silent", "dripping"],
)
async def test_an_answer_that_takes_too_long_is_asked_for_once_more(
    house: House, slow: Answering
) -> None:
    house.gong.people[JANE] = slow
    told = await house.told(JANE)
    assert "did NOT complete: Gong did not answer within" in told
    assert len(house.gong.requests) == 2
    assert house.slack.messages == []


@pytest.mark.parametrize("transport", ["http"])
async def test_a_short_limit_of_gongs_is_waited_for(house: House) -> None:
    await house.answered("limited@example.com")
    first, second = house.gong.requests
    assert second.at - first.at >= 1


@pytest.mark.parametrize(
    ("header", "again"),
    [
        ({"Retry-After": "600"}, r"Try again after \d+ \w+ \d{4}, \d\d:\d\d:\d\d UTC\."),
        ({"Retry-After": "86401"}, r"Try again after \d+ \w+ \d{4}, \d\d:\d\d:\d\d UTC\."),
    ],
)
async def test_a_long_limit_of_gongs_is_told_with_its_end_and_holds_for_everybody(
    house: House, header: dict[str, str], again: str
) -> None:
    house.gong.people[JANE] = failing(429, "API request limit exceeded", headers=header)
    told = await house.told(JANE)
    assert "Gong asks your company's integrations to pause (HTTP 429, request" in told
    assert re.search(again, told)
    assert "Gong asks your company's integrations to pause" in await house.told("test@test.com")
    assert len(house.gong.requests) == 1


@pytest.mark.parametrize("asked", ["999999999", "Sun, 06 Nov 2095 08:49:37 GMT"])
async def test_a_pause_of_years_ends_after_a_day(house: House, asked: str) -> None:
    header = {"Retry-After": asked}
    house.gong.people[JANE] = failing(429, "API request limit exceeded", headers=header)
    for email in (JANE, "test@test.com"):
        told = re.search(r"Try again after (.*? UTC)\.", await house.told(email))
        assert told
        again_at = datetime.strptime(f"{told[1]}+0000", "%d %b %Y, %H:%M:%S UTC%z")
        assert timedelta(hours=23) < again_at - datetime.now(UTC) <= timedelta(hours=24)


@pytest.mark.parametrize("patience", [QUICK])
@pytest.mark.parametrize("header", [{}, {"Retry-After": "abc"}])
async def test_a_limit_without_an_end_is_told_without_one(
    house: House, header: dict[str, str]
) -> None:
    house.gong.people[JANE] = failing(429, "API request limit exceeded", headers=header)
    assert "Try again in a few minutes. Incident" in await house.told(JANE)
    assert len(house.gong.requests) == 1


@pytest.mark.parametrize("patience", [app.Patience(finish_s=0)])
@pytest.mark.parametrize(
    ("pause_s", "told"),
    [
        (30, r"Searching Gong for test@test\.com… Gong asked for a pause \(about (30|29) sec.*"),
        (600, r"The search for test@test\.com did NOT complete: Gong asks .*"),
    ],
)
async def test_while_gong_wants_a_pause_nobody_is_told_of_searches_ahead(
    house: House, pause_s: int, told: str
) -> None:
    house.gong.people[JANE] = limited(pause_s)
    await house.told(JANE)
    assert re.fullmatch(told, await house.told("test@test.com", "U0BEN"))


async def test_a_bomb_ends_at_the_limit_with_nothing_shown(house: House) -> None:
    house.gong.people[JANE] = Answering(bomb_megabytes=65)
    told = await house.told(JANE)
    assert "did NOT complete" in told
    assert "over 64 M" in told
    assert len(house.gong.requests) == 1
    assert house.slack.messages == []


@pytest.mark.parametrize("more", [{"GONG_CALLS_PER_DAY": "1"}])
async def test_the_share_of_the_day_is_kept_to(house: House) -> None:
    await house.answered(JANE)
    told = await house.told("test@test.com")
    assert "share of Gong's quota" in told
    assert re.search(r"Try again after .* UTC, or ask @ana, incident", told)
    assert len(house.gong.requests) == 1


@pytest.mark.parametrize("more", [{"GONG_CALLS_PER_SECOND": "0.5"}])
@pytest.mark.parametrize("patience", [app.Patience(finish_s=0)])
async def test_who_has_to_wait_is_told_the_place_in_the_queue(house: House) -> None:
    await house.answered(JANE)
    await house.person().types("nobody@example.com", channel="C0LEGAL")
    await house.told("nobody@example.com", "U0GUEST")  # meanwhile Ana's search takes its place
    assert re.fullmatch(
        r"Searching Gong for test@test\.com… 1 search is ahead of yours \(about [34] seconds\)\. "
        r"No need to type it again\.",
        await house.told("test@test.com"),
    )


@pytest.mark.parametrize("transport", ["http"])
@pytest.mark.parametrize("more", [{"GONG_CALLS_PER_SECOND": "0.3"}])
@pytest.mark.parametrize("fails", [0, 2])
async def test_who_presses_and_has_to_wait_is_told_and_answered_even_if_the_telling_fails(
    house: House, fails: int
) -> None:
    summary = await house.answered(JANE)
    house.slack.fail("response_url", status=500, times=fails)
    await house.person().clicks(summary, "Refresh")
    await house.slack.until(lambda: len(house.slack.in_thread(summary)) == 3)
    told = [line.text for line in house.slack.private if line.via == "response_url"]
    assert [text.startswith(f"Searching Gong for {JANE}…") for text in told] == [True] * (not fails)


@pytest.mark.parametrize("patience", [app.Patience(finish_s=0)])
async def test_of_thirty_at_once_those_who_wait_longest_are_told_their_place(
    house: House,
) -> None:
    people = [f"U0P{number:02}" for number in range(30)]
    for user_id in people:
        house.slack.users[user_id] = User(user_id, user_id.lower(), house.slack.team_id)
    typing = (house.person(one).types(f"{one}@example.com", channel="C0LEGAL") for one in people)
    await asyncio.gather(*typing)

    def told() -> list[str]:
        return [line.text for line in house.slack.private if "ahead of yours" in line.text]

    await house.slack.until(lambda: len(told()) >= 15)


@pytest.mark.parametrize("transport", ["http"])
async def test_calls_to_gong_are_spaced_evenly(house: House) -> None:
    typing = (house.person().types(f"{n}@example.com", channel="C0LEGAL") for n in range(5))
    await asyncio.gather(*typing)
    await house.slack.until(lambda: len(house.slack.in_channel("C0LEGAL")) == 5)
    moments = [request.at for request in house.gong.requests]
    assert moments[-1] - moments[0] > 1.2
    assert min(later - sooner for sooner, later in pairwise(moments)) > 0.1
