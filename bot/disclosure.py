"""What the channel gets to see of an answer: the line of the audit trail first, then the message.

A line that cannot be written raises `LogFailed`, and nothing is shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot import blocks, phrases
from bot.attachments import Attachments
from bot.blocks import Block, Message
from bot.buttons import OPEN, Button
from bot.custodians import custodians
from bot.difference import Difference, difference
from bot.edits import Edits
from bot.errors import ButtonUnreadable, SectionGone
from bot.json_reader import NotReadable
from bot.models import Answer, Asker, Event, Finding, Search, Section
from bot.off_loop import off_loop
from bot.page_message import Page, page_message
from bot.payloads import Click
from bot.ports import Slack, Trail
from bot.receipt import Receipt
from bot.reply_text import reply_note, reply_text
from bot.rows import table
from bot.summary import Missing, Summary, summarise
from bot.summary_message import Result, summary_message
from bot.withdrawal_message import withdraw_button


@dataclass(frozen=True, slots=True)
class Refreshed:
    """The summary that a new one is compared with."""

    button: Button
    answer: Answer | None
    """What it showed, if that is still kept."""


@dataclass(frozen=True, slots=True)
class Disclosure:
    """Posts summaries, pages and texts."""

    slack: Slack
    trail: Trail
    attachments: Attachments
    edits: Edits
    company_domains: frozenset[str]
    app_url: str
    may_be_withdrawn: bool

    async def publish(
        self,
        asker: Asker,
        search: Search,
        finding: Finding,
        thread_ts: str | None = None,
        refreshed: Refreshed | None = None,
    ) -> None:
        """Post the summary, in the channel or in a thread, and the files in its thread."""
        answer = finding.evidence.answer
        earlier = refreshed.answer if refreshed else None
        summary, changed = await off_loop(
            len(answer.body) + (len(earlier.body) if earlier else 0),
            lambda: (summarise(answer), _compared(refreshed, answer)),
        )
        domain = search.question.email.rpartition("@")[2].lower()
        result = Result(
            search,
            finding,
            summary,
            is_own_domain=domain in self.company_domains,
            difference=changed,
            may_be_withdrawn=self.may_be_withdrawn,
        )
        message = summary_message(result)
        self.record_answer(asker, search, finding, summary)
        ts = await self.slack.post(asker.channel_id, message, thread_ts)
        receipt = Receipt(search, asker.team_id, asker.channel_id, finding, summary)
        await self.attachments.attach(asker, receipt, thread_ts or ts)

    def record_answer(
        self, asker: Asker, search: Search, finding: Finding, summary: Summary
    ) -> None:
        """Put on record what Gong answered, before anybody sees it.

        Raises:
            LogFailed: it could not be written, and may not be shown.
        """
        self.trail.record(
            Event.ANSWERED,
            asker,
            search,
            outcome=_outcome(summary),
            **_what(finding),
            counts=_counts(summary),
        )

    async def show_page(
        self,
        click: Click,
        search: Search,
        button: Button,
        section: Section,
        finding: Finding,
    ) -> None:
        """Post a section's first page in the thread, or move the page that is there."""
        asker = click.asker
        try:
            page, message = await off_loop(
                len(finding.evidence.answer.body),
                lambda: self._drawn(asker, button, section, finding),
            )
        except NotReadable as exc:
            raise SectionGone from exc
        shown: dict[str, object] = {"section": section, "start": page.start, **_what(finding)}
        if click.pressed.action_id in OPEN.values():
            self.trail.record(Event.PAGE_SHOWN, asker, search, **shown)
            await self.slack.post(asker.channel_id, message, click.root_ts)
            return
        async with self.edits.turn(asker.channel_id, click.message_ts):
            self.trail.record(Event.PAGE_SHOWN, asker, search, **shown)
            await self.slack.update(asker.channel_id, click.message_ts, message)

    def _drawn(
        self, asker: Asker, button: Button, section: Section, finding: Finding
    ) -> tuple[Page, Message]:
        answer = finding.evidence.answer
        rows = table(answer, section)
        page = Page(rows, button, asker.user_id, finding, self.app_url, self.may_be_withdrawn)
        held = None
        if section is Section.EMAILS and page.start == 0:
            held = custodians(answer, finding.evidence.email)
        return page, page_message(page, held)

    async def show_coverage(self, click: Click, search: Search) -> None:
        """Post what every search covers and does not cover."""
        await self._show_text(click, search, [phrases.COVERAGE], "coverage", [])

    async def show_reply(self, click: Click, search: Search, button: Button) -> None:
        """Post a paragraph for the response to the data subject.

        Raises:
            ButtonUnreadable: the button does not say what was found.
        """
        if button.counts is None:
            raise ButtonUnreadable
        buttons = [withdraw_button(button)] if self.may_be_withdrawn else []
        texts = [reply_note(button.counts), reply_text(button, button.counts)]
        await self._show_text(click, search, texts, "reply", buttons)

    async def _show_text(
        self,
        click: Click,
        search: Search,
        texts: Sequence[str],
        outcome: str,
        buttons: Sequence[Block],
    ) -> None:
        asker = click.asker
        facts = [*blocks.case_elements(search.question.case), blocks.user("opened", asker.user_id)]
        drawn = [*map(blocks.plain, texts), blocks.context(*facts)]
        if buttons:
            drawn.append(blocks.actions(*buttons))
        message = blocks.message(drawn, texts, facts)
        self.trail.record(Event.TEXT_SHOWN, asker, search, outcome=outcome)
        await self.slack.post(asker.channel_id, message, click.root_ts)


def _compared(refreshed: Refreshed | None, later: Answer) -> Difference | None:
    if refreshed is None:
        return None
    if refreshed.answer is not None:
        return difference(refreshed.answer, later)
    return Difference(is_same=later.digest.startswith(refreshed.button.digest))


def _outcome(summary: Summary) -> str:
    if not summary.is_whole:
        return "incomplete"
    return "references" if summary.total else "no references"


def _what(finding: Finding) -> dict[str, object]:
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
