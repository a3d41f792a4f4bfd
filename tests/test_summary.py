"""What is counted in an answer; what cannot be read is said to be so, never taken for nothing."""

import json
import time
from datetime import UTC, datetime
from functools import partial

import pytest

from bot.decipher import decipher
from bot.models import Section
from bot.span import Span
from bot.summary import (
    Calls,
    CustomerData,
    CustomerEngagement,
    Emails,
    Meetings,
    Missing,
    SectionSummary,
    Summary,
    summarise,
)
from tests.stand_ins.answering import EMPTY
from tests.stand_ins.people import FIRST_EMAIL, LAST_EMAIL, LAST_ENGAGEMENT, PEOPLE, many

NOTHING = Span()
at = partial(datetime, tzinfo=UTC)
EPOCH = at(1970, 1, 1)


def of_person(address: str) -> Summary:
    content = PEOPLE[address].answers[-1].content("4al018gzaztcr8nbukw")
    return summarise(decipher(200, {}, content))


def of(value: object) -> Summary:
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    return summarise(decipher(200, {}, body))


def of_section(section: Section, rows: object) -> SectionSummary:
    return of({**EMPTY, section: rows}).sections[section]


RICH: dict[Section, SectionSummary] = {
    Section.EMAILS: Emails(243, 118, 3, Span(FIRST_EMAIL, LAST_EMAIL)),
    Section.CALLS: Calls(12, (("COMPLETED", 11), ("SCHEDULED", 1))),
    Section.MEETINGS: Meetings(3),
    Section.CUSTOMER_DATA: CustomerData(2, (("Salesforce", (("Contact", 1), ("Lead", 1))),)),
    Section.CUSTOMER_ENGAGEMENT: CustomerEngagement(
        7, Span(at(2023, 11, 27, 21, 30, 7, 233692), LAST_ENGAGEMENT)
    ),
}
NONE: dict[Section, SectionSummary] = {
    Section.EMAILS: Emails(0, 0, 0, NOTHING),
    Section.CALLS: Calls(0, ()),
    Section.MEETINGS: Meetings(0),
    Section.CUSTOMER_DATA: CustomerData(0, ()),
    Section.CUSTOMER_ENGAGEMENT: CustomerEngagement(0, NOTHING),
}
FOUND: dict[str, dict[Section, SectionSummary]] = {
    "test@test.com": {
        Section.EMAILS: Emails(1, 1, 1, Span(at(2019, 1, 20, 8), at(2019, 1, 20, 8))),
        Section.CALLS: Calls(1, (("COMPLETED", 1),)),
        Section.MEETINGS: Meetings(1),
        Section.CUSTOMER_DATA: CustomerData(1, (("Salesforce", (("Contact", 1),)),)),
        Section.CUSTOMER_ENGAGEMENT: CustomerEngagement(
            1, Span(at(2019, 1, 20, 8), at(2019, 1, 20, 8))
        ),
    },
    "jane@example.com": RICH,
    "slow@example.com": RICH,
    "limited@example.com": RICH,
    "nobody@example.com": NONE,
    "partial@example.com": {
        **RICH,
        Section.EMAILS: Emails(5, 2, 3, Span(FIRST_EMAIL, at(2019, 1, 28, 9, 35, 46, 256410))),
        Section.CALLS: Missing.NOT_RETURNED,
        Section.MEETINGS: Missing.NOT_RETURNED,
    },
    "nan@example.com": {
        **NONE,
        Section.EMAILS: Emails(1, 1, 1, Span(at(2019, 1, 20, 8), at(2019, 1, 20, 8))),
        Section.CUSTOMER_DATA: CustomerData(1, (("Salesforce", (("Contact", 1),)),)),
    },
}


@pytest.mark.parametrize(("address", "sections"), FOUND.items(), ids=FOUND.keys())
def test_everybody_gong_knows_is_counted(
    address: str, sections: dict[Section, SectionSummary]
) -> None:
    assert _to_the_second(of_person(address).sections) == _to_the_second(sections)


def _to_the_second(sections: object) -> object:
    """Times as the stand-in wrote them: some forms have no fractions of a second."""
    if isinstance(sections, dict):
        return {section: _to_the_second(found) for section, found in sections.items()}
    if isinstance(sections, Emails):
        return sections.rows, sections.messages, sections.mailboxes, _to_the_second(sections.span)
    if isinstance(sections, CustomerEngagement):
        return sections.rows, _to_the_second(sections.span)
    if isinstance(sections, Span):
        moments = [m and m.replace(microsecond=0) for m in (sections.first, sections.last)]
        return *moments, sections.undated
    return sections


def test_every_kind_of_odd_value_is_counted_and_nothing_is_lost() -> None:
    found = of_person("odd@example.com")
    emails = found.sections[Section.EMAILS]
    assert isinstance(emails, Emails)
    assert (emails.rows, emails.span.undated) == (10, 6)
    assert found.sections[Section.CALLS] == Calls(
        4, (("TELEPATHIC", 1), ("without a status", 1), ("<!here>", 1), ("COMPLETED", 1))
    )
    assert found.sections[Section.MEETINGS] is Missing.UNREADABLE
    records = found.sections[Section.CUSTOMER_DATA]
    assert isinstance(records, CustomerData)
    assert (records.rows, dict(records.systems)) == (
        6,
        {
            "Pipedrive": (
                ("unreadable", 1),
                ("Opportunity", 1),
                ("without a type", 1),
                ("Lead", 1),
            ),
            "unnamed system": (("unreadable", 1),),
            "HubSpot": (("unreadable", 1),),
        },
    )
    engagement = found.sections[Section.CUSTOMER_ENGAGEMENT]
    assert isinstance(engagement, CustomerEngagement)
    assert (engagement.rows, engagement.span.undated) == (4, 2)
    assert not found.is_whole


# whole or not


def test_the_total_is_the_sum_of_the_sections() -> None:
    assert of_person("jane@example.com").total == 267
    assert of_person("partial@example.com").total == 5 + 2 + 7


def test_an_answer_with_all_five_sections_read_is_whole_even_when_empty() -> None:
    found = of(EMPTY)
    assert (found.total, found.is_whole) == (0, True)


@pytest.mark.parametrize("section", Section)
def test_a_missing_section_is_not_zero(section: Section) -> None:
    found = of({name: rows for name, rows in EMPTY.items() if name != section})
    assert found.sections[section] is Missing.NOT_RETURNED
    assert (found.total, found.is_whole) == (0, False)


@pytest.mark.parametrize("section", Section)
@pytest.mark.parametrize("rows", ["3 rows", 3, {"rows": []}, False])
def test_a_section_of_the_wrong_shape_is_not_zero(section: Section, rows: object) -> None:
    found = of({**EMPTY, section: rows})
    assert found.sections[section] is Missing.UNREADABLE
    assert (found.rows(section), found.is_whole) == (0, False)


def test_a_section_that_is_given_twice_is_not_zero() -> None:
    found = of(b'{"emails": [{}], ' + json.dumps(EMPTY).encode()[1:])
    assert found.sections[Section.EMAILS] is Missing.UNREADABLE
    assert (found.total, found.is_whole) == (0, False)


def test_an_answer_that_pages_is_not_whole() -> None:
    assert not of({**EMPTY, "cursor": "next"}).is_whole


@pytest.mark.parametrize("system", [{"system": "HubSpot", "objects": None}, None, "HubSpot"])
def test_an_answer_with_a_crm_system_that_hides_its_records_is_not_whole(system: object) -> None:
    assert not of({**EMPTY, "customerData": [system]}).is_whole


@pytest.mark.parametrize("more", [[{"id": 1}], [None], {"id": 1}])
def test_an_answer_with_a_section_nobody_knows_is_not_whole(more: object) -> None:
    found = of({**EMPTY, "coachingScores": more})
    assert (found.is_whole, found.unknown) == (False, ("coachingScores",))


@pytest.mark.parametrize("more", [[], {}, "text", None, 7])
def test_what_is_no_filled_list_is_no_section(more: object) -> None:
    assert of({**EMPTY, "tookMs": more}).is_whole


# emails


def test_copies_in_several_mailboxes_are_one_message() -> None:
    rows = [{"messageHash": "m1", "mailbox": box} for box in ("a@x.com", "b@x.com", "A@X.COM")]
    found = of_section(Section.EMAILS, rows)
    assert found == Emails(3, 1, 2, Span(undated=3))


@pytest.mark.parametrize("rows", [[{}], [None], [[]], ["text"], [7]])
def test_an_email_that_says_nothing_is_still_a_row(rows: list[object]) -> None:
    found = of_section(Section.EMAILS, rows)
    assert found == Emails(1, 0, 0, Span(undated=1), unhashed=1, unplaced=1)


@pytest.mark.parametrize("nothing", ["", None])
def test_an_empty_name_is_neither_a_message_nor_a_mailbox(nothing: str | None) -> None:
    rows = [
        {"messageHash": "m1", "mailbox": "a@x.com"},
        {"messageHash": nothing, "mailbox": nothing},
    ]
    found = of_section(Section.EMAILS, rows)
    assert found == Emails(2, 1, 1, Span(undated=2), unhashed=1, unplaced=1)


def test_a_row_that_cannot_be_read_does_not_hide_the_others() -> None:
    rows = [{"messageHash": f"m{number}"} for number in range(9)]
    found = of_section(Section.EMAILS, [*rows, None])
    assert found == Emails(10, 9, 0, Span(undated=10), unhashed=1, unplaced=10)


def test_a_text_that_cannot_be_read_hides_neither_its_row_nor_the_others() -> None:
    body = b'{"emails": [{"messageHash": "1", "mailbox": "\xff"}, {"messageHash": "2"}]}'
    found = of(body).sections[Section.EMAILS]
    assert found == Emails(2, 2, 1, Span(undated=2), unhashed=0, unplaced=1)


def test_a_link_that_is_not_quite_text_is_counted() -> None:
    body = b'{"customerEngagement": [{"contentUrl": "https://app.gong.io/e/\xff"}]}'
    found = of(body).sections[Section.CUSTOMER_ENGAGEMENT]
    assert found == CustomerEngagement(1, Span(undated=1), links=1)


# times


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2024-01-17T16:20:05-03:00", at(2024, 1, 17, 19, 20, 5)),
        ("2016-02-16T03:57:04.834+05:30", at(2016, 2, 15, 22, 27, 4, 834000)),
        ("2020-11-20T21:30:07.233692Z", at(2020, 11, 20, 21, 30, 7, 233692)),
        ("2020-11-20T21:30:07.233692123Z", at(2020, 11, 20, 21, 30, 7, 233692)),
        (1547971200.0, at(2019, 1, 20, 8)),
        (1547971200, at(2019, 1, 20, 8)),
        (0, EPOCH),
        (-1.0, at(1969, 12, 31, 23, 59, 59)),
    ],
)
@pytest.mark.parametrize(
    ("section", "name"),
    [(Section.EMAILS, "sentTime"), (Section.CUSTOMER_ENGAGEMENT, "timestamp")],
)
def test_every_documented_form_of_a_time_is_read(
    section: Section, name: str, written: object, moment: datetime
) -> None:
    found = of_section(section, [{name: written}])
    assert isinstance(found, Emails | CustomerEngagement)
    assert found.span == Span(moment, moment)


@pytest.mark.parametrize(
    "written",
    [
        "2024-01-17T16:20:05",
        "2024-01-17",
        "2024-02-30T00:00:00Z",
        "last Tuesday",
        "",
        None,
        True,
        1547971200000,
        10**40,
        -1e300,
        float("nan"),
        float("inf"),
        ["2024-01-17T16:20:05Z"],
        {"time": 0},
        "0001-01-01T00:00:00+14:00" * 2,
    ],
)
def test_a_time_that_cannot_be_placed_is_counted_and_not_guessed(written: object) -> None:
    found = of_section(Section.CUSTOMER_ENGAGEMENT, [{"timestamp": written}, {"timestamp": 0}])
    assert found == CustomerEngagement(2, Span(EPOCH, EPOCH, undated=1))


def test_the_first_and_last_are_found_across_time_zones() -> None:
    written = [
        "2024-01-18T01:00:00+05:30",  # 17 January, 19:30 UTC
        "2024-01-17T16:31:00-03:00",  # a minute later
        "2024-01-17T19:29:00Z",  # a minute earlier
    ]
    found = of_section(Section.EMAILS, [{"sentTime": each} for each in written])
    assert isinstance(found, Emails)
    assert found.span == Span(at(2024, 1, 17, 19, 29), at(2024, 1, 17, 19, 31))


@pytest.mark.parametrize("written", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
def test_the_ends_of_the_calendar_are_no_trouble(written: str) -> None:
    rows = [{"sentTime": written}, {"sentTime": "2024-01-17T19:29:00Z"}]
    assert of({**EMPTY, "emails": rows}).rows(Section.EMAILS) == 2


# calls, CRM records


def test_calls_are_counted_by_status_as_gong_wrote_it_the_most_frequent_first() -> None:
    statuses = ["NEW_ONE", "COMPLETED", "completed", "COMPLETED", None, 7]
    found = of_section(Section.CALLS, [{"status": status} for status in statuses])
    counted = [("COMPLETED", 2), ("NEW_ONE", 1), ("completed", 1), ("without a status", 1)]
    assert found == Calls(6, (*counted, ("7", 1)))


def test_crm_records_are_counted_by_system_and_type() -> None:
    systems = [
        {"system": "Salesforce", "objects": [{"objectType": "Lead"}, {"objectType": "Lead"}]},
        {"system": "HubSpot", "objects": [{"objectType": "Contact"}]},
        {"system": "Salesforce", "objects": [{"objectType": "Contact"}, {}]},
        {"system": "Empty", "objects": []},
    ]
    assert of_section(Section.CUSTOMER_DATA, systems) == CustomerData(
        5,
        (
            ("Salesforce", (("Lead", 2), ("Contact", 1), ("without a type", 1))),
            ("HubSpot", (("Contact", 1),)),
        ),
    )


@pytest.mark.parametrize("entry", [None, 7, "Salesforce", []])
def test_a_crm_system_that_cannot_be_read_is_a_row_and_not_nothing(entry: object) -> None:
    found = of_section(Section.CUSTOMER_DATA, [entry])
    assert isinstance(found, CustomerData)
    assert (found.rows, found.systems) == (1, (("unnamed system", (("unreadable", 1),)),))


@pytest.mark.parametrize("written", [b'{"objectType": "\xff"}', b'"Contact"', b"null"])
def test_a_crm_record_that_cannot_be_read_is_a_row_and_not_nothing(written: bytes) -> None:
    body = b'{"customerData": [{"system": "Salesforce", "objects": [' + written + b"]}]}"
    found = of(body).sections[Section.CUSTOMER_DATA]
    assert found == CustomerData(1, (("Salesforce", (("unreadable", 1),)),))


# many


@pytest.mark.parametrize("last", [[], [None]], ids=["all readable", "one not"])
def test_fifty_thousand_rows_are_counted_quickly(last: list[object]) -> None:
    rows = many("many@example.com")
    answer = decipher(200, {}, json.dumps({**rows, "emails": [*rows["emails"], *last]}).encode())
    started = time.process_time()
    found = summarise(answer)
    assert time.process_time() - started < 2
    assert found.rows(Section.EMAILS) == 50_000 + len(last)
