"""Socket Mode: Slack's payloads over a WebSocket that we open, for networks with no way in.

https://docs.slack.dev/apis/events-api/using-socket-mode
"""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from slack_bolt.response import BoltResponse
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot import logs
from bot.slack.payloads import MalformedPayload
from bot.state.replay import SeenRequests


@asynccontextmanager
async def connect(
    receive: Callable[[dict[str, Any]], Awaitable[BoltResponse]],
    web: AsyncWebClient,
    app_token: str,
) -> AsyncIterator[SocketModeClient]:
    """Hold a connection until the block ends; the client reconnects by itself.

    `receive` answers one payload: `Dispatcher.receive`.
    """
    seen = SeenRequests()

    async def respond(client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        if not seen.is_first(request.envelope_id):  # Slack, or somebody between, sent it again
            await client.send_socket_mode_response(SocketModeResponse(request.envelope_id))
            return
        try:
            payload = request.payload if isinstance(request.payload, dict) else {}
            reply = await receive(payload)
        except MalformedPayload:
            logs.event("malformed_payload")
            reply = BoltResponse(status=200)
        answer = json.loads(reply.body) if reply.body else None
        await client.send_socket_mode_response(SocketModeResponse(request.envelope_id, answer))

    client = SocketModeClient(app_token, web_client=web)
    client.socket_mode_request_listeners.append(respond)
    try:
        await client.connect()  # type: ignore[no-untyped-call]  # slack_sdk has no types here
        yield client
    finally:
        await client.close()  # type: ignore[no-untyped-call]  # slack_sdk has no types here
