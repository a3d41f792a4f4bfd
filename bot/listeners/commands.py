"""Listens to the slash command: acknowledge with a sentence, and start the look-up."""

from dataclasses import replace

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext

from bot.listeners.boundary import Boundary
from bot.lookup.command import is_help, is_without_address
from bot.lookup.flow import LookupFlow
from bot.messages.ephemeral import help_text, not_understood_text
from bot.models import Asker, Identity, Question, Search
from bot.slack.block_kit import text_message
from bot.slack.payloads import Command


class Commands:
    """Listens to `/gong-lookup`."""

    def __init__(self, flow: LookupFlow, boundary: Boundary) -> None:
        """Hand commands to `flow`, within the boundary."""
        self._flow, self._boundary = flow, boundary

    async def on_command(self, ack: AsyncAck, context: AsyncBoltContext) -> None:
        """Acknowledge a command; what it says is seen by whoever typed it only."""
        command: Command = context["parsed"]
        sentence = self._boundary.answer(command.asker, lambda: self._accept(command))
        if not sentence:
            await ack()
            return
        message = text_message(sentence)
        await ack(text=message.text, blocks=message.blocks, response_type="ephemeral")

    def _accept(self, command: Command) -> str:
        us = self._boundary.us()
        if is_help(command.text):
            return help_text(self._boundary.details())
        if is_without_address(command.text):
            return not_understood_text(self._boundary.details())
        search, sentence = self._flow.accept(command.asker, command.text, us)
        # A case that has not been judged may be anything, and stays out of the trail.
        unjudged = replace(search, question=Question(search.question.email))
        self._boundary.start(command.asker, unjudged, self._look_up(command.asker, search, us))
        return sentence

    async def _look_up(self, asker: Asker, search: Search, us: Identity) -> None:
        await self._flow.admit(asker, search, us)
        await self._boundary.run(asker, search, self._flow.look_up(asker, search, us))
