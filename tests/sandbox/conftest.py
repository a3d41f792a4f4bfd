"""One browser for all tests, and for each a world of its own."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest
import pytest_asyncio
from playwright.async_api import (
    Browser,
    ConsoleMessage,
    Error,
    Locator,
    Page,
    async_playwright,
    expect,
)

from tests.sandbox import browser as browsers
from tests.sandbox.server import serving
from tests.sandbox.world import World, open_world

expect.set_options(timeout=15_000)

COMMAND = "/gong-lookup"
IN_BROWSER = pytest.mark.asyncio(loop_scope="session")
"""One loop for the one browser."""


@dataclass
class Sandbox:
    """What a test looks at and touches."""

    page: Page
    world: World
    url: str

    async def types(self, text: str) -> None:
        """Type into the message field, as a person would, and send it."""
        await self.page.get_by_role("textbox", name="Message").fill(text)
        await self.page.keyboard.press("Enter")

    async def looks_up(self, words: str, replies: str = "2 replies") -> Locator:
        """Type the command; the summary that appears, once everything under it is there."""
        await self.types(f"{COMMAND} {words}")
        summary = self.messages.filter(has=self.page.get_by_role("button", name="Refresh")).last
        await expect(summary.get_by_role("button", name=replies)).to_be_visible()
        return summary

    async def acts_as(self, name: str) -> None:
        await self.page.get_by_role("radio", name=f"@{name}").check()

    async def goes_to(self, channel: str) -> None:
        channels = self.page.get_by_role("navigation", name="Channels and people")
        await channels.get_by_role("button", name=channel).click()

    @property
    def messages(self) -> Locator:
        return self.page.locator("#messages > li")

    @property
    def private(self) -> Locator:
        return self.messages.filter(has_text="Only visible to you")

    @property
    def thread(self) -> Locator:
        return self.page.get_by_role("complementary", name="Thread")


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    path = browsers.found()
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("There is no browser: .ci/run should have installed chromium.")
        pytest.skip(browsers.MISSING)
    async with async_playwright() as playwright:
        opened = await browsers.launched(playwright, path)
        yield opened
        await opened.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def page(browser: Browser) -> AsyncIterator[Page]:
    """Most tests take the same page one after the other, for a new one costs half a second."""
    async with page_in(browser, viewport={"width": 1200, "height": 800}) as opened:
        yield opened


@asynccontextmanager
async def page_in(browser: Browser, **look: object) -> AsyncIterator[Page]:
    context = await browser.new_context(**look)  # type: ignore[arg-type]  # Playwright's own options
    context.set_default_timeout(10_000)
    try:
        yield await context.new_page()
    finally:
        await context.close()


@asynccontextmanager
async def sandbox_on(page: Page, transport: str = "http") -> AsyncIterator[Sandbox]:
    """A sandbox shown in this page. The page may not complain, nor may the stand-ins."""
    said: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        said.append(f"{message.type}: {message.text}")

    def fail(error: Error) -> None:
        said.append(f"error: {error}")

    async with open_world(transport) as world, serving(world, 0) as url:
        page.on("console", hear)
        page.on("pageerror", fail)
        try:
            await page.goto(url)
            await expect(page.locator("#channel-list button").first).to_be_attached()
            yield Sandbox(page, world, url)
        finally:
            await page.goto("about:blank")  # nothing of it is left, nor does it look for the server
            page.remove_listener("console", hear)
            page.remove_listener("pageerror", fail)
        assert said == []
        assert world.slack.complaints + world.gong.complaints == []


@asynccontextmanager
async def sandbox_in(browser: Browser, **look: object) -> AsyncIterator[Sandbox]:
    """A sandbox in a page that looks like this."""
    async with page_in(browser, **look) as page, sandbox_on(page) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="session")
async def sandbox(page: Page) -> AsyncIterator[Sandbox]:
    async with sandbox_on(page) as opened:
        yield opened
