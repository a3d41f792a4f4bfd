"""What the side panel offers: whom to ask about, what can go wrong with Slack, whom to be."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.stand_ins.answering import Answering, Transport
from tests.stand_ins.faults import Fault
from tests.stand_ins.people import PEOPLE
from tests.stand_ins.slack import Slack
from tests.stand_ins.slack_world import Channel

LEGAL, RANDOM, SHARED = "C0LEGAL", "C0RANDOM", "C0SHARED"
LONG_PAUSE_S = 600
BLOCKED = "blocked@example.com"

ROLES = {
    "U0ANA": "member of legal",
    "U0BEN": "member of legal",
    "U0GUEST": "guest in your workspace",
    "U0OUT": "from outside counsel",
}
DIRECT = {"D0ANA": "U0ANA", "D0BEN": "U0BEN", "D0GUEST": "U0GUEST"}

NOTES = {
    LEGAL: ("Private", "Authorized: look-ups are answered here."),
    RANDOM: ("Public", "Not authorized: the bot refuses here, and says so only to you."),
    SHARED: (
        "Shared",
        "People outside the company have been let in. The bot refuses here now, old buttons too.",
    ),
    "D": ("Direct message", "Not authorized: look-ups belong in the team's channel."),
}


@dataclass(frozen=True, slots=True)
class Switch:
    """A fault of Slack that can be switched on and off."""

    label: str
    explained: str
    turn: Callable[[Slack, bool], None]


def _standing(method: str, fault: Fault) -> Callable[[Slack, bool], None]:
    def turn(slack: Slack, is_on: bool) -> None:  # noqa: FBT001  # a switch is on or off
        if is_on:
            slack.faults.standing[method] = fault
        else:
            slack.faults.standing.pop(method, None)

    return turn


def _without_bot(slack: Slack, is_on: bool) -> None:  # noqa: FBT001  # a switch is on or off
    members = slack.channels[LEGAL].members
    if is_on:
        members.discard(slack.bot_user_id)
    else:
        members.add(slack.bot_user_id)


SWITCHES = {
    "posting": Switch(
        "Posting is limited",
        "Slack asks for a pause of ten minutes before the next message",
        _standing("chat.postMessage", Fault(retry_after=LONG_PAUSE_S)),
    ),
    "upload": Switch(
        "Uploads fail",
        "Slack does not take the bytes of the file",
        _standing("upload", Fault(status=500)),
    ),
    "absent": Switch(
        "The bot is not invited",
        "It is no member of #privacy-requests",
        _without_bot,
    ),
}


def furnish(slack: Slack) -> None:
    """A direct message with the bot for everybody in the workspace."""
    for channel_id, user_id in DIRECT.items():
        slack.channels[channel_id] = Channel(channel_id, "directmessage", members={user_id})


def people() -> list[dict[str, object]]:
    """Whom to ask about, those with trouble last."""
    listed = [
        {
            "address": address,
            "label": someone.label,
            "trouble": any(map(_is_trouble, someone.answers)),
        }
        for address, someone in PEOPLE.items()
    ]
    return sorted(listed, key=lambda one: bool(one["trouble"]))


def _is_trouble(answering: Answering) -> bool:
    return bool(
        answering.status != 200
        or answering.transport is not Transport.WHOLE
        or answering.delay_s
        or answering.headers
    )
