"""What a bot takes that has just been started: time until it is ready, and memory."""

import sys
import time
from pathlib import Path

import psutil

from tests.bench.answers import answer
from tests.bench.asking import MS, Effort, ask, people
from tests.bench.samples import Samples
from tests.bench.scene import TYPICAL, address
from tests.bench.stage import Running, Stage, alone

MB = 1_000_000
MEGABYTE = 1024**2
"""As the setting counts them."""

TELLS_PEAKS = Path("/proc/self/clear_refs").exists()

IMPORTS = """
import slack_bolt.async_app, httpx, aiohttp, signal
print('{"event": "ready"}', flush=True)
signal.pause()
"""


async def start(stage: Stage, effort: Effort, samples: Samples) -> None:
    """Until it is ready, Slack answering at once; beside Python importing what it stands on."""
    for _ in range(effort.rounds):
        began = time.monotonic()
        async with stage.another_bot() as bot:
            took_s, rss = time.monotonic() - began, bot.rss()
        began = time.monotonic()
        async with alone("-c", IMPORTS) as imports:
            await imports.until("ready")
            imports_took_s = time.monotonic() - began
            imports_rss = psutil.Process(imports.process.pid).memory_info().rss
        samples.add("start", took_s * MS, imports_took_s * MS)
        samples.add("idle", rss / MB, imports_rss / MB)


async def peak(stage: Stage, effort: Effort, samples: Samples) -> None:
    """The most memory that the largest answer takes, from Gong's first byte to Slack's last."""
    if not TELLS_PEAKS:
        print("peak: only Linux tells how much memory a process had at most", file=sys.stderr)
        return
    for _ in range(effort.long_rounds):
        async with stage.another_bot() as bot, people(bot.target(), 1) as ana:
            await ask(stage, bot.target(), ana, address(TYPICAL))
            idle = bot.rss()
            bot.forget_peak()
            await ask(stage, bot.target(), ana, address(effort.largest))
            above = bot.peak_rss() - idle
        samples.add("peak", above / MB, len(answer(effort.largest)) / MB)


async def held(stage: Stage, effort: Effort, samples: Samples) -> None:
    """Weigh answers that are kept; then ask for more than may be, and see how many still are."""
    each = len(answer(effort.held))
    room = each * (effort.answers + 1.5)
    for _ in range(min(2, effort.long_rounds)):
        async with stage.another_bot(CACHE_MAX_MEGABYTES=str(room / MEGABYTE)) as bot:
            first = await _look_up(stage, bot, effort, 1)
            before = bot.rss()
            weighed = await _look_up(stage, bot, effort, effort.answers)
            grown = bot.rss() - before
            more = await _look_up(stage, bot, effort, effort.answers)
            kept = await _still_kept(stage, bot, first + weighed + more)
        samples.add("held", grown / MB, effort.answers * each / MB)
        samples.add("cap", kept * each / MB, room / MB)


async def _look_up(stage: Stage, bot: Running, effort: Effort, answers: int) -> list[str]:
    """So many addresses that have been asked about, one after the other."""
    asked = [address(effort.held) for _ in range(answers)]
    async with people(bot.target(), 1) as ana:
        for typed in asked:
            await ask(stage, bot.target(), ana, typed)
    return asked


async def _still_kept(stage: Stage, bot: Running, asked: list[str]) -> int:
    """How many answers come without a call to Gong, from the newest on."""
    async with people(bot.target(), 1) as ana:
        for kept, typed in enumerate(reversed(asked)):
            if (await ask(stage, bot.target(), ana, typed)).calls:
                return kept
    return len(asked)
