"""The sentence for whatever went wrong, said to the person who asked and to nobody else.

The sentences themselves stand in `bot.sentences`.
"""

from dataclasses import dataclass
from datetime import datetime

from bot import errors
from bot.errors import BotError, SearchFailed, SlackFailed
from bot.sentences import FAILURES, SENTENCES, SLACK, TRY_AGAIN, UNAVAILABLE

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


def explain(error: BotError, setting: Setting) -> str:
    """The sentence for an error: what happened, what it does not mean, what to do next."""
    facts = _facts(error, setting)
    if isinstance(error, SearchFailed):
        what, what_next = FAILURES[type(error)]
        whose = f" for {setting.email}" if setting.email else ""
        said = (what.format(**facts), _meaning(error), what_next.format(**facts))
        return f"The search{whose} did NOT complete: {' '.join(filter(None, said))}"
    if isinstance(error, SlackFailed):
        return _not_posted(error).format(**facts)
    return SENTENCES[type(error)].format(**facts)


def may_be_done(error: SlackFailed) -> bool:
    """Whether Slack may have done it all the same: it did not say no."""
    return error.code in _NO_ANSWER or error.code.startswith("http_5")


def _not_posted(error: SlackFailed) -> str:
    if may_be_done(error):
        return (
            "Gong answered, but Slack did not confirm that the answer was posted. If it does not "
            "stand in the channel, try again. If it stands there without its file, press Refresh "
            "under it. This is not a “no references” result."
        )
    reason = SLACK.get(error.code, "Slack did not take it ({error.code}). " + TRY_AGAIN)
    return f"Gong answered, but the answer could not be posted here. {reason}"


def _meaning(error: SearchFailed) -> str:
    if isinstance(error, errors.AnswerTooLarge):
        return "This is not a “no references” result."
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
