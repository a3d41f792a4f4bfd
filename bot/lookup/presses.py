"""Answers each kind of button: `_METHODS` says which method answers which.

Each authorizes, does one thing with the steps of `flow`, and discloses.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from bot.address import plain_form
from bot.gong.changes import Changes, compare
from bot.lookup.command import new_search, question_again
from bot.lookup.flow import LookupFlow
from bot.messages.buttons import OPENED_BY, Action, Button, Press
from bot.models import Answer, Email, Finding, Identity, Search, Section
from bot.refusals import ButtonUnreadable, WrongChannel
from bot.runtime import off_loop


class Presses:
    """Answers buttons that have been acknowledged."""

    def __init__(self, flow: LookupFlow) -> None:
        """Take the steps from `flow`."""
        self._flow, self._access = flow, flow.access

    async def answer(self, press: Press, us: Identity) -> None:
        """Answer a pressed button: whoever presses is authorized anew."""
        if not press.is_in_its_channel:
            raise WrongChannel
        self._access.admit_at_once(press.asker, us)
        await _METHODS[press.action](self, press, us)

    async def open_page(self, press: Press, us: Identity) -> None:
        """Post the first page of a section in the thread."""
        search = await self._admit(press, us)
        finding = await self._find_again(press, search)
        await self._admit_to_show(press, us)
        await self._flow.publisher.open_page(press, search, OPENED_BY[press.action], finding)

    async def turn_page(self, press: Press, us: Identity) -> None:
        """Put the next page, or the one before, in the place of this one."""
        section = _section(press.state)
        search = await self._admit(press, us)
        finding = await self._find_again(press, search)
        await self._admit_to_show(press, us)
        await self._flow.publisher.turn_page(press, search, section, finding)

    async def attach_rows(self, press: Press, us: Identity) -> None:
        """Attach a whole section as a spreadsheet."""
        section = _section(press.state)
        search = await self._admit(press, us)
        finding = await self._find_again(press, search)

        await self._flow.uploads.attach_rows(
            press, search, section, finding, lambda: self._admit_to_show(press, us)
        )

    async def attach_again(self, press: Press, us: Identity) -> None:
        """Attach the answer that the summary shows with its own receipt, a newer one with a new."""
        asker, state = press.asker, press.state
        search = await self._admit(press, us)
        if self._flow.answers.would_ask(asker.channel_id, search.question.email):
            search = new_search(search.question, asker.user_id)
        finding = await self._find_again(press, search)
        is_shown = state.is_from(finding.evidence)
        if is_shown:
            finding = replace(finding, is_kept=state.is_kept)
        elif search.receipt_id == state.receipt_id:
            search = new_search(search.question, asker.user_id)
            self._flow.begin(asker, search, press.action)
        result = await self._flow.count(asker, search, finding)
        await self._admit_to_show(press, us)
        if not is_shown:
            self._flow.publisher.record_answer(result)
        await self._flow.uploads.attach_again(press, result, lambda: self._admit_to_show(press, us))

    async def refresh(self, press: Press, us: Identity) -> None:
        """Ask Gong again; the new summary stands in the thread and says what has changed."""
        asker, question = press.asker, (await self._admit(press, us)).question
        search = new_search(question, asker.user_id)
        self._flow.begin(asker, search, press.action)
        kept = self._flow.answers.kept(asker.channel_id, question.email)
        earlier = kept.answer if kept and press.state.is_of(kept) else None
        result = await self._flow.result(asker, search, is_fresh=True)
        changes = await _compare(press.state, earlier, result.answer)
        await self._admit_to_show(press, us)
        await self._flow.publish(result, us, press.root_ts, changes)

    async def search_plain_form(self, press: Press, us: Identity) -> None:
        """Search for the plain form of the address: a search of its own."""
        await self._access.admit(press.asker, us)
        question = question_again(press.state, self._flow.case_rules)
        question = replace(question, email=_plain(question.email))
        search = new_search(question, press.asker.user_id)
        self._flow.begin(press.asker, search, press.action)
        await self._flow.publish(await self._flow.result(press.asker, search), us)

    async def show_coverage(self, press: Press, us: Identity) -> None:
        """Post the limits of every search."""
        search = await self._admit(press, us)
        await self._admit_to_show(press, us)
        await self._flow.publisher.show_coverage(press, search)

    async def show_reply(self, press: Press, us: Identity) -> None:
        """Post a paragraph for the response to the data subject."""
        search = await self._admit(press, us)
        await self._admit_to_show(press, us)
        await self._flow.publisher.show_reply(press, search)

    async def withdraw(self, press: Press, us: Identity) -> None:
        """Take a message back."""
        await self._admit_to_take_back(press, us)
        await self._flow.withdrawals.withdraw(press)

    async def delete_files(self, press: Press, us: Identity) -> None:
        """Delete the files that the message speaks of."""
        await self._admit_to_take_back(press, us)
        await self._flow.withdrawals.delete_files(press)

    async def _admit(self, press: Press, us: Identity) -> Search:
        """Authorize a press, and return the look-up it is about, its question judged again."""
        await self._access.admit(press.asker, us)
        question = question_again(press.state, self._flow.case_rules)
        return press.state.search(question)

    async def _admit_to_show(self, press: Press, us: Identity) -> None:
        """Authorize once more, right before something is shown under a message that still stands.

        Raises:
            AccessChanged: it may not be shown any more.
            AlreadyWithdrawn: the message has been withdrawn meanwhile.
        """
        await self._access.admit_again(press.asker, us)
        self._flow.publisher.locks.check(press.asker.channel_id, press.message_ts)

    async def _admit_to_take_back(self, press: Press, us: Identity) -> None:
        """Authorize a withdrawal, whatever the channel or its rules have become."""
        asked_by = press.state.asked_by
        await self._access.admit_person(press.asker, us)
        self._flow.withdrawals.check(press.asker, asked_by)

    async def _find_again(self, press: Press, search: Search) -> Finding:
        """Return the answer that a button is about; a call to Gong counts as a look-up."""
        if self._flow.answers.would_ask(press.asker.channel_id, search.question.email):
            self._flow.begin(press.asker, search, press.action)
        return await self._flow.find(press.asker, search)


_METHODS: Mapping[Action, Callable[[Presses, Press, Identity], Awaitable[None]]] = MappingProxyType(
    {
        **dict.fromkeys(OPENED_BY, Presses.open_page),
        Action.PREVIOUS: Presses.turn_page,
        Action.NEXT: Presses.turn_page,
        Action.ATTACH_ROWS: Presses.attach_rows,
        Action.ATTACH: Presses.attach_again,
        Action.REFRESH: Presses.refresh,
        Action.ALSO_SEARCH: Presses.search_plain_form,
        Action.COVERAGE: Presses.show_coverage,
        Action.REPLY: Presses.show_reply,
        Action.WITHDRAW: Presses.withdraw,
        Action.DELETE_FILES: Presses.delete_files,
    }
)


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
