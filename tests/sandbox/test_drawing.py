"""Blocks as Slack draws them, whatever the bot sends today."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, expect

from tests.sandbox.conftest import IN_BROWSER, Sandbox, sandbox_in
from tests.stand_ins.slack_world import PostedMessage

pytestmark = IN_BROWSER

Block = dict[str, Any]


def plain(text: str) -> Block:
    return {"type": "plain_text", "text": text}


def marked(text: str) -> Block:
    return {"type": "mrkdwn", "text": text}


def section(text: Block, **more: object) -> Block:
    return {"type": "section", "text": text, **more}


def button(label: str, **more: object) -> Block:
    return {"type": "button", "text": plain(label), "action_id": label, "value": "1", **more}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def canvas(browser: Browser) -> AsyncIterator[Sandbox]:
    """One page for all of these, which only add a message to it."""
    async with sandbox_in(browser) as opened:
        yield opened


async def drawn(canvas: Sandbox, *blocks: Block) -> Locator:
    """Post blocks past the stand-in's checks; the message as the page draws it."""
    slack = canvas.world.slack
    ts = slack.next_ts()
    slack.post(PostedMessage("C0LEGAL", ts, None, slack.bot_user_id, "drawn", list(blocks)))
    shown = canvas.page.locator(f'[data-ts="{ts}"]')
    await expect(shown).to_be_visible()
    return shown


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("*bold* _slanted_ ~gone~ `code`", "<strong>bold</strong> <em>slanted</em> <s>gone</s> "),
        ("a &lt;b&gt; &amp;amp; c", "a &lt;b&gt; &amp;amp; c"),
        ("2*3*4 snake_case_name", "2*3*4 snake_case_name"),
        ("<https://acme.example|site>", 'href="https://acme.example" '),
        ("<javascript:alert(1)|site>", "&lt;javascript:alert(1)|site&gt;"),
        ("<mailto:a@b.example|write>", 'href="mailto:a@b.example" '),
        ("<@U0BEN> in <#C0RANDOM>", '<span class="mention ">@ben</span> in '),
        ("<!channel>", '<span class="mention loud">@channel</span>'),
        ("<!date^0^{date_num}|then>", ">1970-01-01</time>"),
        ("<!date^0^{nonsense}|then>", ">{nonsense}</time>"),
        ("&gt; quoted\nnot", "<blockquote>quoted</blockquote>not"),
        ("```*as it is*```", "<pre>*as it is*</pre>"),
        ("<img src=x onerror=alert(1)>", "&lt;img src=x onerror=alert(1)&gt;"),
        ("one\ntwo", "one<br>two"),
    ],
)
async def test_mrkdwn(canvas: Sandbox, text: str, html: str) -> None:
    shown = await drawn(canvas, section(marked(text)))
    assert html in await shown.locator(".b-text").inner_html()


async def test_plain_text_is_never_marked_up(canvas: Sandbox) -> None:
    text = "*a* <b> &amp; <@U0BEN> :smile: <script>alert(1)</script>"
    shown = await drawn(canvas, section(plain(text)), {"type": "header", "text": plain(text)})
    assert await shown.locator(".b-text").text_content() == text
    assert await shown.get_by_role("heading").text_content() == text


async def test_verbatim_text_links_nothing_by_itself(canvas: Sandbox) -> None:
    text = "see https://acme.example/a_b_c."
    bare, verbatim = section(marked(text)), section(marked(text) | {"verbatim": True})
    assert await (await drawn(canvas, bare)).locator(".b-text a").count() == 1
    assert await (await drawn(canvas, verbatim)).locator(".b-text a").count() == 0


async def test_every_other_block(canvas: Sandbox) -> None:
    bold = {"type": "text", "text": "bold", "style": {"bold": True}}
    moment = {"type": "date", "timestamp": 0, "format": "{date_num}", "fallback": "then"}
    lines = {"type": "rich_text_section", "elements": [bold, moment]}
    rich = {"type": "rich_text", "elements": [lines]}
    listed = {"type": "rich_text_list", "style": "bullet", "elements": [lines, lines]}
    shown = await drawn(
        canvas,
        {"type": "section", "fields": [plain("one"), marked("*two*")]},
        {"type": "context", "elements": [plain("small"), marked("_print_")]},
        {"type": "divider"},
        {"type": "rich_text", "elements": [lines, listed]},
        {"type": "table", "rows": [[{"type": "raw_text", "text": "<b>"}], [rich]]},
    )
    await expect(shown.locator(".b-fields > *")).to_have_text(["one", "two"])
    await expect(shown.locator(".b-context > *")).to_have_text(["small", "print"])
    await expect(shown.get_by_role("separator")).to_have_count(1)
    await expect(shown.locator(".b-rich li strong")).to_have_text(["bold", "bold"])
    await expect(shown.get_by_role("columnheader")).to_have_text("<b>")
    await expect(shown.get_by_role("cell")).to_have_text("bold1970-01-01")
    await expect(shown.locator(".unknown")).to_have_count(0)


@pytest.mark.parametrize(
    "block",
    [
        {"type": "video"},
        {"type": "constructor"},
        {"type": "header"},
        {"type": "actions", "elements": [{"type": "datepicker"}]},
        {"type": "context", "elements": [{"type": "image"}]},
        {"type": "rich_text", "elements": [{"type": "rich_text_wobble", "elements": []}]},
        {"type": "table", "rows": [[{"type": "picture"}]]},
    ],
)
async def test_what_is_unknown_is_an_obvious_error(canvas: Sandbox, block: Block) -> None:
    shown = await drawn(canvas, block, section(plain("the rest stands")))
    await expect(shown.locator(".unknown")).to_contain_text("Unknown")
    await expect(shown).to_contain_text("the rest stands")


async def test_a_dangerous_button_asks_first(canvas: Sandbox) -> None:
    question = {
        "title": plain("Really?"),
        "text": marked("This is *final*."),
        "confirm": plain("Delete"),
        "deny": plain("Keep"),
    }
    shown = await drawn(
        canvas, section(plain("x"), accessory=button("Delete", style="danger", confirm=question))
    )
    await shown.get_by_role("button", name="Delete").click()
    dialog = canvas.page.get_by_role("dialog", name="Really?")
    await expect(dialog).to_contain_text("This is final.")
    before = canvas.world.wire.exchanges
    await dialog.get_by_role("button", name="Keep").click()
    assert canvas.world.wire.exchanges == before
    await shown.get_by_role("button", name="Delete").click()
    async with canvas.page.expect_response("**/press"):
        await dialog.get_by_role("button", name="Delete").click()
    assert canvas.world.wire.exchanges[-1].meaning == "somebody pressed a button"


async def test_an_overflow_menu_sends_the_chosen_option(canvas: Sandbox) -> None:
    options = [{"text": plain(each), "value": each} for each in ("First", "Second")]
    menu = {"type": "overflow", "action_id": "more", "options": options}
    shown = await drawn(canvas, {"type": "actions", "elements": [menu]})
    await shown.get_by_label("More actions").click()
    async with canvas.page.expect_response("**/press"):
        await shown.get_by_role("button", name="Second").click()
    assert '"value": "Second"' in canvas.world.wire.exchanges[-1].sent


async def test_a_deleted_file_and_a_deleted_message_say_so(sandbox: Sandbox) -> None:
    summary = await sandbox.looks_up("jane@example.com")
    await summary.get_by_role("button", name="View thread").click()
    slack = sandbox.world.slack
    for file in slack.files.values():
        file.deleted = True
    slack.bell.ring()
    await expect(sandbox.thread).to_contain_text("This file was deleted.")
    slack.in_channel("C0LEGAL")[-1].deleted = True
    slack.bell.ring()
    await expect(sandbox.messages.last).to_contain_text("This message was deleted.")
