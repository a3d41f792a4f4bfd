"""chat.* of the stand-in: https://docs.slack.dev/reference/methods/chat.postMessage and others."""

from collections.abc import Iterator
from typing import Any

from tests.stand_ins import block_kit
from tests.stand_ins.slack_world import (
    Blocks,
    Channel,
    Params,
    PostedMessage,
    RefusedError,
    World,
)

TEXT_MAX = 40_000  # Slack cuts there, silently; here it is refused
UPDATE_BYTES_MAX = 4000  # documented as characters; Slack counts them in UTF-8


def text_of(params: Params) -> str:
    """The text beside the blocks; Slack forgives its absence, screen readers do not."""
    text = params.get("text")
    if not isinstance(text, str) or not text.strip():
        raise RefusedError("no_text")
    if len(text) > TEXT_MAX:
        raise RefusedError("msg_too_long")
    return text


def blocks_of(world: World, params: Params) -> Blocks:
    blocks = params.get("blocks") or []
    found = block_kit.faults(blocks)
    if found:
        raise RefusedError("invalid_blocks", response_metadata={"messages": found})
    for identifier in _identifiers(blocks):
        if "@" in identifier:
            world.complain(f"an address in the id {identifier!r}")
    checked: Blocks = blocks
    return checked


def _identifiers(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        yield from (str(node[key]) for key in ("block_id", "action_id") if key in node)
        for value in node.values():
            yield from _identifiers(value)
    elif isinstance(node, list):
        for item in node:
            yield from _identifiers(item)


def channel_to_post_in(world: World, channel_id: object) -> Channel:
    channel = world.visible_channel(channel_id)
    if world.bot_user_id not in channel.members:
        raise RefusedError("not_in_channel")
    if channel.is_archived:
        raise RefusedError("is_archived")
    return channel


def thread_of(world: World, channel: Channel, params: Params) -> str | None:
    """The thread's ts. Stricter than Slack, which takes a made-up thread_ts."""
    ts = params.get("thread_ts")
    if ts is None:
        return None
    parent = world.message_at(channel.id, ts)
    if parent is None or parent.thread_ts is not None:
        raise RefusedError("thread_not_found")
    return parent.ts


def _check_manners(world: World, params: Params) -> None:
    """Rules of this project that Slack itself does not enforce."""
    for option in ("unfurl_links", "unfurl_media"):
        # Gong's own Slack app unfurls its links; slack_sdk sends a bool or "0"/"false"
        if str(params.get(option)).lower() not in {"false", "0"}:
            world.complain(f"chat.postMessage without {option}=false")
    if "@" in str(params.get("metadata", "")):
        world.complain("an address in message metadata, which every app can read")


def post_message(world: World, params: Params) -> dict[str, Any]:
    channel = channel_to_post_in(world, params.get("channel"))
    text, blocks = text_of(params), blocks_of(world, params)
    thread_ts = thread_of(world, channel, params)
    _check_manners(world, params)
    ts, bot = world.next_ts(), world.bot_user_id
    message = world.post(PostedMessage(channel.id, ts, thread_ts, bot, text, blocks))
    return {"channel": channel.id, "ts": ts, "message": as_slack_shows(message)}


def _own(world: World, params: Params, refusal: str) -> PostedMessage:
    world.visible_channel(params.get("channel"))
    message = world.message_at(params.get("channel"), params.get("ts"))
    if message is None:
        raise RefusedError("message_not_found")
    if message.user != world.bot_user_id:
        raise RefusedError(refusal)
    return message


def update(world: World, params: Params) -> dict[str, Any]:
    """Edit an own message; blocks that are not sent are retained, [] removes them."""
    message = _own(world, params, "cant_update_message")
    text, blocks = text_of(params), blocks_of(world, params)
    if len(text.encode()) > UPDATE_BYTES_MAX:
        raise RefusedError("msg_too_long")
    message.edits.append((message.text, message.blocks))
    message.text = text
    if params.get("blocks") is not None:
        message.blocks = blocks
    world.bell.ring()
    return {"channel": message.channel, "ts": message.ts, "text": text}


def delete(world: World, params: Params) -> dict[str, Any]:
    message = _own(world, params, "cant_delete_message")
    message.deleted = True
    world.bell.ring()
    return {"channel": message.channel, "ts": message.ts}


def post_ephemeral(world: World, params: Params) -> dict[str, Any]:
    """Private lines go through the ack or response_url: this one reaches only members."""
    world.complain(f"chat.postEphemeral to {params.get('user')}")
    return {"message_ts": world.next_ts()}


def as_slack_shows(message: PostedMessage) -> dict[str, Any]:
    """The message as it stands in API answers and in a click's payload."""
    numbered = [{"block_id": f"b{number}", **block} for number, block in enumerate(message.blocks)]
    shown: dict[str, Any] = {
        "type": "message",
        "user": message.user,
        "bot_id": "B0BOT",
        "app_id": "A0GONG",
        "ts": message.ts,
        "text": message.text,
        "blocks": numbered,
    }
    if message.thread_ts is not None:
        shown |= {"thread_ts": message.thread_ts, "parent_user_id": message.user}
    if message.edits:
        shown["edited"] = {"user": message.user, "ts": message.ts}
    return shown
