"""`make soak`: the real bot under load and faults; nothing may be lost, doubled or leaked.

The bot runs as a process of its own, between the two stand-ins in this one. A look-up is
accepted when Slack gets its acknowledgement, and carries a case of its own, by which its summary
is known; private sentences are known by the `response_url` that they went to. Of an accepted
look-up, in the end,

    answered   one summary stands in the channel, and its thread has the files and the message
               under them, or says that they are missing, or else the person was told
    told       no summary, and at least one private sentence besides "Searching Gong…"
    lost       neither
    doubled    more than one summary

Clicks end in what they ask for or in a private sentence, in the same way.
"""

import argparse
import asyncio
import random
import secrets
import signal
import sys

import aiohttp

from tests.soak.account import Account
from tests.soak.load import LONGEST_S, Load
from tests.soak.report import report
from tests.soak.troubles import POOR
from tests.soak.world import ADMINS, MoodyGong, WatchedSlack
from tests.support.house import environment
from tests.support.process import started


async def soak(transport: str, seconds: float, dice: random.Random) -> bool:
    """Run and print; whether every promise was kept."""
    more = {"ALERT_CHANNEL": ADMINS, "CACHE_TTL_SECONDS": "10", "CACHE_MAX_MEGABYTES": "16"}
    async with WatchedSlack(dice) as slack, MoodyGong(dice) as gong:
        slack.transport = transport
        async with (
            started(environment(slack, gong, transport, **more), "-c", POOR) as served,
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as client,
        ):
            port = (await served.until("listening"))["port"]
            slack.request_url = f"http://127.0.0.1:{port}/slack/events"
            await served.until("ready")
            if transport == "socket":
                await slack.until_socket_connected()
            account = Account(slack)
            load = Load(dice, slack, served, port, client, seconds, account)
            reading = asyncio.create_task(load.read_log())
            await load.run()
            served.process.send_signal(signal.SIGTERM)
            await asyncio.wait({reading}, timeout=LONGEST_S)
            exit_code = await served.ends()
        return report(transport, seconds, account, exit_code)


def main(arguments: list[str]) -> int:
    """Returns 1 when a promise was broken."""
    parser = argparse.ArgumentParser(prog="make soak")
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--transport", choices=["both", "http", "socket"], default="both")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**6))
    told = parser.parse_args(arguments)
    ways = ["http", "socket"] if told.transport == "both" else [told.transport]
    print(f"{told.seconds:.0f} s of load in all, seed {told.seed}; then what is still open ends.")
    dice = random.Random(told.seed)  # noqa: S311  # load that can be had again, no secret
    kept = [asyncio.run(soak(way, told.seconds / len(ways), dice)) for way in ways]
    print("every promise kept" if all(kept) else "BROKEN: see ✗")
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
