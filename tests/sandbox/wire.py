"""Everything that went over the wire, both ways, with times; whatever is secret shows as dots."""

import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from tests.sandbox.readable import pretty, readable
from tests.stand_ins.slack_delivery import Ack, Delivery

DOTS = "••••••••"
KEPT = 300
_SECRET_HEADERS = re.compile(r"authorization|signature|cookie", re.IGNORECASE)
_OPAQUE = re.compile(r"(/(?:commands|upload/v1|socket)/)[0-9A-Za-z]+")
_TRIGGER = re.compile(r"\d{13}\.\d{13}\.[0-9a-f]{32}")

_MEANING = {
    "auth.test": "the bot learns which workspace its token belongs to",
    "apps.connections.open": "the bot asks where it may open its socket",
    "users.info": "who is asking: a member, a guest, an outsider?",
    "conversations.info": "what is this channel: private, shared with outsiders?",
    "chat.postMessage": "a message is posted",
    "chat.update": "a message of the bot is edited",
    "chat.delete": "a message of the bot is deleted",
    "files.getUploadURLExternal": "upload 1 of 3: where may a file go?",
    "files.completeUploadExternal": "upload 3 of 3: show the file in the thread",
    "files.delete": "a file is deleted",
    "upload": "upload 2 of 3: the bytes of the file",
    "commands": "an answer that only one person sees",
    "socket": "the socket that Slack sends commands and clicks over",
    "command": "somebody typed the command",
    "interactive": "somebody pressed a button",
    "data-for-email-address": "what does Gong hold? The only request the bot ever sends to it",
}


@dataclass(slots=True)
class Exchange:
    """One request and, once it is there, its answer."""

    number: int
    sender: str
    receiver: str
    title: str
    meaning: str
    at: float  # seconds since 1970
    headers: list[tuple[str, str]]
    sent: str
    began: float = field(default_factory=time.monotonic)
    outcome: str = ""  # empty while the answer is awaited
    is_trouble: bool = False
    ms: float = 0
    answer_headers: list[tuple[str, str]] = field(default_factory=list)
    answer: str = ""

    def shown(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "from": self.sender,
            "to": self.receiver,
            "title": self.title,
            "meaning": self.meaning,
            "at": self.at,
            "headers": self.headers,
            "sent": self.sent,
            "outcome": self.outcome,
            "trouble": self.is_trouble,
            "ms": round(self.ms, 1),
            "answerHeaders": self.answer_headers,
            "answer": self.answer,
        }


class Wire:
    def __init__(self, changed: Callable[[], None]) -> None:
        self.exchanges: list[Exchange] = []
        self.secrets: set[str] = set()
        self._changed = changed
        self._count = 0
        self._deliveries: dict[int, Exchange] = {}

    def clear(self) -> None:
        self.exchanges.clear()
        self._changed()

    def between(self, sender: str, receiver: str) -> Middleware:
        """Watches everything that a stand-in's server is asked."""

        @web.middleware
        async def watch(request: web.Request, handler: Handler) -> web.StreamResponse:
            body = b"" if request.method == "GET" else await request.read()
            exchange = self._begin(
                (sender, receiver),
                f"{request.method} {request.path_qs}",
                request.path.rstrip("/").rpartition("/")[2],
                request.headers.items(),
                readable(request.content_type, body, {}),
            )
            try:
                response = await handler(request)
            except BaseException:
                self._end(exchange, "no answer", is_trouble=True)
                raise
            self._answered(exchange, request, response)
            return response

        return watch

    def delivered(self, delivery: Delivery, ack: Ack | None) -> None:
        """Watches what the stand-in of Slack sends to the bot."""
        if ack is None:
            over = "POST /slack/events" if delivery.headers else "socket envelope"
            sent = readable(delivery.headers.get("Content-Type", ""), delivery.body, {})
            self._deliveries[id(delivery)] = self._begin(
                ("Slack", "bot"), over, delivery.kind, delivery.headers.items(), sent
            )
            return
        exchange = self._deliveries.pop(id(delivery))
        exchange.answer = self._concealed(pretty(ack.content) if ack.content else "")
        outcome = f"{ack.status} acknowledged" if ack.status else "no acknowledgement within 3 s"
        self._end(exchange, outcome, is_trouble=ack.status != web.HTTPOk.status_code, ms=ack.ms)

    def _begin(
        self,
        way: tuple[str, str],
        title: str,
        meaning: str,
        headers: Iterable[tuple[str, str]],
        sent: str,
    ) -> Exchange:
        self._count += 1
        known = next((key for key in ("upload", "commands", "socket") if f"/{key}/" in title), "")
        exchange = Exchange(
            self._count,
            *way,
            self._concealed(unquote(title)),
            _MEANING.get(known or meaning, ""),
            time.time(),
            self._headers(headers),
            self._concealed(sent),
        )
        self.exchanges = [*self.exchanges[-KEPT + 1 :], exchange]
        self._changed()
        return exchange

    def _answered(
        self, exchange: Exchange, request: web.Request, response: web.StreamResponse
    ) -> None:
        if request.transport is None or request.transport.is_closing():
            self._end(exchange, "no answer: the connection was reset", is_trouble=True)
            return
        exchange.answer_headers = self._headers(response.headers.items())
        body = response.body if isinstance(response, web.Response) else b""
        content = body if isinstance(body, bytes | bytearray) else b""
        shown = readable(response.content_type, bytes(content), response.headers)
        exchange.answer = self._concealed(shown)
        is_refused = '"ok": false' in shown[:200]
        is_trouble = response.status >= web.HTTPMultipleChoices.status_code or is_refused
        refused = re.search(r'"error": "(\w+)"', shown) if is_refused else None
        outcome = f"{response.status}{f' {refused[1]}' if refused else ''}"
        self._end(exchange, outcome, is_trouble=is_trouble)

    def _end(
        self, exchange: Exchange, outcome: str, *, is_trouble: bool, ms: float | None = None
    ) -> None:
        exchange.outcome, exchange.is_trouble = outcome, is_trouble
        exchange.ms = (time.monotonic() - exchange.began) * 1000 if ms is None else ms
        self._changed()

    def _headers(self, headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
        return [
            (name, _dotted(value) if _SECRET_HEADERS.search(name) else self._concealed(value))
            for name, value in headers
        ]

    def _concealed(self, text: str) -> str:
        for secret in self.secrets:
            text = text.replace(secret, DOTS)
        return _TRIGGER.sub(DOTS, _OPAQUE.sub(rf"\1{DOTS}", text))


def _dotted(value: str) -> str:
    """Dots, after the word or version that says which kind of secret it is."""
    kind = re.match(r"(?:Basic |Bearer |v0=)?", value)
    return f"{kind[0] if kind else ''}{DOTS}"
