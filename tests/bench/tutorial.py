"""The same job the way tutorials write it: Bolt as it comes, a client for each call.

    python -m tests.bench.tutorial URL-OF-OUTSIDE

It works, and it is what a first version looks like: no limits, no authorization, nothing kept,
nothing shared, and whatever fails is silence.
"""

import asyncio
import json
import sys
from typing import Any

import httpx
from aiohttp import web
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.gong.client import PATH
from tests.bench.lines import tell
from tests.bench.scene import GONG_KEY, SIGNING_SECRET, SLACK_TOKEN


def tutorial_app(outside: str) -> AsyncApp:
    """Bolt with one listener."""
    slack = AsyncWebClient(token=SLACK_TOKEN, base_url=f"{outside}/api/")
    app = AsyncApp(client=slack, signing_secret=SIGNING_SECRET)

    @app.command("/gong-lookup")
    async def look_up(ack: AsyncAck, command: dict[str, Any], client: AsyncWebClient) -> None:
        await ack(f"Searching Gong for {command['text']}…")
        async with httpx.AsyncClient(auth=GONG_KEY, timeout=30) as gong:
            response = await gong.get(outside + PATH, params={"emailAddress": command["text"]})
        found = response.json()
        lines = [f"*{name}*: {len(rows)}" for name, rows in found.items() if name != "requestId"]
        text = "\n".join([f"Gong look-up: {command['text']}", *lines])
        section = {"type": "section", "text": {"type": "mrkdwn", "text": text}}
        channel = command["channel_id"]
        posted = await client.chat_postMessage(channel=channel, text=text, blocks=[section])
        await client.files_upload_v2(
            channel=channel,
            thread_ts=posted["ts"],
            filename="gong.json",
            content=json.dumps(found, indent=2),
        )

    return app


async def main(outside: str) -> None:
    """Bolt's own web server, on a free port."""
    runner = web.AppRunner(tutorial_app(outside).web_app(), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    tell("listening", port=runner.addresses[0][1])
    tell("ready")
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
