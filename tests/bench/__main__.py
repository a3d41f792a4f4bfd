"""`make bench`: how fast and how small, in ratios that mean something on any machine.

Options: make bench ARGS="--quick --only ack --only kept"
"""

import argparse
import asyncio
import os
import platform
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from tests.bench import report
from tests.bench.asking import FULL, QUICK
from tests.bench.measures import MEASURES, run

PAGE = Path(__file__).resolve().parent.parent.parent / "docs" / "benchmarks.md"


def main(arguments: Sequence[str]) -> int:
    """Measure, and say what was found; returns the exit code."""
    chosen = parser().parse_args(arguments)
    if chosen.markdown and (chosen.quick or chosen.only):
        print("The page gets a whole run only: no --quick, no --only.", file=sys.stderr)
        return 2
    effort = QUICK if chosen.quick else FULL
    samples = asyncio.run(
        run(effort, chosen.only, lambda name: print(f"{name} …", file=sys.stderr, flush=True))
    )
    print(report.as_json(samples) if chosen.json else report.text(samples))
    if chosen.markdown:
        section = report.markdown(samples, datetime.now(UTC).date(), machine())
        PAGE.write_text(report.put_into(PAGE.read_text("utf-8"), section), "utf-8")
    return 0


def parser() -> argparse.ArgumentParser:
    """The options."""
    made = argparse.ArgumentParser(prog="make bench", description=__doc__)
    made.add_argument("--quick", action="store_true", help="few rounds, for a try-out")
    made.add_argument(
        "--only",
        action="append",
        default=[],
        choices=MEASURES,
        help="this measure; may be repeated",
    )
    made.add_argument("--json", action="store_true", help="every round, instead of the table")
    made.add_argument("--markdown", action="store_true", help="also write docs/benchmarks.md")
    return made


def machine() -> str:
    """`2 cores, Python 3.13.0 on Linux`."""
    return f"{os.cpu_count()} cores, Python {platform.python_version()} on {platform.system()}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
