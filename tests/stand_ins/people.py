"""The people this Gong knows, each with what will happen when somebody asks for them."""

import hashlib
import json
from base64 import b32encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from typing import Any

from tests.stand_ins.answering import Answering, Transport, body_of, failing, limited
from tests.support.paths import DATA

PEOPLE_DATA = DATA / "gong"
Row = dict[str, Any]

FIRST_EMAIL = datetime(2019, 1, 12, 8, 30, tzinfo=UTC)
LAST_EMAIL = datetime(2024, 3, 3, 16, 45, 12, tzinfo=UTC)
LAST_ENGAGEMENT = datetime(2024, 1, 20, 21, 30, 7, 233692, tzinfo=UTC)
MAILBOXES = ("ana@acme.example", "ben@acme.example", "sales@acme.example")
SHARE = "https://app.gong.io/e/c-share/tkn="


@dataclass(frozen=True, slots=True)
class Someone:
    label: str  # what a person will see, in a few words
    answers: tuple[Answering, ...]


@cache
def _token(kind: str, number: int, length: int = 32) -> str:
    digest = hashlib.sha256(f"{kind} {number}".encode()).digest()
    return b32encode(digest).decode().lower()[:length]


@cache
def _digits(kind: str, number: int, length: int = 19) -> str:
    """An id of Gong: up to 20 digits, beyond what a double or JavaScript keeps."""
    digest = hashlib.sha256(f"{kind} {number}".encode()).digest()
    return "7" + str(int.from_bytes(digest))[1:length]


WEST, INDIA = timezone(timedelta(hours=-3)), timezone(timedelta(hours=5, minutes=30))


def _written(moment: datetime, number: int) -> str:
    """One of the three documented forms of ISO-8601, by turns."""
    match number % 3:
        case 0:
            return moment.astimezone(WEST).isoformat(timespec="seconds")
        case 1:
            return moment.astimezone(INDIA).isoformat(timespec="milliseconds")
        case _:
            written = moment.astimezone(UTC).isoformat(timespec="microseconds")
            return written.replace("+00:00", "Z")


def _email(address: str, message: int, mailbox: str, sent: datetime) -> Row:
    return {
        "from": address if message % 2 else mailbox,
        "id": _token("row " + mailbox, message),
        "sentTime": _written(sent, message),
        "mailbox": mailbox,
        "messageHash": _token("message", message),
    }


def _emails(address: str) -> list[Row]:
    """243 rows: 118 messages, the first 50 in three mailboxes, 25 more in two."""
    step = (LAST_EMAIL - FIRST_EMAIL) / 117
    rows = []
    for message in range(118):
        copies = 3 if message < 50 else 2 if message < 75 else 1
        sent = LAST_EMAIL if message == 117 else FIRST_EMAIL + step * message
        rows += [_email(address, message, MAILBOXES[copy], sent) for copy in range(copies)]
    return rows


def _call(number: int) -> Row:
    call: Row = {
        "id": _digits("call", number),
        "status": "SCHEDULED" if number == 11 else "COMPLETED",
    }
    if number % 3 == 0:
        objects = [
            {"objectType": "Task", "externalId": f"00T1Q0000{number:04d}sV7AAG"},
            {"objectType": "Conversation", "externalId": f"0aC1Q0000{number:04d}sV7AAG"},
        ]
        call["externalSystems"] = [{"system": "Salesforce", "objects": objects}]
    return call


def _meeting(number: int) -> Row:
    moment = f"2022-0{number + 4}-30T13:00:00Z"
    return {
        "id": f"{_digits('meeting', number)}.{_token('meeting', number, 26)}@google.com_{moment}"
    }


def _crm_object(number: int, kind: str, address: str) -> Row:
    mirror = {"integrationId": "262834820328732", "crmObjectType": kind.upper()}
    mirror["crmId"] = f"0031Q00002DFhi{number}QAD"
    fields = {
        "Name": "Jane Doe",
        "Email": address,
        "Title": None,
        "AnnualRevenue": 1250000.5,
        "NumberOfEmployees": 340,
        "HasOptedOutOfEmail": False,
        "Tags": ["renewal", "legal"],
        "MailingAddress": {"city": "Berlin", "country": "DE", "geo": {"lat": 52.52, "lon": 13.4}},
        "Phone": "+49 30 1234567",
    }
    return {
        "id": _digits(kind, number),
        "objectType": kind,
        "externalId": mirror["crmId"],
        "mirrorId": json.dumps(json.dumps(mirror, separators=(",", ":"))),
        "fields": [{"name": name, "value": value} for name, value in fields.items()],
    }


def _event(number: int) -> Row:
    """The last is the latest; as documented, even eventName can be a share link."""
    kinds = ("contentShared", "contentViewed", "ExternalCallViewing", "customEvent")
    kind = kinds[number % 4]
    link = SHARE + _token("share", number, 25)
    named = kind == "ExternalCallViewing"
    return {
        "eventType": kind,
        "timestamp": _written(LAST_ENGAGEMENT - timedelta(days=9 * (6 - number)), number + 2),
        "contentId": _digits("content", number),
        "contentUrl": link,
        "reportingSystem": link if named else "Gong",
        "eventName": link if named else "Shared call viewed",
        "sourceEventId": link if named else _token("event", number, 12),
    }


def rich(address: str) -> Row:
    """267 references: 243 emails, 12 calls, 3 meetings, 2 CRM records, 7 events."""
    records = [_crm_object(1, "Contact", address), _crm_object(2, "Lead", address)]
    return {
        "emails": _emails(address),
        "calls": [_call(number) for number in range(12)],
        "meetings": [_meeting(number) for number in range(3)],
        "customerData": [{"system": "Salesforce", "objects": records}],
        "customerEngagement": [_event(number) for number in range(7)],
    }


@cache
def many(address: str, emails: int = 50_000) -> Row:
    """So many that no page and no buffer takes them at once, a minute apart; made once."""
    rows = [
        _email(address, number, MAILBOXES[number % 3], FIRST_EMAIL + timedelta(minutes=number))
        for number in range(emails)
    ]
    return {**rich(address), "emails": rows}


def _partial(address: str) -> Row:
    kept = {key: value for key, value in rich(address).items() if key != "meetings"}
    return kept | {"calls": None, "emails": kept["emails"][:5]}


def from_file(name: str) -> Any:  # noqa: ANN401 - any JSON value
    """The JSON of a file in tests/data/gong, integers and floats as they stand there."""
    return json.loads((PEOPLE_DATA / name).read_bytes())


# NaN is no JSON and a lone surrogate no text, yet Java writes both and Python reads both
NOT_QUITE_JSON = (
    rb'{"requestId": "4al018gzaztcr8nbukw", "emails": [{"from": "nan@example.com", '
    rb'"id": "223mjfaaqqjuegabiyrmpctvcwwl75oz", "sentTime": "2019-01-20T00:00:00-08:00", '
    rb'"mailbox": "ana@acme.example \ud800", "messageHash": "l3z7w2s7oircdabnkwizmycm6g2uwznc"}], '
    rb'"calls": [], "meetings": [], "customerData": [{"system": "Salesforce", "objects": [{'
    rb'"id": "7782342274025937895", "objectType": "Contact", "externalId": "0013601230sV7grAAC", '
    rb'"mirrorId": "x", "fields": [{"name": "Score", "value": NaN}, '
    rb'{"name": "Name", "value": "half an emoji \ud83d"}]}]}], "customerEngagement": []}'
)
ELSEWHERE = {"Location": "https://elsewhere.example.com/v2/data-privacy/data-for-email-address"}
HTML = b"<!doctype html><title>Gong</title><p>Sign in to continue.</p>"
HTML_HEADERS = {"Content-Type": "text/html;charset=UTF-8"}
EMPLOYEE = "The email address belongs to a user of the company"


def _one(label: str, answering: Answering) -> Someone:
    return Someone(label, (answering,))


PEOPLE: dict[str, Someone] = {
    "test@test.com": _one(
        "Gong's documented example, one reference per section",
        body_of(lambda: from_file("documented.json")),
    ),
    "jane@example.com": _one(
        "a rich contact: 243 emails in 3 mailboxes, 12 calls, …",
        body_of(lambda: rich("jane@example.com")),
    ),
    "jane.doe@example.com": _one(
        "267 references in all five sections", body_of(lambda: rich("jane.doe@example.com"))
    ),
    "nobody@example.com": _one("no references at all", Answering()),
    "many@example.com": _one("50,000 emails", body_of(lambda: many("many@example.com"))),
    "partial@example.com": _one(
        "calls and meetings not returned by Gong", body_of(lambda: _partial("partial@example.com"))
    ),
    "odd@example.com": _one(
        "every kind of value the specification does not promise",
        body_of(lambda: from_file("odd.json")),
    ),
    "nan@example.com": _one("JSON that is not quite JSON", Answering(NOT_QUITE_JSON)),
    "slow@example.com": _one(
        "the answer after 4 seconds", Answering(lambda: rich("slow@example.com"), delay_s=4)
    ),
    "limited@example.com": Someone(
        "Gong's limit, fine after one second",
        (limited(1), body_of(lambda: rich("limited@example.com"))),
    ),
    "blocked@example.com": _one("Gong's limit, for ten minutes", limited(600)),
    "denied@example.com": _one("Gong refuses the credentials (401)", failing(401, "Unauthorized")),
    "untrusted@example.com": _one(
        "Gong refuses this IP address (403)", failing(403, "Request from an untrusted IP address")
    ),
    "moved@example.com": _one(
        "a redirect to another host (302)", Answering(b"", status=302, headers=ELSEWHERE)
    ),
    "employee@example.com": _one("Gong rejects an employee (400)", failing(400, EMPLOYEE)),
    "broken@example.com": _one(
        "Gong fails (500)", failing(500, "Failed to complete the operation")
    ),
    "html@example.com": _one(
        "a web page instead of an answer", Answering(HTML, headers=HTML_HEADERS)
    ),
    "dropped@example.com": _one(
        "Gong cannot be reached: the connection is reset", Answering(transport=Transport.DROP)
    ),
}
