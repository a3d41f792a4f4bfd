"""The sentences for whatever can go wrong, by error; `ephemeral` picks and fills them.

A refusal says that nothing was searched. A failure says that the search did NOT complete: it
must never read like "nothing found".
"""

from types import MappingProxyType

from bot import errors, refusals

TRY_AGAIN = "Try again; if it repeats, give {contact} incident {incident}."
PRESS_AGAIN = (
    "If it does not stand in the thread, press the button again in a few minutes; if that repeats, "
    "give {contact} incident {incident}."
)
NO_EMPTY_ANSWER = "This is not a “no references” result."
_ADMIN = "Give {contact} incident {incident}."
_NO_USE = f"Trying again will not help. {_ADMIN}"
_INVITE = "I am not a member of this channel. Type /invite @{bot_name} here, then search again."

SENTENCES = {
    refusals.NotAnAddress: (
        "Nothing was searched: I could not read that as one plain email address. Type the address "
        "first, with no name, bracket or full stop around it, then your case if you have one: "
        "/gong-lookup jane@example.com {example}"
    ),
    refusals.SeveralAddresses: (
        "Nothing was searched: one address at a time, please. Use the command again for the next."
    ),
    refusals.AddressTooLong: (
        "Nothing was searched: an email address has at most 254 characters, 64 of them before "
        "the @. Check that one address, and nothing else, was pasted."
    ),
    refusals.NotAscii: (
        "Nothing was searched: the text contains {error.character}, which is not a plain ASCII "
        "character and may only look like one. Type the address by hand; if the character does "
        "belong to it, ask {contact}."
    ),
    refusals.InvisibleCharacter: (
        "Nothing was searched: the text contains an invisible character ({error.character}). "
        "Type the address by hand instead of pasting it."
    ),
    refusals.CaseMissing: (
        "Nothing was searched: your team asks for a case after the address. Type, for example: "
        "/gong-lookup jane@example.com {error.example}"
    ),
    refusals.CaseMalformed: (
        "Nothing was searched: what follows the address does not look like one of your case "
        "references, such as {error.example}. Type one address, then the case."
    ),
    refusals.OtherTeam: (
        "Not available from this workspace. Gong was not asked, and nobody else saw this. "
        "Ask {contact}."
    ),
    refusals.WrongChannel: (
        "Not available here. Gong was not asked, and nobody else saw your command. Use your "
        "team's authorized channel, or ask {contact}."
    ),
    refusals.NotListed: (
        "You are not on the list of people who may search. Gong was not asked, and nobody else "
        "saw this. Ask {contact} to add you."
    ),
    refusals.PublicChannel: (
        "This channel is open to your whole workspace, so results are not posted here. Gong was "
        "not asked. Use a private authorized channel, or ask {contact}."
    ),
    refusals.SharedChannel: (
        "People outside your organisation can read this channel, or have been invited to, so "
        "results are not posted here. Gong was not asked. Ask {contact}."
    ),
    refusals.BotNotInvited: (
        "I am not a member of this channel, so I cannot post a result. Gong was not asked. "
        "Type /invite @{bot_name} here, then search again. Questions: {contact}"
    ),
    refusals.Outsider: (
        "Only active members of this organisation may search. Gong was not asked, and nobody "
        "else saw this. Ask {contact}."
    ),
    refusals.GuestNotNamed: (
        "Guests may search only when they have been named. Gong was not asked, and nobody else "
        "saw this. Ask {contact} to name you."
    ),
    refusals.PermissionUnknown: (
        "Slack did not tell me whether you may search here, so I could not check your permission. "
        "Gong was not asked. Try again in a minute; if it repeats, tell {contact}."
    ),
    refusals.PersonLimitReached: (
        "That was one more than {error.amount} searches in {error.period}, which is the limit "
        "for one person. Gong was not asked. Try again {again}, or ask {contact}."
    ),
    refusals.NotTheAsker: (
        "Only the person who asked may take this back. Nothing was changed, and nobody else saw "
        "this. Questions: {contact}"
    ),
    refusals.WithdrawalOff: (
        "Nothing may be taken back here, for example because of a legal hold. Nothing was changed, "
        "and nobody else saw this. Questions: {contact}"
    ),
    errors.NotTakenBack: (
        "Slack did not confirm that this was taken back ({error.code}). Press the button again: "
        "that is safe. If it repeats, give {contact} incident {incident}."
    ),
    errors.AlreadyWithdrawn: (
        "This message has just been withdrawn, so it shows nothing more. Use the buttons of "
        "another one, or type the command again."
    ),
    refusals.ButtonUnreadable: (
        "I cannot use this button any more: it comes from another version of me, or its case is "
        "no longer accepted. Gong was not asked. Type /gong-lookup with the address again."
    ),
    refusals.Starting: (
        "I am only just starting. Nothing was searched. Try again in a minute; if it repeats, "
        "tell {contact}."
    ),
    errors.AccessChanged: (
        "Before posting I checked your permission and this channel again, and could not confirm "
        "both. So nothing more was posted here. This says nothing about what Gong holds. Try again "
        "in a minute; if it repeats, ask {contact}."
    ),
    errors.LogFailed: (
        "I cannot write my audit trail just now, and I do nothing that is not on record. This says "
        "nothing about what Gong holds. Trying again will not help. Ask {contact}."
    ),
    errors.ReceiptNotPosted: (
        "The files stand in the thread, but Slack did not take the message under them, by which "
        "they can be deleted. Press Refresh under the summary for new files with such a message."
    ),
    errors.FileNotAttached: (
        "The summary in the channel stands, but Slack did not take its file. Press Refresh under "
        "it for a new summary with its file."
    ),
    errors.SectionGone: (
        "Gong's latest answer lacks this part, or it cannot be read. That is not the same as none. "
        "Press Refresh under the summary for a new one."
    ),
    refusals.Stopping: "I am being restarted. Nothing was searched. Try again in a minute.",
}

FAILURES = {
    errors.AddressRejected: (
        (
            "Gong rejected this address{texts} (HTTP 400{request}). If this person is or was a "
            f"Gong user, this search cannot cover them: ask a Gong tech admin. {NO_EMPTY_ANSWER}"
        ),
        "If not, and the address is right, give {contact} incident {incident}.",
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
    errors.GongUnavailable: ("{unavailable}{request}.", TRY_AGAIN),
    errors.UnexpectedStatus: (
        "Gong answered in a way this bot does not know (HTTP {error.status}{request}).",
        _ADMIN,
    ),
    errors.AnswerTooLarge: (
        "Gong returned more than this bot can take (over {limit}{request}).",
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

UNAVAILABLE = MappingProxyType(
    {
        "timeout": "Gong did not answer within {error.seconds:.0f} seconds",
        "unreachable": "Gong could not be reached, or broke off its answer",
        "status": "Gong reported a fault of its own (HTTP {error.status})",
        "unreadable": "what came back was not an answer of Gong that can be read",
    }
)

SLACK = MappingProxyType(
    {
        "not_in_channel": _INVITE,
        "channel_not_found": _INVITE,
        "is_archived": "This channel is archived. Use another one, or ask {contact}.",
        "ratelimited": "Slack asks for a pause. Try again in a few minutes.",
    }
)
