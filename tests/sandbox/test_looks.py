"""Light and dark, wide and narrow: everything is there, and can be read."""

from typing import Any

import pytest
from playwright.async_api import Browser, expect

from tests.sandbox.conftest import COMMAND, IN_BROWSER, sandbox_in

pytestmark = IN_BROWSER

WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 360, "height": 720}
AA, AA_LARGE = 4.5, 3.0

# every visible text with the colours of it and of what is behind it
TEXTS = """() => {
  const colour = (text) => text.match(/[\\d.]+/g).map(Number);
  const behind = (node) => {
    for (let one = node; one; one = one.parentElement) {
      const found = colour(getComputedStyle(one).backgroundColor);
      if (found.length < 4 || found[3] === 1) return found;
    }
    return [255, 255, 255];
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const seen = [];
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim();
    const node = walker.currentNode.parentElement;
    const style = getComputedStyle(node);
    const box = node.getBoundingClientRect();
    if (!text || box.width < 2 || style.visibility === "hidden") continue;
    const size = parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.6 && Number(style.fontWeight) >= 700);
    seen.push({ text: text.slice(0, 40), isLarge, front: colour(style.color), back: behind(node) });
  }
  return seen;
}"""


def contrast(front: list[float], back: list[float]) -> float:
    """The ratio of WCAG 2.2: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio."""
    lighter, darker = sorted((_luminance(front), _luminance(back)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: list[float]) -> float:
    linear = [
        part / 255 / 12.92 if part / 255 <= 0.04045 else ((part / 255 + 0.055) / 1.055) ** 2.4
        for part in colour[:3]
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
async def test_every_text_stands_out_from_its_ground(
    browser: Browser, scheme: str, size: dict[str, int]
) -> None:
    async with sandbox_in(browser, viewport=size, color_scheme=scheme) as sandbox:
        summary = await sandbox.looks_up("jane@example.com")
        await summary.get_by_role("button", name="Emails 243").click()
        await summary.get_by_role("button", name="3 replies").click()
        await sandbox.page.get_by_role("button", name="Wire").click()
        texts: list[dict[str, Any]] = await sandbox.page.evaluate(TEXTS)
        faint = [
            one["text"]
            for one in texts
            if contrast(one["front"], one["back"]) < (AA_LARGE if one["isLarge"] else AA)
        ]
        assert len(texts) > 50
        assert faint == []


async def test_360_pixels_are_enough(browser: Browser) -> None:
    async with sandbox_in(browser, viewport=NARROW) as sandbox:
        page = sandbox.page
        await page.get_by_role("button", name="Channels").click()
        await sandbox.goes_to("random")
        await sandbox.types(f"{COMMAND} jane@example.com")
        await expect(sandbox.private).to_contain_text("Not available here")
        await page.get_by_role("button", name="Channels").click()
        await sandbox.goes_to("privacy-requests")
        await page.get_by_role("button", name="Who to ask about").first.click()
        await page.get_by_role("button", name="jane@example.com a rich contact").click()
        await page.keyboard.press("Enter")
        await page.get_by_role("button", name="Emails 243").click()
        await page.get_by_role("button", name="3 replies").click()
        await expect(sandbox.thread).to_contain_text("Emails 1–99 of 243")
        await sandbox.thread.get_by_role("button", name="Next").click()
        await expect(sandbox.thread).to_contain_text("Emails 100–198 of 243")
        width = await page.evaluate("() => document.documentElement.scrollWidth")
        assert width == NARROW["width"]


async def test_a_private_answer_behind_the_thread_is_told(browser: Browser) -> None:
    async with sandbox_in(browser, viewport=NARROW) as sandbox:
        summary = await sandbox.looks_up("jane@example.com")
        await summary.get_by_role("button", name="2 replies").click()
        sandbox.world.turn("posting", is_on=True)
        await sandbox.thread.get_by_role("button", name="Calls 12").click()
        told = sandbox.page.get_by_role("button", name="New in the channel (only visible to you)")
        await told.click()
        await expect(sandbox.thread).to_be_hidden()
        await expect(sandbox.private.last).to_contain_text("Slack asks for a pause")


async def test_every_control_has_a_name(browser: Browser) -> None:
    async with sandbox_in(browser, viewport=WIDE) as sandbox:
        await sandbox.looks_up("jane@example.com")
        controls = sandbox.page.locator("button, a, input, summary").filter(visible=True)
        assert await controls.count() > 30
        unnamed = [
            shown for one in await controls.all() if '"' not in (shown := await one.aria_snapshot())
        ]
        assert unnamed == []
