"""A page of rows as a table in the thread, with ways to the next one and the one before."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.gong.mailboxes import Mailboxes
from bot.gong.tables import CallId, Cell, Table
from bot.messages import buttons, elements
from bot.messages.buttons import Action, Button
from bot.messages.elements import withdraw_button
from bot.models import Case, Email, Finding, Section
from bot.slack import block_kit
from bot.slack.block_kit import IN_FILE, Block, Message
from bot.wording import LABELS, counted, days, utc_time

TABLE_ROWS = 99
"""One hundred with the header (https://docs.slack.dev/reference/block-kit/blocks/table-block)."""
TABLE_CHARACTERS = 10_000
CELL_CHARACTERS = 1000
"""Ours: so that a page holds some rows, however long the fields in Gong are."""
MAILBOXES_SHOWN = 10
MAILBOX_CHARACTERS = 80


_HINTS = {
    Section.CALLS: "Gong gives no date or title of a call here; the call's own page in Gong does.",
    Section.MEETINGS: "Gong gives nothing but an id for a meeting.",
    Section.CUSTOMER_ENGAGEMENT: "Links are cut down to their site; the file has them in full.",
}


@dataclass(frozen=True, slots=True)
class PageView:
    """The rows to show; the button says where they begin."""

    table: Table
    button: Button
    opened_by: str
    """A user id."""
    finding: Finding
    app_url: str
    """Where links to calls lead."""
    may_be_withdrawn: bool = True

    @property
    def start(self) -> int:
        """The first row shown: a newer answer may have fewer rows than the button thinks."""
        return self.button.start if self.button.start < len(self.table) else 0


def draw_page(page: PageView, custodians: Mailboxes | None = None) -> Message:
    """Draw as many rows as one table takes, perhaps below a line for each mailbox."""
    total, start = len(page.table), page.start
    rows = _rows_from(page, start)
    stop = start + len(rows)
    title = f"{LABELS[page.table.section]} {_span(start + 1, stop)} of {total:,}"
    notes, origin = list(_notes(page)), list(_origin(page))
    mailboxes = list(_mailboxes(custodians, page.finding.evidence.email)) if custodians else []
    drawn = [
        block_kit.header(title),
        *map(block_kit.plain, notes),
        *([block_kit.labelled(mailboxes)] if mailboxes else []),
        *([_table(page, rows)] if rows else []),
        block_kit.context(*origin),
    ]
    drawn.append(block_kit.actions(*_moves(page, start, stop), *_more(page)))
    held = [f"{label}: {line}" for label, line in mailboxes]
    return block_kit.compose(drawn, [title, *notes, *held, *(row.spoken for row in rows)], origin)


@dataclass(frozen=True, slots=True)
class _Row:
    cells: list[Block]
    characters: int
    spoken: str


def _span(first: int, last: int) -> str:
    if first >= last:
        return f"{last:,}"
    return f"{first:,}–{last:,}"


def _rows_from(page: PageView, start: int) -> list[_Row]:
    rows: list[_Row] = []
    room = _room(page)
    for number in range(start, min(len(page.table), start + TABLE_ROWS)):
        row = _row(page, number)
        room -= row.characters
        if room < 0:
            break
        rows.append(row)
    return rows


def _start_before(page: PageView, stop: int) -> int:
    """Return where a page begins that ends at `stop`."""
    start = stop
    room = _room(page)
    while start > max(0, stop - TABLE_ROWS):
        room -= _row(page, start - 1).characters
        if room < 0:
            break
        start -= 1
    return start


def _room(page: PageView) -> int:
    return TABLE_CHARACTERS - sum(map(len, page.table.columns))


def _row(page: PageView, number: int) -> _Row:
    cells = page.table.row(number)
    drawn = [_cell(cell, page.app_url) for cell in cells]
    return _Row(
        [block for block, _ in drawn],
        sum(characters for _, characters in drawn),
        " | ".join(cell.text if isinstance(cell, CallId) else cell for cell in cells),
    )


def _cell(cell: Cell, app_url: str) -> tuple[Block, int]:
    """Draw a cell; return it, and how many characters it takes with its link."""
    if isinstance(cell, str):
        shown = block_kit.cut(cell, CELL_CHARACTERS, IN_FILE) or "–"
        return _raw(shown), len(shown)
    if not (cell.text.isascii() and cell.text.isdigit() and len(cell.text) <= CELL_CHARACTERS):
        return _cell(cell.text, app_url)
    url = f"{app_url}/call?id={cell.text}"
    link = {"type": "link", "url": url, "text": cell.text}
    section = {"type": "rich_text_section", "elements": [link]}
    return {"type": "rich_text", "elements": [section]}, len(cell.text) + len(url)


def _table(page: PageView, rows: list[_Row]) -> Block:
    header = [_raw(column) for column in page.table.columns]
    return {"type": "table", "rows": [header, *(row.cells for row in rows)]}


def _raw(shown: str) -> Block:
    return {"type": "raw_text", "text": shown}


def _notes(page: PageView) -> Iterator[str]:
    evidence = page.finding.evidence
    again = f"Gong was asked again on {utc_time(evidence.answered_at)}"
    if not page.button.is_of(evidence):
        yield (
            f"Newer than the summary above: {again}, and its answer differs from the one "
            "summarised there. Press Refresh under the summary for a new summary and file."
        )
    elif not page.button.is_from(evidence):
        yield f"Newer than the summary above: {again} and gave the same answer."
    if page.table.section in _HINTS:
        yield _HINTS[page.table.section]
    if not page.finding.will_be_kept:
        yield "This answer is too large to be kept: every page asks Gong again."


def _origin(page: PageView) -> Iterator[Block]:
    yield from elements.case_elements(Case(page.button.case) if page.button.case else None)
    yield elements.user_element("opened", page.opened_by)
    yield elements.answered_element(page.finding.evidence)


def _moves(page: PageView, start: int, stop: int) -> Iterator[Block]:
    if start > 0:
        yield _move("Previous", Action.PREVIOUS, page, _start_before(page, start))
    if stop < len(page.table):
        yield _move("Next", Action.NEXT, page, stop)


def _move(label: str, action: Action, page: PageView, start: int) -> Block:
    return elements.button(label, action, buttons.at(page.button, page.table.section, start))


def _more(page: PageView) -> Iterator[Block]:
    """The buttons of any page; they carry its own state, for the rows it shows."""
    state = buttons.at(page.button, page.table.section, page.button.start)
    yield elements.button("Rows as CSV", Action.ATTACH_ROWS, state)
    if page.may_be_withdrawn:
        yield withdraw_button(state)


def _mailboxes(found: Mailboxes, email: Email) -> Iterator[tuple[str, str]]:
    """A line for each of the fullest mailboxes, and what the rest amounts to."""
    known = "At least " if found.unhashed else ""
    messages = f"{known}{counted(found.messages, 'message')}"
    yield "By mailbox", f"{messages}, {found.in_several:,} of them in several mailboxes"
    for mailbox in found.mailboxes[:MAILBOXES_SHOWN]:
        name = block_kit.cut(" ".join(mailbox.name.split()), MAILBOX_CHARACTERS)
        held = f"{counted(mailbox.rows, 'email')}{days(mailbox.span)}"
        yield name, f"{held}, {mailbox.sent:,} sent by {email}"
    more = len(found.mailboxes) - MAILBOXES_SHOWN
    if more > 0:
        yield "More", f"{counted(more, 'mailbox', 'mailboxes')} in the file"
    if found.unplaced:
        yield "No mailbox", f"{counted(found.unplaced, 'email')} without one"
