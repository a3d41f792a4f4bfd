"""What the page shows, as one JSON object a thing: only those that changed are sent."""

import json
from collections.abc import Iterator
from typing import Any

from bot.slack.payloads import COMMAND
from tests.sandbox import moods
from tests.sandbox.world import World
from tests.stand_ins.slack_world import Channel, PostedMessage, PrivateLine

Item = dict[str, Any]


def items(world: World) -> dict[str, str]:
    """Everything there is, by key."""
    made = [_about(world), *_messages(world), *_private(world), *_wire(world)]
    return {item["key"]: json.dumps(item, ensure_ascii=False) for item in made}


def _about(world: World) -> Item:
    slack = world.slack
    shown = [moods.LEGAL, moods.RANDOM, moods.SHARED, *moods.DIRECT]
    return {
        "key": "about",
        "command": COMMAND,
        "transport": slack.transport,
        "bot": slack.bot_user_id,
        "channels": [_channel(slack.channels[each]) for each in shown],
        "users": [
            {"id": user.id, "name": user.name, "role": moods.ROLES.get(user.id, "")}
            for user in slack.users.values()
        ],
        "people": moods.people(),
        "switches": [
            {"name": name, "label": one.label, "explained": one.explained, "on": name in world.on}
            for name, one in moods.SWITCHES.items()
        ],
        "paused": world.is_paused,
    }


def _channel(channel: Channel) -> Item:
    kind, note = moods.NOTES["D" if channel.is_direct else channel.id]
    return {
        "id": channel.id,
        "name": channel.name,
        "kind": kind,
        "note": note,
        "members": sorted(channel.members),
    }


def _messages(world: World) -> Iterator[Item]:
    for message in world.slack.messages:
        yield {
            "key": f"message {message.ts}",
            "kind": "message",
            "ts": message.ts,
            "thread": message.thread_ts,
            "channel": message.channel,
            "user": message.user,
            "text": message.text,
            "blocks": message.blocks,
            "edited": bool(message.edits),
            "deleted": message.deleted,
            "files": list(_files(world, message)),
        }


def _files(world: World, message: PostedMessage) -> Iterator[Item]:
    for shared in message.files:
        file = world.slack.files[shared.id]
        yield {
            "id": file.id,
            "name": file.name,
            "title": file.title,
            "bytes": file.length,
            "deleted": file.deleted,
        }


def _private(world: World) -> Iterator[Item]:
    for line in world.slack.private:
        yield _private_line(line)


def _private_line(line: PrivateLine) -> Item:
    return {
        "key": f"private {line.ts}",
        "kind": "private",
        "ts": line.ts,
        "thread": None,
        "channel": line.channel,
        "user": line.user,
        "text": line.text,
        "blocks": line.blocks,
        "via": line.via,
        "files": [],
    }


def _wire(world: World) -> Iterator[Item]:
    for exchange in world.wire.exchanges:
        yield {"key": f"wire {exchange.number}", "kind": "wire", **exchange.shown()}
