"""How long it takes: each measure asks the real process, and what it is compared with, by turns."""

import asyncio
from contextlib import AsyncExitStack
from operator import itemgetter
from statistics import median

from tests.bench.answers import answer
from tests.bench.asking import KEPT, MS, Effort, ask, people
from tests.bench.load import Target, lines, request
from tests.bench.samples import Samples, percentile
from tests.bench.scene import SLOW_MS, TYPICAL, address
from tests.bench.stage import Stage, alone


async def ack(stage: Stage, effort: Effort, samples: Samples) -> None:
    """One command at a time: the ack, and the kept answer's summary."""
    bot, tutorial = (await stage.bot()).target(), (await stage.tutorial()).target(ends="completed")
    floors = await stage.floor()
    bare, ready_made = floors.target("/ack"), floors.target("/kept", "posted")
    async with AsyncExitStack() as stack:
        ana, floor, pupil = [
            await stack.enter_async_context(people(target, 1)) for target in (bot, bare, tutorial)
        ]
        (line,) = floor.values()
        await ask(stage, bot, ana, KEPT)
        for _ in range(effort.rounds):
            ours, least, posts, theirs = [], [], [], []
            for number in range(effort.commands):
                ours.append(await ask(stage, bot, ana, KEPT))
                least.append(await line.ack_s(request(bare, KEPT)))
                posts.append(await ask(stage, ready_made, floor, KEPT))
                if number % 10 == 0:
                    theirs.append(await ask(stage, tutorial, pupil, KEPT))
            acked = median(asked.acks[0] for asked in ours) * MS
            samples.add("ack", acked, median(least) * MS)
            samples.add("tutorial", median(asked.acks[0] for asked in theirs) * MS, acked)
            summary, beside = (median(each.last_summary for each in some) for some in (ours, posts))
            samples.add("kept", summary * MS, beside * MS)


async def cold(stage: Stage, effort: Effort, samples: Samples) -> None:
    """A kept answer for somebody whom Slack has to be asked about, and then once more."""
    bot = (await stage.bot()).target()
    async with lines(bot, 1) as (line,):
        await ask(stage, bot, {"U0COLD": line}, KEPT)
        for number in range(effort.rounds):
            first, again = [], []
            for place in range(effort.commands // 3):
                newcomer = {f"U0COLD{number}X{place}": line}
                first.append((await ask(stage, bot, newcomer, KEPT)).last_summary)
                again.append((await ask(stage, bot, newcomer, KEPT)).last_summary)
            samples.add("cold", median(first) * MS, median(again) * MS)


async def fresh(stage: Stage, effort: Effort, samples: Samples) -> None:
    """Many ask at once about the same address: a kept one, which warms what is known of them.

    Then one that Gong takes its time for.
    """
    bot, floor = (await stage.bot()).target(), (await stage.floor()).target("/fresh")
    for number in effort.people:
        await _by_tutorial(stage, number, samples)
        async with people(bot, number) as ours, people(floor, number) as theirs:
            await ask(stage, bot, ours, KEPT)
            for _ in range(effort.rounds):
                kept = await ask(stage, bot, ours, KEPT)
                samples.add(f"p99 {number:,}", percentile(kept.acks, 99) * MS)
                await asyncio.sleep(effort.turn_s)
                found = await ask(stage, bot, ours, address(TYPICAL, SLOW_MS))
                least = await ask(stage, floor, theirs, address(TYPICAL, SLOW_MS))
                over, beside = (each.last_summary * MS - SLOW_MS for each in (found, least))
                samples.add(f"fresh {number:,}", over, beside)
                samples.add(f"bot {number:,}", over)
                samples.add(f"floor {number:,}", beside)
                samples.add(f"calls {number:,}", found.calls)
    samples.by_key["crowd"] = samples.by_key[f"p99 {effort.people[-1]:,}"]


async def _by_tutorial(stage: Stage, number: int, samples: Samples) -> None:
    """Once: it asks Gong for each of them."""
    target = (await stage.tutorial()).target(ends="completed")
    async with people(target, number) as pupils:
        found = await ask(stage, target, pupils, address(TYPICAL, SLOW_MS))
        samples.add(f"tutor {number:,}", found.last_summary * MS - SLOW_MS)


async def read(stage: Stage, effort: Effort, samples: Samples) -> None:
    """Three ways to read an answer, in a process that does nothing else."""
    del stage
    for number in effort.references:
        rounds = effort.long_rounds
        async with alone("-m", "tests.bench.reading", str(number), str(rounds)) as process:
            for _ in range(rounds):
                took = await process.until("read")
                samples.add(f"read {number:,}", took["bot"] * MS, took["floor"] * MS)
                samples.add(f"json {number:,}", took["json"] * MS, took["bot"] * MS)


async def size(stage: Stage, effort: Effort, samples: Samples) -> None:
    """How long a fresh answer takes, by its size; Gong has it ready."""
    bot = (await stage.bot()).target()
    async with people(bot, 1) as ana:
        for number in effort.references:
            await ask(stage, bot, ana, address(number))
            for _ in range(effort.long_rounds):
                await asyncio.sleep(effort.turn_s)
                found = await ask(stage, bot, ana, address(number))
                samples.add(f"size {number:,}", found.last_summary * MS)


async def stall(stage: Stage, effort: Effort, samples: Samples) -> None:
    """Others ask for a kept answer, every few milliseconds, until the large file has arrived."""
    bot = (await stage.bot()).target()
    async with people(bot, 2) as both:
        await ask(stage, bot, both, KEPT)
        for _ in range(effort.long_rounds):
            await asyncio.sleep(effort.turn_s)
            samples.add("stall", await _worst_ack_beside(stage, bot, effort.large) * MS)


async def _worst_ack_beside(stage: Stage, bot: Target, references: int) -> float:
    stage.outside.told.clear()
    uploaded, whole = stage.outside.told["uploaded"], len(answer(references))
    async with lines(bot, 2) as (ana, ben):
        acks = [await ana.ack_s(request(bot, address(references)))]
        while not any(file["bytes"] >= whole for file in uploaded):
            acks.append(await ben.ack_s(request(bot, KEPT, "U00001")))
            await asyncio.sleep(0.005)
    await stage.outside.until(bot.ends, len(acks))
    return max(acks)


async def file(stage: Stage, effort: Effort, samples: Samples) -> None:
    """A kept answer's file, from the place that Slack gives for it until its last byte."""
    typed = address(effort.largest)
    bot, floor = (await stage.bot()).target(), (await stage.floor()).target("/file")
    async with people(bot, 1) as ana, lines(floor, 1) as (line,):
        await ask(stage, bot, ana, typed)
        for _ in range(effort.long_rounds):
            await ask(stage, bot, ana, typed)
            ours = max(stage.outside.told["uploaded"], key=itemgetter("bytes"))["took_s"]
            stage.outside.told.clear()
            await line.ack_s(request(floor, typed))
            theirs = (await stage.outside.until("uploaded"))[0]["took_s"]
            samples.add("file", ours * MS, theirs * MS)
