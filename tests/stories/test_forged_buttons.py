"""Buttons that somebody invents, alters or carries elsewhere: a browser can send any of them."""

import pytest

from bot.messages.buttons import Action
from tests.stand_ins.gong import Gong
from tests.stand_ins.person import find_button
from tests.stand_ins.slack import Slack
from tests.stand_ins.slack_world import PostedMessage
from tests.support.house import House, bot_between
from tests.support.log_book import LogBook
from tests.support.signed import carried, signed, standing, state_of, with_part
from tests.support.threads import JANE, edited, looked_up, pressed

pytest_plugins = ["tests.support.fixtures"]

REFUSED = "I cannot use this button any more"
CASE, ASKED_BY, ASKED_AT, COUNTS, FILES = 2, 6, 7, 11, 12


async def told_of(
    house: House,
    message: PostedMessage,
    action_id: str,
    value: str,
    user_id: str = "U0BEN",
) -> str:
    """What somebody is told who sends a click that Slack's client never would."""
    before, messages = len(house.slack.private), len(house.slack.messages)
    await house.person(user_id).clicks_raw(
        action_id=action_id,
        value=value,
        message=message,
        also=standing(message, action_id, value),
    )
    told = await house.line_after(before)
    assert len(house.slack.messages) == messages
    assert message.edits == []
    return told


@pytest.mark.parametrize("action", sorted(Action))
async def test_a_value_works_for_its_own_action_only(house: House, action: Action) -> None:
    summary, *_ = await looked_up(house, JANE)
    value = find_button(summary, "Text for the reply")["value"]
    if action is Action.REPLY:
        (text,) = await pressed(house, summary, "Text for the reply", 1)
        assert "we searched Gong" in text.text
    else:
        assert (await told_of(house, summary, action, value)).startswith(REFUSED)
    assert len(house.gong.requests) == 1


@pytest.mark.parametrize(
    ("label", "action", "place", "part"),
    [
        ("Withdraw", Action.WITHDRAW, ASKED_BY, "U0BEN"),
        ("Refresh", Action.REFRESH, CASE, "DSR-999"),
        ("Text for the reply", Action.REPLY, COUNTS, [[0, 0, 0, 0, 0], 0, True]),
        ("Emails 243", Action.OPEN_EMAILS, 1, "ceo@example.com"),
    ],
)
async def test_a_state_that_was_altered_is_not_believed(
    house: House, label: str, action: Action, place: int, part: object
) -> None:
    summary, *_ = await looked_up(house, f"{JANE} DSR-123")
    value = with_part(find_button(summary, label)["value"], place, part)
    assert (await told_of(house, summary, action, value)).startswith(REFUSED)
    assert len(house.gong.requests) == 1


async def test_no_receipt_is_made_for_a_case_and_a_date_that_were_invented(house: House) -> None:
    house.slack.fail("upload", status=500, times=2)
    await house.person().types(f"{JANE} DSR-123", channel="C0LEGAL")
    await house.slack.until(lambda: len(house.slack.messages) == 2)
    missing = house.slack.messages[1]
    value = find_button(missing, "Attach the file again")["value"]
    for place, part in ((CASE, "DSR-999"), (ASKED_AT, 1_600_000_000), (ASKED_BY, "U0BEN")):
        told = await told_of(house, missing, Action.ATTACH, with_part(value, place, part))
        assert told.startswith(REFUSED)
    assert not any(message.files for message in house.slack.messages)


async def test_nobody_deletes_files_that_no_state_of_ours_names(house: House) -> None:
    *_, receipt = await looked_up(house, JANE)
    value = find_button(receipt, "Delete the files")["value"]
    another = with_part(value, FILES, [state_of(value)[FILES][0]])
    told = await told_of(house, receipt, Action.DELETE_FILES, another, "U0ANA")
    assert told.startswith(REFUSED)
    assert all(not file.deleted for file in house.slack.files.values())


@pytest.mark.parametrize("more", [{"ALLOW_PUBLIC_CHANNELS": "true"}])
async def test_a_button_works_in_its_own_channel_only(house: House) -> None:
    *_, receipt = await looked_up(house, JANE)
    elsewhere = await house.answered("test@test.com", channel="C0PUBLIC")
    value = find_button(receipt, "Delete the files")["value"]
    told = await told_of(house, elsewhere, Action.DELETE_FILES, value, "U0ANA")
    assert told.startswith(REFUSED)
    assert all(not file.deleted for file in house.slack.files.values())


async def test_a_genuine_button_works_in_the_message_that_it_stands_in_only(house: House) -> None:
    summary, *_ = await looked_up(house, JANE)
    (page,) = await pressed(house, summary, "Calls 12", 1)
    value = find_button(summary, "Withdraw")["value"]
    lies: list[dict[str, object] | None] = [
        None,
        {"message": None},
        {"message": {"ts": page.ts, "blocks": []}},
    ]
    for also in lies:
        before = len(house.slack.private)
        await house.person().clicks_raw(
            action_id=Action.WITHDRAW, value=value, message=page, also=also
        )
        assert (await house.line_after(before)).startswith(REFUSED)
    assert (page.edits, summary.edits) == ([], [])


@pytest.mark.parametrize("key", ["message_ts", "thread_ts"])
async def test_a_genuine_message_stands_where_slack_says_and_nowhere_else(
    house: House, key: str
) -> None:
    summary, *_ = await looked_up(house, JANE)
    another, *_ = await looked_up(house, "test@test.com")
    container = {"type": "message", "message_ts": summary.ts, "channel_id": "C0LEGAL"}
    before = len(house.slack.private)
    await house.person().clicks(
        summary, "Withdraw", also={"container": container | {key: another.ts}}
    )
    assert (await house.line_after(before)).startswith(REFUSED)
    assert (summary.edits, another.edits) == ([], [])


@pytest.mark.parametrize(
    "action",
    [Action.NEXT, Action.ATTACH_ROWS, Action.ALSO_SEARCH, Action.REPLY, Action.DELETE_FILES],
)
async def test_a_state_of_ours_that_lacks_what_its_action_needs_is_refused(
    house: House, action: Action
) -> None:
    summary, *_ = await looked_up(house, JANE)
    value = signed("C0LEGAL", action, carried(summary, "Refresh"))
    before = len(house.slack.private)
    await house.person().clicks_raw(
        action_id=action, value=value, message=summary, also=standing(summary, action, value)
    )
    assert (await house.line_after(before)).startswith(REFUSED)
    assert len(house.gong.requests) == 1


async def test_a_button_signed_under_another_key_asks_to_type_again(
    slack: Slack, gong: Gong
) -> None:
    async with bot_between(slack, gong) as bot:
        summary = await House(slack, gong, bot).answered(JANE)
    async with bot_between(slack, gong, AUDIT_KEY="another key, made up for the tests") as bot:
        house = House(slack, gong, bot)
        before = len(slack.private)
        await house.person().clicks(summary, "Calls 12")
        told = await house.line_after(before)
    assert told.startswith(REFUSED)
    assert "Type /gong-lookup with the address again" in told


async def test_what_was_shown_is_on_record_with_its_message_and_counts(
    house: House, log: LogBook
) -> None:
    summary, *_ = await looked_up(house, JANE)
    await pressed(house, summary, "Calls 12", 1)
    await pressed(house, summary, "Text for the reply", 1)
    (page,), (text,) = log.events("page_shown"), log.events("text_shown")
    assert (page["message"], page["counts"]) == (summary.ts, {"calls": 12})
    assert text["message"] == summary.ts
    assert text["counts"] == {
        "emails": 243,
        "calls": 12,
        "meetings": 3,
        "customerData": 2,
        "customerEngagement": 7,
    }


@pytest.mark.parametrize("more", [{"WITHDRAW": "nobody"}])
async def test_under_a_legal_hold_a_page_that_was_shown_stays(house: House) -> None:
    summary, *_ = await looked_up(house, JANE)
    (page,) = await pressed(house, summary, "Emails 243", 1)
    (following,) = await pressed(house, page, "Next", 1)
    assert page.edits == []
    assert following.thread_ts == summary.ts
    assert "Emails 100–198 of 243" in following.text


@pytest.mark.parametrize("more", [{"WITHDRAW": "nobody"}])
async def test_under_a_legal_hold_a_note_of_missing_files_stays(house: House) -> None:
    house.slack.fail("upload", status=500, times=2)
    await house.person().types(JANE, channel="C0LEGAL")
    await house.slack.until(lambda: len(house.slack.messages) == 2)
    missing = house.slack.messages[1]
    attached = await pressed(house, missing, "Attach the file again", 3)
    assert missing.edits == []
    assert any("has been attached after all" in message.text for message in attached)


async def test_a_button_from_before_a_legal_hold_takes_nothing_back(
    slack: Slack, gong: Gong
) -> None:
    async with bot_between(slack, gong) as bot:
        summary = await House(slack, gong, bot).answered(JANE)
    async with bot_between(slack, gong, WITHDRAW="nobody") as bot:
        house = House(slack, gong, bot)
        before = len(slack.private)
        await house.person().clicks(summary, "Withdraw")
        assert (await house.line_after(before)).startswith("Nothing may be taken back here")
    assert summary.edits == []


async def test_a_page_is_turned_in_its_place_where_it_may_be_withdrawn(house: House) -> None:
    summary, *_ = await looked_up(house, JANE)
    (page,) = await pressed(house, summary, "Emails 243", 1)
    await edited(house, page, "Next")
    assert "Emails 100–198 of 243" in page.text
