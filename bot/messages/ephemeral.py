"""The private lines: all that is said to one person only. `error_texts` has the tables."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot import errors
from bot.errors import BotError, FileRefused, SearchFailed, SlackFailed
from bot.messages.error_texts import (
    FAILURES,
    NO_EMPTY_ANSWER,
    PRESS_AGAIN,
    SENTENCES,
    SLACK,
    TRY_AGAIN,
    UNAVAILABLE,
)
from bot.wording import utc_time


@dataclass(frozen=True, slots=True)
class Details:
    """The facts of this installation and this moment that sentences mention."""

    contact: str
    example: str
    bot_name: str
    email: str | None = None
    """The address, for a sentence that only the person who typed it sees."""
    incident: str = ""
    case: str | None = None


def searching_text(email: str) -> str:
    """Say in the acknowledgement that Gong is asked."""
    return f"Searching Gong for {email}…"


def queueing_text(email: str, ahead: int, wait_s: float) -> str:
    """Tell somebody who has to wait in the queue for Gong the place in it."""
    searches = "1 search is" if ahead == 1 else f"{ahead} searches are"
    why = f"{searches} ahead of yours" if ahead else "Gong asked for a pause"
    return f"{searching_text(email)} {why} (about {wait_s:.0f} seconds). No need to type it again."


def not_understood_text(details: Details) -> str:
    """Answer words that hold no address at all."""
    return f"Nothing was searched: only email addresses can be. {help_text(details)}"


def help_text(details: Details) -> str:
    """Answer `/gong-lookup help`."""
    return (
        f"/gong-lookup jane@example.com {details.example}: one address, then your case. The "
        "result, with the address, is posted to everyone in this channel, with Gong's exact "
        "answer as a file. Read-only. It covers Gong only, and not employees. Slack does not "
        f"allow commands inside threads. Questions: {details.contact}"
    )


def explain(error: BotError, details: Details) -> str:
    """Explain an error: what happened, what it does not mean, what to do next."""
    facts = _facts(error, details)
    if isinstance(error, SearchFailed):
        what, what_next = FAILURES[type(error)]
        said = (what.format(**facts), _meaning(error), what_next.format(**facts))
        return f"The search{_whose(details)} did NOT complete: {' '.join(filter(None, said))}"
    if isinstance(error, SlackFailed):
        return _not_posted(error, _whose(details), facts)
    return SENTENCES[type(error)].format(**facts)


def _whose(details: Details) -> str:
    if not details.email:
        return ""
    return f" for {details.email}{f' (case {details.case})' if details.case else ''}"


def _not_posted(error: SlackFailed, whose: str, facts: Mapping[str, object]) -> str:
    what_next = SLACK.get(error.code)
    if isinstance(error, FileRefused):
        said = f"Slack did not confirm that the file{whose} was attached. Nothing else has changed."
        return f"{said} {(what_next or PRESS_AGAIN).format(**facts)}"
    if error.may_be_done:
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


def what_failed(error: SearchFailed, details: Details) -> str:
    """Say what happened at Gong, to an admin: not what it means to the person who asked."""
    return FAILURES[type(error)][0].format(**_facts(error, details))


def explain_unforeseen(details: Details) -> str:
    """Explain what nobody foresaw; the log has the rest under the incident."""
    facts = {"contact": details.contact, "incident": details.incident}
    return (
        "Something in this bot went wrong, and what you asked for did NOT complete. This says "
        "nothing about what Gong holds. If a summary from after you asked stands in the channel, "
        "it is your result. " + TRY_AGAIN.format(**facts)
    )


def _facts(error: BotError, details: Details) -> dict[str, object]:
    again_at = getattr(error, "again_at", None)
    request_id: str | None = getattr(error, "request_id", None)
    redirect_host: str | None = getattr(error, "redirect_host", None)
    reason = UNAVAILABLE.get(getattr(error, "reason", ""), "")
    return {
        "error": error,
        "contact": details.contact,
        "example": details.example,
        "bot_name": details.bot_name,
        "incident": details.incident,
        "again": f"after {utc_time(again_at)}" if again_at else "in a few minutes",
        "request": f", request {_cut(request_id)}" if request_id else "",
        "redirect": f", it leads to {_cut(redirect_host)}" if redirect_host else "",
        "texts": _quoted(getattr(error, "texts", ())),
        "limit": _limit(error),
        "unavailable": reason.format(error=error),
    }


def _limit(error: BotError) -> str:
    if not isinstance(error, errors.AnswerTooLarge):
        return ""
    if error.limit_elements:
        return f"{error.limit_elements:,} elements"
    return f"{error.limit_bytes // 1024**2} MiB"


def _quoted(texts: tuple[str, ...]) -> str:
    """Quote Gong's own words, if it gave any."""
    said = _cut("; ".join(texts))
    return f": “{said}”" if said else " and gave no reason"


def _cut(shown: str, longest: int = 300) -> str:
    return shown if len(shown) <= longest else f"{shown[: longest - 1]}…"
