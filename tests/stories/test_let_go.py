"""What is over leaves the memory at once: garbage is seldom collected, answers may be large."""

import gc
from collections.abc import Iterator

import pytest

import app
from bot.evidence.result import Result
from bot.models import Answer, Email, Evidence, File, Finding, OnWait
from bot.state.answers import Answers
from tests.stand_ins.answering import Answering, Transport, failing
from tests.stand_ins.people import rich
from tests.support.house import House

pytest_plugins = ["tests.support.fixtures"]

JANE = "jane@example.com"


@pytest.fixture(autouse=True)
def uncollected(house: House) -> Iterator[None]:
    """No garbage is collected during a test; in service that may be minutes away."""
    assert house.slack.messages == []
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def answers_of(house: House) -> Answers:
    return house.bot.flow.answers


async def held(house: House) -> list[str]:
    """What is in memory of answers and all that holds them, once everything begun is over."""
    await house.bot.boundary.close()
    await answers_of(house).close()
    gone = Answer | Evidence | File | Finding | Result
    return [type(each).__name__ for each in gc.get_objects() if isinstance(each, gone)]


@pytest.mark.parametrize("patience", [app.Patience(slack_call_s=0.5)])
@pytest.mark.parametrize(
    ("method", "fault"),
    [
        ("chat.postMessage", {}),
        ("chat.postMessage", {"drop": True}),
        ("chat.postMessage", {"delay_s": 1}),
        ("chat.postMessage", {"status": 500}),
        ("files.getUploadURLExternal", {"drop": True}),
        ("upload", {"status": 500}),
        ("upload", {"drop": True}),
        ("files.completeUploadExternal", {"drop": True}),
        ("files.completeUploadExternal", {"delay_s": 1}),
        ("files.completeUploadExternal", {"status": 500}),
        ("files.completeUploadExternal", {"error": "internal_error"}),
        ("files.completeUploadExternal", {"body": "no JSON", "content_type": "application/json"}),
        ("files.completeUploadExternal", {"body": b'"\xff', "content_type": "application/json"}),
    ],
)
async def test_an_answer_that_slack_took_or_did_not_take(
    house: House, method: str, fault: dict[str, object]
) -> None:
    if fault:
        house.slack.fail(method, **fault, times=2)  # type: ignore[arg-type]  # a table of faults
    await house.person().types(JANE, channel="C0LEGAL")
    assert await held(house) == []


@pytest.mark.parametrize("patience", [app.Patience(attempt_s=0.5)])
@pytest.mark.parametrize(
    "trouble",
    [
        Answering(transport=Transport.DROP),
        Answering(lambda: rich(JANE), transport=Transport.CUT),
        Answering(delay_s=1),
        failing(500),
        Answering(b"<html>"),
    ],
    ids=["drop", "cut", "slow", "500", "html"],
)
async def test_an_answer_that_came_at_the_second_try(house: House, trouble: Answering) -> None:
    house.gong.people[JANE] = [trouble, Answering(lambda: rich(JANE))]
    await house.answered(JANE)
    assert await held(house) == []


async def test_files_that_somebody_pressed_for_and_slack_did_not_take(house: House) -> None:
    house.slack.fail("upload", status=500, times=4)
    await house.person().types(JANE, channel="C0LEGAL")
    await house.slack.until(lambda: len(house.slack.messages) == 2)
    await house.person().clicks(house.slack.messages[1], "Attach the file again")
    await house.line_after(0)
    assert await held(house) == []


async def test_the_answer_that_a_failed_refresh_would_have_replaced(house: House) -> None:
    summary = await house.answered(JANE)
    house.gong.people[JANE] = failing(401, "Unauthorized")
    await house.person().clicks(summary, "Refresh")
    await house.line_after(0)
    assert await held(house) == []


@pytest.mark.parametrize("bugs", [1])
async def test_the_answer_that_a_bug_would_have_replaced(house: House) -> None:
    async def ask(email: Email, _: OnWait) -> Evidence:
        raise KeyError(email)

    summary = await house.answered(JANE)
    answers_of(house).ask = ask
    await house.person().clicks(summary, "Refresh")
    assert (await house.line_after(0)).startswith("Something in this bot went wrong")
    assert await held(house) == []
