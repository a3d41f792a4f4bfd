"""One browser for all tests, and for each a world and a page of its own."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, async_playwright, expect

from tests.sandbox import browser as browsers
from tests.sandbox.server import serving
from tests.sandbox.world import World, open_world

expect.set_options(timeout=15_000)

COMMAND = "/gong-lookup"


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

    async def looks_up(self, words: str) -> Locator:
        """Type the command; the summary that appears in the channel, with its file."""
        await self.types(f"{COMMAND} {words}")
        summary = self.messages.filter(has=self.page.get_by_role("button", name="Refresh")).last
        await expect(summary.get_by_role("button", name="View thread")).to_be_visible()
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


@asynccontextmanager
async def sandbox_in(
    browser: Browser, transport: str = "http", **look: object
) -> AsyncIterator[Sandbox]:
    """A sandbox in a fresh page. The page may not complain, nor may the stand-ins."""
    said: list[str] = []
    async with open_world(transport) as world, serving(world, 0) as url:
        context = await browser.new_context(**look)  # type: ignore[arg-type]  # Playwright's own options
        context.set_default_timeout(10_000)
        page = await context.new_page()
        page.on("console", lambda message: said.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: said.append(f"error: {error}"))
        await page.goto(url)
        await expect(page.locator("#channel-list button").first).to_be_attached()
        try:
            yield Sandbox(page, world, url)
        finally:
            await context.close()
        assert said == []
        assert world.slack.complaints + world.gong.complaints == []


@pytest_asyncio.fixture(loop_scope="session")
async def sandbox(browser: Browser) -> AsyncIterator[Sandbox]:
    async with sandbox_in(browser, viewport={"width": 1200, "height": 800}) as opened:
        yield opened
