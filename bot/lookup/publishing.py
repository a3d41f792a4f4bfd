"""Posts summaries, pages and texts: the line of the audit trail first, then the message.

A line that cannot be written raises `LogFailed`, and nothing is shown.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.errors import SectionGone
from bot.evidence.result import Result
from bot.evidence.trail import Trail
from bot.gong.changes import Changes
from bot.gong.mailboxes import count_mailboxes
from bot.gong.raw_json import NotReadable
from bot.gong.summary import Missing, Summary
from bot.gong.tables import read_table
from bot.messages.buttons import Press
from bot.messages.elements import case_elements, user_element, withdraw_button
from bot.messages.page import PageView, draw_page
from bot.messages.reply import reply_note, reply_text
from bot.messages.summary import SummaryView, draw_summary
from bot.models import Event, Finding, Search, Section
from bot.refusals import ButtonUnreadable
from bot.runtime import off_loop
from bot.slack import block_kit
from bot.slack.block_kit import Block, Message
from bot.slack.client import SlackClient
from bot.state.message_locks import MessageLocks
from bot.wording import COVERAGE


@dataclass(frozen=True, slots=True)
class Publisher:
    """Shows the channel what it asked for, and puts that on record before."""

    slack: SlackClient
    trail: Trail
    locks: MessageLocks
    app_url: str
    may_be_withdrawn: bool

    async def publish(
        self, result: Result, thread_ts: str | None = None, changes: Changes | None = None
    ) -> str:
        """Post the summary, in the channel or in a thread; return its `ts`."""
        message = draw_summary(SummaryView(result, changes, self.may_be_withdrawn))
        self.record_answer(result)
        return await self.slack.post(result.asker.channel_id, message, thread_ts)

    def record_answer(self, result: Result) -> None:
        """Put on record what Gong answered, before anybody sees it.

        Raises:
            LogFailed: it could not be written, and may not be shown.
        """
        self.trail.record(
            Event.ANSWERED,
            result.asker,
            result.search,
            outcome=_outcome(result),
            **_provenance(result.finding),
            counts=_counts(result.summary),
        )

    async def open_page(
        self, press: Press, search: Search, section: Section, finding: Finding
    ) -> None:
        """Post a section's first page in the thread."""
        shown, message = await self._draw_page(press, section, finding)
        self.trail.record(Event.PAGE_SHOWN, press.asker, search, **shown)
        await self.slack.post(press.asker.channel_id, message, press.root_ts)

    async def turn_page(
        self, press: Press, search: Search, section: Section, finding: Finding
    ) -> None:
        """Put another page in the place of the one that is there.

        Where nothing may be withdrawn, nothing that was shown is edited away: it is posted anew.
        """
        if not self.may_be_withdrawn:
            await self.open_page(press, search, section, finding)
            return
        shown, message = await self._draw_page(press, section, finding)
        async with self.locks.lock(press.asker.channel_id, press.message_ts):
            self.trail.record(Event.PAGE_SHOWN, press.asker, search, **shown)
            await self.slack.update(press.asker.channel_id, press.message_ts, message)

    async def _draw_page(
        self, press: Press, section: Section, finding: Finding
    ) -> tuple[Mapping[str, object], Message]:
        """Return what the trail says of the page, and the page."""
        answer = finding.evidence.answer

        def draw() -> tuple[PageView, Message]:
            table = read_table(answer, section)
            asker, may_go = press.asker.user_id, self.may_be_withdrawn
            view = PageView(table, press.state, asker, finding, self.app_url, may_go)
            is_first = section is Section.EMAILS and view.start == 0
            held = count_mailboxes(answer, finding.evidence.email) if is_first else None
            return view, draw_page(view, held)

        try:
            view, message = await off_loop(len(answer.body), draw)
        except NotReadable as exc:
            raise SectionGone from exc
        shown = {
            "message": press.message_ts,
            "section": section,
            "start": view.start,
            "counts": {section: len(view.table)},
            **_provenance(finding),
        }
        return shown, message

    async def show_coverage(self, press: Press, search: Search) -> None:
        """Post the limits of every search."""
        await self._show_text(press, search, [COVERAGE], [], {"outcome": "coverage"})

    async def show_reply(self, press: Press, search: Search) -> None:
        """Post a paragraph for the response to the data subject.

        Raises:
            ButtonUnreadable: the button does not say what was found.
        """
        state = press.state
        if state.counts is None:
            raise ButtonUnreadable
        buttons = [withdraw_button(state)] if self.may_be_withdrawn else []
        texts = [reply_note(state.counts), reply_text(state, state.counts)]
        rows = zip(Section, state.counts.rows, strict=True)
        counts = {section: "unknown" if number is None else number for section, number in rows}
        recorded: dict[str, object] = {"outcome": "reply", "counts": counts}
        await self._show_text(press, search, texts, buttons, recorded)

    async def _show_text(
        self,
        press: Press,
        search: Search,
        texts: Sequence[str],
        buttons: Sequence[Block],
        recorded: Mapping[str, object],
    ) -> None:
        asker = press.asker
        facts = [*case_elements(search.question.case), user_element("opened", asker.user_id)]
        drawn = [*map(block_kit.plain, texts), block_kit.context(*facts)]
        if buttons:
            drawn.append(block_kit.actions(*buttons))
        message = block_kit.compose(drawn, texts, facts)
        self.trail.record(Event.TEXT_SHOWN, asker, search, message=press.message_ts, **recorded)
        await self.slack.post(asker.channel_id, message, press.root_ts)


def _outcome(result: Result) -> str:
    if not result.summary.is_whole:
        return "incomplete"
    if result.summary.total:
        return "references"
    return "no references" if result.is_statement else "no statement"


def _provenance(finding: Finding) -> dict[str, object]:
    """Say in the trail which answer it is, and where it comes from."""
    answer = finding.evidence.answer
    return {
        "gong_request": answer.request_id,
        "status": answer.status,
        "bytes": len(answer.body),
        "sha256": answer.sha256,
        "source": "kept" if finding.is_kept else "fresh",
    }


def _counts(summary: Summary) -> dict[str, object]:
    """References by section, and in words why there is no number."""
    counts: dict[str, object] = {
        section: found.value if isinstance(found, Missing) else found.rows
        for section, found in summary.sections.items()
    }
    if summary.hidden_systems:
        counts[Section.CUSTOMER_DATA] = "unreadable in part"
    return counts
