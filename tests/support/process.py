"""`python app.py` as a process of its own, which ends with the block."""

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from coverage import Coverage

from tests.support.paths import ROOT

KEPT = ("PATH", "HOME", "LANG", "TMPDIR")
LONGEST_S = 25.0
"""Heroku kills after 30."""
START_S = 50.0
"""On a busy machine."""


@dataclass
class Served:
    """A process, and what it has written."""

    process: Process
    out: list[str] = field(default_factory=list)
    err: str = ""

    async def until(self, event: str) -> dict[str, Any]:
        """The line of its log with this event; everything before it has been read then, too."""
        assert self.process.stdout is not None
        async with asyncio.timeout(START_S):
            async for raw in self.process.stdout:
                self.out.append(raw.decode())
                line: dict[str, Any] = json.loads(raw)
                if line["event"] == event:
                    return line
        msg = f"it ended before {event!r}: {self.out}"
        raise AssertionError(msg)

    async def ends(self) -> int:
        """The exit code."""
        async with asyncio.timeout(LONGEST_S):
            out, err = await self.process.communicate()
        self.out.append((out or b"").decode())
        self.err = err.decode()
        assert self.process.returncode is not None
        return self.process.returncode

    @property
    def text(self) -> str:
        """All that it wrote, once it has ended."""
        return "".join(self.out) + self.err


@asynccontextmanager
async def started(
    environ: Mapping[str, str],
    *arguments: str,
    cwd: Path = ROOT,
    out: int | IO[bytes] = PIPE,
    is_covered: bool = False,
) -> AsyncIterator[Served]:
    """Python with these arguments and no settings but these; killed if it has not ended.

    Only where the command line itself is tested is its coverage counted: that takes time and
    memory.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *arguments,
        env=kept(is_covered=is_covered) | dict(environ),
        cwd=cwd,
        stdout=out,
        stderr=PIPE,
    )
    served = Served(process)
    try:
        yield served
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()


def kept(*, is_covered: bool = True) -> dict[str, str]:
    """What Python needs, and perhaps what counts the coverage of what runs in other processes."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    if is_covered and Coverage.current():
        # https://coverage.readthedocs.io/en/latest/subprocess.html
        kept["COVERAGE_PROCESS_START"] = str(ROOT / "pyproject.toml")
    return kept
