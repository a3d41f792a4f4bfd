"""files.* of the stand-in: https://docs.slack.dev/messaging/working-with-files."""

import secrets
from typing import Any

from tests.stand_ins.slack_chat import channel_to_post_in, thread_of
from tests.stand_ins.slack_world import (
    Params,
    PostedMessage,
    RefusedError,
    SharedFile,
    StoredFile,
    World,
)

SNIPPET_MAX = 1_000_000


def _no_address(world: World, what: str, value: object) -> None:
    """File names, titles and comments travel in URLs, which proxies log."""
    if "@" in str(value or ""):
        world.complain(f"an address in the {what}: it travels in a URL")


def get_upload_url(world: World, params: Params) -> dict[str, Any]:
    name, length = params.get("filename"), str(params.get("length", ""))
    if not name or not length.isdigit() or int(length) == 0:
        raise RefusedError("invalid_arguments")
    _no_address(world, "file name", name)
    if params.get("snippet_type"):
        world.complain("snippet_type caps a file at 1 MB")
        if int(length) > SNIPPET_MAX:
            raise RefusedError("snippet_too_large")
    file_id, opaque = f"F0{len(world.files) + 1:06d}", secrets.token_hex(16)
    world.files[file_id] = StoredFile(file_id, str(name), int(length), world.bot_user_id)
    world.upload_ids[opaque] = file_id
    return {"upload_url": f"{world.base_url}/upload/v1/{opaque}", "file_id": file_id}


def receive(world: World, opaque: str, content: bytes) -> str | None:
    """Step 2: the bytes themselves. None when they are taken, else what is wrong."""
    file = world.files.get(world.upload_ids.get(opaque, ""))
    if file is None:
        return "unknown upload URL"
    if file.content is not None:
        return "uploaded before"
    if len(content) != file.length:
        return f"announced {file.length} bytes, got {len(content)}"
    file.content = content
    world.bell.ring()
    return None


def _announced(world: World, params: Params) -> list[StoredFile]:
    listed = params.get("files")
    if not isinstance(listed, list) or not listed:
        raise RefusedError("invalid_arguments")
    files = [world.files.get(str(item.get("id"))) for item in listed]
    ready = [file for file in files if file and file.content is not None and not file.completed]
    if len({file.id for file in ready}) < len(listed):  # all of them or none, and none twice
        raise RefusedError("file_not_found")
    for file, item in zip(ready, listed, strict=True):
        _no_address(world, "file title", item.get("title"))
        file.title = item.get("title") or file.name
    return ready


def complete_upload(world: World, params: Params) -> dict[str, Any]:
    """Step 3: shares the files in one message, written by the bot."""
    files = _announced(world, params)
    comment = params.get("initial_comment") or ""
    _no_address(world, "initial comment", comment)
    if params.get("channels"):
        world.complain("files.completeUploadExternal with channels: one channel_id only")
    if params.get("channel_id"):
        _share(world, params, files, str(comment))
    for file in files:
        file.completed = True
    world.bell.ring()
    # processing is asynchronous: shares, mimetype and permalink are not there yet
    return {"files": [{"id": file.id, "title": file.title, "shares": {}} for file in files]}


def _share(world: World, params: Params, files: list[StoredFile], comment: str) -> None:
    channel = channel_to_post_in(world, params["channel_id"])
    thread_ts = thread_of(world, channel, params)
    for file in files:
        file.channel, file.thread_ts = channel.id, thread_ts
    shared = tuple(SharedFile(file.id, file.name, file.title) for file in files)
    ts, bot = world.next_ts(), world.bot_user_id
    world.post(PostedMessage(channel.id, ts, thread_ts, bot, comment, [], files=shared))


def _existing(world: World, params: Params) -> StoredFile:
    file = world.files.get(str(params.get("file")))
    if file is None or not file.completed:
        raise RefusedError("file_not_found")
    if file.deleted:
        raise RefusedError("file_deleted")
    return file


def delete(world: World, params: Params) -> dict[str, Any]:
    """Remove the bot's own file; the message that shared it stays, as a tombstone."""
    file = _existing(world, params)
    if file.user != world.bot_user_id:
        raise RefusedError("cant_delete_file")
    file.deleted = True
    world.bell.ring()
    return {}


def info(world: World, params: Params) -> dict[str, Any]:
    file = _existing(world, params)
    shown = {"id": file.id, "name": file.name, "title": file.title, "size": file.length}
    return {"file": {**shown, "mimetype": "", "shares": {}}}
