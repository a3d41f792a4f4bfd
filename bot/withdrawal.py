"""Takes back what was posted, where that is allowed; that it was done stays on record."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.buttons import Button
from bot.edits import Edits
from bot.errors import (
    ButtonUnreadable,
    NotTakenBack,
    NotTheAsker,
    SlackFailed,
    WithdrawalOff,
)
from bot.models import Asker, Event, Search, Withdrawal
from bot.payloads import Click
from bot.ports import Slack, Trail
from bot.withdrawal_message import withdrawn_message

_GONE = frozenset({"file_deleted", "file_not_found"})


@dataclass(frozen=True, slots=True)
class Withdrawals:
    """Withdraws messages and deletes files."""

    slack: Slack
    trail: Trail
    edits: Edits
    who_may: Withdrawal

    def admit(self, asker: Asker, button: Button) -> None:
        """Check that this person may take back what belongs to this look-up.

        Raises:
            WithdrawalOff: nobody may.
            NotTheAsker: somebody else asked for it.
        """
        if self.who_may is Withdrawal.NOBODY:
            raise WithdrawalOff
        if self.who_may is Withdrawal.ASKER and asker.user_id != button.asked_by:
            raise NotTheAsker

    async def withdraw(self, click: Click, search: Search, button: Button) -> None:
        """Leave of the message only who withdrew it, when, and the receipt id.

        Raises:
            NotTakenBack: Slack did not confirm it; pressing again is safe.
        """
        async with self.edits.turn(click.asker.channel_id, click.message_ts):
            self.trail.record(
                Event.WITHDRAWN,
                click.asker,
                search,
                message=click.message_ts,
                section=button.section,
            )
            await self._take_back(click, search, (), "Withdrawn")

    async def delete_files(self, click: Click, search: Search, button: Button) -> None:
        """Delete the files, and leave of the message about them only who, when, and which.

        Raises:
            ButtonUnreadable: it names no files.
            NotTakenBack: Slack did not confirm it; pressing again is safe.
        """
        if not button.files:
            raise ButtonUnreadable
        async with self.edits.turn(click.asker.channel_id, click.message_ts):
            self.trail.record(
                Event.FILES_DELETED,
                click.asker,
                search,
                message=click.message_ts,
                section=button.section,
                files=list(button.files),
            )
            what = "File deleted" if len(button.files) == 1 else "Files deleted"
            await self._take_back(click, search, button.files, what)

    async def _take_back(
        self, click: Click, search: Search, file_ids: tuple[str, ...], what: str
    ) -> None:
        asker = click.asker
        message = withdrawn_message(what, asker.user_id, datetime.now(UTC), search.receipt_id)
        try:
            for file_id in file_ids:
                await self._delete(file_id)
            await self.slack.update(asker.channel_id, click.message_ts, message)
        except SlackFailed as exc:
            raise NotTakenBack(exc.code) from exc
        except asyncio.CancelledError as exc:
            raise NotTakenBack("interrupted") from exc
        self.edits.end(asker.channel_id, click.message_ts)

    async def _delete(self, file_id: str) -> None:
        try:
            await self.slack.delete_file(file_id)
        except SlackFailed as exc:
            if exc.code not in _GONE:
                raise
