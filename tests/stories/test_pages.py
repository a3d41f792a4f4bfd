"""The rows behind a summary, page by page in its thread; whoever presses is authorized anew."""

import json

import pytest

from bot.messages.buttons import Action
from tests.stand_ins.answering import EMPTY, Answering
from tests.stand_ins.gong import Gong
from tests.stand_ins.people import many, rich
from tests.stand_ins.person import find_button
from tests.stand_ins.slack import Slack
from tests.stand_ins.slack_world import PostedMessage
from tests.support.house import House, bot_between
from tests.support.log_book import LogBook
from tests.support.reading import labels, live_marks, rows, shown
from tests.support.signed import carried, signed, standing, with_part
from tests.support.threads import FORGETFUL, JANE, edited, looked_up, pressed

pytest_plugins = ["tests.support.fixtures"]

ON_EVERY_PAGE = ["Rows as CSV", "Withdraw"]
START = 10
"""Where the first row of a page stands in a button's value."""

EARLIER = '[1,"jane@example.com","DSR-123",1795442553,"0123456789abcdef","emails",99]'
"""What a button carried in version 1."""


async def opens(house: House, message: PostedMessage, label: str) -> PostedMessage:
    """The page that a button adds to the thread."""
    before = len(house.slack.messages)
    await house.person().clicks(message, label)
    await house.slack.until(lambda: len(house.slack.messages) > before)
    return house.slack.messages[before]


async def turns(house: House, page: PostedMessage, label: str) -> None:
    """Press a button that edits the page it stands under."""
    edits = len(page.edits)
    await house.person("U0BEN").clicks(page, label)
    await house.slack.until(lambda: len(page.edits) > edits)


# pages


@pytest.mark.parametrize(
    ("label", "title", "first"),
    [
        ("Emails 243", "Emails 1–99 of 243", "2019-01-12T05:30:00-03:00"),
        ("Calls 12", "Calls 1–12 of 12", None),
        ("Meetings 3", "Meetings 1–3 of 3", None),
        ("CRM records 2", "CRM records 1–2 of 2", "Salesforce"),
        ("Engagement 7", "Engagement 1–7 of 7", None),
    ],
)
async def test_every_section_opens_in_the_thread(
    house: House, label: str, title: str, first: str | None
) -> None:
    summary = await house.answered(f"{JANE} DSR-123")
    page = await opens(house, summary, label)
    assert page.thread_ts == summary.ts
    assert shown(page)[0] == title
    assert page.text.startswith(title)
    assert "Case DSR-123" in page.text
    assert "opened by <@U0ANA>" in page.text
    assert first in {None, rows(page)[0][0]}
    assert live_marks(page) == []
    assert len(house.gong.requests) == 1


async def test_a_call_links_to_gongs_page_of_it(house: House) -> None:
    page = await opens(house, await house.answered(JANE), "Calls 12")
    call_id = rich(JANE)["calls"][0]["id"]
    assert rows(page)[0][0] == call_id
    assert f"https://app.gong.io/call?id={call_id}" in json.dumps(page.blocks)


async def test_next_and_previous_move_one_message_over_every_row(house: House) -> None:
    summary = await house.answered(JANE)
    page = await opens(house, summary, "Emails 243")
    assert labels(page) == ["Next", *ON_EVERY_PAGE]
    seen = rows(page)
    while "Next" in labels(page):
        await turns(house, page, "Next")
        seen += rows(page)
    assert [row[3] for row in seen] == [row["id"] for row in rich(JANE)["emails"]]
    assert labels(page) == ["Previous", *ON_EVERY_PAGE]
    await turns(house, page, "Previous")
    assert shown(page)[0] == "Emails 100–198 of 243"
    assert "opened by <@U0BEN>" in page.text
    await turns(house, page, "Previous")
    assert shown(page)[0] == "Emails 1–99 of 243"
    assert house.replies(summary) == [page]
    assert len(house.gong.requests) == 1


async def test_long_rows_make_short_pages_that_still_show_every_row(house: House) -> None:
    emails = [{"id": f"e{n}", "mailbox": "x" * (n * 37 % 1100)} for n in range(60)]
    house.gong.people[JANE] = Answering(EMPTY | {"emails": emails})
    page = await opens(house, await house.answered(JANE), "Emails 60")
    seen = rows(page)
    while "Next" in labels(page):
        await turns(house, page, "Next")
        seen += rows(page)
    assert [row[3] for row in seen] == [email["id"] for email in emails]
    back = {row[3] for row in rows(page)}
    while "Previous" in labels(page):
        await turns(house, page, "Previous")
        back |= {row[3] for row in rows(page)}
    assert back == {email["id"] for email in emails}


async def test_a_cell_too_long_is_cut_and_says_where_the_rest_is(house: House) -> None:
    house.gong.people[JANE] = Answering(EMPTY | {"emails": [{"id": "e" * 20_000}]})
    page = await opens(house, await house.answered(JANE), "Emails 1")
    assert rows(page)[0][3].endswith("e … in full in the file")


@pytest.mark.parametrize("transport", ["http"])
@pytest.mark.parametrize(
    ("start", "title"),
    [
        (49_950, "Emails 49,951–50,000 of 50,000"),
        (25_000, "Emails 25,001–25,099 of 50,000"),
        (50_000, "Emails 1–99 of 50,000"),
    ],
)
async def test_any_page_of_fifty_thousand_is_there(house: House, start: int, title: str) -> None:
    everything = many("many@example.com")["emails"]  # made beforehand: it takes a second
    page = await opens(house, await house.answered("many@example.com"), "Emails 50,000")
    assert shown(page)[0] == "Emails 1–99 of 50,000"
    state = carried(page, "Next")
    state[START] = start
    value = signed("C0LEGAL", Action.NEXT, state)
    also = standing(page, Action.NEXT, value)
    await house.person().clicks(page, "Next", value=value, also=also)
    await house.slack.until(lambda: page.edits)
    assert shown(page)[0] == title
    assert rows(page)[0][3] == everything[start % 50_000]["id"]


async def test_the_first_page_of_emails_opens_with_the_mailboxes(house: House) -> None:
    summary, *_ = await looked_up(house, JANE)
    (page,) = await pressed(house, summary, "Emails 243", 1)
    assert "By mailbox: 118 messages, 75 of them in several mailboxes" in page.text
    assert "ana@acme.example: 118 emails, 12 Jan 2019 – 3 Mar 2024, 59 sent by jane@" in page.text
    texts = shown(page)
    assert texts.index("By mailbox") < texts.index("Sent")
    await edited(house, page, "Next")
    assert "By mailbox" not in page.text


# pages of an answer that has gone, or changed


@pytest.mark.parametrize("more", [FORGETFUL])
async def test_a_page_of_an_answer_that_has_gone_asks_gong_again_and_says_so(
    house: House,
) -> None:
    summary = await house.answered(JANE)
    page = await opens(house, summary, "Calls 12")
    assert [request.address for request in house.gong.requests] == [JANE, JANE]
    assert "Newer than the summary above: Gong was asked again on" in page.text
    assert "and gave the same answer." in page.text


@pytest.mark.parametrize("more", [FORGETFUL])
async def test_a_page_that_differs_from_the_summary_says_so(house: House) -> None:
    fewer = rich(JANE) | {"emails": rich(JANE)["emails"][:2]}
    house.gong.people[JANE] = [Answering(lambda: rich(JANE)), Answering(fewer)]
    page = await opens(house, await house.answered(JANE), "Emails 243")
    assert shown(page)[0] == "Emails 1–2 of 2"
    assert "Newer than the summary above" in page.text
    assert "its answer differs from the one summarised there" in page.text


@pytest.mark.parametrize("more", [FORGETFUL])
async def test_a_section_that_the_newer_answer_lacks_is_not_called_none(house: House) -> None:
    without = {key: value for key, value in rich(JANE).items() if key != "calls"}
    house.gong.people[JANE] = [Answering(lambda: rich(JANE)), Answering(without)]
    summary = await house.answered(JANE)
    await house.person().clicks(summary, "Calls 12")
    assert "That is not the same as none." in await house.line_after(1)
    assert house.replies(summary) == []


@pytest.mark.parametrize("more", [FORGETFUL])
async def test_a_section_that_has_become_empty_is_a_page_without_rows(house: House) -> None:
    house.gong.people[JANE] = [Answering(lambda: rich(JANE)), Answering()]
    page = await opens(house, await house.answered(JANE), "Meetings 3")
    assert shown(page)[0] == "Meetings 0 of 0"
    assert labels(page) == ON_EVERY_PAGE


@pytest.mark.parametrize("more", [FORGETFUL | {"PERSON_LOOKUPS_PER_MINUTE": "2"}])
async def test_a_click_that_makes_us_ask_gong_counts_for_the_person(house: House) -> None:
    summary = await house.answered(JANE)
    await opens(house, summary, "Calls 12")
    await house.person().clicks(summary, "Emails 243")
    assert "one more than 2 searches in a minute" in await house.line_after(1)
    await house.person("U0BEN").clicks(summary, "Emails 243")
    await house.slack.until(lambda: len(house.replies(summary)) == 2)
    assert len(house.gong.requests) == 3


@pytest.mark.parametrize("more", [{"PERSON_LOOKUPS_PER_MINUTE": "1"}])
async def test_a_click_on_a_kept_answer_counts_for_nobody(house: House) -> None:
    summary = await house.answered(JANE)
    await opens(house, summary, "Calls 12")
    await opens(house, summary, "Emails 243")
    assert len(house.gong.requests) == 1


@pytest.mark.parametrize("more", [{"CACHE_MAX_MEGABYTES": "0.01"}])
async def test_a_page_of_an_answer_too_large_to_keep_says_so(house: House) -> None:
    page = await opens(house, await house.answered(JANE), "Calls 12")
    assert "This answer is too large to be kept: every page asks Gong again." in page.text


@pytest.mark.parametrize("more", [FORGETFUL])
async def test_a_failed_search_for_a_page_is_told_privately(house: House) -> None:
    summary = await house.answered(JANE)
    house.gong.people[JANE] = Answering(status=403)
    await house.person().clicks(summary, "Calls 12")
    assert f"The search for {JANE} did NOT complete: Gong does not trust" in await house.line_after(
        1
    )
    assert house.replies(summary) == []


# a bot that was restarted


async def test_buttons_work_after_a_restart(slack: Slack, gong: Gong, log: LogBook) -> None:
    async with bot_between(slack, gong, None, log.take) as bot:
        summary = await House(slack, gong, bot).answered(JANE)
    async with bot_between(slack, gong, None, log.take) as bot:
        house = House(slack, gong, bot)
        page = await opens(house, summary, "Emails 243")
        await turns(house, page, "Next")
    assert shown(page)[0] == "Emails 100–198 of 243"
    assert len(gong.requests) == 2
    assert len(log.events("page_shown")) == 2


@pytest.mark.parametrize("label", ["Emails 243", "Refresh"])
async def test_a_channel_taken_off_the_list_takes_its_buttons_with_it(
    slack: Slack, gong: Gong, log: LogBook, label: str
) -> None:
    async with bot_between(slack, gong, None, log.take) as bot:
        summary = await House(slack, gong, bot).answered(JANE)
    async with bot_between(slack, gong, None, log.take, AUTHORIZED_CHANNELS="C0OTHER") as bot:
        house = House(slack, gong, bot)
        await house.person().clicks(summary, label)
        assert (await house.line_after(1)).startswith("Not available here.")
        assert house.replies(summary) == []
    assert len(gong.requests) == 1
    assert [line["outcome"] for line in log.events("refused")] == ["WrongChannel"]


async def test_a_channel_that_is_shared_since_keeps_its_pages_closed(
    slack: Slack, gong: Gong, log: LogBook
) -> None:
    async with bot_between(slack, gong, None, log.take) as bot:
        summary = await House(slack, gong, bot).answered(JANE)
    slack.channels["C0LEGAL"].is_ext_shared = True
    async with bot_between(slack, gong, None, log.take) as bot:
        house = House(slack, gong, bot)
        await house.person().clicks(summary, "Emails 243")
        assert (await house.line_after(1)).startswith("People outside your organisation")
        assert house.replies(summary) == []
    assert [line["outcome"] for line in log.events("refused")] == ["SharedChannel"]


# who may press, and what


@pytest.mark.parametrize("label", ["Emails 243", "Refresh"])
@pytest.mark.parametrize(
    ("user_id", "team_id", "sentence"),
    [
        ("U0GUEST", None, "Guests may search only when they have been named."),
        ("U0OUT", None, "Not available from this workspace."),
        ("U0OUT", "T0LEGAL", "Only active members of this organisation may search."),
        ("U0GONE", None, "Only active members of this organisation may search."),
    ],
)
async def test_who_may_not_ask_may_not_press(
    house: House, label: str, user_id: str, team_id: str | None, sentence: str
) -> None:
    summary = await house.answered(JANE)
    await house.person(user_id, team_id=team_id).clicks(summary, label)
    assert (await house.line_after(1)).startswith(sentence)
    assert house.slack.private[-1].user == user_id
    assert (house.replies(summary), len(house.gong.requests)) == ([], 1)
    assert summary.edits == []


@pytest.mark.parametrize("more", [{"AUTHORIZED_USERS": "U0ANA"}])
async def test_who_is_not_listed_may_not_press(house: House) -> None:
    summary = await house.answered(JANE)
    await house.person("U0BEN").clicks(summary, "Refresh")
    assert (await house.line_after(1)).startswith("You are not on the list")
    assert len(house.gong.requests) == 1


@pytest.mark.parametrize(
    ("channel", "container_channel"),
    [("C0RANDOM", None), ("D0ANA", None), ("C0LEGAL", "C0RANDOM"), ("C0RANDOM", "C0LEGAL")],
)
async def test_a_message_that_was_forwarded_has_no_working_buttons(
    house: House, channel: str, container_channel: str | None
) -> None:
    summary = await house.answered(JANE)
    await house.person().clicks(
        summary, "Emails 243", channel=channel, container_channel=container_channel
    )
    assert (await house.line_after(1)).startswith("Not available here.")
    assert house.replies(summary) == []


async def test_a_cut_value_is_not_read(house: House) -> None:
    summary = await house.answered(JANE)
    whole = find_button(summary, "Emails 243")["value"]
    await house.person().clicks(summary, "Emails 243", value=whole[:-3])
    assert (await house.line_after(1)).startswith("I cannot use this button any more")


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (0, 1),
        (0, "2"),
        (1, "jane@example.com,ceo@example.com"),
        (1, "jаne@example.com"),
        (1, None),
        (2, "not a case"),
        (3, "yesterday"),
        (4, "xyz"),
        (5, "R-1"),
        (6, "<!channel>"),
        (7, "yesterday"),
        (8, "perhaps"),
        (9, "recordings"),
        (START, -1),
        (11, "many"),
        (12, ["../F0000001"]),
        (13, "more"),
    ],
)
@pytest.mark.no_cover  # it takes twice as long, and its branches are counted elsewhere
async def test_an_altered_value_is_not_read(house: House, place: int, value: object) -> None:
    summary = await house.answered(JANE)
    page = await opens(house, summary, "Emails 243")
    changed = with_part(find_button(page, "Next")["value"], place, value)
    await house.person().clicks(page, "Next", value=changed)
    assert (await house.line_after(1)).startswith("I cannot use this button any more")
    assert (page.edits, len(house.gong.requests)) == ([], 1)


@pytest.mark.parametrize(
    "value", ["", "{}", "null", '{"v": 0, "email": "jane@example.com"}', EARLIER]
)
async def test_a_value_of_another_version_is_not_read(house: House, value: str) -> None:
    summary = await house.answered(JANE)
    await house.person().clicks(summary, "Refresh", value=value)
    assert (await house.line_after(1)).startswith("I cannot use this button any more")
    assert len(house.gong.requests) == 1


async def test_a_click_in_an_organisation_may_come_without_its_team(house: House) -> None:
    summary = await house.answered(JANE)
    await house.person().clicks(summary, "Calls 12", also={"team": None})
    await house.slack.until(lambda: house.replies(summary))


async def test_a_way_to_the_next_page_under_a_summary_leads_nowhere(house: House) -> None:
    summary = await house.answered(JANE)
    await house.person().clicks(summary, "Emails 243", action_id=Action.NEXT)
    assert (await house.line_after(1)).startswith("I cannot use this button any more")
    assert summary.edits == []


async def test_a_button_that_we_do_not_know_is_acknowledged_and_ignored(house: House) -> None:
    summary = await house.answered(JANE)
    ack = await house.person().clicks(summary, "Refresh", action_id="delete_everything")
    assert (ack.status, ack.content) == (200, {})
    page = await opens(house, summary, "Calls 12")
    assert [line.via for line in house.slack.private] == ["ack"]
    assert (house.replies(summary), len(house.gong.requests)) == ([page], 1)
