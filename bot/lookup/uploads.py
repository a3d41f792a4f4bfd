"""Attaches files in the thread: Gong's answer with its receipt, and rows as a spreadsheet.

The line of the audit trail comes first; if it cannot be written (`LogFailed`), nothing is sent.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from bot import logs
from bot.errors import (
    FileNotAttached,
    FileRefused,
    LogFailed,
    ReceiptNotPosted,
    SectionGone,
    SlackFailed,
)
from bot.evidence.files import build_json_file, build_rows_file
from bot.evidence.receipt import build_receipt
from bot.evidence.result import Result
from bot.evidence.trail import Trail
from bot.gong.raw_json import NotReadable
from bot.messages import files
from bot.messages.buttons import Press, for_result, with_files
from bot.models import Asker, Event, File, Finding, Search, Section
from bot.slack.block_kit import Message
from bot.slack.client import SlackClient

AdmitAgain = Callable[[], Awaitable[None]]
"""Authorizes once more; raises `AccessChanged` or `AlreadyWithdrawn`."""


@dataclass(frozen=True, slots=True)
class Uploads:
    """Attaches files, and posts under them what they are and how they can be deleted."""

    slack: SlackClient
    trail: Trail
    may_be_withdrawn: bool
    _one_spreadsheet: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1))
    """A large one takes seconds: many at once would keep everybody waiting."""

    async def attach(self, result: Result, root_ts: str, admit_again: AdmitAgain) -> None:
        """Attach an answer and its receipt, or say in the thread that they are missing."""
        try:
            file_ids = await self._upload(result, root_ts, admit_again)
        except asyncio.CancelledError:
            await self._note_missing_files(result, root_ts, may_stand=True)
            raise
        except SlackFailed as exc:
            with contextlib.suppress(LogFailed):  # nothing is disclosed by the note
                self._record_failure(result, exc)
            may_stand = bool(exc.file_ids) and exc.may_be_done
            await self._note_missing_files(result, root_ts, exc.file_ids, may_stand=may_stand)
        else:
            await self._post_receipt_note(result, root_ts, file_ids)

    async def attach_again(self, press: Press, result: Result, admit_again: AdmitAgain) -> None:
        """Attach the files that could not be attached before, and say so where that was said."""
        asker = press.asker
        file_ids = await _or_refused(self._upload(result, press.root_ts, admit_again))
        receipt_id = result.search.receipt_id
        message = files.draw_attached_after_all(press.state, result.evidence, receipt_id)
        try:
            if self.may_be_withdrawn:
                await self.slack.update(asker.channel_id, press.message_ts, message)
            else:  # nothing that was shown is edited away
                await self.slack.post(asker.channel_id, message, press.root_ts)
        except SlackFailed as exc:
            logs.event("note_not_updated", code=exc.code, **asker.ids)
        await self._post_receipt_note(result, press.root_ts, file_ids)

    async def attach_rows(
        self,
        press: Press,
        search: Search,
        section: Section,
        finding: Finding,
        admit_again: AdmitAgain,
    ) -> None:
        """Attach a whole section as a spreadsheet, if it may still be shown once it is made."""
        evidence, asker, case = finding.evidence, press.asker, search.question.case
        try:
            async with self._one_spreadsheet:
                file = await asyncio.to_thread(build_rows_file, evidence, case, section)
        except NotReadable as exc:
            raise SectionGone from exc
        await admit_again()
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
        comment = files.rows_comment(press.state, section, evidence)
        ids = await _or_refused(
            self._send(asker.channel_id, press.root_ts, [file], comment, admit_again)
        )
        state = with_files(press.state, ids)
        message = files.draw_rows_note(
            search, evidence, file.sha256, state, may_be_withdrawn=self.may_be_withdrawn
        )
        await self._post_under_files(asker, message, press.root_ts, ids)

    async def _upload(self, result: Result, root_ts: str, admit_again: AdmitAgain) -> Sequence[str]:
        file = build_json_file(result.evidence, result.question.case)
        both = [file, build_receipt(result, file, self.trail.seal, self.trail.key_id)]
        self.trail.record(
            Event.FILE_ATTACHED,
            result.asker,
            result.search,
            outcome="answer",
            gong_request=result.answer.request_id,
            sha256=result.answer.sha256,
            files=_hashes(both),
        )
        comment = files.answer_comment(result)
        return await self._send(result.asker.channel_id, root_ts, both, comment, admit_again)

    async def _send(
        self,
        channel_id: str,
        root_ts: str,
        attached: Sequence[File],
        comment: str,
        admit_again: AdmitAgain,
    ) -> Sequence[str]:
        """Upload files and show them, if they may still be shown once Slack has their bytes."""
        ids = await self.slack.upload(attached)
        await admit_again()
        await self.slack.share(channel_id, root_ts, attached, ids, comment)
        return ids

    def _record_failure(self, result: Result, failure: SlackFailed) -> None:
        self.trail.record(
            Event.FAILED,
            result.asker,
            result.search,
            outcome="FileNotAttached",
            code=failure.code,
            files=list(failure.file_ids) or None,
        )

    async def _note_missing_files(
        self, result: Result, root_ts: str, file_ids: Sequence[str] = (), *, may_stand: bool
    ) -> None:
        state = with_files(for_result(result), file_ids)
        message = files.draw_missing_files(
            state, may_stand=may_stand, may_be_withdrawn=self.may_be_withdrawn
        )
        try:
            await self.slack.post(result.asker.channel_id, message, root_ts)
        except SlackFailed as exc:
            raise FileNotAttached from exc

    async def _post_receipt_note(
        self, result: Result, root_ts: str, file_ids: Sequence[str]
    ) -> None:
        state = with_files(for_result(result), file_ids)
        message = files.draw_receipt_note(result, state, may_be_withdrawn=self.may_be_withdrawn)
        await self._post_under_files(result.asker, message, root_ts, file_ids)

    async def _post_under_files(
        self, asker: Asker, message: Message, root_ts: str, file_ids: Sequence[str]
    ) -> None:
        try:
            await self.slack.post(asker.channel_id, message, root_ts)
        except SlackFailed as exc:
            raise ReceiptNotPosted(tuple(file_ids)) from exc


async def _or_refused(upload: Awaitable[Sequence[str]]) -> Sequence[str]:
    """Await an upload that somebody pressed a button for; its failure is told in its own words."""
    try:
        return await upload
    except SlackFailed as exc:
        raise FileRefused(exc.code, exc.file_ids) from exc


def _hashes(attached: Sequence[File]) -> dict[str, str]:
    """SHA-256 by name."""
    return {file.name: file.sha256 for file in attached}
