"""The audit trail: one line for every decision and disclosure, written before it is made.

A line holds ids, counts and references, never an address, a name or content. It carries the seal
of the line before it, and a seal of its own: an HMAC under `AUDIT_KEY` over all of the line that
stands before the seal. So each line can be checked alone, and nobody without the key can take one
out, change one or rebuild the chain. `trail_reader` reads it.

A chain is one process: it begins with `started`, says `alive` once an hour and ends with
`stopped`, so that an end that is missing can be told from a bot that is still running.
"""

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bot.errors import LogFailed
from bot.evidence.seals import derive_key_id, derive_subject, seal
from bot.models import Asker, Event, Search

TRAIL_FORMAT = 1
LINE_SEAL = f"audit line {TRAIL_FORMAT}"
ALIVE_EVERY_S = 3600.0
"""So often a chain says that it goes on."""


@dataclass
class Trail:
    """Writes the chain of this process."""

    key: bytes
    write: Callable[[bytes], int | None]
    """Hands bytes to the system and says how many it took: unbuffered, or a line that failed
    would be written later all the same."""
    start_facts: dict[str, object] = field(default_factory=dict)
    """What the first line says of the process."""
    chain: str = field(default_factory=lambda: secrets.token_hex(8), init=False)
    _sequence: int = field(default=0, init=False)
    _last_seal: str = field(default="", init=False)
    _is_torn: bool = field(default=False, init=False)

    def record(
        self,
        event: Event,
        asker: Asker | None = None,
        search: Search | None = None,
        **facts: object,
    ) -> None:
        """Write one line: what happened, who did it, for which search.

        Raises:
            LogFailed: it could not be written, so what it speaks of may not be done.
        """
        self.start()
        who = asker.ids if asker else {}
        self._record(event, {**who, **self._subject(search), **facts})

    def start(self) -> None:
        """Write the first line of the run, unless it has been written.

        Raises:
            LogFailed: it could not be written; the next line will try again.
        """
        if self._sequence == 0:
            self._record(Event.STARTED, self.start_facts)

    def _subject(self, search: Search | None) -> dict[str, object]:
        if search is None:
            return {}
        return {
            "case": search.question.case,
            "subject": derive_subject(self.key, search.question.email),
            "receipt": search.receipt_id,
        }

    def seal(self, kind: str, text: str) -> str:
        """Seal a text of that kind under our key."""
        return seal(self.key, kind, text)

    @property
    def key_id(self) -> str:
        """The id of the key that seals."""
        return derive_key_id(self.key)

    def _record(self, event: Event, facts: dict[str, object]) -> None:
        told = {
            "audit": TRAIL_FORMAT,
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "chain": self.chain,
            "sequence": self._sequence + 1,
            "event": event,
            **{name: fact for name, fact in facts.items() if fact is not None},
            "key": self.key_id,
            "previous": self._last_seal,
        }
        text = json.dumps(told)
        sealed = seal(self.key, LINE_SEAL, text)
        self._write(f'{text[:-1]}, "seal": "{sealed}"}}\n'.encode(), sealed)

    def _write(self, line: bytes, sealed: str) -> None:
        rest = b"\n" + line if self._is_torn else line
        try:
            while rest:
                rest = rest[self._take(rest) :]
                self._is_torn = bool(rest)
        except (OSError, ValueError) as exc:
            raise LogFailed from exc
        finally:
            if rest in {b"", b"\n"}:  # what lacks only its end can be read: its number is taken
                self._sequence += 1
                self._last_seal = sealed

    def _take(self, rest: bytes) -> int:
        taken = self.write(rest)
        if not taken:
            raise BlockingIOError
        return taken
