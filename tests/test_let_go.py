"""What is over leaves the memory at once: garbage is seldom collected, answers may be large."""

import gc
from collections.abc import Iterator

import pytest

import app
from bot.disclosure import Refreshed
from bot.export import File
from bot.models import Finding
from tests.house import House
from tests.stand_ins.answering import failing

pytest_plugins = ["tests.fixtures"]

JANE = "jane@example.com"


@pytest.fixture(autouse=True)
def uncollected(house: House) -> Iterator[None]:
    """As good as, for something of 44 MiB: it is one object among some thousand."""
    assert house.slack.messages == []
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def held() -> list[str]:
    """What is in memory of that by which a look-up has its answer in hand."""
    gone = File | Finding | Refreshed
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
    ],
)
async def test_an_answer_that_slack_took_or_did_not_take(
    house: House, method: str, fault: dict[str, object]
) -> None:
    if fault:
        house.slack.fail(method, **fault, times=2)  # type: ignore[arg-type]  # a table of faults
    await house.person().types(JANE, channel="C0LEGAL")
    await house.bot.handlers.close()  # what was begun is over
    assert held() == []


async def test_files_that_somebody_pressed_for_and_slack_did_not_take(house: House) -> None:
    house.slack.fail("upload", status=500, times=4)
    await house.person().types(JANE, channel="C0LEGAL")
    await house.slack.until(lambda: len(house.slack.messages) == 2)
    await house.person().clicks(house.slack.messages[1], "Attach the file again")
    await house.line_after(0)
    await house.bot.handlers.close()
    assert held() == []


async def test_the_answer_that_a_failed_refresh_would_have_replaced(house: House) -> None:
    summary = await house.answered(JANE)
    house.gong.people[JANE] = failing(401, "Unauthorized")
    await house.person().clicks(summary, "Refresh")
    await house.line_after(0)
    await house.bot.handlers.close()
    assert held() == []
