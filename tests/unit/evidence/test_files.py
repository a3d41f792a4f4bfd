"""The answer as a file: exactly the bytes, under a name that gives nobody away."""

import hashlib
from datetime import UTC, datetime

import pytest

from bot.evidence.files import build_json_file
from bot.gong.response import read_response
from bot.models import Case, Email, Evidence
from tests.stand_ins.people import NOT_QUITE_JSON

AT = datetime(2026, 11, 23, 14, 2, 33, 987654, tzinfo=UTC)
SENT = "/v2/data-privacy/data-for-email-address?emailAddress=jane%40example.com"
EVIDENCE = Evidence(
    Email("nan@example.com"), "api.gong.io", SENT, AT, read_response(200, {}, NOT_QUITE_JSON)
)


def test_the_file_holds_exactly_the_bytes_gong_sent() -> None:
    file = build_json_file(EVIDENCE, None)
    assert file.content == NOT_QUITE_JSON
    assert hashlib.sha256(file.content).hexdigest() == EVIDENCE.answer.sha256


@pytest.mark.parametrize(
    ("case", "name"),
    [
        (None, "gong-lookup-20261123T140233Z.json"),
        ("DSR-123", "gong-lookup-DSR-123-20261123T140233Z.json"),
        ("#4711", "gong-lookup--4711-20261123T140233Z.json"),
        ("2024/11_a", "gong-lookup-2024-11-a-20261123T140233Z.json"),
        ("../../etc", "gong-lookup-..-..-etc-20261123T140233Z.json"),
        ("a b?c&d=é", "gong-lookup-a-b-c-d---20261123T140233Z.json"),
        ("nan@example.com", "gong-lookup-nan-example.com-20261123T140233Z.json"),
    ],
)
def test_the_name_carries_the_case_and_the_time_and_no_sign_that_means_anything(
    case: str | None, name: str
) -> None:
    assert build_json_file(EVIDENCE, Case(case) if case else None).name == name


def test_the_name_carries_no_address() -> None:
    name = build_json_file(EVIDENCE, Case("DSR-123")).name
    assert "@" not in name
    assert "nan" not in name
