"""The parts that several messages share: origin lines, buttons, and what a withdrawal leaves."""

from datetime import datetime

from bot.messages.buttons import Action, Button, encode
from bot.models import Case, Evidence
from bot.slack import block_kit
from bot.slack.block_kit import Block, Message
from bot.wording import utc_time

_STAYS = (
    "What was downloaded, and what your company preserves, stays. Do not do this under a legal "
    "hold."
)


def gong_request(evidence: Evidence) -> str:
    """`request 4al018gzaztcr8nbukw`: Gong's support asks for it."""
    return f"request {evidence.answer.request_id or 'without an id'}"


def answered_element(evidence: Evidence) -> Block:
    """When Gong answered: in UTC for the record, and in the reader's own time."""
    moment = evidence.answered_at
    local = f"<!date^{int(moment.timestamp())}^{{time}} for you|{moment:%H:%M} UTC>"
    return block_kit.mrkdwn(f"Gong answered {utc_time(moment)} ({local})")


def case_elements(case: Case | None) -> list[Block]:
    """The case, where there is one."""
    return [block_kit.plain_text(f"Case {case}")] if case else []


def user_element(verb: str, user_id: str) -> Block:
    """`asked by @ana`."""
    return block_kit.mrkdwn(f"{verb} by <@{user_id}>")


def button(label: str, action: Action, state: Button, confirm: Block | None = None) -> Block:
    """A button with its state, and perhaps a question before it is pressed for good."""
    return block_kit.button(label, action.value, encode(state), confirm)


def withdraw_button(state: Button) -> Block:
    """[Withdraw], under a summary and under each page."""
    question = (
        "Its text and buttons go; who withdrew it, when, and the receipt id stay. Files and other "
        f"messages in the thread have buttons of their own. {_STAYS}"
    )
    asked = block_kit.confirmation("Withdraw this message?", question, "Withdraw")
    return button("Withdraw", Action.WITHDRAW, state, asked)


def delete_button(state: Button) -> Block:
    """[Delete the files], under the files it speaks of."""
    is_spreadsheet = len(state.files) == 1
    what = "file" if is_spreadsheet else "files"
    loses = (
        "the spreadsheet" if is_spreadsheet else "Gong's answer and its receipt, the proof of it"
    )
    question = (
        f"Everybody in this channel loses {loses}: save what you need first. Other messages and "
        f"files in the thread stay. {_STAYS}"
    )
    asked = block_kit.confirmation(f"Delete the {what} from Slack?", question, "Delete")
    return button(f"Delete the {what}", Action.DELETE_FILES, state, asked)


def withdrawn_message(what: str, user_id: str, at: datetime, receipt_id: str) -> Message:
    """All that is left: who, when, and the receipt id."""
    said = block_kit.mrkdwn(f"{what} by <@{user_id}> on {utc_time(at)} · receipt {receipt_id}")
    return block_kit.compose([block_kit.context(said)], [], [said])
