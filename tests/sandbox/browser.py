"""Debian's Chromium or its like, found on PATH; `python -m tests.sandbox.browser` tells if not."""

import os
import shutil

from playwright.async_api import Browser, Playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
MISSING = (
    "The browser tests were skipped, for there is no chromium or google-chrome on PATH. "
    "To run them: apt-get install chromium"
)
QUIET = [  # without these, Chromium looks for its maker's hosts at every start
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
]


def found() -> str | None:
    """The path of a browser, if there is one."""
    return next((path for path in map(shutil.which, NAMES) if path), None)


async def launched(playwright: Playwright, path: str) -> Browser:
    """A browser without a window."""
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0  # Chromium's sandbox refuses root
    arguments = [*QUIET, *(["--no-sandbox"] if is_root else [])]
    return await playwright.chromium.launch(executable_path=path, args=arguments)


if __name__ == "__main__":
    if found() is None:
        print(MISSING)
