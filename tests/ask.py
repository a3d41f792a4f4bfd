"""`make ask EMAIL=test@test.com`: one look-up by the real bot, shown in the terminal.

The bot runs between the two stand-ins in this process: the command goes over HTTP, each button
is pressed, and the JSON file is saved in the current folder. Without EMAIL, lists who to ask about.
"""

import asyncio
import hashlib
import sys
from collections.abc import Callable
from pathlib import Path

from bot import logs
from tests.house import House, open_house
from tests.stand_ins.people import PEOPLE
from tests.stand_ins.person import Person
from tests.stand_ins.slack_world import PostedMessage
from tests.terminal import draw, draw_private

CHANNEL = "C0LEGAL"
LONGEST_S = 70


def main(arguments: list[str]) -> int:
    """Ask, or list who can be asked about."""
    if not arguments or not arguments[0]:
        print("make ask EMAIL=… [CASE=…], with one of these, or anybody else:\n")
        for address, someone in PEOPLE.items():
            print(f"  {address:28} {someone.label}")
        return 0
    with Path("/dev/null").open("w") as nowhere:
        logs.configure("INFO", nowhere)
        return asyncio.run(_ask(" ".join(arguments).strip()))


async def _ask(words: str) -> int:
    async with open_house() as house:
        ana = Person(house.slack, "U0ANA")
        print(f"#privacy-requests  @ana types: /gong-lookup {words}\n")
        ack = await ana.types(words, channel=CHANNEL)
        print(f"acknowledged in {ack.ms:.1f} ms")
        await house.slack.until(lambda: _is_over(house), timeout_s=LONGEST_S)
        _show_private(house)
        posted = house.slack.in_channel(CHANNEL)
        if not posted:
            return 1
        print(f"\n{draw(posted[0])}\n")
        await _follow_thread(house, ana, posted[0])
        return _save(posted[0], house)


def _is_over(house: House) -> bool:
    """A summary and its file, or a private line after the acknowledgement's own."""
    told = [line for line in house.slack.private if line.via == "response_url"]
    refused = [line for line in house.slack.private if not line.text.startswith("Searching")]
    return bool(told or refused or any(message.files for message in house.slack.messages))


async def _follow_thread(house: House, ana: Person, summary: PostedMessage) -> None:
    for message in house.slack.in_thread(summary):
        print(f"{draw(message, '    ')}\n")
    labels = [
        element["text"]["text"]
        for block in summary.blocks
        if block["type"] == "actions"
        for element in block["elements"]
    ]
    for label in labels:
        before = len(house.slack.messages)
        print(f"    @ana presses [{label}]")
        await ana.clicks(summary, label)
        expected = before + (2 if label == "Refresh" else 1)
        await house.slack.until(_at_least(house, expected))
        for message in house.slack.messages[before:]:
            print(f"{draw(message, '    ')}\n")


def _at_least(house: House, messages: int) -> Callable[[], bool]:
    return lambda: len(house.slack.messages) >= messages


def _show_private(house: House) -> None:
    for line in house.slack.private:
        print(draw_private(line))


def _save(summary: PostedMessage, house: House) -> int:
    shared = next(file for message in house.slack.in_thread(summary) for file in message.files)
    file = house.slack.files[shared.id]
    content = file.content or b""
    Path(file.name).write_bytes(content)
    print(f"Saved {file.name}")
    print(f"SHA-256 {hashlib.sha256(content).hexdigest()}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
