"""What people ask, and what they see: the whole bot between its two services."""

import asyncio
import hashlib
import re

import pytest

from tests.stand_ins.answering import EMPTY, Answering
from tests.stand_ins.people import rich
from tests.stand_ins.slack_world import Channel, User
from tests.support.house import House
from tests.support.reading import is_filed, json_files, labels, live_marks, shown

pytest_plugins = ["tests.support.fixtures"]

JANE = "jane@example.com"
UNDER_EVERY_SUMMARY = ["What this covers", "Text for the reply", "Withdraw"]


# an answer


async def test_a_look_up_asks_gong_once_for_exactly_this_address(house: House) -> None:
    await house.answered("jane+Old@Example.com")
    (request,) = house.gong.requests
    assert (request.method, request.query) == ("GET", "emailAddress=jane%2BOld%40Example.com")


async def test_a_search_under_way_is_told_to_the_asker_alone(house: House) -> None:
    await house.answered(JANE)
    (line,) = house.slack.private
    assert (line.user, line.via) == ("U0ANA", "ack")
    assert line.text == f"Searching Gong for {JANE}…"


async def test_the_summary_stands_in_the_channel_in_words_and_in_blocks(house: House) -> None:
    summary = await house.answered(f"{JANE} DSR-123")
    for told in (
        "Gong look-up: 267 references",
        f"Address searched: {JANE}",
        "243 mailbox copies of 118 messages, 3 mailboxes, 12 Jan 2019 – 3 Mar 2024",
        "12 (11 COMPLETED, 1 SCHEDULED)",
        "2 (Salesforce: 1 Contact, 1 Lead)",
        "7 events, last 20 Jan 2024",
        "Case DSR-123",
        "asked by <@U0ANA>",
        f"Gong request {house.gong.requests[0].request_id}",
        "Not searched or shown: email text",
    ):
        assert told in summary.text
        assert told in "".join(shown(summary))
    assert house.slack.in_channel("C0LEGAL") == [summary]


async def test_every_section_with_rows_has_a_button(house: House) -> None:
    summary = await house.answered(JANE)
    assert labels(summary) == [
        "Emails 243",
        "Calls 12",
        "Meetings 3",
        "CRM records 2",
        "Engagement 7",
        "Refresh",
        *UNDER_EVERY_SUMMARY,
    ]


async def test_the_file_is_what_gong_sent_byte_for_byte(house: House) -> None:
    summary = await house.answered(JANE)
    files, receipt = house.slack.in_thread(summary)
    answer = house.gong.requests[0].answer
    assert json_files(house.slack) == [answer]
    for said in (files.text, receipt.text.replace(" of the JSON file:", "")):
        assert f"SHA-256 {hashlib.sha256(answer).hexdigest()}" in said


@pytest.mark.parametrize(
    ("case", "named"), [("", ""), (" DSR-123", "DSR-123-"), (" #7/a_b", "-7-a-b-")]
)
async def test_the_files_are_named_for_the_case_and_never_for_the_address(
    house: House, case: str, named: str
) -> None:
    summary = await house.answered(JANE + case)
    files, _ = house.slack.in_thread(summary)
    pattern = rf"(gong-lookup-{named}\d{{8}}T\d{{6}}Z)\.json (\1)\.receipt\.txt"
    assert re.fullmatch(pattern, " ".join(file.name for file in files.files))
    assert [file.title for file in files.files] == [file.name for file in files.files]


@pytest.mark.parametrize(
    "words",
    [
        f"  {JANE}  ",
        f"<mailto:{JANE}|{JANE}>",
        f"`{JANE}`",
        f"“{JANE}” DSR-1",
    ],
)
async def test_an_address_is_found_in_what_slack_and_phones_make_of_it(
    house: House, words: str
) -> None:
    await house.answered(words)
    assert [request.address for request in house.gong.requests] == [JANE]


@pytest.mark.parametrize("address", ["payload@acme.example", "payload=1@acme.example"])
async def test_an_address_with_the_word_payload_is_answered_like_any_other(
    house: House, address: str
) -> None:
    await house.answered(address)
    assert [request.address for request in house.gong.requests] == [address]


async def test_a_channel_with_the_word_payload_in_its_name_is_answered_like_any_other(
    house: House,
) -> None:
    named = {"channel_name": "payload-team", "payload": ""}
    await house.person().types(JANE, channel="C0LEGAL", also=named)
    await house.slack.until(lambda: house.slack.in_channel("C0LEGAL"))


# answers with less, or other things, in them


async def test_an_empty_answer_says_what_it_does_not_mean(house: House) -> None:
    summary = await house.answered("nobody@example.com")
    assert summary.text.startswith("No references returned\n")
    assert "Gong returned no references to exactly nobody@example.com on" in summary.text
    assert "This does not mean the company holds no data." in summary.text
    assert labels(summary) == ["Refresh", *UNDER_EVERY_SUMMARY]


async def test_a_partial_answer_is_never_called_empty(house: House) -> None:
    nothing = {key: value for key, value in EMPTY.items() if key not in {"calls", "meetings"}}
    house.gong.people["gaps@example.com"] = Answering(nothing | {"calls": None})
    summary = await house.answered("gaps@example.com")
    assert summary.text.startswith("Gong look-up: incomplete answer\n")
    assert "Calls: not returned by Gong\nMeetings: not returned by Gong" in summary.text
    assert "no references" not in summary.text.lower()


async def test_a_partial_answer_shows_what_there_is(house: House) -> None:
    summary = await house.answered("partial@example.com")
    assert summary.text.startswith("Gong look-up: 14 references, incomplete\n")
    assert "Gong did not return Calls, Meetings. That is not the same as none." in summary.text


async def test_an_answer_in_parts_is_never_called_empty(house: House) -> None:
    house.gong.people["paged@example.com"] = Answering(EMPTY | {"records": [], "cursor": []})
    summary = await house.answered("paged@example.com")
    assert "Possibly incomplete" in summary.text
    assert "no references" not in summary.text.lower()


async def test_what_the_specification_does_not_promise_is_counted_all_the_same(
    house: House,
) -> None:
    summary = await house.answered("odd@example.com")
    assert "Meetings: could not be read; see the file" in summary.text
    assert labels(summary) == [
        "Emails 10",
        "Calls 4",
        "CRM records 6",
        "Engagement 4",
        "Refresh",
        *UNDER_EVERY_SUMMARY,
    ]


async def test_json_that_is_not_quite_json_is_summarised_and_kept_as_it_is(house: House) -> None:
    summary = await house.answered("nan@example.com")
    assert summary.text.startswith("Gong look-up: 2 references\n")
    assert json_files(house.slack) == [house.gong.requests[0].answer]


@pytest.mark.parametrize("label", ["Emails 10", "Calls 4", "CRM records 6", "Engagement 4"])
async def test_markup_in_what_gong_holds_is_shown_and_does_nothing(
    house: House, label: str
) -> None:
    summary = await house.answered("odd@example.com")
    await house.person().clicks(summary, label)
    await house.slack.until(lambda: house.replies(summary))
    assert [live_marks(message) for message in house.slack.messages] == [[], [], [], []]


async def test_a_mention_in_an_email_stands_literally_in_its_cell(house: House) -> None:
    summary = await house.answered("odd@example.com")
    await house.person().clicks(summary, "Emails 10")
    await house.slack.until(lambda: house.replies(summary))
    (page,) = house.replies(summary)
    link = "<https://evil.example.com|odd@example.com>"
    hostile = f"<!channel> *bold* _italic_ ~gone~ `code` @here & {link}"
    assert hostile in shown(page)
    assert "&lt;!channel&gt; *bold*" in page.text


async def test_a_share_link_never_leaves_the_file(house: House) -> None:
    summary = await house.answered(JANE)
    await house.person().clicks(summary, "Engagement 7")
    await house.slack.until(lambda: house.replies(summary))
    (page,) = house.replies(summary)
    assert "tkn=" not in page.text + "".join(shown(page))
    assert [b"tkn=" in (answer or b"") for answer in json_files(house.slack)] == [True]


async def test_another_spelling_is_named_as_not_searched(house: House) -> None:
    summary = await house.answered("Jane+news@example.com")
    assert f"Searched exactly as typed. Not searched: {JANE}," in summary.text


@pytest.mark.parametrize("more", [{"COMPANY_DOMAINS": "acme.example"}])
async def test_an_empty_answer_for_a_colleague_makes_no_statement(house: House) -> None:
    summary = await house.answered("ben@ACME.example")
    assert summary.text.startswith("No statement possible\n")
    assert "ask a Gong tech admin" in summary.text
    assert "no references" not in summary.text.lower()


# answers that are kept


async def test_a_second_look_up_is_answered_from_what_is_kept(house: House) -> None:
    await house.answered(JANE)
    ben = house.person("U0BEN")
    ack = await ben.types(JANE, channel="C0LEGAL")
    await house.slack.until(lambda: len(house.slack.in_channel("C0LEGAL")) == 2)
    assert ack.content == {}
    assert len(house.gong.requests) == 1
    summary = house.slack.in_channel("C0LEGAL")[1]
    assert "from the answer kept since" in summary.text
    assert "Gong was not asked again" in summary.text
    assert "asked by <@U0BEN>" in summary.text


async def test_an_answer_is_kept_for_its_channel_only(house: House) -> None:
    members = {"U0BOT", "U0BEN"}
    house.slack.channels["C0GONE"] = Channel("C0GONE", "other-team", members=members)
    await house.answered(JANE)
    summary = await house.answered(JANE, "U0BEN", "C0GONE")
    assert len(house.gong.requests) == 2
    assert "kept" not in summary.text


async def test_capitals_make_it_another_question(house: House) -> None:
    await house.answered(JANE)
    await house.answered("Jane@example.com")
    assert [request.address for request in house.gong.requests] == [JANE, "Jane@example.com"]


@pytest.mark.parametrize("more", [{"CACHE_MAX_MEGABYTES": "0.01"}])
async def test_an_answer_too_large_to_keep_says_so(house: House) -> None:
    summary = await house.answered(JANE)
    assert "This answer is too large to be kept: every page asks Gong again." in summary.text


async def test_fifty_people_at_once_cost_one_call_and_get_fifty_answers(house: House) -> None:
    people = [f"U0P{number:02}" for number in range(50)]
    for user_id in people:
        house.slack.users[user_id] = User(user_id, user_id.lower(), house.slack.team_id)
    house.gong.people[JANE] = Answering(lambda: rich(JANE), delay_s=0.3)
    typing = (house.person(one).types(JANE, channel="C0LEGAL") for one in people)
    acks = await asyncio.gather(*typing)
    await house.slack.until(
        lambda: sum(is_filed(house.slack, each) for each in house.slack.in_channel("C0LEGAL")) == 50
    )
    assert len(house.gong.requests) == 1
    asked_by = [re.findall(r"asked by <@(\w+)>", m.text) for m in house.slack.in_channel("C0LEGAL")]
    assert sorted(asked_by) == [[user_id] for user_id in people]
    assert {ack.text for ack in acks} == {f"Searching Gong for {JANE}…"}


# Refresh


async def test_refresh_asks_again_and_adds_a_summary_and_a_file_to_the_thread(
    house: House,
) -> None:
    summary = await house.answered(f"{JANE} DSR-123")
    first_files = house.slack.in_thread(summary)
    before = summary.text, summary.blocks
    newer = await house.refreshed(summary, "U0BEN")
    assert [request.address for request in house.gong.requests] == [JANE, JANE]
    assert house.gong.requests[1].request_id in newer.text
    assert "asked by <@U0BEN>" in newer.text
    assert "Case DSR-123" in newer.text
    assert json_files(house.slack) == [request.answer for request in house.gong.requests]
    assert house.slack.in_thread(summary)[:3] == [*first_files, newer]
    assert (summary.text, summary.blocks) == before
    assert [message.edits for message in (summary, *first_files)] == [[], [], []]


async def test_refresh_in_a_thread_stays_in_that_thread(house: House) -> None:
    summary = await house.answered(JANE)
    newer = await house.refreshed(summary)
    newest = await house.refreshed(newer)
    assert house.slack.in_channel("C0LEGAL") == [summary]
    assert house.replies(summary) == [newer, newest]
    assert len(json_files(house.slack)) == 3
    assert len(house.gong.requests) == 3


async def test_an_impatient_second_press_is_the_same_press(house: House) -> None:
    summary = await house.answered(JANE)
    house.gong.people[JANE] = Answering(lambda: rich(JANE), delay_s=0.2)
    for _ in range(2):
        await house.person().clicks(summary, "Refresh")
    await house.slack.until(lambda: len(house.slack.in_thread(summary)) == 5)
    await house.answered("nobody@example.com")  # what the second press led to would be there now
    assert len(house.slack.in_thread(summary)) == 5


async def test_a_failed_refresh_is_told_privately_and_leaves_the_kept_answer(house: House) -> None:
    summary = await house.answered(JANE)
    kept, house.gong.people[JANE] = house.gong.people[JANE], Answering(status=401)
    before = len(house.slack.private)
    await house.person("U0BEN").clicks(summary, "Refresh")
    assert "did NOT complete" in await house.line_after(before)
    assert house.slack.private[-1].user == "U0BEN"
    assert house.replies(summary) == []
    house.gong.people[JANE] = kept
    again = await house.answered(JANE)
    assert "from the answer kept since" in again.text
    assert len(house.gong.requests) == 2


# words that are no look-up


@pytest.mark.parametrize("words", ["", "help", "HELP ", "status", "jane DSR-123"])
@pytest.mark.parametrize("channel", ["C0LEGAL", "C0RANDOM", "D0ANA", "C0NOBOT"])
async def test_help_is_given_in_every_conversation(house: House, words: str, channel: str) -> None:
    ack = await house.person("U0OUT").types(words, channel=channel)
    refused = "Nothing was searched: only email addresses can be. "
    assert ack.text.removeprefix(refused).startswith(
        "/gong-lookup jane@example.com DSR-123: one address, then your case"
    )
    assert ack.text.startswith(refused) is (words.strip().lower() not in {"", "help"})
    assert [(line.user, line.via) for line in house.slack.private] == [("U0OUT", "ack")]
    assert house.gong.requests == []


@pytest.mark.parametrize("more", [{"PERSON_LOOKUPS_PER_MINUTE": "2"}])
async def test_one_person_has_a_limit_that_help_and_refusals_do_not_touch(house: House) -> None:
    for words in ("help", "jane@", "a@example.com,b@example.com", "help"):
        await house.told(words)
    await house.told(JANE, channel="C0RANDOM")
    await house.answered(JANE)
    await house.answered("test@test.com")
    told = await house.told("nobody@example.com")
    assert told.startswith("That was one more than 2 searches in a minute")
    assert len(house.gong.requests) == 2
    await house.answered("nobody@example.com", "U0BEN")


@pytest.mark.parametrize("more", [{"PERSON_LOOKUPS_PER_MINUTE": "2"}])
async def test_a_burst_by_one_person_does_not_outrun_the_limit(house: House) -> None:
    house.slack.fail("users.info", delay_s=0.3)
    typing = (house.person().types(f"{n}@example.com", channel="C0LEGAL") for n in range(6))
    await asyncio.gather(*typing)
    await house.slack.until(lambda: len(house.slack.private) == 6 + 4)
    await house.slack.until(lambda: len(house.slack.in_channel("C0LEGAL")) == 2)
    told = [line.text for line in house.slack.private if line.via == "response_url"]
    assert [text.startswith("That was one more than 2 searches") for text in told] == [True] * 4
    assert len(house.gong.requests) == 2


@pytest.mark.parametrize("transport", ["socket"])
async def test_an_envelope_that_comes_again_is_acknowledged_and_not_answered_again(
    house: House,
) -> None:
    await house.answered(JANE)
    ack = house.slack.private[0]
    assert ack.text == f"Searching Gong for {JANE}…"
    assert [await house.slack.socket_sends_again() for _ in range(2)] == [{}, {}]
    await house.answered("test@test.com")
    assert len(house.slack.in_channel("C0LEGAL")) == 2
    assert len(house.gong.requests) == 2
