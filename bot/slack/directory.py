"""People and channels as Slack describes them. Pure.

What Slack leaves out counts as harmless; what it leaves open, with null or anything else that is
neither true nor false, does not. https://docs.slack.dev/reference/objects/conversation-object
"""

from collections.abc import Mapping
from typing import Any

from bot.models import Channel, Person

_CONNECTED = ("connected_team_ids", "pending_connected_team_ids", "pending_shared")
"""Slack Connect: these teams read the channel, or are about to."""


def read_person(user: Mapping[str, Any]) -> Person:
    """Read the `user` of `users.info`."""
    organisation = user.get("enterprise_user")
    return Person(
        team_id=user.get("team_id") or "",
        enterprise_id=(
            organisation.get("enterprise_id") if isinstance(organisation, dict) else None
        ),
        is_guest=_may_be(user, "is_restricted") or _may_be(user, "is_ultra_restricted"),
        is_bot=_may_be(user, "is_bot"),
        is_deleted=_may_be(user, "deleted"),
        is_stranger=_may_be(user, "is_stranger"),
    )


def read_channel(channel: Mapping[str, Any]) -> Channel:
    """Read the `channel` of `conversations.info`."""
    connected = [_team_ids(channel, name) for name in _CONNECTED]
    shared, internal = (_team_ids(channel, f"{kind}_team_ids") for kind in ("shared", "internal"))
    outside = frozenset[str]().union(*(ids or () for ids in connected))
    return Channel(
        is_private=channel.get("is_private") is True,
        is_shared_outside=(
            None in (*connected, shared)
            or _may_be(channel, "is_ext_shared")
            or _may_be(channel, "is_pending_ext_shared")
        ),
        is_member=channel.get("is_member", True) is True,
        is_archived=_may_be(channel, "is_archived"),
        team_ids=outside | (shared or frozenset()),
        sister_ids=(internal or frozenset()) - outside,
    )


def _may_be(fields: Mapping[str, Any], name: str) -> bool:
    """Whether this is true, or left open."""
    return fields.get(name, False) is not False


def _team_ids(channel: Mapping[str, Any], name: str) -> frozenset[str] | None:
    """Return the ids in a list; None for what is no list of ids."""
    ids = channel.get(name, [])
    if not isinstance(ids, list) or not all(isinstance(each, str) for each in ids):
        return None
    return frozenset(ids)
