"""What the conversation needs of those it talks to: so little that a test can be one of them."""

from collections.abc import Hashable, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from bot.blocks import Message
from bot.export import File
from bot.models import Asker, Email, Event, Evidence, Finding, Question, Search
from bot.quota import Place


class Lookups(Protocol):
    """Who finds answers; `bot.lookup` does."""

    def kept(self, channel_id: str, email: Email) -> Evidence | None:
        """The kept answer, if there is one."""

    def would_ask(self, channel_id: str, email: Email) -> bool:
        """Whether a search now would cost a call to Gong."""

    async def find(self, channel_id: str, email: Email, *, is_fresh: bool = False) -> Finding:
        """The answer, or a `SearchFailed`."""


class Quota(Protocol):
    """Who knows whose turn it is at Gong; `bot.quota` does."""

    per_day: int

    def place(self) -> Place:
        """Where a search that came now would stand."""

    def is_announced(self, search: Hashable) -> bool:
        """Whether somebody is about to ask the same."""

    def announced(self, search: Hashable) -> AbstractContextManager[None]:
        """Count a search into everybody's place before it can take its own."""

    def is_nearly_spent(self) -> bool:
        """Whether most of the day's share is used."""


class Trail(Protocol):
    """Who keeps account; `bot.audit` does."""

    @property
    def key_id(self) -> str:
        """Which key seals."""

    def record(
        self,
        event: Event,
        asker: Asker | None = None,
        about: Search | Question | None = None,
        **facts: object,
    ) -> None:
        """Write a line before what it speaks of is done, or raise `LogFailed`."""

    def seal(self, kind: str, text: str) -> str:
        """A seal of our key over a text of that kind."""


class Slack(Protocol):
    """Who posts; `bot.slack` does. All raise `SlackFailed`."""

    async def post(self, channel_id: str, message: Message, thread_ts: str | None = None) -> str:
        """Post and return the `ts`."""

    async def update(self, channel_id: str, ts: str, message: Message) -> None:
        """Put another message in the place of one of ours."""

    async def attach(
        self, channel_id: str, thread_ts: str, files: Sequence[File], comment: str
    ) -> Sequence[str]:
        """Upload files into one message of a thread and return their ids."""

    async def delete_file(self, file_id: str) -> None:
        """Delete a file of ours."""

    async def whisper(self, response_url: str, message: Message) -> None:
        """Tell one person something that nobody else sees."""
