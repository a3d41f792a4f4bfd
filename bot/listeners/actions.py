"""Listens to buttons: acknowledge, decode what was pressed, and start its answer."""

import contextlib

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext

from bot.listeners.boundary import Boundary
from bot.lookup.flow import LookupFlow
from bot.lookup.presses import Presses
from bot.messages.buttons import Action, Button, Press, decode
from bot.messages.signing import Signer
from bot.refusals import ButtonUnreadable
from bot.slack.payloads import Click

_ONCE_FOR_ALL = {Action.ATTACH}
"""Of these one press is enough, whoever presses first."""

_PressKey = tuple[str, ...]


class Actions:
    """Listens to every button of ours; knows the presses under way."""

    def __init__(self, flow: LookupFlow, boundary: Boundary, signer: Signer) -> None:
        """Hand presses to `Presses`, within the boundary."""
        self._presses, self._boundary, self._signer = Presses(flow), boundary, signer
        self._under_way: set[_PressKey] = set()

    async def on_click(self, ack: AsyncAck, context: AsyncBoltContext) -> None:
        """Acknowledge a click, and answer it if the button is one of ours."""
        await ack()
        click: Click = context["parsed"]
        if click.pressed.action_id in set(Action):
            press = self._open(click)
            search = press.carried.search_as_carried() if press.carried else None
            self._boundary.start(press.asker, search, self._answer(press))

    async def _answer(self, press: Press) -> None:
        """Answer a press; an impatient second one, while the first is under way, is ignored."""
        whose = "" if press.action in _ONCE_FOR_ALL else press.asker.user_id
        key = (press.asker.channel_id, whose, press.message_ts, press.action)
        if key in self._under_way:
            return
        self._under_way.add(key)
        try:
            await self._presses.answer(press, self._boundary.us())
        finally:
            self._under_way.discard(key)

    def _open(self, click: Click) -> Press:
        action_id, channel_id = click.pressed.action_id, click.container.channel_id
        state: Button | None = None
        if click.stands_in_its_message:
            with contextlib.suppress(ButtonUnreadable):
                state = decode(self._signer.open(channel_id, action_id, click.pressed.value))
        return Press(
            click.asker,
            Action(action_id),
            state,
            click.message_ts,
            click.root_ts,
            click.is_in_its_channel,
        )
