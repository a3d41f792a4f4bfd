"""What is counted in an answer; what cannot be read is said to be so, never taken for nothing."""

import json
import time

import pytest

from bot.gong.response import read_response
from bot.gong.summary import (
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
from bot.models import Section, Span
from tests.stand_ins.answering import EMPTY
from tests.stand_ins.people import FIRST_EMAIL, LAST_EMAIL, LAST_ENGAGEMENT, PEOPLE, many
from tests.support.gong_answers import at, of, of_section

NOTHING = Span()


def of_person(address: str) -> Summary:
    content = PEOPLE[address].answers[-1].content("4al018gzaztcr8nbukw")
    return summarise(read_response(200, {}, content))


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


@pytest.mark.parametrize("more", [[{"id": 1}], [None], {"id": 1}, [], {}, "text", None, 7, False])
def test_a_field_that_nobody_knows_is_named_and_makes_nothing_incomplete(more: object) -> None:
    found = of({**EMPTY, "calls": [{"id": "1"}], "coachingScores": more})
    assert (found.is_whole, found.unknown, found.total) == (True, ("coachingScores",), 1)


def test_only_a_request_id_and_five_empty_arrays_state_that_there_is_nothing() -> None:
    found = of({**EMPTY, "requestId": "4al018gzaztcr8nbukw"})
    assert (found.is_empty, found.is_whole, found.total) == (True, True, 0)
    spaced = b'{ "requestId":"r1", "emails":[ ], "calls":[\n], "meetings":[], "customerData":[],'
    assert of(spaced + b'"customerEngagement":[\t]}').is_empty


ERRORS = [
    {"errors": "Internal error"},
    {"errors": []},
    {"success": False},
    {"code": 500},
    {"incomplete": True},
    {"tookMs": 7},
    {"requestId": None},
    {"requestId": 7.5},
    {"customerData": [{"system": "Salesforce", "objects": []}]},
]


@pytest.mark.parametrize("beside", ERRORS, ids=str)
def test_empty_arrays_with_anything_beside_them_state_nothing(beside: dict[str, object]) -> None:
    found = of({**EMPTY, "requestId": "4al018gzaztcr8nbukw", **beside})
    assert (found.total, found.is_empty) == (0, False)


@pytest.mark.parametrize(
    "twice", [b'"requestId": "r2"', b'"emails": []', b'"calls": []', b'"errors": "x", "errors": 1']
)
def test_a_name_that_stands_twice_voids_an_empty_statement(twice: bytes) -> None:
    whole = json.dumps({**EMPTY, "requestId": "r1"}).encode()
    assert of(whole).is_empty
    assert not of(whole[:-1] + b", " + twice + b"}").is_empty


@pytest.mark.parametrize(
    "system",
    [
        b'{"system": "Salesforce", "objects": [{"id": "1"}], "objects": []}',
        b'{"system": "Salesforce", "objects": [], "objects": [{"id": "1"}]}',
        b'{"system": "A", "system": "B", "objects": [{"id": "1"}]}',
    ],
)
def test_a_crm_system_with_a_name_given_twice_cannot_be_read(system: bytes) -> None:
    whole = json.dumps({**EMPTY, "requestId": "r1"}).encode()
    found = of(whole.replace(b'"customerData": []', b'"customerData": [%b]' % system))
    assert (found.hidden_systems, found.is_whole, found.is_empty) == (1, False, False)


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
    answer = read_response(
        200, {}, json.dumps({**rows, "emails": [*rows["emails"], *last]}).encode()
    )
    started = time.process_time()
    found = summarise(answer)
    assert time.process_time() - started < 2
    assert found.rows(Section.EMAILS) == 50_000 + len(last)
