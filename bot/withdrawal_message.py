"""What may be taken back, how one is asked before it is, and what stands there afterwards."""

from datetime import datetime

from bot import blocks
from bot.blocks import Block, Message
from bot.buttons import Action, Button
from bot.words import utc

_STAYS = (
    "What was downloaded, and what your company preserves, stays. Do not do this under a legal "
    "hold."
)


def withdraw_button(state: Button) -> Block:
    """[Withdraw], under a summary and under each page."""
    question = (
        "Its text and buttons go; who withdrew it, when, and the receipt id stay. Files and other "
        f"messages in the thread have buttons of their own. {_STAYS}"
    )
    asked = blocks.confirmation("Withdraw this message?", question, "Withdraw")
    return blocks.button("Withdraw", Action.WITHDRAW, state, asked)


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
    asked = blocks.confirmation(f"Delete the {what} from Slack?", question, "Delete")
    return blocks.button(f"Delete the {what}", Action.DELETE_FILES, state, asked)


def withdrawn_message(what: str, user_id: str, at: datetime, receipt_id: str) -> Message:
    """All that is left: who, when, and the receipt id."""
    said = blocks.mrkdwn(f"{what} by <@{user_id}> on {utc(at)} · receipt {receipt_id}")
    return blocks.message([blocks.context(said)], [], [said])
