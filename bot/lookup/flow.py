"""One look-up, from an accepted command to what is shown, and the steps it shares with presses.

Each step is a plain call: authorize, find the answer, disclose. Whatever fails raises a `BotError`
for `listeners.boundary`.
"""

import asyncio
from dataclasses import dataclass

from bot import logs
from bot.errors import SlackFailed
from bot.evidence.result import Result
from bot.evidence.trail import Trail
from bot.gong.changes import Changes
from bot.lookup.access import Access
from bot.lookup.alerts import Alerts
from bot.lookup.command import CaseRules, judge_case, new_search, parse_question
from bot.lookup.publishing import Publisher
from bot.lookup.uploads import Uploads
from bot.lookup.withdrawal import Withdrawals
from bot.messages.ephemeral import queueing_text, searching_text
from bot.models import (
    Asker,
    Email,
    Event,
    Finding,
    Identity,
    QueuePlace,
    QuotaNearlySpent,
    Search,
    UnknownFields,
)
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
    """Answers commands that have been acknowledged."""

    case_rules: CaseRules
    company_domains: frozenset[str]
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

    async def admit(self, asker: Asker, search: Search, us: Identity) -> None:
        """Authorize an accepted command, and only then judge its case.

        Raises:
            Refused: one of its kinds.
        """
        await self.access.admit(asker, us)
        judge_case(search.question, self.case_rules)

    async def look_up(self, asker: Asker, search: Search, us: Identity) -> None:
        """Answer an admitted command: the summary in the channel, the files in its thread."""
        self.begin(asker, search, "command")
        await self.publish(await self.result(asker, search), us)

    def begin(self, asker: Asker, search: Search, how: str) -> None:
        """Count a look-up and put it on record, before Gong is asked.

        Raises:
            PersonLimitReached: the person's share is used up.
            LogFailed: it cannot be put on record.
        """
        self.limits.count(asker.user_id)
        self.trail.record(Event.ASKED, asker, search, outcome=how)

    async def result(self, asker: Asker, search: Search, *, is_fresh: bool = False) -> Result:
        """Find the answer and count it; the admin hears of fields that this bot does not know."""
        result = await self.count(asker, search, await self.find(asker, search, is_fresh=is_fresh))
        if result.summary.unknown:
            self.alerts.notify(UnknownFields(result.summary.unknown))
        return result

    async def count(self, asker: Asker, search: Search, finding: Finding) -> Result:
        """Count an answer, beside the event loop if it is a large one."""
        is_own = search.question.email.rpartition("@")[2].lower() in self.company_domains
        size = len(finding.evidence.answer.body)
        return await off_loop(size, lambda: Result.of(asker, search, finding, is_own_domain=is_own))

    async def find(self, asker: Asker, search: Search, *, is_fresh: bool = False) -> Finding:
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

    async def publish(
        self,
        result: Result,
        us: Identity,
        thread_ts: str | None = None,
        changes: Changes | None = None,
    ) -> None:
        """Show a result: the summary in the channel or a thread, the files in that thread."""
        await self.access.admit_again(result.asker, us)
        ts = await self.publisher.publish(result, thread_ts, changes)
        # Whoever withdraws the summary meanwhile waits for its files, or keeps them from coming.
        async with self.publisher.locks.lock(result.asker.channel_id, ts):
            await self.access.admit_again(result.asker, us)
            await self.uploads.attach(
                result, thread_ts or ts, lambda: self.access.admit_again(result.asker, us)
            )
