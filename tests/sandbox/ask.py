"""`make ask EMAIL=test@test.com`: one look-up by the real bot, shown in the terminal.

The bot runs between the two stand-ins in this process: the command goes over HTTP, each button
is pressed, and the JSON file and its receipt are saved in the current folder. Without EMAIL,
lists who to ask about.
"""

import asyncio
import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path

from bot import logs
from tests.sandbox.terminal import draw, draw_private
from tests.stand_ins.people import PEOPLE
from tests.stand_ins.person import Person, find_button
from tests.stand_ins.slack_world import PostedMessage, StoredFile
from tests.support.house import AUDIT_KEY, House, open_house
from tests.support.reading import is_receipt, labels

CHANNEL = "C0LEGAL"
LONGEST_S = 70
TAKE_BACK = ("Delete the file", "Delete the files", "Withdraw")
"""Pressed last, in this order."""


def main(arguments: list[str]) -> int:
    """Ask, or list who can be asked about."""
    if not arguments or not arguments[0]:
        print("make ask EMAIL=… [CASE=…], with one of these, or anybody else:\n")
        for address, someone in PEOPLE.items():
            print(f"  {address:28} {someone.label}")
        return 0
    with Path("/dev/null").open("w") as nowhere:
        logs.configure("INFO", nowhere.write)
        return asyncio.run(_ask(" ".join(arguments).strip()))


async def _ask(words: str) -> int:
    async with open_house() as house:
        ana = Person(house.slack, "U0ANA")
        print(f"#privacy-requests  @ana types: /gong-lookup {words}\n")
        ack = await ana.types(words, channel=CHANNEL)
        print(f"acknowledged in {ack.ms:.1f} ms")
        await house.slack.until(lambda: _is_over(house), timeout_s=LONGEST_S)
        _show_private(house, 0)
        posted = house.slack.in_channel(CHANNEL)
        if not posted:
            return 1
        print(f"\n{draw(posted[0])}\n")
        _show(house.slack.in_thread(posted[0]))
        files = _files(house, posted[0])
        for file in files[1:]:
            print(f"    {file.name}\n{_indented(file)}\n")
        await _press_everything(house, ana)
        _save(files)
        return 0


def _is_over(house: House) -> bool:
    """A summary and its files, or a private line after the acknowledgement's own."""
    told = [line for line in house.slack.private if line.via == "response_url"]
    refused = [line for line in house.slack.private if not line.text.startswith("Searching")]
    return bool(told or refused or any(map(is_receipt, house.slack.messages)))


def _files(house: House, summary: PostedMessage) -> list[StoredFile]:
    """The JSON file and its receipt."""
    shared = [file for message in house.slack.in_thread(summary) for file in message.files]
    return [house.slack.files[file.id] for file in shared]


async def _press_everything(house: House, ana: Person) -> None:
    """Each button once, wherever it stands first; what takes something back at the end."""
    pressed: set[str] = set()
    while new := [(m, label) for m, label in _buttons(house) if label not in pressed]:
        message, label = min(new, key=lambda button: _rank(button[1]))
        pressed.add(label)
        asked = find_button(message, label).get("confirm")
        confirms = f", and confirms: {asked['title']['text']}" if asked else ""
        print(f"    @ana presses [{label}]{confirms}")
        await _press(house, ana, message, label)


def _buttons(house: House) -> Iterator[tuple[PostedMessage, str]]:
    for message in house.slack.messages:
        for label in labels(message):
            yield message, label


def _rank(label: str) -> int:
    return TAKE_BACK.index(label) if label in TAKE_BACK else -1


async def _press(house: House, ana: Person, message: PostedMessage, label: str) -> None:
    """Press, and show what comes of it."""
    messages, private, edits = (
        len(house.slack.messages),
        len(house.slack.private),
        len(message.edits),
    )
    brings_files = label in {"Refresh", "Rows as CSV"} or label.startswith("Also search")

    def is_done() -> bool:
        new = house.slack.messages[messages:]
        shown = any(map(is_receipt, new)) if brings_files else bool(new)
        return shown or len(message.edits) > edits or len(house.slack.private) > private

    await ana.clicks(message, label)
    await house.slack.until(is_done, timeout_s=LONGEST_S)
    _show([*house.slack.messages[messages:], *([message] if len(message.edits) > edits else [])])
    _show_private(house, private)


def _show(messages: list[PostedMessage]) -> None:
    for message in messages:
        print(f"{draw(message, '    ')}\n")


def _show_private(house: House, before: int) -> None:
    for line in house.slack.private[before:]:
        print(draw_private(line))


def _indented(file: StoredFile) -> str:
    text = (file.content or b"").decode()
    return "\n".join(f"    {line}" for line in text.splitlines())


def _save(files: list[StoredFile]) -> None:
    for file in files:
        Path(file.name).write_bytes(file.content or b"")
        print(f"Saved {file.name}")
    print(f"SHA-256 {hashlib.sha256(files[0].content or b'').hexdigest()}")
    pair = " ".join(file.name for file in files)
    print(f"Check both: AUDIT_KEY={AUDIT_KEY} python app.py verify {pair}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
