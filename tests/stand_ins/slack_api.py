"""The Web API of the stand-in: tokens, scopes, and which method is whose."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from aiohttp import web

from tests.stand_ins import slack_chat, slack_directory, slack_files
from tests.stand_ins.slack_world import Params, RefusedError, World

Method = Callable[[World, Params], dict[str, Any]]


def connections_open(world: World, _params: Params) -> dict[str, Any]:
    """A Socket Mode address, good for one connection."""
    ticket = world.next_ts().replace(".", "")
    world.socket_tickets.add(ticket)
    return {"url": f"{world.base_url.replace('http', 'ws', 1)}/socket/{ticket}"}


# what the bot token must have been granted; conversations.* asks by the kind of channel
METHODS: dict[str, tuple[Method, str]] = {
    "apps.connections.open": (connections_open, ""),
    "auth.test": (slack_directory.auth_test, ""),
    "users.info": (slack_directory.users_info, "users:read"),
    "conversations.info": (slack_directory.conversations_info, ""),
    "conversations.members": (slack_directory.conversations_members, ""),
    "chat.postMessage": (slack_chat.post_message, "chat:write"),
    "chat.update": (slack_chat.update, "chat:write"),
    "chat.delete": (slack_chat.delete, "chat:write"),
    "chat.postEphemeral": (slack_chat.post_ephemeral, "chat:write"),
    "files.getUploadURLExternal": (slack_files.get_upload_url, "files:write"),
    "files.completeUploadExternal": (slack_files.complete_upload, "files:write"),
    "files.delete": (slack_files.delete, "files:write"),
    "files.info": (slack_files.info, "files:read"),
}


async def parameters(request: web.Request) -> Params:
    """Slack takes arguments from the query, a form or JSON; some values are JSON in a string."""
    params: Params = dict(request.query)
    if request.content_type == "application/json":
        params |= await request.json()
    else:
        params |= dict(await request.post())
    return {key: _unpacked(key, value) for key, value in params.items() if value is not None}


def _unpacked(key: str, value: object) -> object:
    if key in {"blocks", "files", "metadata"} and isinstance(value, str):
        try:
            return json.loads(value)
        except ValueError:
            raise web.HTTPBadRequest(text=f"{key} is no JSON") from None
    return value


def answer(world: World, method: str, params: Params, headers: Mapping[str, str]) -> dict[str, Any]:
    """What Slack answers to one call, refusals included."""
    try:
        function, scope = _known(method)
        _check_token(world, method, params, headers)
        _check_scope(world, scope)
        return {"ok": True, **function(world, params)}
    except RefusedError as refused:
        return {"ok": False, "error": refused.error, **refused.facts}


def _known(method: str) -> tuple[Method, str]:
    if method not in METHODS:
        raise RefusedError("unknown_method", req_method=method)
    return METHODS[method]


def _check_scope(world: World, scope: str) -> None:
    if scope and scope not in world.scopes:
        provided = ",".join(sorted(world.scopes))
        raise RefusedError("missing_scope", needed=scope, provided=provided)


def _check_token(world: World, method: str, params: Params, headers: Mapping[str, str]) -> None:
    given = headers.get("Authorization", "").removeprefix("Bearer ") or params.get("token", "")
    if not given:
        raise RefusedError("not_authed")
    if given not in {world.bot_token, world.app_token}:
        raise RefusedError("invalid_auth")
    if (given == world.app_token) != (method == "apps.connections.open"):
        raise RefusedError("not_allowed_token_type")
