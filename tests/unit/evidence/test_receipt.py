"""The receipt as a file, and `verify`: what holds a year later, and what does not."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

import app
from bot.cli import verify
from bot.evidence.files import build_json_file
from bot.evidence.receipt import LARGEST_BYTES, NotAReceipt, build_receipt, read_receipt
from bot.evidence.result import Result
from bot.evidence.seals import derive_key_id, is_sealed, seal
from bot.gong.response import read_response
from bot.gong.summary import summarise
from bot.lookup.command import new_search
from bot.models import Asker, Case, Email, Evidence, File, Finding, Question, Search
from tests.stand_ins.people import rich
from tests.support.paths import DATA
from tests.support.process import started

KEY = b"an-audit-key-made-up-for-the-tests"
OTHER_KEY = b"another-audit-key-made-up-for-the-tests"
AT = datetime(2026, 11, 23, 14, 2, 33, 987654, tzinfo=UTC)
QUESTION = Question(Email("jane@example.com"), Case("DSR-123"))
BODY = json.dumps({"requestId": "4al018gzaztcr8nbukw", **rich("jane@example.com")}).encode()
EVIDENCE = Evidence(
    QUESTION.email,
    "us-12345.api.gong.io",
    "/v2/data-privacy/data-for-email-address?emailAddress=jane%40example.com",
    AT,
    read_response(200, {}, BODY),
)
RESULT = Result(
    Asker("T0US", None, "C0LEGAL", "U0ANA", ""),
    Search("R-3F9A-2C71-B04D", QUESTION, "U0ANA", datetime(2026, 11, 23, 14, 2, 31, tzinfo=UTC)),
    Finding(EVIDENCE, is_kept=False),
    summarise(EVIDENCE.answer),
)
GOLDEN = DATA / "receipt.txt"


def receipt_of(result: Result, key: bytes = KEY) -> File:
    file = build_json_file(result.evidence, result.question.case)
    return build_receipt(result, file, partial(seal, key), derive_key_id(key))


def made(result: Result = RESULT, key: bytes = KEY) -> bytes:
    return receipt_of(result, key).content


def is_ours(kind: str, text: str, claimed: str) -> bool:
    return is_sealed(KEY, kind, text, claimed)


def test_a_receipt_reads_exactly_like_this(request: pytest.FixtureRequest) -> None:
    written = made().decode()
    if request.config.getoption("--write-golden"):
        GOLDEN.write_text(written)
    assert written == GOLDEN.read_text()


def test_a_receipt_lies_beside_its_file_under_the_same_name() -> None:
    assert receipt_of(RESULT).name == "gong-lookup-DSR-123-20261123T140233Z.receipt.txt"
    beside = build_json_file(RESULT.evidence, RESULT.question.case)
    assert beside.name == "gong-lookup-DSR-123-20261123T140233Z.json"


def test_no_two_look_ups_have_one_receipt_id() -> None:
    assert len({new_search(QUESTION, "U0ANA").receipt_id for _ in range(1000)}) == 1000


def test_an_answer_without_ids_and_hashes_says_so() -> None:
    answer = read_response(200, {}, b'{"emails": [{"mailbox": "a"}, {"messageHash": "x"}, {}]}')
    finding = Finding(replace(EVIDENCE, answer=answer), is_kept=True)
    told = made(replace(RESULT, finding=finding, summary=summarise(answer))).decode()
    assert "Gong request: without an id\n" in told
    assert "Emails: 3 mailbox copies of at least 1 message\n" in told
    assert "Calls: not returned\n" in told


def test_a_receipt_proves_itself() -> None:
    said, is_good = read_receipt(made(), is_ours)
    assert is_good
    assert (said.receipt_id, said.key_id) == ("R-3F9A-2C71-B04D", derive_key_id(KEY))
    assert said.sha256 == EVIDENCE.answer.sha256


def test_line_ends_that_a_mail_program_changed_do_no_harm() -> None:
    assert read_receipt(made().replace(b"\n", b"\r\n"), is_ours)[1]


def test_any_byte_that_is_changed_spoils_the_receipt() -> None:
    content = made()
    for place in range(len(content)):
        for flip in (0x01, 0x20):
            altered = bytearray(content)
            altered[place] ^= flip
            try:
                assert not read_receipt(bytes(altered), is_ours)[1], altered[: place + 1]
            except NotAReceipt:
                continue


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"{}",
        made()[:-70],
        b"x" + made(),
        made() + b"Seal: more\n",
        b"\n" * (LARGEST_BYTES + 1),
    ],
)
def test_what_is_no_receipt_is_called_none(content: bytes) -> None:
    with pytest.raises(NotAReceipt):
        read_receipt(content, is_ours)


def test_two_receipts_in_one_are_not_ours() -> None:
    with pytest.raises(NotAReceipt):
        read_receipt(made() * 2, is_ours)


@pytest.mark.parametrize("line", ["Case: DSR-123\n", "Engagement: 7\n", "HTTP status: 200\n"])
def test_a_line_that_is_left_out_spoils_the_receipt(line: str) -> None:
    text = made().decode()
    assert line in text
    try:
        assert not read_receipt(text.replace(line, "").encode(), is_ours)[1]
    except NotAReceipt:
        assert line.startswith("Case")


# verify


def judged(folder: Path, receipt: bytes, body: bytes = BODY, key: bytes = KEY) -> str:
    file, receipt_path = folder / "answer.json", folder / "answer.receipt.txt"
    file.write_bytes(body)
    receipt_path.write_bytes(receipt)
    verdict = verify.judge(key, file, receipt_path)
    assert (verdict.exit_code == 0) is ("is the file it speaks of" in verdict.sentence)
    return verdict.sentence.replace(f"{folder}/", "")


def test_a_pair_is_said_to_be_one(tmp_path: Path) -> None:
    assert judged(tmp_path, made()) == (
        "Receipt R-3F9A-2C71-B04D (case DSR-123, jane@example.com, answered 2026-11-23 14:02:33 "
        "UTC) is ours and unaltered, and answer.json is the file it speaks of "
        f"(SHA-256 {EVIDENCE.answer.sha256})."
    )


def test_an_altered_receipt_is_called_that(tmp_path: Path) -> None:
    altered = made().replace(b"Case: DSR-123", b"Case: DSR-124")
    assert judged(tmp_path, altered) == (
        "Receipt R-3F9A-2C71-B04D was altered, or is not ours: its seal does not fit."
    )


def test_a_receipt_for_another_file_is_called_that(tmp_path: Path) -> None:
    told = judged(tmp_path, made(), BODY[:-1] + b" ")
    assert told.startswith(
        "Receipt R-3F9A-2C71-B04D is ours and unaltered, but answer.json is NOT the file it speaks "
        f"of, which ends in .json and has SHA-256 {EVIDENCE.answer.sha256}; this one has "
    )


def test_a_receipt_under_another_key_is_not_called_altered(tmp_path: Path) -> None:
    told = judged(tmp_path, made(key=OTHER_KEY))
    assert told == (
        f"Receipt R-3F9A-2C71-B04D names another key ({derive_key_id(OTHER_KEY)}) than this "
        f"({derive_key_id(KEY)}): nothing can be said of it. Set AUDIT_KEY to the key of that time."
    )


def test_a_forger_without_the_key_gains_nothing_by_naming_it(tmp_path: Path) -> None:
    forged = made(key=OTHER_KEY).replace(
        derive_key_id(OTHER_KEY).encode(), derive_key_id(KEY).encode()
    )
    assert "its seal does not fit" in judged(tmp_path, forged)


def test_what_is_no_receipt_at_all_is_said_to_be_none(tmp_path: Path) -> None:
    told = judged(tmp_path, BODY)
    assert told == (
        "answer.receipt.txt is not a receipt of this bot, or was altered (the file comes first, it "
        "second)."
    )


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    verdict = verify.judge(KEY, tmp_path / "gone.json", tmp_path / "gone.receipt.txt")
    assert verdict.exit_code == 2
    assert verdict.sentence.endswith("gone.receipt.txt cannot be read: No such file or directory.")


async def test_the_command_says_it_in_one_line(tmp_path: Path) -> None:
    file, receipt_path = tmp_path / "answer.json", tmp_path / "answer.receipt.txt"
    file.write_bytes(BODY)
    receipt_path.write_bytes(made())
    key = {"AUDIT_KEY": KEY.decode()}
    async with started(key, "app.py", "verify", str(file), str(receipt_path)) as served:
        assert await served.ends() == 0
    assert (served.text.count("\n"), served.text[0]) == (1, "✓")


def test_a_byte_too_many_ends_the_command_with_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, receipt_path = tmp_path / "answer.json", tmp_path / "answer.receipt.txt"
    file.write_bytes(BODY + b"\n")
    receipt_path.write_bytes(made())
    key = {"AUDIT_KEY": KEY.decode()}
    assert app.main(["verify", str(file), str(receipt_path)], key) == 1
    said = capsys.readouterr().out
    assert (said.count("\n"), said[0]) == (1, "✗")


@pytest.mark.parametrize("files", [(), ("one",), ("a", "b", "c")])
def test_the_command_needs_both_files(
    files: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert app.main(["verify", *files], {"AUDIT_KEY": KEY.decode()}) == 2
    assert "python app.py verify FILE RECEIPT" in capsys.readouterr().err


def test_the_command_needs_the_key(capsys: pytest.CaptureFixture[str]) -> None:
    assert app.main(["verify", "a", "b"], {}) == 2
    assert capsys.readouterr().err == "AUDIT_KEY is missing\n"
