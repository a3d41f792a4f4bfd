"""Every mood of Gong and Slack, as the person who asked sees it."""

import pytest
from playwright.async_api import expect

from tests.sandbox.conftest import COMMAND, IN_BROWSER, Sandbox
from tests.stand_ins.people import PEOPLE

pytestmark = IN_BROWSER

POSTED = {
    "test@test.com": "Gong look-up: 5 references",
    "jane@example.com": "Gong look-up: 267 references",
    "jane.doe@example.com": "Gong look-up: 267 references",
    "nobody@example.com": "No references returned",
    "partial@example.com": "Calls  not returned by Gong",
    "odd@example.com": "Gong look-up:",
    "nan@example.com": "Gong look-up:",
    "slow@example.com": "Gong look-up: 267 references",
    "limited@example.com": "Gong look-up: 267 references",
}
TOLD = {
    "blocked@example.com": "Gong asks your company's integrations to pause",
    "denied@example.com": "Gong refused our credentials (HTTP 401",
    "untrusted@example.com": "does not trust the network",
    "moved@example.com": "wrong address for Gong (HTTP 302",
    "employee@example.com": "Gong rejected this address",
    "broken@example.com": "Gong reported a fault of its own (HTTP 500",
    "html@example.com": "not an answer of Gong that can be read",
    "dropped@example.com": "Gong could not be reached",
}


async def test_every_mood_is_shown() -> None:
    assert POSTED.keys() | TOLD.keys() | {"many@example.com"} == PEOPLE.keys()


@pytest.mark.parametrize(("address", "words"), POSTED.items())
async def test_an_answer_is_posted_with_its_file(
    sandbox: Sandbox, address: str, words: str
) -> None:
    summary = await sandbox.looks_up(address)
    await expect(summary).to_contain_text(words)
    await expect(summary.locator(".unknown")).to_have_count(0)


@pytest.mark.parametrize(("address", "words"), TOLD.items())
async def test_a_failure_is_told_to_nobody_else(sandbox: Sandbox, address: str, words: str) -> None:
    await sandbox.types(f"{COMMAND} {address}")
    await expect(sandbox.private.last).to_contain_text("did NOT complete")
    await expect(sandbox.private.last).to_contain_text(words)
    await expect(sandbox.messages).to_have_count(2)  # both private
    await expect(sandbox.private).to_have_count(2)


async def test_a_long_pause_is_told_and_a_restart_ends_it(sandbox: Sandbox) -> None:
    await sandbox.types(f"{COMMAND} blocked@example.com")
    notice = sandbox.page.get_by_text("Gong has asked for a pause of ten minutes")
    await expect(notice).to_be_visible()
    await notice.get_by_role("button", name="Restart the bot").click()
    await expect(notice).to_be_hidden()
    await expect(await sandbox.looks_up("jane@example.com")).to_contain_text("267 references")


async def test_buttons_still_work_after_a_restart(sandbox: Sandbox) -> None:
    summary = await sandbox.looks_up("jane@example.com")
    await sandbox.world.restart()
    await summary.get_by_role("button", name="Calls 12").click()
    await expect(summary).to_contain_text("3 replies")


async def test_the_pages_of_50000_emails_can_be_walked(sandbox: Sandbox) -> None:
    summary = await sandbox.looks_up("many@example.com")
    await expect(summary).to_contain_text("50,000 mailbox copies")
    await summary.get_by_role("button", name="Emails 50,000").click()
    await expect(summary).to_contain_text("3 replies")
    await summary.get_by_role("button", name="View thread").click()
    await sandbox.thread.get_by_role("button", name="Next").click()
    await expect(sandbox.thread).to_contain_text("Emails 100–198 of 50,000")


@pytest.mark.parametrize(
    ("channel", "words"),
    [
        ("random", "Not available here. Gong was not asked"),
        ("direct message", "Not available here. Gong was not asked"),
        ("with-outside-counsel", "People outside your organisation can read this channel"),
    ],
)
async def test_the_wrong_channel_is_refused(sandbox: Sandbox, channel: str, words: str) -> None:
    asked = len(sandbox.world.gong.requests)
    await sandbox.goes_to(channel)
    await sandbox.types(f"{COMMAND} jane@example.com")
    await expect(sandbox.private.last).to_contain_text(words)
    assert len(sandbox.world.gong.requests) == asked


async def test_a_guest_is_refused(sandbox: Sandbox) -> None:
    await sandbox.acts_as("guest")
    await sandbox.types(f"{COMMAND} jane@example.com")
    await expect(sandbox.private.last).to_contain_text("Guests may search only when")
    await expect(sandbox.messages).to_have_count(await sandbox.private.count())


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("out", "Not available from this workspace"),
        ("ana", "People outside your organisation can read this channel"),
    ],
)
async def test_a_click_in_the_shared_channel_is_refused(
    sandbox: Sandbox, name: str, words: str
) -> None:
    asked = len(sandbox.world.gong.requests)
    await sandbox.acts_as(name)
    await sandbox.goes_to("with-outside-counsel")
    await sandbox.messages.first.get_by_role("button", name="Emails 1").click()
    await expect(sandbox.private).to_contain_text(words)
    await expect(sandbox.messages.first).to_contain_text("2 replies")
    assert len(sandbox.world.gong.requests) == asked


async def test_an_outsider_sees_the_shared_channel_only(sandbox: Sandbox) -> None:
    await sandbox.acts_as("out")
    channels = sandbox.page.locator("#channel-list button")
    await expect(channels).to_have_count(1)
    await expect(channels).to_contain_text("with-outside-counsel")


async def test_slack_limits_posting(sandbox: Sandbox) -> None:
    await sandbox.page.get_by_role("switch", name="Posting is limited").check()
    await sandbox.types(f"{COMMAND} jane@example.com")
    await expect(sandbox.private.last).to_contain_text("Slack asks for a pause")
    await sandbox.page.get_by_role("switch", name="Posting is limited").uncheck()
    await sandbox.looks_up("jane@example.com")


async def test_the_file_is_attached_after_all_once_uploads_work(sandbox: Sandbox) -> None:
    await sandbox.page.get_by_role("switch", name="Uploads fail").check()
    summary = await sandbox.looks_up("jane@example.com", "1 reply")
    await sandbox.page.get_by_role("switch", name="Uploads fail").uncheck()
    await summary.get_by_role("button", name="View thread").click()
    await sandbox.thread.get_by_role("button", name="Attach the file again").click()
    await expect(sandbox.thread.get_by_role("link", name="Download")).to_have_count(2)
    await expect(sandbox.thread).to_contain_text("has been attached after all")


async def test_the_bot_is_invited_as_it_asks_to_be(sandbox: Sandbox) -> None:
    absent = sandbox.page.get_by_role("switch", name="The bot is not invited")
    await absent.check()
    await sandbox.types(f"{COMMAND} jane@example.com")
    await expect(sandbox.private.last).to_contain_text("Type /invite @gong-lookup here")
    await sandbox.types("/invite @gong-lookup")
    await expect(absent).not_to_be_checked()
    await sandbox.looks_up("jane@example.com")


async def test_a_bot_that_is_gone_is_told_as_slack_does(sandbox: Sandbox) -> None:
    await sandbox.world.close()
    await sandbox.types(f"{COMMAND} jane@example.com")
    await expect(sandbox.private).to_contain_text('failed with the error "operation_timeout"')
