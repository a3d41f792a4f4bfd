"""Files in the thread: Gong's answer with its receipt, and rows as a spreadsheet.

The line of the audit trail comes first; if it cannot be written (`LogFailed`), nothing is sent.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, field

from bot import files_message, logs, words
from bot.blocks import Message
from bot.buttons import Button, for_search, with_files
from bot.errors import (
    FileNotAttached,
    FileRefused,
    LogFailed,
    ReceiptNotPosted,
    SectionGone,
    SlackFailed,
)
from bot.export import File, rows_file
from bot.json_reader import NotReadable
from bot.models import Asker, Event, Finding, Search, Section
from bot.payloads import Click
from bot.ports import Slack, Trail
from bot.receipt import Receipt, receipt_file


@dataclass(frozen=True, slots=True)
class Attachments:
    """Attaches files, and posts under them what they are and how they can be deleted."""

    slack: Slack
    trail: Trail
    may_be_withdrawn: bool
    _one_spreadsheet: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1))
    """A large one takes seconds: many at once would keep everybody waiting."""

    async def attach(self, asker: Asker, receipt: Receipt, root_ts: str) -> None:
        """Attach an answer and its receipt, or say in the thread that they are missing."""
        try:
            file_ids = await self._upload(asker, receipt, root_ts)
        except asyncio.CancelledError:
            await self._note_missing_files(asker, receipt, root_ts, may_stand=True)
            raise
        except SlackFailed as exc:
            with contextlib.suppress(LogFailed):  # nothing is disclosed by the note
                self.trail.record(
                    Event.FAILED,
                    asker,
                    receipt.search,
                    outcome="FileNotAttached",
                    code=exc.code,
                    files=list(exc.file_ids) or None,
                )
            may_stand = bool(exc.file_ids) and words.may_be_done(exc)
            await self._note_missing_files(
                asker, receipt, root_ts, exc.file_ids, may_stand=may_stand
            )
        else:
            await self._post_receipt(asker, receipt, root_ts, file_ids)

    async def attach_again(self, click: Click, button: Button, receipt: Receipt) -> None:
        """Attach what could not be attached before, and say so where that was said."""
        asker, evidence = click.asker, receipt.finding.evidence
        file_ids = await _pressed_for(self._upload(asker, receipt, click.root_ts))
        message = files_message.attached(button, evidence, receipt.search.receipt_id)
        try:
            await self.slack.update(asker.channel_id, click.message_ts, message)
        except SlackFailed as exc:
            logs.event("note_not_updated", code=exc.code, **asker.ids)
        await self._post_receipt(asker, receipt, click.root_ts, file_ids)

    async def attach_rows(
        self, click: Click, search: Search, button: Button, section: Section, finding: Finding
    ) -> None:
        """Attach a whole section as a spreadsheet."""
        evidence, asker = finding.evidence, click.asker
        try:
            async with self._one_spreadsheet:
                file = await asyncio.to_thread(rows_file, evidence, search.question.case, section)
        except NotReadable as exc:
            raise SectionGone from exc
        self.trail.record(
            Event.FILE_ATTACHED,
            asker,
            search,
            outcome="rows",
            section=section,
            gong_request=evidence.answer.request_id,
            sha256=evidence.answer.sha256,
            files=_hashes([file]),
        )
        comment = files_message.rows_comment(button, section, evidence)
        ids = await _pressed_for(
            self.slack.attach(asker.channel_id, click.root_ts, [file], comment)
        )
        state = with_files(button, ids)
        message = files_message.rows_message(
            search, evidence, file.sha256, state, may_be_withdrawn=self.may_be_withdrawn
        )
        await self._post_under_files(asker, message, click.root_ts, ids)

    async def _upload(self, asker: Asker, receipt: Receipt, root_ts: str) -> Sequence[str]:
        answer, search = receipt.finding.evidence.answer, receipt.search
        files = [receipt.json_file, receipt_file(receipt, self.trail.seal, self.trail.key_id)]
        self.trail.record(
            Event.FILE_ATTACHED,
            asker,
            search,
            outcome="answer",
            gong_request=answer.request_id,
            sha256=answer.sha256,
            files=_hashes(files),
        )
        comment = files_message.answer_comment(receipt.finding.evidence, search.receipt_id)
        return await self.slack.attach(asker.channel_id, root_ts, files, comment)

    async def _note_missing_files(
        self,
        asker: Asker,
        receipt: Receipt,
        root_ts: str,
        file_ids: Sequence[str] = (),
        *,
        may_stand: bool,
    ) -> None:
        state = with_files(for_search(receipt.search, receipt.finding), file_ids)
        message = files_message.not_attached(
            state, may_stand=may_stand, may_be_withdrawn=self.may_be_withdrawn
        )
        try:
            await self.slack.post(asker.channel_id, message, root_ts)
        except SlackFailed as exc:
            raise FileNotAttached from exc

    async def _post_receipt(
        self, asker: Asker, receipt: Receipt, root_ts: str, file_ids: Sequence[str]
    ) -> None:
        state = with_files(for_search(receipt.search, receipt.finding), file_ids)
        message = files_message.receipt_message(
            receipt, state, may_be_withdrawn=self.may_be_withdrawn
        )
        await self._post_under_files(asker, message, root_ts, file_ids)

    async def _post_under_files(
        self, asker: Asker, message: Message, root_ts: str, file_ids: Sequence[str]
    ) -> None:
        try:
            await self.slack.post(asker.channel_id, message, root_ts)
        except SlackFailed as exc:
            raise ReceiptNotPosted(tuple(file_ids)) from exc


async def _pressed_for(upload: Awaitable[Sequence[str]]) -> Sequence[str]:
    """Of a file that somebody pressed a button for, nothing is left but what they are told."""
    try:
        return await upload
    except SlackFailed as exc:
        raise FileRefused(exc.code, exc.file_ids) from exc


def _hashes(files: Sequence[File]) -> dict[str, str]:
    """SHA-256 by name."""
    return {file.name: file.sha256 for file in files}
