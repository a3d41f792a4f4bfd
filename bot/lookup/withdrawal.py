"""Takes back what was posted, where that is allowed; that it was done stays on record."""

import asyncio
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.errors import NotTakenBack, SlackFailed
from bot.evidence.trail import Trail
from bot.messages.buttons import Press
from bot.messages.elements import withdrawn_message
from bot.models import Asker, Event, Withdrawal
from bot.refusals import ButtonUnreadable, NotTheAsker, WithdrawalOff
from bot.slack.client import SlackClient
from bot.state.message_locks import MessageLocks

_GONE = frozenset({"file_deleted", "file_not_found"})


@dataclass(frozen=True, slots=True)
class Withdrawals:
    """Withdraws messages and deletes files."""

    slack: SlackClient
    trail: Trail
    locks: MessageLocks
    who_may: Withdrawal

    def check(self, asker: Asker, asked_by: str) -> None:
        """Check that this person may take back what belongs to somebody's look-up.

        Raises:
            WithdrawalOff: nobody may.
            NotTheAsker: somebody else asked for it.
        """
        if self.who_may is Withdrawal.NOBODY:
            raise WithdrawalOff
        if self.who_may is Withdrawal.ASKER and asker.user_id != asked_by:
            raise NotTheAsker

    async def withdraw(self, press: Press) -> None:
        """Leave of the message only who withdrew it, when, and the receipt id.

        Raises:
            NotTakenBack: Slack did not confirm it; pressing again is safe.
        """
        async with self._lock(press):
            self._record(Event.WITHDRAWN, press)
            await self._take_back(press, (), "Withdrawn")

    async def delete_files(self, press: Press) -> None:
        """Delete the files, and leave of the message about them only who, when, and which.

        Raises:
            ButtonUnreadable: it names no files.
            NotTakenBack: Slack did not confirm it; pressing again is safe.
        """
        files = press.state.files
        if not files:
            raise ButtonUnreadable
        async with self._lock(press):
            self._record(Event.FILES_DELETED, press, files=list(files))
            await self._take_back(
                press, files, "File deleted" if len(files) == 1 else "Files deleted"
            )

    def _lock(self, press: Press) -> AbstractAsyncContextManager[None]:
        return self.locks.lock(press.asker.channel_id, press.message_ts, to_withdraw=True)

    def _record(self, event: Event, press: Press, **facts: object) -> None:
        self.trail.record(
            event,
            press.asker,
            press.state.search_as_carried(),
            message=press.message_ts,
            section=press.state.section,
            **facts,
        )

    async def _take_back(self, press: Press, file_ids: tuple[str, ...], what: str) -> None:
        channel_id, user_id = press.asker.channel_id, press.asker.user_id
        message = withdrawn_message(what, user_id, datetime.now(UTC), press.state.receipt_id)
        try:
            for file_id in file_ids:
                await self._delete(file_id)
            await self.slack.update(channel_id, press.message_ts, message)
        except SlackFailed as exc:
            if exc.may_be_done:
                self.locks.mark_withdrawn(channel_id, press.message_ts, is_confirmed=False)
            raise NotTakenBack(exc.code) from exc
        except asyncio.CancelledError as exc:
            raise NotTakenBack("interrupted") from exc
        self.locks.mark_withdrawn(channel_id, press.message_ts, is_confirmed=True)

    async def _delete(self, file_id: str) -> None:
        try:
            await self.slack.delete_file(file_id)
        except SlackFailed as exc:
            if exc.code not in _GONE:
                raise
