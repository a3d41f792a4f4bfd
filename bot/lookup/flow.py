"""One look-up, from an accepted command or a pressed button to what is shown.

Each step is a plain call: authorize, find the answer, disclose. Whatever fails raises a `BotError`
for `listeners.boundary`. `_METHODS` says which method answers which button.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from bot import logs
from bot.address import plain_form
from bot.errors import SlackFailed
from bot.evidence.result import Result
from bot.evidence.trail import Trail
from bot.gong.changes import Changes, compare
from bot.lookup.access import Access
from bot.lookup.alerts import Alerts
from bot.lookup.command import CaseRules, new_search, parse_question, question_again
from bot.lookup.publishing import Publisher
from bot.lookup.uploads import Uploads
from bot.lookup.withdrawal import Withdrawals
from bot.messages.buttons import OPENED_BY, Action, Button, Press
from bot.messages.ephemeral import queueing_text, searching_text
from bot.models import (
    Answer,
    Asker,
    Email,
    Event,
    Finding,
    Identity,
    QueuePlace,
    QuotaNearlySpent,
    Search,
    Section,
)
from bot.refusals import ButtonUnreadable, WrongChannel
from bot.runtime import off_loop
from bot.slack.block_kit import text_message
from bot.slack.client import SlackClient
from bot.state.answers import Answers
from bot.state.person_limits import PersonLimits
from bot.state.quota import Quota

PLACE_TOLD_AFTER_S = 3.0
"""Who has to wait longer than this is told the place in the queue."""


@dataclass(frozen=True, slots=True)
class LookupFlow:
    """Answers commands and presses that have been acknowledged."""

    case_rules: CaseRules
    access: Access
    limits: PersonLimits
    answers: Answers
    quota: Quota
    slack: SlackClient
    trail: Trail
    alerts: Alerts
    publisher: Publisher
    uploads: Uploads
    withdrawals: Withdrawals

    def accept(self, asker: Asker, words: str, us: Identity) -> tuple[Search, str]:
        """Check what needs no network; return the search, and what to say meanwhile, if anything.

        Raises:
            Refused: one of its kinds.
        """
        self.access.admit_at_once(asker, us)
        question = parse_question(words, self.case_rules)
        self.limits.check(asker.user_id)
        is_kept = self.answers.kept(asker.channel_id, question.email) is not None
        search = new_search(question, asker.user_id)
        return search, "" if is_kept else searching_text(question.email)

    async def look_up(self, asker: Asker, search: Search, us: Identity) -> None:
        """Answer an accepted command: the summary in the channel, the files in its thread."""
        await self.access.admit(asker, us)
        self._begin(asker, search, "command")
        await self._publish(await self._result(asker, search))

    async def press(self, press: Press, us: Identity) -> None:
        """Answer a pressed button: whoever presses is authorized anew."""
        if not press.is_in_its_channel:
            raise WrongChannel
        self.access.admit_at_once(press.asker, us)
        await _METHODS[press.action](self, press, us)

    # one method for each kind of button

    async def open_page(self, press: Press, us: Identity) -> None:
        """Post the first page of a section in the thread."""
        search = await self._admit(press, us)
        finding = await self._find_again(press, search)
        await self.publisher.open_page(press, search, OPENED_BY[press.action], finding)

    async def turn_page(self, press: Press, us: Identity) -> None:
        """Put the next page, or the one before, in the place of this one."""
        section = _section(press.state)
        search = await self._admit(press, us)
        finding = await self._find_again(press, search)
        await self.publisher.turn_page(press, search, section, finding)

    async def attach_rows(self, press: Press, us: Identity) -> None:
        """Attach a whole section as a spreadsheet."""
        section = _section(press.state)
        search = await self._admit(press, us)
        finding = await self._find_again(press, search)
        await self.uploads.attach_rows(press, search, section, finding)

    async def attach_again(self, press: Press, us: Identity) -> None:
        """Attach the answer that the summary shows with its own receipt, a newer one with a new."""
        asker, state = press.asker, press.state
        search = await self._admit(press, us)
        if self.answers.would_ask(asker.channel_id, search.question.email):
            search = new_search(search.question, asker.user_id)
        finding = await self._find_again(press, search)
        is_shown = state.is_from(finding.evidence)
        if is_shown:
            finding = replace(finding, is_kept=state.is_kept)
        elif search.receipt_id == state.receipt_id:
            search = new_search(search.question, asker.user_id)
        result = await _count(asker, search, finding)
        if not is_shown:
            self.publisher.record_answer(result)
        await self.uploads.attach_again(press, result)

    async def refresh(self, press: Press, us: Identity) -> None:
        """Ask Gong again; the new summary stands in the thread and says what has changed."""
        asker, question = press.asker, (await self._admit(press, us)).question
        search = new_search(question, asker.user_id)
        self._begin(asker, search, press.action)
        kept = self.answers.kept(asker.channel_id, question.email)
        earlier = kept.answer if kept and press.state.is_of(kept) else None
        result = await self._result(asker, search, is_fresh=True)
        changes = await _compare(press.state, earlier, result.answer)
        await self._publish(result, press.root_ts, changes)

    async def search_plain_form(self, press: Press, us: Identity) -> None:
        """Search for the plain form of the address: a search of its own."""
        question = question_again(press.state, self.case_rules)
        question = replace(question, email=_plain(question.email))
        await self.access.admit(press.asker, us)
        search = new_search(question, press.asker.user_id)
        self._begin(press.asker, search, press.action)
        await self._publish(await self._result(press.asker, search))

    async def show_coverage(self, press: Press, us: Identity) -> None:
        """Post the limits of every search."""
        await self.publisher.show_coverage(press, await self._admit(press, us))

    async def show_reply(self, press: Press, us: Identity) -> None:
        """Post a paragraph for the response to the data subject."""
        await self.publisher.show_reply(press, await self._admit(press, us))

    async def withdraw(self, press: Press, us: Identity) -> None:
        """Take a message back."""
        await self._admit_to_take_back(press, us)
        await self.withdrawals.withdraw(press)

    async def delete_files(self, press: Press, us: Identity) -> None:
        """Delete the files that the message speaks of."""
        await self._admit_to_take_back(press, us)
        await self.withdrawals.delete_files(press)

    # the steps that they share

    async def _admit(self, press: Press, us: Identity) -> Search:
        """Authorize a press, and return the look-up it is about, its question judged again."""
        question = question_again(press.state, self.case_rules)
        await self.access.admit(press.asker, us)
        return press.state.search(question)

    async def _admit_to_take_back(self, press: Press, us: Identity) -> None:
        """Authorize a withdrawal, whatever the channel or its rules have become."""
        asked_by = press.state.asked_by
        await self.access.admit_person(press.asker, us)
        self.withdrawals.check(press.asker, asked_by)

    def _begin(self, asker: Asker, search: Search, how: str) -> None:
        """Count a look-up and put it on record, before Gong is asked.

        Raises:
            PersonLimitReached: the person's share is used up.
            LogFailed: it cannot be put on record.
        """
        self.limits.count(asker.user_id)
        self.trail.record(Event.ASKED, asker, search, outcome=how)

    async def _find_again(self, press: Press, search: Search) -> Finding:
        """Return the answer that a button is about; a call to Gong counts as a look-up."""
        if self.answers.would_ask(press.asker.channel_id, search.question.email):
            self._begin(press.asker, search, press.action)
        return await self._find(press.asker, search)

    async def _result(self, asker: Asker, search: Search, *, is_fresh: bool = False) -> Result:
        return await _count(asker, search, await self._find(asker, search, is_fresh=is_fresh))

    async def _find(self, asker: Asker, search: Search, *, is_fresh: bool = False) -> Finding:
        """Return the answer; whoever has to wait in the queue for it is told the place."""
        email = search.question.email
        telling: list[asyncio.Task[None]] = []

        def on_wait(place: QueuePlace) -> None:
            if place.wait_s > PLACE_TOLD_AFTER_S:
                telling.append(asyncio.create_task(self._tell_place(asker, email, place)))

        try:
            finding = await self.answers.find(
                asker.channel_id, email, is_fresh=is_fresh, on_wait=on_wait
            )
        finally:
            for task in telling:
                task.cancel()
        if not finding.is_kept and self.quota.is_nearly_spent():
            self.alerts.notify(QuotaNearlySpent(self.quota.per_day))
        return finding

    async def _tell_place(self, asker: Asker, email: Email, place: QueuePlace) -> None:
        sentence = queueing_text(email, place.ahead, place.wait_s)
        try:
            await self.slack.respond(asker.response_url, text_message(sentence))
        except SlackFailed as exc:
            logs.event("place_not_told", code=exc.code, **asker.ids)

    async def _publish(
        self, result: Result, thread_ts: str | None = None, changes: Changes | None = None
    ) -> None:
        """Show a result: the summary in the channel or a thread, the files in that thread."""
        ts = await self.publisher.publish(result, thread_ts, changes)
        await self.uploads.attach(result, thread_ts or ts)


_METHODS: Mapping[Action, Callable[[LookupFlow, Press, Identity], Awaitable[None]]] = (
    MappingProxyType(
        {
            **dict.fromkeys(OPENED_BY, LookupFlow.open_page),
            Action.PREVIOUS: LookupFlow.turn_page,
            Action.NEXT: LookupFlow.turn_page,
            Action.ATTACH_ROWS: LookupFlow.attach_rows,
            Action.ATTACH: LookupFlow.attach_again,
            Action.REFRESH: LookupFlow.refresh,
            Action.ALSO_SEARCH: LookupFlow.search_plain_form,
            Action.COVERAGE: LookupFlow.show_coverage,
            Action.REPLY: LookupFlow.show_reply,
            Action.WITHDRAW: LookupFlow.withdraw,
            Action.DELETE_FILES: LookupFlow.delete_files,
        }
    )
)


async def _count(asker: Asker, search: Search, finding: Finding) -> Result:
    size = len(finding.evidence.answer.body)
    return await off_loop(size, lambda: Result.of(asker, search, finding))


async def _compare(state: Button, earlier: Answer | None, later: Answer) -> Changes:
    """Compare with the answer that the summary shows; with its digest where that has gone."""
    if earlier is None:
        return Changes(is_same=later.digest.startswith(state.digest))
    size = len(earlier.body) + len(later.body)
    return await off_loop(size, lambda: compare(earlier, later))


def _section(state: Button) -> Section:
    if state.section is None:
        raise ButtonUnreadable
    return state.section


def _plain(email: Email) -> Email:
    plain = plain_form(email)
    if plain is None:
        raise ButtonUnreadable
    return plain
