"""auth.test, users.info and conversations.* of the stand-in."""

from typing import Any

from tests.stand_ins.slack_world import Channel, Params, RefusedError, World

PAGE = 100


def auth_test(world: World, _params: Params) -> dict[str, Any]:
    organisation = {"enterprise_id": world.enterprise_id} if world.enterprise_id else {}
    return {
        "url": "https://legal-stand-in.slack.com/",
        "team": "Legal",
        "team_id": world.team_id,
        "user": "gong-lookup",
        "user_id": world.bot_user_id,
        "bot_id": "B0BOT",
        "is_enterprise_install": False,
        **organisation,
    }


def users_info(world: World, params: Params) -> dict[str, Any]:
    user = world.users.get(str(params.get("user")))
    if user is None:
        raise RefusedError("user_not_found")
    shown: dict[str, Any] = {
        "id": user.id,
        "team_id": user.team_id,
        "name": user.name,
        "deleted": user.deleted,
        "is_bot": user.is_bot,
        "is_restricted": user.is_restricted,
        "is_ultra_restricted": user.is_ultra_restricted,
        "tz": "America/New_York",
    }
    if user.is_stranger:  # Slack names this flag only where it is true
        shown["is_stranger"] = True
    if user.enterprise_id:
        shown["enterprise_user"] = {"enterprise_id": user.enterprise_id, "id": user.id}
    shown |= user.extra
    return {"user": {key: value for key, value in shown.items() if key not in user.missing}}


def _readable(world: World, params: Params) -> Channel:
    """The channel, if the token's scopes reach its kind."""
    channel = world.visible_channel(params.get("channel"))
    kind = "im" if channel.is_direct else "groups" if channel.is_private else "channels"
    if f"{kind}:read" not in world.scopes:
        provided = ",".join(sorted(world.scopes))
        raise RefusedError("missing_scope", needed=f"{kind}:read", provided=provided)
    return channel


def conversations_info(world: World, params: Params) -> dict[str, Any]:
    channel = _readable(world, params)
    shown: dict[str, Any] = {
        "id": channel.id,
        "name": channel.name,
        "is_channel": not channel.is_private,
        "is_group": False,
        "is_im": channel.is_direct,
        "is_private": channel.is_private,
        "is_member": world.bot_user_id in channel.members,
        "is_archived": channel.is_archived,
        "is_shared": channel.is_ext_shared,
        "is_ext_shared": channel.is_ext_shared,
        "is_pending_ext_shared": channel.is_pending_ext_shared,
        "shared_team_ids": [world.team_id],
        "pending_shared": [],
        "pending_connected_team_ids": [],
        "num_members": len(channel.members),
    }
    shown |= channel.extra
    return {"channel": {key: value for key, value in shown.items() if key not in channel.missing}}


def conversations_members(world: World, params: Params) -> dict[str, Any]:
    """Members by pages; ``next_cursor`` is empty on the last."""
    members = sorted(_readable(world, params).members)
    start, limit = int(params.get("cursor") or 0), int(params.get("limit") or PAGE)
    following = start + limit
    cursor = str(following) if following < len(members) else ""
    return {
        "members": members[start:following],
        "response_metadata": {"next_cursor": cursor},
    }
