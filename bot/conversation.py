"""What happens after the acknowledgement: authorize, look up, summarise, post.

Each step is a plain call; whatever fails raises a `BotError` for the boundary in `handlers`.
"""

import asyncio
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass

from bot import blocks, logs, phrases
from bot.access import Access
from bot.alerts import Alerts
from bot.buttons import OPEN, Action, Button, decode
from bot.errors import ButtonUnreadable, FileNotAttached, SectionGone, SlackFailed, WrongChannel
from bot.export import json_file
from bot.json_reader import NotReadable
from bot.models import (
    Asker,
    Email,
    Evidence,
    Finding,
    Identity,
    Question,
    QuotaNearlySpent,
    Section,
)
from bot.off_loop import off_loop
from bot.page_message import Page, page_message
from bot.payloads import Click
from bot.ports import Lookups, Quota, Slack
from bot.query import CaseRules
from bot.quota import LONGEST_WAIT_S
from bot.rows import table
from bot.summary import summarise
from bot.summary_message import Result, summary_message

PLACE_TOLD_AFTER_S = 3.0
"""Who has to wait longer than this is told the place in the queue."""

_SECTIONS = {action: section for section, action in OPEN.items()}


@dataclass(frozen=True, slots=True)
class House:
    """What this installation says and where its links lead."""

    contact: str
    case_rules: CaseRules
    company_domains: frozenset[str]
    app_url: str
    subject: Callable[[Email], str]
    """A reference to an address, for the log, that nobody without our key can resolve."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """Answers commands and clicks that have been acknowledged."""

    house: House
    access: Access
    lookups: Lookups
    slack: Slack
    quota: Quota
    alerts: Alerts

    def searching(self, asker: Asker, email: Email) -> str:
        """What to say while Gong is asked, with the place in the queue where it is a long one."""
        queueing = self._queueing(email) if self._is_first(asker, email) else None
        return queueing or phrases.searching(email)

    def _queueing(self, email: Email) -> str | None:
        place = self.quota.place()
        if PLACE_TOLD_AFTER_S < place.wait_s <= LONGEST_WAIT_S:
            return phrases.queueing(email, place.ahead, place.wait_s)
        return None

    def announced(self, asker: Asker, question: Question) -> ExitStack:
        """Counts this search into everybody's place in the queue until the block it is used in."""
        with ExitStack() as stack:
            if self._is_first(asker, question.email):
                stack.enter_context(self.quota.announced((asker.channel_id, question.email)))
            return stack.pop_all()

    def _is_first(self, asker: Asker, email: Email) -> bool:
        """Whether this search needs a turn of its own, and shares nobody's."""
        search = (asker.channel_id, email)
        return self.lookups.would_ask(*search) and not self.quota.is_announced(search)

    async def look_up(
        self, asker: Asker, question: Question, us: Identity, announced: ExitStack
    ) -> None:
        """Answer a command."""
        with announced:
            await self.access.admit(asker, us)
        self.access.count_lookup(asker.user_id)
        finding = await self._find(asker, question)
        await self._publish(asker, question, finding, None)

    async def press(self, click: Click, us: Identity) -> None:
        """Answer a click: whoever clicks is authorized anew."""
        asker, action = click.asker, Action(click.pressed.action_id)
        if not click.is_in_its_channel:
            raise WrongChannel
        self.access.admit_at_once(asker, us)
        button = decode(click.pressed.value)
        question = button.question(self.house.case_rules)
        is_fresh = action is Action.REFRESH
        asks = is_fresh or self.lookups.would_ask(asker.channel_id, question.email)
        if asks:
            self.access.check_share(asker.user_id)
        await self.access.admit(asker, us)
        if asks:
            self.access.count_lookup(asker.user_id)
            await self._tell_place(asker, question)
        finding = await self._find(asker, question, is_fresh=is_fresh)
        if action is Action.REFRESH:
            await self._publish(asker, question, finding, click.root_ts)
        elif action is Action.ATTACH:
            await self._attach_again(click, question, button, finding.evidence)
        else:
            section = _SECTIONS.get(action, button.section)
            await self._show_page(click, button, section, finding)

    async def _find(self, asker: Asker, question: Question, *, is_fresh: bool = False) -> Finding:
        finding = await self.lookups.find(asker.channel_id, question.email, is_fresh=is_fresh)
        if not finding.is_kept and self.quota.is_nearly_spent():
            self.alerts.hear(QuotaNearlySpent(self.quota.per_day))
        return finding

    async def _tell_place(self, asker: Asker, question: Question) -> None:
        sentence = self._queueing(question.email)
        if sentence is not None:
            try:
                await self.slack.whisper(asker.response_url, blocks.private(sentence))
            except SlackFailed as exc:
                logs.event("place_not_told", code=exc.code, **self.who(asker))

    async def _publish(
        self, asker: Asker, question: Question, finding: Finding, thread_ts: str | None
    ) -> None:
        """Post the summary, in the channel or in a thread, and the file in its thread."""
        evidence = finding.evidence
        summary = await off_loop(len(evidence.answer.body), lambda: summarise(evidence.answer))
        domain = question.email.rpartition("@")[2].lower()
        message = summary_message(
            Result(question, asker.user_id, finding, summary, domain in self.house.company_domains)
        )
        logs.record(
            "answered",
            **self.who(asker, question.email),
            **_what(finding),
            references=summary.total,
        )
        ts = await self.slack.post(asker.channel_id, message, thread_ts)
        await self._attach(asker, question, evidence, thread_ts or ts)

    async def _attach(
        self, asker: Asker, question: Question, evidence: Evidence, root_ts: str
    ) -> None:
        try:
            await self._upload(asker, question, evidence, root_ts)
        except asyncio.CancelledError:
            await self._note_missing_file(asker, question, evidence, root_ts)
            raise
        except SlackFailed as exc:
            logs.event("file_not_attached", code=exc.code, **self.who(asker, question.email))
            await self._note_missing_file(asker, question, evidence, root_ts)

    async def _note_missing_file(
        self, asker: Asker, question: Question, evidence: Evidence, root_ts: str
    ) -> None:
        try:
            message = blocks.not_attached(question, evidence)
            await self.slack.post(asker.channel_id, message, root_ts)
        except SlackFailed as exc:
            raise FileNotAttached from exc

    async def _attach_again(
        self, click: Click, question: Question, button: Button, evidence: Evidence
    ) -> None:
        await self._upload(click.asker, question, evidence, click.root_ts)
        message = blocks.attached(button, evidence)
        try:
            await self.slack.update(click.asker.channel_id, click.message_ts, message)
        except SlackFailed as exc:
            logs.event("note_not_updated", code=exc.code, **self.who(click.asker))

    async def _upload(
        self, asker: Asker, question: Question, evidence: Evidence, root_ts: str
    ) -> None:
        file, comment = json_file(evidence, question.case), blocks.file_comment(evidence)
        logs.record("attaching_file", **self.who(asker, question.email), bytes=len(file.content))
        await self.slack.attach(asker.channel_id, root_ts, file, comment)

    async def _show_page(
        self, click: Click, button: Button, section: Section | None, finding: Finding
    ) -> None:
        """Post a section's first page in the thread, or move the page that is there."""
        evidence, asker = finding.evidence, click.asker
        if section is None:
            raise ButtonUnreadable
        try:
            message = await off_loop(
                len(evidence.answer.body),
                lambda: page_message(
                    Page(
                        table(evidence.answer, section),
                        button,
                        asker.user_id,
                        finding,
                        self.house.app_url,
                    )
                ),
            )
        except NotReadable as exc:
            raise SectionGone from exc
        logs.record(
            "page_shown", section=section, start=button.start, **self.who(asker, evidence.email)
        )
        if Action(click.pressed.action_id) in _SECTIONS:
            await self.slack.post(asker.channel_id, message, click.root_ts)
        else:
            await self.slack.update(asker.channel_id, click.message_ts, message)

    def who(self, asker: Asker, email: Email | None = None) -> dict[str, object]:
        """Who did something, as the log knows people and addresses: by ids and references."""
        who = {"team": asker.team_id, "channel": asker.channel_id, "user": asker.user_id}
        return {**who, **({"subject": self.house.subject(email)} if email else {})}


def _what(finding: Finding) -> dict[str, object]:
    answer = finding.evidence.answer
    return {
        "gong_request": answer.request_id,
        "bytes": len(answer.body),
        "sha256": answer.sha256,
        "is_kept": finding.is_kept,
    }
