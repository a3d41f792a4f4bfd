"""The sentence for whatever went wrong, said to the person who asked and to nobody else.

The sentences themselves stand in `bot.sentences`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot import errors
from bot.errors import BotError, FileRefused, SearchFailed, SlackFailed
from bot.sentences import (
    FAILURES,
    NO_EMPTY_ANSWER,
    PRESS_AGAIN,
    SENTENCES,
    SLACK,
    TRY_AGAIN,
    UNAVAILABLE,
)

_NO_ANSWER = frozenset({"timeout", "unreachable", "internal_error", "fatal_error"})


@dataclass(frozen=True, slots=True)
class Setting:
    """What the sentences need to know of this installation and this moment."""

    contact: str
    example: str
    bot_name: str
    email: str | None = None
    """The address, for a sentence that only the person who typed it sees."""
    incident: str = ""
    case: str | None = None


def explain(error: BotError, setting: Setting) -> str:
    """The sentence for an error: what happened, what it does not mean, what to do next."""
    facts = _facts(error, setting)
    if isinstance(error, SearchFailed):
        what, what_next = FAILURES[type(error)]
        said = (what.format(**facts), _meaning(error), what_next.format(**facts))
        return f"The search{_whose(setting)} did NOT complete: {' '.join(filter(None, said))}"
    if isinstance(error, SlackFailed):
        return _not_posted(error, _whose(setting), facts)
    return SENTENCES[type(error)].format(**facts)


def may_be_done(error: SlackFailed) -> bool:
    """Whether Slack may have done it all the same: it did not say no."""
    return error.code in _NO_ANSWER or error.code.startswith(("http_2", "http_5"))


def _whose(setting: Setting) -> str:
    if not setting.email:
        return ""
    return f" for {setting.email}{f' (case {setting.case})' if setting.case else ''}"


def _not_posted(error: SlackFailed, whose: str, facts: Mapping[str, object]) -> str:
    what_next = SLACK.get(error.code)
    if isinstance(error, FileRefused):
        said = f"Slack did not confirm that the file{whose} was attached. Nothing else has changed."
        return f"{said} {(what_next or PRESS_AGAIN).format(**facts)}"
    if may_be_done(error):
        return (
            f"Gong answered{whose}, but Slack did not confirm that the answer was posted. If it "
            "does not stand in the channel, try again. If it stands there without its file, press "
            f"Refresh under it. {NO_EMPTY_ANSWER}"
        )
    what_next = what_next or "Slack did not take it ({error.code}). " + TRY_AGAIN
    return (
        f"Gong answered{whose}, but the answer could not be posted here. "
        f"{what_next.format(**facts)} {NO_EMPTY_ANSWER}"
    )


def _meaning(error: SearchFailed) -> str:
    if isinstance(error, errors.AnswerTooLarge):
        return NO_EMPTY_ANSWER
    if isinstance(error, errors.AddressRejected):
        return ""  # its own sentence says so
    return "This says nothing about what Gong holds."


def what_failed(error: SearchFailed, setting: Setting) -> str:
    """What happened at Gong, without what it means to the person who asked."""
    return FAILURES[type(error)][0].format(**_facts(error, setting))


def unforeseen(setting: Setting) -> str:
    """The sentence for what nobody foresaw; the log has the rest under the incident."""
    facts = {"contact": setting.contact, "incident": setting.incident}
    return (
        "Something in this bot went wrong, and what you asked for did NOT complete. This says "
        "nothing about what Gong holds. If a summary from after you asked stands in the channel, "
        "it is your result. " + TRY_AGAIN.format(**facts)
    )


def utc(moment: datetime) -> str:
    """`23 Nov 2026, 14:02:33 UTC`."""
    return f"{moment:%-d %b %Y, %H:%M:%S} UTC"


def _facts(error: BotError, setting: Setting) -> dict[str, object]:
    again_at: datetime | None = getattr(error, "again_at", None)
    request_id: str | None = getattr(error, "request_id", None)
    redirect_host: str | None = getattr(error, "redirect_host", None)
    reason = UNAVAILABLE.get(getattr(error, "reason", ""), "")
    return {
        "error": error,
        "contact": setting.contact,
        "example": setting.example,
        "bot_name": setting.bot_name,
        "incident": setting.incident,
        "again": f"after {utc(again_at)}" if again_at else "in a few minutes",
        "request": f", request {_cut(request_id)}" if request_id else "",
        "redirect": f", it leads to {_cut(redirect_host)}" if redirect_host else "",
        "texts": _quoted(getattr(error, "texts", ())),
        "megabytes": getattr(error, "limit_bytes", 0) // 1024**2,
        "unavailable": reason.format(error=error),
    }


def _quoted(texts: tuple[str, ...]) -> str:
    """Gong's own words, if it gave any."""
    said = _cut("; ".join(texts))
    return f": “{said}”" if said else " and gave no reason"


def _cut(shown: str, longest: int = 300) -> str:
    return shown if len(shown) <= longest else f"{shown[: longest - 1]}…"
