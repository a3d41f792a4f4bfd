"""The rows of a section: every digit, and nothing lost."""

import json
import time

import pytest

from bot.gong import tables
from bot.gong.raw_json import NotReadable
from bot.gong.response import read_response
from bot.gong.tables import CallId, Cell
from bot.models import Answer, Section
from tests.stand_ins.answering import EMPTY
from tests.stand_ins.people import PEOPLE
from tests.support.gong_answers import HOST, row, table

TWENTY_DIGITS = "78234227402593789512"


def answer_for(address: str) -> Answer:
    content = PEOPLE[address].answers[-1].content("4al018gzaztcr8nbukw")
    return read_response(200, {}, content)


def crm(item: object) -> tuple[Cell, ...]:
    body = item if isinstance(item, bytes) else json.dumps(item).encode()
    return row(Section.CUSTOMER_DATA, b'{"system": "Salesforce", "objects": [' + body + b"]}")


# a table


@pytest.mark.parametrize(
    ("section", "cells"),
    [
        (
            Section.EMAILS,
            (
                "2019-01-20T00:00:00-08:00",
                "test@test.com",
                "test@test.com",
                "223mjfaaqqjuegabiyrmpctvcwwl75oz",
            ),
        ),
        (
            Section.CALLS,
            (CallId("7782342274025937895"), "COMPLETED", "Salesforce: Task 0013601230sV7grAAC"),
        ),
        (
            Section.MEETINGS,
            ("8059707022269524529.sb5gr1tgpt5dd799eh035rb3dk@google.com_2022-06-30T13:00:00Z",),
        ),
        (
            Section.CUSTOMER_DATA,
            (
                "Salesforce",
                "Contact",
                "7782342274025937895",
                "0013601230sV7grAAC",
                "integrationId 262834820328732, crmObjectType CONTACT, crmId 0031Q00002DFhi4QAD",
                "name: Gong Inc.",
            ),
        ),
        (
            Section.CUSTOMER_ENGAGEMENT,
            ("1547971200.0", "ExternalCallViewing", HOST, HOST, "7782342274025937895", HOST),
        ),
    ],
)
def test_gongs_documented_example_is_shown(section: Section, cells: tuple[Cell, ...]) -> None:
    found = tables.read_table(answer_for("test@test.com"), section)
    assert (len(found), found.row(0)) == (1, cells)


@pytest.mark.parametrize("section", Section)
@pytest.mark.parametrize("address", ["jane@example.com", "odd@example.com", "nan@example.com"])
def test_every_row_has_a_cell_for_every_column(section: Section, address: str) -> None:
    try:
        found = tables.read_table(answer_for(address), section)
    except NotReadable:
        assert (address, section) == ("odd@example.com", Section.MEETINGS)
        return
    assert found.section is section
    assert {len(found.row(number)) for number in range(len(found))} <= {len(found.columns)}


@pytest.mark.parametrize("section", Section)
def test_a_section_that_gong_did_not_return_has_no_table(section: Section) -> None:
    sent = {name: items for name, items in EMPTY.items() if name != section}
    with pytest.raises(NotReadable):
        tables.read_table(read_response(200, {}, json.dumps(sent).encode()), section)


@pytest.mark.parametrize("section", Section)
@pytest.mark.parametrize("items", ["3 rows", 7, {"rows": []}])
def test_a_section_of_the_wrong_shape_has_no_table(section: Section, items: object) -> None:
    with pytest.raises(NotReadable):
        table(section, items)


@pytest.mark.parametrize("section", Section)
def test_an_empty_section_has_an_empty_table(section: Section) -> None:
    assert len(table(section, [])) == 0


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (b"null", "could not be read: null"),
        (b"7", "could not be read: 7"),
        (b'"just text"', "could not be read: just text"),
        (b'[1, "two"]', 'could not be read: [1, "two"]'),
        (b'"\xff"', 'could not be read: "\N{REPLACEMENT CHARACTER}"'),
        (TWENTY_DIGITS.encode(), f"could not be read: {TWENTY_DIGITS}"),
    ],
)
@pytest.mark.parametrize(
    "section", [Section.EMAILS, Section.CALLS, Section.MEETINGS, Section.CUSTOMER_ENGAGEMENT]
)
def test_a_row_that_cannot_be_read_is_shown_as_gong_wrote_it(
    section: Section, written: bytes, shown: str
) -> None:
    first, *others = row(section, written)
    assert first == shown
    assert set(others) <= {""}


def test_a_row_with_bytes_that_are_no_text_is_shown_as_far_as_it_can_be() -> None:
    first, *_ = row(Section.EMAILS, b'{"from": "\xff", "id": "e1"}')
    assert first == 'could not be read: {"from": "\N{REPLACEMENT CHARACTER}", "id": "e1"}'


def test_json_that_is_not_quite_json_is_shown() -> None:
    answer = answer_for("nan@example.com")
    email, record = (
        tables.read_table(answer, section).row(0)
        for section in (Section.EMAILS, Section.CUSTOMER_DATA)
    )
    assert email[2] == "ana@acme.example ?"
    assert record[5] == "Score: NaN; Name: half an emoji ?"


# every digit


@pytest.mark.parametrize("written", [TWENTY_DIGITS, f'"{TWENTY_DIGITS}"', "18446744073709551616"])
def test_an_id_keeps_every_digit(written: str) -> None:
    item, shown = f'{{"id": {written}}}'.encode(), written.strip('"')
    assert row(Section.EMAILS, item)[3] == shown
    assert row(Section.CALLS, item)[0] == CallId(shown)
    assert row(Section.MEETINGS, item)[0] == shown
    assert crm(item)[2] == shown
    content = f'{{"contentId": {written}}}'.encode()
    assert row(Section.CUSTOMER_ENGAGEMENT, content)[4] == shown


@pytest.mark.parametrize("moment", ["1547971200.0", "1547971200000", '"2024-01-17T16:20:05-03:00"'])
def test_a_time_is_shown_as_gong_wrote_it(moment: str) -> None:
    assert row(Section.EMAILS, f'{{"sentTime": {moment}}}'.encode())[0] == moment.strip('"')


# emails and calls


@pytest.mark.parametrize("section", [Section.EMAILS, Section.CUSTOMER_ENGAGEMENT])
def test_what_a_row_does_not_say_stays_blank(section: Section) -> None:
    assert set(row(section, {})) == {""}


@pytest.mark.parametrize(
    ("systems", "shown"),
    [
        (None, ""),
        ([], ""),
        (
            [
                {
                    "system": "Salesforce",
                    "objects": [
                        {"objectType": "Task", "externalId": "00T1"},
                        {"objectType": "Conversation", "externalId": "0aC1"},
                    ],
                },
                {"system": "HubSpot", "objects": [{"objectType": "Séance", "externalId": 5}]},
            ],
            "Salesforce: Task 00T1; Salesforce: Conversation 0aC1; HubSpot: Séance 5",
        ),
        ([{"system": "Salesforce", "objects": []}], ""),
        ([{"system": "Generic", "objects": None}], '{"system": "Generic", "objects": null}'),
        ([{"system": "Generic"}], '{"system": "Generic"}'),
        ([None], "null"),
        ("Salesforce", "Salesforce"),
        ([{"system": "X", "objects": [None]}], '[{"system": "X", "objects": [null]}]'),
    ],
)
def test_a_call_shows_what_it_is_linked_to_or_else_what_gong_wrote(
    systems: object, shown: str
) -> None:
    assert row(Section.CALLS, {"id": "1", "externalSystems": systems})[2] == shown


def test_a_call_without_links_shows_none() -> None:
    assert row(Section.CALLS, {"id": "1", "status": "COMPLETED"}) == (CallId("1"), "COMPLETED", "")


# CRM records

MIRROR = {"integrationId": "262834820328732", "crmId": 1.50}


@pytest.mark.parametrize(
    ("mirror_id", "shown"),
    [
        (json.dumps(MIRROR), "integrationId 262834820328732, crmId 1.5"),
        (json.dumps(json.dumps(MIRROR)), "integrationId 262834820328732, crmId 1.5"),
        (f'{{"id": {TWENTY_DIGITS}}}', f"id {TWENTY_DIGITS}"),
        (MIRROR, "integrationId 262834820328732, crmId 1.5"),
        ("bare-token-0031Q00002DFhi4QAD", "bare-token-0031Q00002DFhi4QAD"),
        ('"quoted-token"', '"quoted-token"'),
        ('"half a quote', '"half a quote'),
        ("{broken", "{broken"),
        ("[1, 2]", "[1, 2]"),
        (TWENTY_DIGITS, TWENTY_DIGITS),
        (7, "7"),
        ("", ""),
        (None, ""),
        (
            json.dumps({"system": "Salesforce", "more": {"a": None}}),
            'system Salesforce, more {"a": null}',
        ),
    ],
)
def test_a_mirror_id_is_unfolded_where_it_can_be(mirror_id: object, shown: str) -> None:
    assert crm({"mirrorId": mirror_id})[4] == shown


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        (None, ""),
        ([], ""),
        ([{"name": "Name", "value": "Jane Doe"}], "Name: Jane Doe"),
        (
            [{"name": "A", "value": "1"}, {"name": "B", "value": None}, {"name": "C"}],
            "A: 1; B: ; C: ",
        ),
        (
            [
                {"name": "Tags", "value": ["é", "legal"]},
                {"name": "Where", "value": {"city": "Köln", "lat": 52.52}},
                {"name": "OptedOut", "value": False},
                {"name": "Revenue", "value": 1250000.5},
            ],
            (
                'Tags: ["é", "legal"]; Where: {"city": "Köln", "lat": 52.52}; OptedOut: false; '
                "Revenue: 1250000.5"
            ),
        ),
        ([{"value": "no name"}], ": no name"),
        ([None], "[null]"),
        ("none", "none"),
        ({"Name": "Jane"}, '{"Name": "Jane"}'),
    ],
)
def test_fields_are_shown_whatever_their_type(fields: object, shown: str) -> None:
    assert crm({"fields": fields})[5] == shown


@pytest.mark.parametrize(
    "number", [TWENTY_DIGITS, "1234567890123456789012345678901234567890", "2.50", "1e3"]
)
def test_the_value_of_a_field_keeps_every_digit(number: str) -> None:
    item = f'{{"fields": [{{"name": "Big", "value": {number}}}]}}'.encode()
    assert crm(item)[5] == f"Big: {number}"


@pytest.mark.parametrize("written", [b"null", b"7", b"[]"])
def test_a_record_that_cannot_be_read_is_shown_as_gong_wrote_it(written: bytes) -> None:
    first, *others = crm(written)
    assert first == f"could not be read: {written.decode()}"
    assert others == [""] * 5


@pytest.mark.parametrize(
    "entry",
    ['{"system": "HubSpot"}', '{"system": null, "objects": null}', "null", '["Salesforce"]'],
)
def test_a_system_that_cannot_be_read_stays_one_row(entry: str) -> None:
    found = table(Section.CUSTOMER_DATA, f"[{entry}]".encode())
    assert [found.row(number)[0] for number in range(len(found))] == [f"could not be read: {entry}"]


# many


def test_a_row_among_fifty_thousand_is_read_quickly() -> None:
    answer = answer_for("many@example.com")
    started = time.process_time()
    found = tables.read_table(answer, Section.EMAILS)
    assert found.row(49_999)[0] != ""
    assert time.process_time() - started < 1
    assert len(found) == 50_000
