"""Slack's Web API is as strict as the real one: shown with the real client."""

from typing import Any

import aiohttp
import httpx
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from tests.stand_ins.faults import Fault
from tests.stand_ins.slack import Slack
from tests.support.posting import SILENT, actions, button, plain


async def test_a_message_is_posted_edited_and_deleted(slack: Slack, client: AsyncWebClient) -> None:
    posted = await client.chat_postMessage(channel="C0LEGAL", text="one", **SILENT)
    await client.chat_update(channel="C0LEGAL", ts=posted["ts"], text="two", blocks=[])
    (message,) = slack.in_channel("C0LEGAL")
    assert (message.text, message.edits) == ("two", [("one", [])])
    too_long = {"channel": "C0LEGAL", "ts": posted["ts"], "text": "é" * 2001}
    assert await refusal(client, "chat.update", **too_long) == "msg_too_long"
    await client.chat_update(channel="C0LEGAL", ts=posted["ts"], text="é" * 2000)
    await client.chat_delete(channel="C0LEGAL", ts=posted["ts"])
    assert slack.in_channel("C0LEGAL") == []
    assert slack.complaints == []


async def refusal(client: AsyncWebClient, method: str, **params: object) -> str:
    with pytest.raises(SlackApiError) as refused:
        await client.api_call(method, json=params)
    return str(refused.value.response["error"])


@pytest.mark.parametrize(
    ("method", "params", "error"),
    [
        ("chat.postMessage", {"channel": "C0LEGAL", "text": " "}, "no_text"),
        ("chat.postMessage", {"channel": "C0LEGAL", "blocks": [{"type": "divider"}]}, "no_text"),
        ("chat.postMessage", {"channel": "C0NOBOT", "text": "x"}, "channel_not_found"),
        ("chat.postMessage", {"channel": "C0RANDOM", "text": "x"}, "not_in_channel"),
        (
            "chat.postMessage",
            {"channel": "C0LEGAL", "text": "x", "thread_ts": "1.000001"},
            "thread_not_found",
        ),
        (
            "chat.postMessage",
            {"channel": "C0LEGAL", "text": "x", "blocks": [{"type": "header", "text": plain("")}]},
            "invalid_blocks",
        ),
        ("chat.update", {"channel": "C0LEGAL", "ts": "1.0", "text": "x"}, "message_not_found"),
        ("conversations.info", {"channel": "C0NOBOT"}, "channel_not_found"),
        ("users.info", {"user": "U0NOBODY"}, "user_not_found"),
        ("files.delete", {"file": "F0NONE"}, "file_not_found"),
        ("files.info", {"file": "F0NONE"}, "missing_scope"),
        ("chat.scheduleMessage", {}, "unknown_method"),
        ("apps.connections.open", {}, "not_allowed_token_type"),
    ],
)
async def test_slack_refuses(
    client: AsyncWebClient, method: str, params: dict[str, object], error: str
) -> None:
    assert await refusal(client, method, **params) == error


async def test_a_reply_to_a_reply_is_refused(slack: Slack, client: AsyncWebClient) -> None:
    top = await client.chat_postMessage(channel="C0LEGAL", text="top", **SILENT)
    thread: dict[str, Any] = {"channel": "C0LEGAL", "thread_ts": top["ts"]}
    reply = await client.chat_postMessage(**thread, text="reply", **SILENT)
    assert [m.text for m in slack.in_thread(slack.messages[0])] == ["reply"]
    deeper = thread | {"thread_ts": reply["ts"], "text": "x"}
    assert await refusal(client, "chat.postMessage", **deeper) == "thread_not_found"


async def test_a_missing_scope_is_named_and_the_granted_ones_are_sent(
    slack: Slack, client: AsyncWebClient
) -> None:
    slack.scopes.remove("groups:read")
    with pytest.raises(SlackApiError) as refused:
        await client.conversations_info(channel="C0LEGAL")
    assert refused.value.response["needed"] == "groups:read"
    answer = await client.auth_test()
    assert answer.headers["x-oauth-scopes"] == ",".join(sorted(slack.scopes))


@pytest.mark.parametrize(("token", "error"), [("", "not_authed"), ("xoxb-no", "invalid_auth")])
async def test_a_wrong_token_is_refused(slack: Slack, token: str, error: str) -> None:
    assert await refusal(AsyncWebClient(token, base_url=slack.api_url), "auth.test") == error


async def test_bad_manners_are_complained_about(slack: Slack, client: AsyncWebClient) -> None:
    blocks = [actions(button(action_id="jane@example.com"))]
    metadata = {"event_type": "x", "event_payload": {"who": "jane@example.com"}}
    await client.chat_postMessage(channel="C0LEGAL", text="x", blocks=blocks, metadata=metadata)
    await client.chat_postEphemeral(channel="C0LEGAL", user="U0ANA", text="x")
    await client.files_getUploadURLExternal(filename="jane@example.com.json", length=3)
    assert len(slack.complaints) == 6


async def test_members_come_by_pages(client: AsyncWebClient) -> None:
    first = await client.conversations_members(channel="C0LEGAL", limit=3)
    cursor = first["response_metadata"]["next_cursor"]
    second = await client.conversations_members(channel="C0LEGAL", limit=3, cursor=cursor)
    assert [*first["members"], *second["members"]] == ["U0ANA", "U0BEN", "U0BOT", "U0GUEST"]
    assert second["response_metadata"]["next_cursor"] == ""


async def test_flags_tell_guests_and_shared_channels(slack: Slack, client: AsyncWebClient) -> None:
    slack.users["U0ANA"].missing.add("is_restricted")
    guest, ana = await client.users_info(user="U0GUEST"), await client.users_info(user="U0ANA")
    shared = await client.conversations_info(channel="C0SHARED")
    assert guest["user"]["is_restricted"]
    assert "is_restricted" not in ana["user"]
    assert shared["channel"]["is_ext_shared"]


async def test_a_file_takes_three_steps_into_a_thread(slack: Slack, client: AsyncWebClient) -> None:
    top = await client.chat_postMessage(channel="C0LEGAL", text="top", **SILENT)
    uploads = [
        {"filename": "a.json", "content": b"{}", "title": "Answer"},
        {"filename": "b.json", "content": b"[1]"},
    ]
    done = await client.files_upload_v2(
        file_uploads=uploads, channel="C0LEGAL", thread_ts=top["ts"], initial_comment="two files"
    )
    (reply,) = slack.in_thread(slack.messages[0])
    assert [(f.name, slack.files[f.id].content) for f in reply.files] == [
        ("a.json", b"{}"),
        ("b.json", b"[1]"),
    ]
    assert reply.text == "two files"
    first, second = (file["id"] for file in done["files"])
    await client.files_delete(file=first)
    assert await refusal(client, "files.delete", file=first) == "file_deleted"
    assert (slack.files[second].deleted, slack.in_thread(slack.messages[0])) == (False, [reply])
    slack.files[second].user = "U0BEN"
    assert await refusal(client, "files.delete", file=second) == "cant_delete_file"
    assert slack.complaints == []


async def test_files_are_shared_together_or_not_at_all(
    slack: Slack, client: AsyncWebClient
) -> None:
    begun = [await client.files_getUploadURLExternal(filename=n, length=1) for n in ("a", "b")]
    first, second = ({"id": one["file_id"]} for one in begun)
    async with httpx.AsyncClient() as http:
        await http.post(begun[0]["upload_url"], content=b"1")
    assert await refusal(client, "files.delete", file=first["id"]) == "file_not_found"
    for files in ([first, second], [first, first], [first, {}]):
        sharing = {"files": files, "channel_id": "C0LEGAL"}
        assert await refusal(client, "files.completeUploadExternal", **sharing) == "file_not_found"
    assert (slack.files[first["id"]].completed, slack.messages) == (False, [])


async def test_a_file_needs_bytes_a_membership_and_the_right_length(
    slack: Slack, client: AsyncWebClient
) -> None:
    empty = {"filename": "a.json", "length": 0}
    assert await refusal(client, "files.getUploadURLExternal", **empty) == "invalid_arguments"
    begun = await client.files_getUploadURLExternal(filename="a.json", length=3)
    files = [{"id": begun["file_id"], "title": "a"}]
    complete = {"files": files, "channel_id": "C0LEGAL"}
    assert await refusal(client, "files.completeUploadExternal", **complete) == "file_not_found"
    async with httpx.AsyncClient() as http:
        assert (await http.post(begun["upload_url"], content=b"12")).status_code == 400
        assert (await http.post(begun["upload_url"], content=b"123")).status_code == 200
    complete["channel_id"] = "C0RANDOM"
    assert await refusal(client, "files.completeUploadExternal", **complete) == "not_in_channel"
    assert not slack.files[begun["file_id"]].completed


async def test_a_sixth_use_of_a_response_url_is_refused(slack: Slack) -> None:
    webhook = AsyncWebhookClient(slack.new_response_url("U0ANA", "C0RANDOM"))
    answers = [await webhook.send(text=f"line {number}") for number in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [404]
    assert answers[5].body == "used_url"
    assert [line.text for line in slack.private] == [f"line {number}" for number in range(5)]


async def test_ordered_trouble_comes_once_and_in_order(
    slack: Slack, client: AsyncWebClient
) -> None:
    slack.fail("auth.test", retry_after=2)
    slack.fail("auth.test", error="fatal_error", status=500)
    with pytest.raises(SlackApiError) as limited:
        await client.auth_test()
    assert limited.value.response.status_code == 429
    assert limited.value.response.headers["Retry-After"] == "2"
    assert await refusal(client, "auth.test") == "fatal_error"
    assert (await client.auth_test())["ok"]
    assert [call.error for call in slack.calls] == ["ratelimited", "fatal_error", None]


async def test_trouble_can_stand_until_it_is_taken_away(
    slack: Slack, client: AsyncWebClient
) -> None:
    slack.faults.standing["auth.test"] = Fault(error="fatal_error")
    slack.fail("auth.test", error="internal_error")
    errors = [await refusal(client, "auth.test") for _ in range(3)]
    assert errors == ["internal_error", "fatal_error", "fatal_error"]
    del slack.faults.standing["auth.test"]
    assert (await client.auth_test())["ok"]


async def test_an_answer_can_be_lost_after_the_message_was_posted(
    slack: Slack, client: AsyncWebClient
) -> None:
    client.retry_handlers.clear()
    slack.fail("chat.postMessage", drop=True, after=True)
    with pytest.raises(aiohttp.ClientError):
        await client.chat_postMessage(channel="C0LEGAL", text="posted", **SILENT)
    assert [message.text for message in slack.in_channel("C0LEGAL")] == ["posted"]


async def test_waiting_in_vain_tells_what_there_was(slack: Slack, client: AsyncWebClient) -> None:
    await client.auth_test()
    with pytest.raises(AssertionError, match=r"call auth\.test ok=True"):
        await slack.until(lambda: slack.messages, timeout_s=0.05)
