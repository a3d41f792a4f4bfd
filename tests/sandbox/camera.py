"""`make pictures`: the README's two pictures of the sandbox, taken anew."""

import asyncio
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from playwright.async_api import Browser, Page, ViewportSize, async_playwright

from bot import logs
from tests.sandbox import browser as browsers
from tests.sandbox.server import serving
from tests.sandbox.world import open_world

FOLDER = Path(__file__).resolve().parent / "pictures"


@dataclass(frozen=True, slots=True)
class Picture:
    """What is shown, and how."""

    name: str
    size: ViewportSize
    scheme: Literal["dark", "light"]
    with_thread: bool
    scale: float


PICTURES = (
    Picture("desktop.png", {"width": 1280, "height": 740}, "light", with_thread=True, scale=1),
    Picture("phone-dark.png", {"width": 390, "height": 760}, "dark", with_thread=False, scale=2),
)


def main() -> int:
    """Take both; returns the exit code."""
    path = browsers.found()
    if path is None:
        print("There is no chromium or google-chrome on PATH: apt-get install chromium")
        return 1
    with Path("/dev/null").open("w") as nowhere:
        logs.configure("INFO", nowhere.write)
        asyncio.run(_take_all(path))
    return 0


async def _take_all(path: str) -> None:
    FOLDER.mkdir(exist_ok=True)
    async with async_playwright() as playwright:
        browser = await browsers.launched(playwright, path)
        for picture in PICTURES:
            await _take(browser, picture)
        await browser.close()


async def _take(browser: Browser, picture: Picture) -> None:
    async with open_world() as world, serving(world, 0) as url:
        context = await browser.new_context(
            viewport=picture.size,
            color_scheme=picture.scheme,
            device_scale_factor=picture.scale,
            locale="en-US",
            timezone_id="America/New_York",
        )
        page = await context.new_page()
        await page.goto(url)
        await _look_up(page)
        if picture.with_thread:
            await _open_emails(page)
        await page.mouse.move(0, 0)
        target = FOLDER / picture.name
        await page.screenshot(path=target)
        await context.close()
    print(f"{target.name}  {target.stat().st_size // 1024} KB")


async def _look_up(page: Page) -> None:
    await page.get_by_role("textbox", name="Message").fill("/gong-lookup jane@example.com DSR-123")
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="2 replies").wait_for()


async def _open_emails(page: Page) -> None:
    await page.get_by_role("button", name="Emails 243").click()
    await page.get_by_role("button", name="3 replies").click()
    thread = page.get_by_role("complementary", name="Thread")
    file = thread.get_by_role("listitem").filter(has_text="Exactly the bytes")
    await file.evaluate("node => node.scrollIntoView()")


if __name__ == "__main__":
    sys.exit(main())
