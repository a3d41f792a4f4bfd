"""The sentence for everything that can go wrong, said to the person who asked and to nobody else.

A refusal says that nothing was searched. A failure says that the search did NOT complete: it
must never read like "nothing found".
"""

from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from bot import errors
from bot.errors import BotError, SearchFailed

_TRY_AGAIN = "Try again; if it repeats, give {contact} incident {incident}."
_ADMIN = "Give {contact} incident {incident}."
_NO_USE = f"Trying again will not help. {_ADMIN}"
_INVITE = "I am not a member of this channel. Type /invite @{bot_name} here, then search again."

_SENTENCES = {
    errors.NotAnAddress: (
        "Nothing was searched: I could not read that as one plain email address. Type the address "
        "first, with no name, bracket or full stop around it, then your case if you have one: "
        "/gong-lookup jane@example.com {example}"
    ),
    errors.SeveralAddresses: (
        "Nothing was searched: one address at a time, please. Use the command again for the next."
    ),
    errors.AddressTooLong: (
        "Nothing was searched: an email address has at most 254 characters, 64 of them before "
        "the @. Check that one address, and nothing else, was pasted."
    ),
    errors.NotAscii: (
        "Nothing was searched: the text contains {error.character}, which is not a plain ASCII "
        "character and may only look like one. Type the address by hand; if the character does "
        "belong to it, ask {contact}."
    ),
    errors.InvisibleCharacter: (
        "Nothing was searched: the text contains an invisible character ({error.character}). "
        "Type the address by hand instead of pasting it."
    ),
    errors.CaseMissing: (
        "Nothing was searched: your team asks for a case after the address. Type, for example: "
        "/gong-lookup jane@example.com {error.example}"
    ),
    errors.CaseMalformed: (
        "Nothing was searched: what follows the address does not look like one of your case "
        "references, such as {error.example}. Type one address, then the case."
    ),
    errors.OtherTeam: (
        "Not available from this workspace. Gong was not asked, and nobody else saw this. "
        "Ask {contact}."
    ),
    errors.WrongChannel: (
        "Not available here. Gong was not asked, and nobody else saw your command. Use your "
        "team's authorized channel, or ask {contact}."
    ),
    errors.NotListed: (
        "You are not on the list of people who may search. Gong was not asked, and nobody else "
        "saw this. Ask {contact} to add you."
    ),
    errors.PublicChannel: (
        "This channel is open to your whole workspace, so results are not posted here. Gong was "
        "not asked. Use a private authorized channel, or ask {contact}."
    ),
    errors.SharedChannel: (
        "People outside your organisation can read this channel, or have been invited to, so "
        "results are not posted here. Gong was not asked. Ask {contact}."
    ),
    errors.BotNotInvited: (
        "I am not a member of this channel, so I cannot post a result. Gong was not asked. "
        "Type /invite @{bot_name} here, then search again. Questions: {contact}"
    ),
    errors.Outsider: (
        "Only active members of this organisation may search. Gong was not asked, and nobody "
        "else saw this. Ask {contact}."
    ),
    errors.GuestNotNamed: (
        "Guests may search only when they have been named. Gong was not asked, and nobody else "
        "saw this. Ask {contact} to name you."
    ),
    errors.PermissionUnknown: (
        "Slack did not tell me whether you may search here, so I could not check your permission. "
        "Gong was not asked. Try again in a minute; if it repeats, tell {contact}."
    ),
    errors.PersonLimitReached: (
        "That was one more than {error.amount} searches in {error.period}, which is the limit "
        "for one person. Gong was not asked. Try again {again}, or ask {contact}."
    ),
    errors.ButtonUnreadable: (
        "I cannot use this button any more: it comes from another version of me, or its case is "
        "no longer accepted. Gong was not asked. Type /gong-lookup with the address again."
    ),
    errors.Starting: (
        "I am only just starting. Nothing was searched. Try again in a minute; if it repeats, "
        "tell {contact}."
    ),
    errors.LogFailed: (
        "I cannot write my log just now, so nothing is shown, and your search did NOT complete. "
        "This says nothing about what Gong holds. Trying again will not help. Ask {contact}."
    ),
    errors.FileNotAttached: (
        "The summary in the channel stands, but Slack did not take its file. Press Refresh under "
        "it for a new summary with its file."
    ),
    errors.SectionGone: (
        "Gong's latest answer lacks this part, or it cannot be read. That is not the same as none. "
        "Press Refresh under the summary for a new one."
    ),
    errors.Stopping: "I am being restarted. Nothing was searched. Try again in a minute.",
}

_FAILURES = {
    errors.AddressRejected: (
        (
            "Gong rejected this address{texts} (HTTP 400{request}). If this person is or was a "
            "Gong user, this search cannot cover them: ask a Gong tech admin. This is not a “no "
            "references” result."
        ),
        "If the address is right, ask {contact}, incident {incident}.",
    ),
    errors.CredentialsRefused: (
        "Gong refused our credentials (HTTP 401{request}).",
        _NO_USE,
    ),
    errors.NetworkNotTrusted: (
        "Gong does not trust the network this bot runs in: see trusted IPs (HTTP 403{request}).",
        _NO_USE,
    ),
    errors.WrongBaseUrl: (
        "our settings have a wrong address for Gong (HTTP {error.status}{redirect}{request}).",
        _NO_USE,
    ),
    errors.GongUnavailable: ("{unavailable}{request}.", _TRY_AGAIN),
    errors.UnexpectedStatus: (
        "Gong answered in a way this bot does not know (HTTP {error.status}{request}).",
        _ADMIN,
    ),
    errors.AnswerTooLarge: (
        "Gong returned more than this bot can take (over {megabytes} MiB{request}).",
        "Ask a Gong tech admin for this one, and tell {contact}, incident {incident}.",
    ),
    errors.GongLimitReached: (
        "Gong asks your company's integrations to pause (HTTP 429{request}).",
        "Try again {again}. Incident {incident}.",
    ),
    errors.DayLimitReached: (
        "our share of Gong's quota for 24 hours is used up.",
        "Try again {again}, or ask {contact}, incident {incident}.",
    ),
    errors.QueueFull: (
        "too many searches are waiting.",
        "Try again in a few minutes; if it repeats, give {contact} incident {incident}.",
    ),
    errors.Interrupted: (
        "the bot was restarted.",
        "If no result stands in the channel, type the command again in a minute.",
    ),
}

_UNAVAILABLE = MappingProxyType(
    {
        "timeout": "Gong did not answer within {error.seconds:.0f} seconds",
        "unreachable": "Gong could not be reached, or broke off its answer",
        "status": "Gong reported a fault of its own (HTTP {error.status})",
        "unreadable": "what came back was not an answer of Gong that can be read",
    }
)

_SLACK = MappingProxyType(
    {
        "not_in_channel": _INVITE,
        "channel_not_found": _INVITE,
        "is_archived": "This channel is archived. Use another one, or ask {contact}.",
        "ratelimited": "Slack asks for a pause. Try again in a few minutes.",
    }
)


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
        what, what_next = _FAILURES[type(error)]
        whose = f" for {setting.email}" if setting.email else ""
        said = (what.format(**facts), _meaning(error), what_next.format(**facts))
        return f"The search{whose} did NOT complete: {' '.join(filter(None, said))}"
    if isinstance(error, errors.SlackFailed):
        return _not_posted(error.code).format(**facts)
    return _SENTENCES[type(error)].format(**facts)


def _not_posted(code: str) -> str:
    if code in {"timeout", "unreachable", "internal_error", "fatal_error"} or "http_5" in code:
        return (
            "Gong answered, but Slack did not confirm that the answer was posted. If it does not "
            "stand in the channel, try again. If it stands there without its file, press Refresh "
            "under it. This is not a “no references” result."
        )
    reason = _SLACK.get(code, "Slack did not take it ({error.code}). " + _TRY_AGAIN)
    return f"Gong answered, but the answer could not be posted here. {reason}"


def _meaning(error: SearchFailed) -> str:
    if isinstance(error, errors.AnswerTooLarge):
        return "This is not a “no references” result."
    if isinstance(error, errors.AddressRejected):
        return ""  # its own sentence says so
    return "This says nothing about what Gong holds."


def what_failed(error: SearchFailed, setting: Setting) -> str:
    """What happened at Gong, without what it means to the person who asked."""
    return _FAILURES[type(error)][0].format(**_facts(error, setting))


def unforeseen(setting: Setting) -> str:
    """The sentence for what nobody foresaw; the log has the rest under the incident."""
    facts = {"contact": setting.contact, "incident": setting.incident}
    return (
        "Something in this bot went wrong, and what you asked for did NOT complete. This says "
        "nothing about what Gong holds. If a summary from after you asked stands in the channel, "
        "it is your result. " + _TRY_AGAIN.format(**facts)
    )


def utc(moment: datetime) -> str:
    """`23 Nov 2026, 14:02:33 UTC`."""
    return f"{moment:%-d %b %Y, %H:%M:%S} UTC"


def _facts(error: BotError, setting: Setting) -> dict[str, object]:
    again_at: datetime | None = getattr(error, "again_at", None)
    request_id: str | None = getattr(error, "request_id", None)
    redirect_host: str | None = getattr(error, "redirect_host", None)
    reason = _UNAVAILABLE.get(getattr(error, "reason", ""), "")
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
