"""Bolt's listeners: acknowledge, start a task of our own, return. The one error boundary.

`process_before_response=True` makes an acknowledgement leave at once instead of after Bolt's
next poll; an exception in a listener would undo it, so none may leave one.
"""

import asyncio
import contextlib
import logging
import re
import secrets
from collections.abc import Coroutine, Mapping
from typing import Any

import msgspec
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot import blocks, buttons, logs, payloads, phrases, query, words
from bot.buttons import Action
from bot.conversation import Conversation, begun
from bot.errors import (
    BotError,
    DayLimitReached,
    GongLimitReached,
    Interrupted,
    LogFailed,
    NotTakenBack,
    PersonLimitReached,
    QueueFull,
    ReceiptNotPosted,
    Refused,
    SearchFailed,
    SlackFailed,
    Starting,
    Stopping,
)
from bot.memory import without_frames
from bot.models import Asker, Event, Identity, Question, Search
from bot.payloads import Click, Command

FINISH_S = 15.0
"""How long open look-ups may go on once the process is asked to stop."""
SAY_S = 5.0
"""How long those that are cut off may take to say so."""

_ONCE = {Action.ATTACH}
"""What is wanted once, whoever presses first."""


class Handlers:
    """Owns the tasks under way."""

    def __init__(
        self, conversation: Conversation, finish_s: float = FINISH_S, say_s: float = SAY_S
    ) -> None:
        """Register the listeners; nothing starts yet."""
        self.conversation, self._finish_s, self._say_s = conversation, finish_s, say_s
        self.identity: Identity | None = None
        """Who we are; None until Slack has confirmed our token."""
        self._is_stopping = False
        self._tasks: set[asyncio.Task[None]] = set()
        self._whispers: set[asyncio.Task[None]] = set()
        self._pressed: set[tuple[str, ...]] = set()
        self._bolt = AsyncApp(
            logger=_quiet_logger(),
            name="gong-lookup",  # without one, Bolt reads the whole stack's source files
            authorize=_authorize,
            process_before_response=True,
            request_verification_enabled=False,
            ssl_check_enabled=False,
            url_verification_enabled=False,
        )
        self._bolt.command(payloads.COMMAND)(self._on_command)
        self._bolt.action(re.compile(""))(self._on_click)

    async def receive(self, payload: Mapping[str, Any]) -> BoltResponse:
        """Answer one payload, whichever way it came in.

        Raises:
            MalformedPayload: Slack does not send such a thing.
        """
        if payloads.parse(payload) is None:
            return BoltResponse(status=200)
        # A dict in "socket_mode" passes by Bolt's own parser, which loses commands that contain
        # the word "payload", and by its signature check, which the server has done.
        return await self._bolt.async_dispatch(
            AsyncBoltRequest(body=dict(payload), mode="socket_mode")
        )

    async def close(self) -> None:
        """Take no new work; let the open work finish, or say that it was interrupted."""
        self._is_stopping = True
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=self._finish_s)
        for task in self._tasks:
            task.cancel()
        if last := self._tasks | self._whispers:
            await asyncio.wait(last, timeout=self._say_s)
        unfinished = self._tasks | self._whispers
        for task in unfinished:
            task.cancel()
        await asyncio.gather(*unfinished, return_exceptions=True)

    async def _on_command(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        command = msgspec.convert(body, Command)
        asker = command.asker
        incident = _incident()
        try:
            sentence = self._answer_at_once(command)
        except BotError as exc:
            self._record(exc, incident, asker)
            sentence = words.explain(exc, self._setting(incident))
        except Exception as exc:  # noqa: BLE001  # the boundary for what nobody foresaw
            self._record_unforeseen(exc, incident, asker)
            sentence = words.unforeseen(self._setting(incident))
        if sentence is None:
            await ack()
        else:
            message = blocks.private(sentence)
            await ack(text=message.text, blocks=message.blocks, response_type="ephemeral")

    def _answer_at_once(self, command: Command) -> str | None:
        """Check what needs no network, start the rest, and return what to say meanwhile."""
        us = self._us()
        if query.is_help(command.text):
            return phrases.help_text(self._setting())
        if query.is_without_address(command.text):
            return phrases.not_understood(self._setting())
        talk, asker = self.conversation, command.asker
        talk.access.admit_at_once(asker, us)
        question = query.question(command.text, talk.house.case_rules)
        talk.access.check_share(asker.user_id)
        is_kept = talk.lookups.kept(asker.channel_id, question.email) is not None
        sentence = None if is_kept else talk.searching(asker, question.email)
        search = begun(question, asker.user_id)
        announced = talk.announced(asker, question)
        self._start(asker, search, talk.look_up(asker, search, us, announced))
        return sentence

    async def _on_click(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        click = msgspec.convert(body, Click)
        if click.pressed.action_id in set(Action):
            self._start(click.asker, buttons.subject(click.pressed.value), self._press(click))

    async def _press(self, click: Click) -> None:
        """Answer a click; the impatient second one, while the first is under way, is ignored."""
        asker = click.asker
        is_for_all = click.pressed.action_id in _ONCE
        whose = "" if is_for_all else asker.user_id
        press = (asker.channel_id, whose, click.message_ts, click.pressed.action_id)
        if press in self._pressed:
            return
        self._pressed.add(press)
        try:
            await self.conversation.press(click, self._us())
        finally:
            self._pressed.discard(press)

    def _start(self, asker: Asker, about: Search | None, work: Coroutine[Any, Any, None]) -> None:
        """Start a task we own: asyncio itself holds tasks by weak references only."""
        task = asyncio.create_task(self._guard(asker, about, work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _guard(
        self, asker: Asker, about: Search | None, work: Coroutine[Any, Any, None]
    ) -> None:
        """The error boundary: whatever happens, the person who asked gets a sentence."""
        incident = _incident()
        try:
            await work
        except asyncio.CancelledError:
            await self._tell(Interrupted(), incident, asker, about)
        except BotError as exc:
            await self._tell(without_frames(exc), incident, asker, about)
        except Exception as exc:  # noqa: BLE001  # the boundary for what nobody foresaw
            self._record_unforeseen(exc, incident, asker, about)
            without_frames(exc)
            await self._whisper(asker, words.unforeseen(self._setting(incident)), incident)

    async def _tell(self, exc: BotError, incident: str, asker: Asker, about: Search | None) -> None:
        self._record(exc, incident, asker, about)
        setting = self._setting(incident, about.question if about else None)
        await self._whisper(asker, words.explain(exc, setting), incident)

    async def _whisper(self, asker: Asker, sentence: str, incident: str) -> None:
        """Tell the person, even when the task that wants to is cut off in the middle of it."""
        whisper = asyncio.create_task(self._whisper_once(asker, sentence, incident))
        self._whispers.add(whisper)
        whisper.add_done_callback(self._whispers.discard)
        await asyncio.shield(whisper)

    async def _whisper_once(self, asker: Asker, sentence: str, incident: str) -> None:
        try:
            message = blocks.private(sentence)
            await self.conversation.slack.whisper(asker.response_url, message)
        except SlackFailed as exc:
            logs.event("person_not_told", code=exc.code, incident=incident, **asker.ids)

    def _record(
        self, exc: BotError, incident: str, asker: Asker, about: Search | None = None
    ) -> None:
        """Account for what was refused or failed; the person is told even if that is not possible.

        Nothing is disclosed by what they are told.
        """
        facts: dict[str, object] = {"outcome": type(exc).__name__, "incident": incident}
        if isinstance(exc, SearchFailed):
            facts |= {"gong_request": exc.request_id, "status": exc.status}
        if isinstance(exc, SlackFailed | NotTakenBack):
            facts |= {"code": exc.code}
        if isinstance(exc, ReceiptNotPosted):
            facts |= {"files": list(exc.file_ids)}
        if exc.__cause__ is not None:
            facts |= {"cause": type(exc.__cause__).__name__}
        with contextlib.suppress(LogFailed):
            self.conversation.trail.record(_event(exc), asker, about, **facts)
        self.conversation.alerts.hear(exc, asker.channel_id)

    def _record_unforeseen(
        self, exc: Exception, incident: str, asker: Asker, about: Search | None = None
    ) -> None:
        logs.failure("unforeseen", exc, incident=incident, **asker.ids)
        with contextlib.suppress(LogFailed):
            self.conversation.trail.record(
                Event.FAILED, asker, about, outcome="unforeseen", incident=incident
            )

    def _us(self) -> Identity:
        if self._is_stopping:
            raise Stopping
        if self.identity is None:
            raise Starting
        return self.identity

    def _setting(self, incident: str = "", asked: Question | None = None) -> words.Setting:
        house = self.conversation.house
        bot_name = self.identity.bot_name if self.identity else "gong-lookup"
        email, case = (asked.email, asked.case) if asked else (None, None)
        return words.Setting(
            house.contact, house.case_rules.example, bot_name, email, incident, case
        )


def _quiet_logger() -> logging.Logger:
    """Bolt warns at each start that it takes no token, and logs whole bodies on some faults."""
    logger = logging.getLogger("quiet.slack_bolt")
    logger.setLevel(logging.CRITICAL)
    return logger


async def _authorize() -> AuthorizeResult:
    """Bolt asks whose token it works with; we make no call through Bolt."""
    return AuthorizeResult(enterprise_id=None, team_id=None, bot_user_id="", bot_id="")


def _event(exc: BotError) -> Event:
    if isinstance(exc, PersonLimitReached | DayLimitReached | GongLimitReached | QueueFull):
        return Event.LIMIT_REACHED
    return Event.REFUSED if isinstance(exc, Refused) else Event.FAILED


def _incident() -> str:
    return secrets.token_hex(3).upper()
