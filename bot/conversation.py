"""What happens after the acknowledgement: authorize, look up, and have it shown.

Each step is a plain call; whatever fails raises a `BotError` for the boundary in `handlers`.
"""

import secrets
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from bot import blocks, logs, phrases
from bot.access import Access
from bot.alerts import Alerts
from bot.attachments import Attachments
from bot.buttons import OPEN, Action, Button, decode
from bot.disclosure import Disclosure, Refreshed
from bot.errors import ButtonUnreadable, SlackFailed, WrongChannel
from bot.models import (
    Asker,
    Email,
    Event,
    Finding,
    Identity,
    Question,
    QuotaNearlySpent,
    Search,
)
from bot.off_loop import off_loop
from bot.payloads import Click
from bot.ports import Lookups, Quota, Slack, Trail
from bot.query import CaseRules, plain_form
from bot.quota import LONGEST_WAIT_S
from bot.receipt import Receipt
from bot.summary import summarise
from bot.withdrawal import Withdrawals

PLACE_TOLD_AFTER_S = 3.0
"""Who has to wait longer than this is told the place in the queue."""

_SECTIONS = {action: section for section, action in OPEN.items()}
_TAKE_BACK = {Action.WITHDRAW, Action.DELETE_FILES}
_TEXTS = {Action.COVERAGE, Action.REPLY}
_SEARCHES = {Action.REFRESH, Action.ALSO_SEARCH}


@dataclass(frozen=True, slots=True)
class House:
    """What this installation says."""

    contact: str
    case_rules: CaseRules


@dataclass(frozen=True, slots=True)
class Conversation:
    """Answers commands and clicks that have been acknowledged."""

    house: House
    access: Access
    lookups: Lookups
    slack: Slack
    quota: Quota
    alerts: Alerts
    trail: Trail
    disclosure: Disclosure
    attachments: Attachments
    withdrawals: Withdrawals

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
        self, asker: Asker, search: Search, us: Identity, announced: ExitStack
    ) -> None:
        """Answer a command."""
        with announced:
            await self.access.admit(asker, us)
        self._begin(asker, search, "command")
        finding = await self._find(asker, search.question)
        await self.disclosure.publish(asker, search, finding)

    async def press(self, click: Click, us: Identity) -> None:
        """Answer a click: whoever clicks is authorized anew."""
        asker, action = click.asker, Action(click.pressed.action_id)
        if not click.is_in_its_channel:
            raise WrongChannel
        self.access.admit_at_once(asker, us)
        button = decode(click.pressed.value)
        if action in _TAKE_BACK:
            await self._take_back(click, button, us)
        elif action in _TEXTS:
            await self._show_text(click, button, us)
        elif action in _SEARCHES:
            await self._search_anew(click, button, us)
        else:
            await self._show(click, button, us)

    async def _take_back(self, click: Click, button: Button, us: Identity) -> None:
        """Withdraw a message or delete files, whatever the channel or its rules have become."""
        await self.access.admit_person(click.asker, us)
        self.withdrawals.admit(click.asker, button)
        search = button.search(button.as_asked)
        if click.pressed.action_id == Action.WITHDRAW:
            await self.withdrawals.withdraw(click, search, button)
        else:
            await self.withdrawals.delete_files(click, search, button)

    async def _show_text(self, click: Click, button: Button, us: Identity) -> None:
        """Say what can be said without Gong."""
        search = button.search(button.question(self.house.case_rules))
        await self.access.admit(click.asker, us)
        if click.pressed.action_id == Action.COVERAGE:
            await self.disclosure.show_coverage(click, search)
        else:
            await self.disclosure.show_reply(click, search, button)

    async def _search_anew(self, click: Click, button: Button, us: Identity) -> None:
        """Refresh in the thread; a search for the plain form is one of its own."""
        asker, action = click.asker, Action(click.pressed.action_id)
        question = button.question(self.house.case_rules)
        if action is Action.ALSO_SEARCH:
            question = replace(question, email=_plain(question.email))
        await self.access.admit(asker, us)
        search = begun(question, asker.user_id)
        self._begin(asker, search, action)
        await self._tell_place(asker, question)
        if action is Action.ALSO_SEARCH:
            finding = await self._find(asker, question)
            await self.disclosure.publish(asker, search, finding)
            return
        kept = self.lookups.kept(asker.channel_id, question.email)
        refreshed = Refreshed(button, kept.answer if kept and button.is_of(kept) else None)
        finding = await self._find(asker, question, is_fresh=True)
        await self.disclosure.publish(asker, search, finding, click.root_ts, refreshed)

    async def _show(self, click: Click, button: Button, us: Identity) -> None:
        """Show of an answer what the button asks for."""
        asker, action = click.asker, Action(click.pressed.action_id)
        question = button.question(self.house.case_rules)
        section = _SECTIONS.get(action, button.section)
        if section is None and action is not Action.ATTACH:
            raise ButtonUnreadable
        await self.access.admit(asker, us)
        search = button.search(question)
        if self.lookups.would_ask(asker.channel_id, question.email):
            if action is Action.ATTACH:  # what comes is newer than the summary
                search = begun(question, asker.user_id)
            self._begin(asker, search, action)
            await self._tell_place(asker, question)
        finding = await self._find(asker, question)
        if section is None:
            await self._attach_again(click, search, button, finding)
        elif action is Action.ATTACH_ROWS:
            await self.attachments.attach_rows(click, search, button, section, finding)
        else:
            await self.disclosure.show_page(click, search, button, section, finding)

    def _begin(self, asker: Asker, search: Search, how: str) -> None:
        """Count a look-up and put it on record, before Gong is asked.

        Raises:
            PersonLimitReached: the person's share is used up.
            LogFailed: it cannot be put on record.
        """
        self.access.count_lookup(asker.user_id)
        self.trail.record(Event.ASKED, asker, search, outcome=how)

    async def _attach_again(
        self, click: Click, search: Search, button: Button, finding: Finding
    ) -> None:
        """Attach the answer that the summary shows with its own receipt, a newer one with a new."""
        asker, answer = click.asker, finding.evidence.answer
        summary = await off_loop(len(answer.body), lambda: summarise(answer))
        if button.is_from(finding.evidence):
            finding = replace(finding, is_kept=button.is_kept)
        else:
            if search.receipt_id == button.receipt_id:
                search = begun(search.question, asker.user_id)
            self.disclosure.record_answer(asker, search, finding, summary)
        receipt = Receipt(search, asker.team_id, asker.channel_id, finding, summary)
        await self.attachments.attach_again(click, button, receipt)

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
                logs.event("place_not_told", code=exc.code, **asker.ids)


def begun(question: Question, user_id: str) -> Search:
    """A look-up that somebody asks for now, with an id that no other has."""
    token = secrets.token_hex(6).upper()
    receipt_id = f"R-{token[:4]}-{token[4:8]}-{token[8:]}"
    return Search(receipt_id, question, user_id, datetime.now(UTC))


def _plain(email: Email) -> Email:
    plain = plain_form(email)
    if plain is None:
        raise ButtonUnreadable
    return plain
