"""The one error boundary, and the tasks behind the acknowledgements.

Whatever is refused, fails or was not foreseen is put on record, and the person who asked gets a
sentence. Nothing leaves a listener: an exception there would undo its acknowledgement.
"""

import asyncio
import contextlib
import secrets
from collections.abc import Callable, Coroutine
from typing import Any

from bot import logs
from bot.errors import (
    AccessChanged,
    BotError,
    DayLimitReached,
    GongLimitReached,
    Interrupted,
    LogFailed,
    NotTakenBack,
    QueueFull,
    ReceiptNotPosted,
    SearchFailed,
    SlackFailed,
)
from bot.evidence.trail import Trail
from bot.lookup.alerts import Alerts
from bot.messages.ephemeral import Details, explain, explain_unforeseen
from bot.models import Asker, Event, Identity, Question, Search
from bot.refusals import PersonLimitReached, Refused, Starting, Stopping
from bot.runtime import without_frames
from bot.slack.block_kit import text_message
from bot.slack.client import SlackClient

FINISH_S = 15.0
"""How long open look-ups may go on once the process is asked to stop."""
SAY_S = 5.0
"""How long those that are cut off may take to say so."""

_LIMITS = PersonLimitReached | DayLimitReached | GongLimitReached | QueueFull


class Boundary:
    """Runs work for people, and owns the tasks under way."""

    def __init__(  # noqa: PLR0913  # each is needed, and none belongs to another
        self,
        slack: SlackClient,
        trail: Trail,
        alerts: Alerts,
        contact: str,
        case_example: str,
        *,
        finish_s: float = FINISH_S,
        say_s: float = SAY_S,
    ) -> None:
        """Take what a failure is told with; nothing starts yet."""
        self._slack, self._trail, self._alerts = slack, trail, alerts
        self._contact, self._case_example = contact, case_example
        self._finish_s, self._say_s = finish_s, say_s
        self.identity: Identity | None = None
        """Who we are; None until Slack has confirmed our token."""
        self._is_stopping = False
        self._tasks: set[asyncio.Task[None]] = set()
        self._lines: set[asyncio.Task[None]] = set()

    def us(self) -> Identity:
        """Return who we are.

        Raises:
            Stopping: no new work is taken.
            Starting: Slack has not confirmed our token yet.
        """
        if self._is_stopping:
            raise Stopping
        if self.identity is None:
            raise Starting
        return self.identity

    def details(self, incident: str = "", asked: Question | None = None) -> Details:
        """Return what sentences may mention."""
        bot_name = self.identity.bot_name if self.identity else "gong-lookup"
        email, case = (asked.email, asked.case) if asked else (None, None)
        return Details(self._contact, self._case_example, bot_name, email, incident, case)

    def answer(self, asker: Asker, work: Callable[[], str]) -> str:
        """Return the sentence of `work`, or the one for whatever it raises."""
        try:
            return work()
        except Exception as exc:  # noqa: BLE001  # the boundary for what nobody foresaw
            return self._account_for(exc, _new_incident(), asker)

    def start(self, asker: Asker, search: Search | None, work: Coroutine[Any, Any, None]) -> None:
        """Run `work` in a task of ours: asyncio itself holds tasks by weak references only."""
        task = asyncio.create_task(self.run(asker, search, work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Take no new work; let the open work finish, or say that it was interrupted."""
        self._is_stopping = True
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=self._finish_s)
        for task in self._tasks:
            task.cancel()
        if last := self._tasks | self._lines:
            await asyncio.wait(last, timeout=self._say_s)
        unfinished = self._tasks | self._lines
        for task in unfinished:
            task.cancel()
        await asyncio.gather(*unfinished, return_exceptions=True)

    async def run(
        self, asker: Asker, search: Search | None, work: Coroutine[Any, Any, None]
    ) -> None:
        """Run `work` to its end; whatever it raises is told, and goes no further."""
        failure: Exception
        try:
            await work
        except asyncio.CancelledError:
            failure = Interrupted()
        except Exception as exc:  # noqa: BLE001  # the boundary for what nobody foresaw
            failure = exc
        else:
            return
        incident = _new_incident()
        sentence = self._account_for(failure, incident, asker, search)
        without_frames(failure)
        await self._tell(asker, sentence, incident)

    def _account_for(
        self, failure: Exception, incident: str, asker: Asker, search: Search | None = None
    ) -> str:
        """Put on record what was refused or failed, and return the sentence for it.

        The person is told even if it cannot be recorded: nothing is disclosed by the sentence.
        """
        is_foreseen = isinstance(failure, BotError)
        if not is_foreseen:
            logs.failure("unforeseen", failure, incident=incident, **asker.ids)
        outcome = type(failure).__name__ if is_foreseen else "unforeseen"
        facts = {"outcome": outcome, "incident": incident, **_facts(failure)}
        with contextlib.suppress(LogFailed):
            self._trail.record(_event(failure), asker, search, **facts)
        if not isinstance(failure, BotError):
            return explain_unforeseen(self.details(incident))
        refusal = failure.__cause__ if isinstance(failure, AccessChanged) else None
        trouble = refusal if isinstance(refusal, BotError) else failure
        self._alerts.notify(trouble, asker.channel_id)
        return explain(failure, self.details(incident, search.question if search else None))

    async def _tell(self, asker: Asker, sentence: str, incident: str) -> None:
        """Tell the person, even when the task that wants to is cut off in the middle of it."""
        line = asyncio.create_task(self._tell_once(asker, sentence, incident))
        self._lines.add(line)
        line.add_done_callback(self._lines.discard)
        await asyncio.shield(line)

    async def _tell_once(self, asker: Asker, sentence: str, incident: str) -> None:
        try:
            await self._slack.respond(asker.response_url, text_message(sentence))
        except SlackFailed as exc:
            logs.event("person_not_told", code=exc.code, incident=incident, **asker.ids)


def _event(failure: Exception) -> Event:
    if isinstance(failure, _LIMITS):
        return Event.LIMIT_REACHED
    return Event.REFUSED if isinstance(failure, Refused | AccessChanged) else Event.FAILED


def _facts(failure: Exception) -> dict[str, object]:
    """Return what the trail says of a failure, besides its kind."""
    facts: dict[str, object] = {}
    if isinstance(failure, SearchFailed):
        facts |= {"gong_request": failure.request_id, "status": failure.status}
    if isinstance(failure, SlackFailed | NotTakenBack):
        facts |= {"code": failure.code}
    if isinstance(failure, ReceiptNotPosted):
        facts |= {"files": list(failure.file_ids)}
    if isinstance(failure, BotError) and failure.__cause__ is not None:
        facts |= {"cause": type(failure.__cause__).__name__}
    return facts


def _new_incident() -> str:
    return secrets.token_hex(3).upper()
