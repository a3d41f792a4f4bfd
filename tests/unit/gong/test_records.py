"""The facts of a row and its times: what cannot be read is left out, and hides no other."""

from datetime import datetime

import pytest

from bot.gong.summary import CustomerEngagement, Emails
from bot.models import Section, Span
from tests.stand_ins.answering import EMPTY
from tests.support.gong_answers import at, of, of_section

EPOCH = at(1970, 1, 1)


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
