"""What a legal team does on the page, from the first look-up to the file."""

import hashlib
import json
import re
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from tests.sandbox.conftest import COMMAND, IN_BROWSER, Sandbox, sandbox_in, sandbox_on

pytestmark = IN_BROWSER


async def test_one_click_on_the_empty_channel_gives_the_first_answer(sandbox: Sandbox) -> None:
    await sandbox.page.get_by_role("button", name=f"{COMMAND} jane@example.com").click()
    await expect(sandbox.messages).to_have_count(2)
    await expect(sandbox.messages.last).to_contain_text("Gong look-up: 267 references")
    await expect(sandbox.messages.last).to_contain_text("Case DSR-123")
    await expect(sandbox.page.get_by_role("heading", name="What does Gong hold")).to_be_hidden()


async def test_a_look_up_is_typed_read_pressed_and_paged(sandbox: Sandbox) -> None:
    summary = await sandbox.looks_up("jane@example.com DSR-9")
    await expect(sandbox.private).to_contain_text("Searching Gong for jane@example.com…")
    await expect(summary).to_contain_text("asked by @ana")
    await summary.get_by_role("button", name="Emails 243").click()
    await expect(summary).to_contain_text("3 replies")
    await summary.get_by_role("button", name="View thread").click()
    page = sandbox.thread.get_by_role("listitem").last
    await expect(page).to_contain_text("Emails 1–99 of 243")
    await expect(page.get_by_role("row")).to_have_count(100)
    await page.get_by_role("button", name="Next").click()
    await expect(page).to_contain_text("Emails 100–198 of 243")
    await page.get_by_role("button", name="Previous").click()
    await expect(page).to_contain_text("Emails 1–99 of 243")
    assert len(sandbox.world.gong.requests) == 2  # with the one before the channel was shared


async def test_the_download_is_what_gong_sent_byte_for_byte(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    summary = await sandbox.looks_up("jane@example.com")
    await summary.get_by_role("button", name="View thread").click()
    async with sandbox.page.expect_download() as waiting:
        await sandbox.thread.get_by_role("link", name=re.compile("^Download .*json$")).click()
    download = await waiting.value
    saved = tmp_path / download.suggested_filename
    await download.save_as(saved)
    assert saved.read_bytes() == sandbox.world.gong.requests[-1].answer
    digest = hashlib.sha256(saved.read_bytes()).hexdigest()
    await expect(sandbox.thread).to_contain_text(digest)


async def test_the_preview_keeps_long_numbers_as_gong_wrote_them(sandbox: Sandbox) -> None:
    summary = await sandbox.looks_up("test@test.com")
    await summary.get_by_role("button", name="View thread").click()
    await sandbox.thread.get_by_text("Preview").first.click()
    preview = sandbox.thread.get_by_role("region", name=re.compile("^Preview of .*json$"))
    await expect(preview).to_contain_text('"requestId": "')
    shown = await preview.text_content() or ""
    assert json.loads(shown) == json.loads(sandbox.world.gong.requests[-1].answer)


async def test_the_receipt_can_be_read_line_by_line(sandbox: Sandbox) -> None:
    summary = await sandbox.looks_up("jane@example.com DSR-9")
    await summary.get_by_role("button", name="View thread").click()
    await sandbox.thread.get_by_text("Preview").last.click()
    preview = sandbox.thread.get_by_role("region", name=re.compile("^Preview of .*receipt.txt$"))
    await expect(preview).to_contain_text("gong-lookup receipt: 1\nReceipt: R-")
    await expect(preview).to_contain_text("\nCase: DSR-9\nAddress searched: jane@example.com\n")


async def test_files_are_deleted_only_when_the_question_is_answered_so(sandbox: Sandbox) -> None:
    summary = await sandbox.looks_up("jane@example.com")
    await summary.get_by_role("button", name="View thread").click()
    delete = sandbox.thread.get_by_role("button", name="Delete the files")
    dialog = sandbox.page.get_by_role("dialog", name="Delete the files from Slack?")
    await delete.click()
    await expect(dialog).to_contain_text("Do not do this under a legal hold.")
    await dialog.get_by_role("button", name="Cancel").click()
    await expect(sandbox.thread.get_by_role("link", name="Download")).to_have_count(2)
    await delete.click()
    await dialog.get_by_role("button", name="Delete").click()
    await expect(sandbox.thread).to_contain_text("Files deleted by @ana on")
    await expect(sandbox.thread.get_by_text("This file was deleted.")).to_have_count(2)
    await expect(delete).to_have_count(0)


async def test_a_withdrawn_summary_says_by_whom_and_nothing_else(sandbox: Sandbox) -> None:
    summary = await sandbox.looks_up("jane@example.com")
    await summary.get_by_role("button", name="Withdraw").click()
    dialog = sandbox.page.get_by_role("dialog", name="Withdraw this message?")
    await dialog.get_by_role("button", name="Withdraw").click()
    withdrawn = sandbox.messages.filter(has_text="Withdrawn by @ana on")
    await expect(withdrawn).to_have_count(1)
    await expect(withdrawn).not_to_contain_text("jane@example.com")


async def test_rows_are_attached_as_a_spreadsheet(sandbox: Sandbox) -> None:
    summary = await sandbox.looks_up("jane@example.com")
    await summary.get_by_role("button", name="Calls 12").click()
    await summary.get_by_role("button", name="3 replies").click()
    await sandbox.thread.get_by_role("button", name="Rows as CSV").click()
    download = sandbox.thread.get_by_role("link", name=re.compile("^Download .*calls.csv$"))
    await expect(download).to_be_visible()
    await sandbox.thread.get_by_text("Preview").last.click()
    preview = sandbox.thread.get_by_role("region", name=re.compile("^Preview of .*calls.csv$"))
    await expect(preview).to_contain_text("Call,Status,Other systems")


async def test_a_refresh_puts_a_newer_summary_into_the_thread(sandbox: Sandbox) -> None:
    summary = await sandbox.looks_up("jane@example.com")
    await summary.get_by_role("button", name="Refresh").click()
    await expect(summary).to_contain_text("5 replies")
    await summary.get_by_role("button", name="View thread").click()
    await expect(sandbox.thread.get_by_role("button", name="Refresh")).to_have_count(2)


async def test_everybody_in_the_channel_sees_the_summary_but_not_the_private_line(
    sandbox: Sandbox,
) -> None:
    await sandbox.looks_up("jane@example.com")
    await sandbox.acts_as("ben")
    await expect(sandbox.messages).to_have_count(1)
    await expect(sandbox.messages).to_contain_text("asked by @ana")


async def test_the_keyboard_alone_is_enough(sandbox: Sandbox) -> None:
    keyboard = sandbox.page.keyboard
    await keyboard.press("Tab")
    await expect(sandbox.page.get_by_role("link", name="Skip to the message field")).to_be_focused()
    await keyboard.press("Enter")
    field = sandbox.page.get_by_role("textbox", name="Message #privacy-requests as @ana")
    await expect(field).to_be_focused()
    await keyboard.type("/go")
    await expect(
        sandbox.page.get_by_text("What does Gong hold about this address?")
    ).to_be_visible()
    await keyboard.press("Tab")
    await expect(field).to_have_value(f"{COMMAND} ")
    await keyboard.type("jane@example.com")
    await keyboard.press("Enter")
    emails = sandbox.page.get_by_role("button", name="Emails 243")
    await expect(emails).to_be_visible()
    await emails.focus()
    await keyboard.press("Enter")
    replies = sandbox.page.get_by_role("button", name="3 replies")
    await expect(replies).to_be_visible()
    await replies.focus()
    await keyboard.press("Enter")
    await expect(sandbox.thread.get_by_role("heading", name="Thread")).to_be_focused()
    following = sandbox.thread.get_by_role("button", name="Next")
    await following.focus()
    await keyboard.press("Enter")
    await expect(sandbox.thread).to_contain_text("Emails 100–198 of 243")
    await expect(following).to_be_focused()
    await keyboard.press("Escape")
    await expect(sandbox.thread).to_be_hidden()
    await expect(field).to_be_focused()


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("hello", "Only /gong-lookup can be typed here"),
        ("", "Type /gong-lookup and an email address first."),
        ("/gong-lookups jane@example.com", "Only /gong-lookup can be typed here"),
    ],
)
async def test_the_field_takes_nothing_but_the_command(
    sandbox: Sandbox, typed: str, told: str
) -> None:
    await sandbox.types(typed)
    await expect(sandbox.page.get_by_role("alert")).to_contain_text(told)
    await expect(sandbox.messages).to_have_count(0)


async def test_a_person_in_the_panel_fills_the_field(sandbox: Sandbox) -> None:
    await sandbox.page.get_by_role("button", name="nobody@example.com").click()
    field = sandbox.page.get_by_role("textbox", name="Message")
    await expect(field).to_have_value(f"{COMMAND} nobody@example.com")
    await expect(field).to_be_focused()


async def test_new_messages_are_said_to_screen_readers(sandbox: Sandbox) -> None:
    await sandbox.looks_up("jane@example.com")
    await expect(sandbox.page.locator("#spoken")).to_contain_text("Gong look-up: 267 references")


async def test_the_json_of_a_message_is_shown_and_opens_in_the_builder(sandbox: Sandbox) -> None:
    summary = await sandbox.looks_up("jane@example.com")
    await summary.get_by_role("button", name="JSON").click()
    dialog = sandbox.page.get_by_role("dialog", name="Blocks of this message")
    shown = json.loads(await dialog.locator("pre").text_content() or "")
    posted = sandbox.world.slack.in_channel("C0LEGAL")[-1]
    assert shown == {"blocks": posted.blocks, "text": posted.text}
    await dialog.get_by_role("button", name="Close").click()
    await expect(dialog).to_be_hidden()
    builder = summary.get_by_role("link", name="Block Kit Builder")
    href = await builder.get_attribute("href") or ""
    assert href.startswith("https://app.slack.com/block-kit-builder/#%7B%22blocks%22%3A")


async def test_the_wire_shows_both_directions_and_no_secret(sandbox: Sandbox) -> None:
    await sandbox.looks_up("jane@example.com")
    await sandbox.page.get_by_role("button", name="Wire").click()
    wire = sandbox.page.get_by_role("region", name="Wire")
    for one in ("somebody typed the command", "what does Gong hold?", "upload 3 of 3"):
        await expect(wire.get_by_text(one)).to_be_visible()
    await wire.get_by_text("somebody typed the command").click()
    await expect(wire).to_contain_text("v0=••••••••")
    await expect(wire.get_by_text("200 acknowledged")).to_be_visible()
    everything = await wire.text_content() or ""
    slack, gong = sandbox.world.slack, sandbox.world.gong
    secrets = {slack.bot_token, slack.signing_secret, gong.access_key_secret}
    secrets |= slack.response_urls.keys() | slack.upload_ids.keys() | sandbox.world.wire.secrets
    assert [secret for secret in secrets if secret in everything] == []


async def test_socket_mode_answers_as_well(page: Page) -> None:
    async with sandbox_on(page, "socket") as sandbox:
        summary = await sandbox.looks_up("jane@example.com")
        await expect(summary).to_contain_text("267 references")
        await sandbox.page.get_by_role("button", name="Wire").click()
        await expect(sandbox.page.get_by_text("socket envelope")).to_be_visible()


async def test_times_are_the_readers_own(browser: Browser) -> None:
    async with sandbox_in(browser, timezone_id="Asia/Kolkata", locale="en-GB") as sandbox:
        summary = await sandbox.looks_up("jane@example.com")
        stamp = await summary.locator(".b-context time").get_attribute("title") or ""
        hours, minutes = map(int, stamp.removesuffix(" UTC").split(":"))
        local = (hours * 60 + minutes + 330) % 1440
        expected = f"{local // 60}:{local % 60:02} for you"
        await expect(summary.locator(".b-context time")).to_have_text(expected)
