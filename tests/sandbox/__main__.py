"""`make sandbox`: the real bot between a made-up Slack and a made-up Gong, in a browser.

Nothing leaves this computer. Options: make sandbox ARGS="--port 9000 --no-browser"
"""

import argparse
import asyncio
import os
import signal
import sys
import webbrowser
from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Thread

import stamina.instrumentation

from bot import logs
from tests.sandbox.server import PortTaken, serving
from tests.sandbox.world import open_world

PORT = 8000
EXIT_PORT = 2


def main(arguments: Sequence[str], environ: Mapping[str, str]) -> int:
    """Run until Ctrl-C; returns the exit code."""
    chosen = _parser().parse_args(arguments)
    with Path(os.devnull).open("w") as nowhere:
        logs.configure("INFO", nowhere.write)
        stamina.instrumentation.set_on_retry_hooks([])
        try:
            asyncio.run(_serve(chosen, environ))
        except PortTaken as exc:
            print(exc, file=sys.stderr)
            return EXIT_PORT
    print("\nStopped.")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.sandbox", description=__doc__)
    parser.add_argument("--port", type=_port, default=PORT, help=f"default: {PORT}")
    parser.add_argument(
        "--socket", action="store_true", help="let Slack reach the bot by Socket Mode, not HTTP"
    )
    parser.add_argument("--no-browser", action="store_true", help="do not open a browser")
    return parser


def _port(text: str) -> int:
    if not text.isdigit() or int(text) > 65535:
        message = f"{text!r} is no port: a number from 1 to 65535 is"
        raise argparse.ArgumentTypeError(message)
    return int(text)


async def _serve(chosen: argparse.Namespace, environ: Mapping[str, str]) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with (
        open_world("socket" if chosen.socket else "http") as world,
        serving(world, chosen.port) as url,
    ):
        print(f"The sandbox is ready: {url}   (Ctrl-C stops it)", flush=True)
        if not chosen.no_browser:
            # a thread that nobody waits for: some browsers keep their caller until they close
            Thread(target=_open, args=(url, environ), daemon=True).start()
        await stop.wait()


def _open(url: str, environ: Mapping[str, str]) -> None:
    """Open a browser that has a window, or say that there is none."""
    has_screen = sys.platform in {"darwin", "win32"} or bool(
        environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY")
    )
    if not has_screen or not webbrowser.open(url):
        print("No browser was found on this machine: open that address in yours.", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
