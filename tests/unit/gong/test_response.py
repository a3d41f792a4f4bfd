"""What an HTTP answer of Gong means; nothing but a 200 with a whole JSON object is an answer."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import msgspec
import pytest

from bot import errors
from bot.gong import raw_json
from bot.gong.response import LONGEST_RETRY_AFTER_S, read_response
from bot.models import Answer, Section
from tests.stand_ins.answering import EMPTY
from tests.stand_ins.people import HTML, NOT_QUITE_JSON, from_file

REQUEST_ID = "4al018gzaztcr8nbukw"
TRACED = {"x-traceid": REQUEST_ID}


def written(value: object) -> bytes:
    return json.dumps(value).encode()


def error_body(*texts: object) -> bytes:
    return written({"requestId": REQUEST_ID, "errors": texts})


def failure(
    status: int, body: bytes = b"", headers: Mapping[str, str] | None = None
) -> errors.SearchFailed:
    with pytest.raises(errors.SearchFailed) as failed:
        read_response(status, headers or {}, body)
    return failed.value


def digest(value: object) -> str:
    return read_response(200, {}, written(value)).digest


# an answer


def test_an_answer_keeps_exactly_the_bytes_and_their_hash() -> None:
    body = written(from_file("documented.json"))
    answer = read_response(200, {}, body)
    assert (answer.status, answer.request_id) == (200, REQUEST_ID)
    assert answer.body == body
    assert answer.sha256 == hashlib.sha256(body).hexdigest()


def test_an_answer_has_a_piece_for_every_section() -> None:
    documented = from_file("documented.json")
    answer = read_response(200, {}, written(documented))
    found = {section: json.loads(bytes(piece)) for section, piece in answer.sections.items()}
    assert found == {section: documented[section] for section in Section}


def test_an_empty_answer_has_all_sections_and_is_complete() -> None:
    answer = read_response(200, {}, written(EMPTY))
    assert set(answer.sections) == set(Section)
    assert not answer.is_possibly_incomplete


@pytest.mark.parametrize("section", Section)
@pytest.mark.parametrize("is_null", [True, False])
def test_a_missing_or_null_section_is_absent_and_not_empty(
    section: Section, *, is_null: bool
) -> None:
    sent: dict[str, object] = {name: rows for name, rows in EMPTY.items() if name != section}
    answer = read_response(200, {}, written(sent | {section: None} if is_null else sent))
    assert set(answer.sections) == set(Section) - {section}


@pytest.mark.parametrize("section", ["3 meetings", 7, {"rows": []}])
def test_a_section_of_another_shape_is_there_to_be_looked_at(section: object) -> None:
    answer = read_response(200, {}, written({**EMPTY, "meetings": section}))
    assert answer.sections[Section.MEETINGS] == msgspec.Raw(written(section))


@pytest.mark.parametrize("name", ["records", "cursor"])
@pytest.mark.parametrize("value", [None, {}, "next"])
def test_an_answer_that_pages_is_possibly_incomplete(name: str, value: object) -> None:
    assert read_response(200, {}, written({**EMPTY, name: value})).is_possibly_incomplete


@pytest.mark.parametrize(
    "rows", [(b"[{}]", b"[]"), (b"[]", b"[]"), (b"null", b"[]"), (b"[]", b"null")]
)
def test_a_section_that_is_given_twice_cannot_be_read_and_is_not_missing(
    rows: tuple[bytes, bytes],
) -> None:
    first, last = rows
    body = written(EMPTY)[:-1].replace(b'"emails": []', b'"emails": ' + first)
    answer = read_response(200, {}, body + b', "emails": ' + last + b"}")
    assert set(answer.sections) == set(Section)
    with pytest.raises(raw_json.NotReadable):
        raw_json.read_items(answer.sections[Section.EMAILS])


@pytest.mark.parametrize("name", ["cursor", "coachingScores"])
def test_what_comes_twice_counts_even_if_the_last_is_empty(name: str) -> None:
    last = {**EMPTY, name: []}
    twice = b'{"%b": [7], %b' % (name.encode(), written(last)[1:])
    once = read_response(200, {}, written(last))
    answer = read_response(200, {}, twice)
    unknown = () if name == "cursor" else (name,)
    assert (once.unknown, once.is_possibly_incomplete) == (unknown, name == "cursor")
    assert (answer.unknown, answer.is_possibly_incomplete) == (unknown, name == "cursor")
    assert answer.digest != once.digest


@pytest.mark.parametrize("nothing", [False, None, "", 0, [], {}])
def test_a_mark_that_says_there_is_no_more_is_a_new_field_like_any_other(nothing: object) -> None:
    answer = read_response(200, {}, written({**EMPTY, "hasMore": nothing}))
    assert (answer.unknown, answer.is_possibly_incomplete) == (("hasMore",), False)
    assert read_response(200, {}, written({**EMPTY, "hasMore": True})).is_possibly_incomplete


def test_other_new_fields_are_ignored() -> None:
    answer = read_response(200, {}, written({**EMPTY, "coachingScores": [{}], "apiVersion": 7}))
    assert not answer.is_possibly_incomplete


def test_json_that_is_not_quite_json_is_an_answer_and_its_bytes_stay() -> None:
    answer = read_response(200, {}, NOT_QUITE_JSON)
    assert (answer.request_id, answer.body) == (REQUEST_ID, NOT_QUITE_JSON)
    assert set(answer.sections) == set(Section)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b'"done"',
        HTML,
        written(from_file("documented.json"))[:-1],
        b"\x00",
        b"\xff\xfe",
        b"[" * 100_000,
    ],
)
def test_a_200_that_is_no_whole_json_object_is_no_answer(body: bytes) -> None:
    failed = failure(200, body, TRACED)
    assert isinstance(failed, errors.GongUnavailable)
    assert (failed.reason, failed.status, failed.request_id) == ("unreadable", 200, REQUEST_ID)


# the request id


def test_the_body_names_the_request_before_the_header_does() -> None:
    answer = read_response(200, {"x-traceid": "other"}, written({"requestId": REQUEST_ID}))
    assert answer.request_id == REQUEST_ID


@pytest.mark.parametrize(
    "named",
    [
        {},
        {"requestId": None},
        {"requestId": ""},
        {"requestId": "jane@example.com"},
        {"requestId": "x" * 200},
        {"requestId": "two words"},
        {"requestId": "<!channel>"},
        {"requestId": f"{REQUEST_ID}\n"},
        {"requestId": {"id": 1}},
    ],
)
def test_the_header_names_the_request_where_the_body_has_no_plain_id(
    named: dict[str, object],
) -> None:
    assert read_response(200, TRACED, written(named)).request_id == REQUEST_ID


@pytest.mark.parametrize("odd", ["jane@example.com", "x" * 65, "", "ид", "a b"])
def test_an_odd_request_id_is_dropped(odd: str) -> None:
    assert read_response(200, {"x-traceid": odd}, written({"requestId": odd})).request_id is None
    assert (
        failure(500, written({"requestId": odd, "errors": []}), {"x-traceid": odd}).request_id
        is None
    )


def test_a_request_id_that_is_no_text_at_all_is_dropped() -> None:
    answer = read_response(200, {}, b'{"requestId": "\xff"}')
    assert answer.request_id is None


def test_a_number_as_request_id_keeps_every_digit() -> None:
    answer = read_response(200, {}, b'{"requestId": 78234227402593789512}')
    assert answer.request_id == "78234227402593789512"


# the digest


def test_two_answers_that_differ_in_their_request_id_only_have_one_digest() -> None:
    assert digest({**EMPTY, "requestId": "one"}) == digest({**EMPTY, "requestId": "two"})
    assert digest({**EMPTY, "requestId": "one"}) == digest(EMPTY)


def test_the_order_of_the_members_does_not_change_the_digest() -> None:
    assert digest(dict(reversed(EMPTY.items()))) == digest(EMPTY)


@pytest.mark.parametrize(
    "other",
    [
        {},
        {**EMPTY, "emails": None},
        {**EMPTY, "emails": [{}]},
        {**EMPTY, "emails": [None]},
        {**EMPTY, "new": 1},
        {name: rows for name, rows in EMPTY.items() if name != "calls"},
        {"emails:": [], **{name: rows for name, rows in EMPTY.items() if name != "emails"}},
    ],
)
def test_any_other_difference_changes_the_digest(other: dict[str, object]) -> None:
    assert digest(other) != digest(EMPTY)


def test_a_member_cannot_pass_for_two() -> None:
    assert digest({"a": 1, "b": 2}) != digest({"a": "1", "1:b:": 2})


# failures


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (204, errors.UnexpectedStatus),
        (206, errors.UnexpectedStatus),
        (300, errors.WrongBaseUrl),
        (302, errors.WrongBaseUrl),
        (308, errors.WrongBaseUrl),
        (400, errors.AddressRejected),
        (401, errors.CredentialsRefused),
        (402, errors.UnexpectedStatus),
        (403, errors.NetworkNotTrusted),
        (404, errors.WrongBaseUrl),
        (405, errors.WrongBaseUrl),
        (418, errors.UnexpectedStatus),
        (429, errors.GongLimitReached),
        (500, errors.GongUnavailable),
        (502, errors.GongUnavailable),
        (503, errors.GongUnavailable),
        (504, errors.GongUnavailable),
        (599, errors.GongUnavailable),
    ],
)
def test_every_status_has_its_own_failure_with_the_request_id(
    status: int, kind: type[errors.SearchFailed]
) -> None:
    failed = failure(status, error_body("Something"))
    assert type(failed) is kind
    assert (failed.status, failed.request_id) == (status, REQUEST_ID)


@pytest.mark.parametrize("status", [204, 302, 400, 401, 403, 404, 418, 429, 500])
@pytest.mark.parametrize("body", [b"", HTML, b"[]", b"{}", b'{"errors": 7}'])
def test_the_header_names_the_request_where_the_body_of_a_failure_does_not(
    status: int, body: bytes
) -> None:
    assert failure(status, body, TRACED).request_id == REQUEST_ID


@pytest.mark.parametrize("more", [{}, {"errors": None}, {"errors": "broken"}])
def test_the_body_names_the_request_of_a_failure_even_without_a_list_of_errors(
    more: dict[str, object],
) -> None:
    assert failure(500, written({"requestId": REQUEST_ID, **more})).request_id == REQUEST_ID


def test_an_empty_answer_under_a_status_that_fails_is_a_failure() -> None:
    assert isinstance(failure(404, written(EMPTY)), errors.WrongBaseUrl)


def test_a_fault_of_gong_is_told_as_one() -> None:
    failed = failure(503)
    assert isinstance(failed, errors.GongUnavailable)
    assert failed.reason == "status"


@pytest.mark.parametrize(
    ("body", "texts"),
    [
        (error_body("The address", "belongs to a user"), ("The address", "belongs to a user")),
        (error_body(), ()),
        (error_body(7, None, ["a"], {"code": "x"}), ("7", "", '["a"]', '{"code": "x"}')),
        (written({"errors": "no list"}), ()),
        (written({"error": ["another name"]}), ()),
        (HTML, ()),
        (b"", ()),
    ],
)
def test_a_rejected_address_carries_gongs_own_words(body: bytes, texts: tuple[str, ...]) -> None:
    failed = failure(400, body)
    assert isinstance(failed, errors.AddressRejected)
    assert failed.texts == texts


@pytest.mark.parametrize(
    ("location", "host"),
    [
        ("https://elsewhere.example.com/v2?emailAddress=jane", "elsewhere.example.com"),
        ("https://user:secret@elsewhere.example.com:8443/", "elsewhere.example.com"),
        ("//elsewhere.example.com/", "elsewhere.example.com"),
        ("/login", None),
        ("", None),
        ("https://[::1", None),
        ("https://[not-an-address]/", None),
    ],
)
def test_a_redirect_is_a_wrong_base_url_and_names_the_other_host(
    location: str, host: str | None
) -> None:
    failed = failure(302, headers={"location": location})
    assert isinstance(failed, errors.WrongBaseUrl)
    assert failed.redirect_host == host


def test_a_redirect_that_leads_nowhere_is_a_wrong_base_url() -> None:
    failed = failure(301)
    assert isinstance(failed, errors.WrongBaseUrl)
    assert failed.redirect_host is None


# Retry-After


def limit(retry_after: str | None) -> errors.GongLimitReached:
    failed = failure(429, headers={} if retry_after is None else {"retry-after": retry_after})
    assert isinstance(failed, errors.GongLimitReached)
    return failed


@pytest.mark.parametrize(("retry_after", "wait_s"), [("0", 0.0), ("2", 2.0), ("600", 600.0)])
def test_a_limit_says_when_to_ask_again(retry_after: str, wait_s: float) -> None:
    earliest = datetime.now(UTC) + timedelta(seconds=wait_s)
    failed = limit(retry_after)
    assert failed.wait_s == wait_s
    assert failed.again_at is not None
    assert earliest <= failed.again_at <= datetime.now(UTC) + timedelta(seconds=wait_s)


@pytest.mark.parametrize(
    "retry_after",
    [
        *(None, "", "abc", "-1", "1.5", "1e9", "nan", "inf", "２", "soon, 2"),
        "Mon, 23 Nov 2026 14:02:33 -0000",
    ],
)
def test_a_limit_that_does_not_say_when_leaves_it_open(retry_after: str | None) -> None:
    failed = limit(retry_after)
    assert (failed.wait_s, failed.again_at) == (None, None)


def test_a_limit_may_name_a_date() -> None:
    again_at = (datetime.now(UTC) + timedelta(hours=2)).replace(microsecond=0)
    failed = limit(format_datetime(again_at, usegmt=True))
    assert failed.wait_s == pytest.approx(7200, abs=5)
    assert failed.again_at is not None
    assert abs(failed.again_at - again_at) < timedelta(seconds=1)


def test_a_date_that_has_passed_means_at_once() -> None:
    assert limit("Mon, 20 Jan 2020 00:00:00 GMT").wait_s == 0.0


def test_a_date_that_cannot_be_reckoned_with_leaves_it_open() -> None:
    assert limit("Mon, 01 Jan 2024 00:00:00 +99999999999999999999").wait_s is None


@pytest.mark.parametrize(
    "retry_after",
    ["86401", "999999999", "9" * 30, "9" * 5000, "Fri, 31 Dec 9999 23:59:59 GMT"],
)
def test_no_pause_is_longer_than_a_day_whatever_gong_asks_for(retry_after: str) -> None:
    failed = limit(retry_after)
    assert failed.wait_s == LONGEST_RETRY_AFTER_S == 86_400
    assert failed.again_at is not None
    assert failed.again_at <= datetime.now(UTC) + timedelta(days=1)


def test_a_limit_keeps_the_request_id() -> None:
    failed = failure(429, error_body("API request limit exceeded"), {"retry-after": "2"})
    assert failed.request_id == REQUEST_ID


def test_an_answer_is_frozen() -> None:
    answer: Answer = read_response(200, {}, written(EMPTY))
    with pytest.raises(AttributeError):
        answer.body = b"other"  # type: ignore[misc]  # that is the point
