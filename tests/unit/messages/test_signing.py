"""Signed values: they open for their own action and channel, under their own key, and else not."""

import base64
import hmac

import pytest

from bot.messages.buttons import Action
from bot.messages.signing import Signer
from bot.refusals import ButtonUnreadable
from bot.slack import block_kit
from bot.slack.block_kit import Message

KEY = b"an-audit-key-made-up-for-the-tests"
SIGNER = Signer(KEY)
STATE = '[2,"jane@example.com",null]'


def value_of(state: str = STATE, channel: str = "C0LEGAL", signer: Signer = SIGNER) -> str:
    pressable = block_kit.button("Refresh", Action.REFRESH, state)
    message = Message("text", (block_kit.header("Title"), block_kit.actions(pressable)))
    signed = signer.sign(channel, message)
    assert signed.blocks[0] == message.blocks[0]
    assert signed.text == "text"
    value: str = signed.blocks[1]["elements"][0]["value"]
    return value


def test_a_value_opens_for_its_own_action_and_channel() -> None:
    assert SIGNER.open("C0LEGAL", Action.REFRESH, value_of()) == STATE


@pytest.mark.parametrize(
    ("channel", "action"),
    [("C0OTHER", "refresh"), ("C0LEGAL", "withdraw"), ("C0LEGAL\nrefresh", ""), ("", "refresh")],
)
def test_it_opens_for_no_other(channel: str, action: str) -> None:
    with pytest.raises(ButtonUnreadable):
        SIGNER.open(channel, action, value_of())


@pytest.mark.parametrize("place", range(len(value_of())))
def test_a_letter_that_was_changed_spoils_it(place: int) -> None:
    value = value_of()
    letter = "A" if value[place] != "A" else "B"
    with pytest.raises(ButtonUnreadable):
        SIGNER.open("C0LEGAL", Action.REFRESH, value[:place] + letter + value[place + 1 :])


@pytest.mark.parametrize("value", ["", STATE, "é" * 43 + STATE, "\ud83d" * 50, "A" * 43])
def test_what_was_never_signed_does_not_open(value: str) -> None:
    with pytest.raises(ButtonUnreadable):
        SIGNER.open("C0LEGAL", Action.REFRESH, value)


def test_a_value_under_another_key_does_not_open() -> None:
    with pytest.raises(ButtonUnreadable):
        SIGNER.open("C0LEGAL", Action.REFRESH, value_of(signer=Signer(b"another key" * 3)))


def test_buttons_are_signed_under_a_key_for_them_alone() -> None:
    signed = f"C0LEGAL\n{Action.REFRESH}\n{STATE}"
    mac = base64.urlsafe_b64encode(hmac.digest(KEY, signed.encode(), "sha256")).decode()
    with pytest.raises(ButtonUnreadable):
        SIGNER.open("C0LEGAL", Action.REFRESH, mac.rstrip("=") + STATE)
