"""The summary as everybody in the channel sees it: what was asked, what Gong returned.

And what that does and does not mean: no line here may be read as more than Gong said.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot import blocks, buttons
from bot.blocks import Block, Message
from bot.buttons import OPEN, Action
from bot.difference import Difference
from bot.models import Finding, Question, Search, Section
from bot.phrases import LABELS, NO_PROOF, NOT_COVERED, at_least, copies, counted, day, days, undated
from bot.query import plain_form
from bot.summary import (
    Calls,
    CustomerData,
    CustomerEngagement,
    Emails,
    Meetings,
    Missing,
    SectionSummary,
    Summary,
)
from bot.withdrawal_message import withdraw_button
from bot.words import utc

NAME_CHARACTERS = 40
NAMES_SHOWN = 6
BUTTON_CHARACTERS = 75
"""https://docs.slack.dev/reference/block-kit/block-elements/button-element"""

_MISSING = {
    Missing.NOT_RETURNED: "not returned by Gong",
    Missing.UNREADABLE: "could not be read; see the file",
}


@dataclass(frozen=True, slots=True)
class Result:
    """Everything a summary shows."""

    search: Search
    finding: Finding
    summary: Summary
    is_own_domain: bool = False
    """The address is of the company's own: its people are Gong users."""
    difference: Difference | None = None
    """From the summary that was refreshed, if this is a new one of it."""
    may_be_withdrawn: bool = True

    @property
    def question(self) -> Question:
        """What was asked."""
        return self.search.question

    @property
    def makes_a_statement(self) -> bool:
        """Whether there is anything that may be told to the data subject."""
        return self.summary.total > 0 or (self.is_empty and not self.is_own_domain)

    @property
    def is_empty(self) -> bool:
        """Whether the whole answer was read, and holds nothing."""
        return self.summary.total == 0 and self.summary.is_whole


def summary_message(result: Result) -> Message:
    """The summary and its buttons."""
    headline = _headline(result)
    address = f"Address searched: {result.question.email}"
    shown = () if result.is_empty else Section
    counts = [(LABELS[each], _line(result.summary.sections[each])) for each in shown]
    notes = list(_notes(result))
    origin, provenance = list(_origin(result)), _provenance(result)
    drawn = [
        blocks.header(headline),
        blocks.plain(address),
        *([blocks.labelled(counts)] if counts else []),
        *map(blocks.plain, notes),
        blocks.context(*origin),
        blocks.context(*provenance),
        blocks.actions(*_section_buttons(result)),
        blocks.actions(*_more_buttons(result)),
    ]
    lines = [f"{label}: {line}" for label, line in counts]
    return blocks.message(drawn, [headline, address, *lines, *notes], [*origin, *provenance])


def _headline(result: Result) -> str:
    total = result.summary.total
    if result.is_empty:
        return _empty_headline(result)
    if total == 0:
        return "Gong look-up: incomplete answer"
    incomplete = "" if result.summary.is_whole else ", incomplete"
    return f"Gong look-up: {counted(total, 'reference')}{incomplete}"


def _empty_headline(result: Result) -> str:
    if result.is_own_domain:
        return "No statement possible"
    if plain_form(result.question.email):
        return "No references to this exact spelling"
    return "No references returned"


def _notes(result: Result) -> Iterator[str]:
    """Sentences that keep the summary from being read as more than it is."""
    if result.is_own_domain:
        yield (
            "This address is of your own company. If this person is or was a Gong user, this "
            "search cannot cover them: ask a Gong tech admin."
        )
    if result.is_empty:
        yield _empty(result)
    if result.difference is not None:
        yield _difference(result.difference)
    yield from _gaps(result.summary)
    plain = plain_form(result.question.email)
    if plain is not None:
        yield (
            f"Searched exactly as typed. Not searched: {plain}, the same address without "
            "capitals or plus-tag, which may give another answer."
        )
    if not result.finding.will_be_kept:
        yield "This answer is too large to be kept: every page asks Gong again."


def _empty(result: Result) -> str:
    if result.is_own_domain:
        return "Gong returned nothing for it, which says nothing about a Gong user."
    evidence = result.finding.evidence
    return (
        f"Gong returned no references to exactly {result.question.email} on "
        f"{utc(evidence.answered_at)} ({blocks.request(evidence)}). {NOT_COVERED} "
        f"{NO_PROOF}"
    )


def _difference(found: Difference) -> str:
    if found.is_same:
        return "Refreshed: the same answer as before."
    if found.changes is None:
        return (
            "Refreshed: the answer has changed. The earlier one is no longer kept, so what changed "
            "can only be seen by comparing the two files."
        )
    moved = [
        f"{LABELS[section]} {change.added:,} added, {change.gone:,} gone"
        for section, change in found.moved
    ]
    said = ["Refreshed: the answer has changed."]
    if moved:
        said.append(f"{'; '.join(moved)}.")
    elif found.is_complete:
        said.append("No reference was added or gone, but details or their order differ.")
    if found.not_compared:
        untold = ", ".join(LABELS[section] for section in found.not_compared)
        said.append(f"Not comparable: {untold}.")
    if found.differs_elsewhere:
        said.append("Something that this bot does not know may have come or gone: see the files.")
    return " ".join(said)


def _gaps(summary: Summary) -> Iterator[str]:
    for missing, what in (
        (Missing.NOT_RETURNED, "Gong did not return"),
        (Missing.UNREADABLE, "this bot could not read"),
    ):
        names = [LABELS[each] for each in Section if summary.sections[each] is missing]
        if names:
            yield f"Incomplete: {what} {', '.join(names)}. That is not the same as none."
    if summary.hidden_systems:
        systems = counted(summary.hidden_systems, "CRM system")
        yield (
            f"Incomplete: this bot could not read the records of {systems}; see the file. That is "
            "not the same as none."
        )
    if summary.unknown:
        unknown = _joined([_name(name) for name in summary.unknown], ", ")
        yield (
            f"Incomplete: Gong also returned something this bot does not know: {unknown}. It is in "
            "the file, and not counted here."
        )
    if summary.is_possibly_incomplete:
        yield (
            "Possibly incomplete: Gong marked its answer as one of several parts. There may be "
            "more than is shown here."
        )


def _line(found: SectionSummary) -> str:
    if isinstance(found, Missing):
        return _MISSING[found]
    return _details(found) if found.rows else "0"


def _details(found: Emails | Calls | Meetings | CustomerData | CustomerEngagement) -> str:
    match found:
        case Emails():
            return _emails(found)
        case Calls():
            return f"{found.rows:,} ({_names(found.statuses)})"
        case CustomerData():
            systems = [f"{_name(system)}: {_names(types)}" for system, types in found.systems]
            return f"{found.rows:,} ({_joined(systems, '; ')})"
        case CustomerEngagement():
            last = f", last {day(found.span.last)}" if found.span.last else ""
            return f"{counted(found.rows, 'event')}{last}{undated(found.span)}"
        case _:
            return f"{found.rows:,}"


def _emails(found: Emails) -> str:
    parts = [copies(found.rows, found.messages, found.unhashed)]
    if found.mailboxes:
        mailboxes = counted(found.mailboxes, "mailbox", "mailboxes")
        parts.append(f"{at_least(found.unplaced)}{mailboxes}")
    return ", ".join(parts) + days(found.span)


def _names(counted: Sequence[tuple[str, int]]) -> str:
    return _joined([f"{count:,} {_name(name)}" for name, count in counted], ", ")


def _joined(names: Sequence[str], between: str) -> str:
    more = len(names) - NAMES_SHOWN
    rest = [f"{more:,} more kinds in the file"] if more > 0 else []
    return between.join([*names[:NAMES_SHOWN], *rest])


def _name(name: str) -> str:
    return blocks.cut(" ".join(name.split()), NAME_CHARACTERS)


def _origin(result: Result) -> Iterator[Block]:
    evidence = result.finding.evidence
    yield from blocks.case_elements(result.question.case)
    yield blocks.user("asked", result.search.asked_by)
    yield blocks.answered(evidence)
    if result.finding.is_kept:
        yield blocks.plain_text(
            f"from the answer kept since {evidence.answered_at:%H:%M:%S} UTC; Gong was not asked "
            "again"
        )


def _provenance(result: Result) -> list[Block]:
    return [
        blocks.plain_text(f"Gong {blocks.request(result.finding.evidence)}"),
        blocks.plain_text(
            "Not searched or shown: email text, attachments, recordings, transcripts"
        ),
        blocks.plain_text("Exactly this address, in Gong only; 0 means that Gong listed none"),
    ]


def _section_buttons(result: Result) -> Iterator[Block]:
    state = buttons.for_search(result.search, result.finding)
    for section in Section:
        rows = result.summary.rows(section)
        if rows:
            yield blocks.button(f"{LABELS[section]} {rows:,}", OPEN[section], state)
    yield blocks.button("Refresh", Action.REFRESH, state)


def _more_buttons(result: Result) -> Iterator[Block]:
    state = buttons.for_search(result.search, result.finding)
    plain = plain_form(result.question.email)
    if plain is not None:
        label = blocks.cut(f"Also search {plain}", BUTTON_CHARACTERS)
        yield blocks.button(label, Action.ALSO_SEARCH, state)
    yield blocks.button("What this covers", Action.COVERAGE, state)
    if result.makes_a_statement:
        counted = buttons.with_counts(state, result.summary)
        yield blocks.button("Text for the reply", Action.REPLY, counted)
    if result.may_be_withdrawn:
        yield withdraw_button(state)
