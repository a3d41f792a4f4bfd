"""The summary as everybody in the channel sees it: what was asked, what Gong returned.

And what that does and does not mean: no line here may be read as more than Gong said.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.address import plain_form
from bot.evidence.result import Result
from bot.gong.changes import Changes
from bot.gong.summary import (
    Calls,
    CustomerData,
    CustomerEngagement,
    Emails,
    Meetings,
    Missing,
    SectionSummary,
    Summary,
)
from bot.messages import buttons, elements
from bot.messages.buttons import OPENS, Action
from bot.messages.elements import withdraw_button
from bot.messages.notes import changes_note, gap_notes, join_names, short_name, unknown_note
from bot.models import Email, Section
from bot.slack import block_kit
from bot.slack.block_kit import Block, Message
from bot.wording import (
    LABELS,
    NO_PROOF,
    NOT_COVERED,
    at_least,
    copies,
    counted,
    day,
    days,
    undated,
    utc_time,
)

BUTTON_CHARACTERS = 75
"""https://docs.slack.dev/reference/block-kit/block-elements/button-element"""

_MISSING = {
    Missing.NOT_RETURNED: "not returned by Gong",
    Missing.UNREADABLE: "could not be read; see the file",
}


@dataclass(frozen=True, slots=True)
class SummaryView:
    """Everything a summary shows."""

    result: Result
    changes: Changes | None = None
    """Since the summary that was refreshed, if this is a new one of it."""
    may_be_withdrawn: bool = True

    @property
    def email(self) -> Email:
        """The address, as it was searched."""
        return self.result.question.email

    @property
    def summary(self) -> Summary:
        """The answer, counted."""
        return self.result.summary

    @property
    def is_own_domain(self) -> bool:
        """Whether the address is of the company's own."""
        return self.result.is_own_domain


def draw_summary(view: SummaryView) -> Message:
    """Draw the summary and its buttons."""
    headline = _headline(view)
    address = f"Address searched: {view.email}"
    shown = () if view.summary.total == 0 and view.summary.is_whole else Section
    counts = [(LABELS[each], _line(view.summary.sections[each])) for each in shown]
    notes = list(_notes(view))
    origin, provenance = list(_origin(view)), _provenance(view)
    drawn = [
        block_kit.header(headline),
        block_kit.plain(address),
        *([block_kit.labelled(counts)] if counts else []),
        *map(block_kit.plain, notes),
        block_kit.context(*origin),
        block_kit.context(*provenance),
        block_kit.actions(*_section_buttons(view)),
        block_kit.actions(*_more_buttons(view)),
    ]
    lines = [f"{label}: {line}" for label, line in counts]
    return block_kit.compose(drawn, [headline, address, *lines, *notes], [*origin, *provenance])


def _headline(view: SummaryView) -> str:
    total = view.summary.total
    if view.summary.is_empty:
        return _empty_headline(view)
    if total == 0 and view.summary.is_whole:
        return f"No statement possible: {_beside(view.summary)}"
    if total == 0:
        return "Gong look-up: incomplete answer"
    incomplete = "" if view.summary.is_whole else ", incomplete"
    return f"Gong look-up: {counted(total, 'reference')}{incomplete}"


def _beside(summary: Summary) -> str:
    if not summary.unknown:
        return "Gong's answer is not in the form it documents"
    return f"Gong also sent “{join_names(list(map(short_name, summary.unknown)), ', ')}”"


def _empty_headline(view: SummaryView) -> str:
    if view.is_own_domain:
        return "No statement possible"
    if plain_form(view.email):
        return "No references to this exact spelling"
    return "No references returned"


def _notes(view: SummaryView) -> Iterator[str]:
    """Sentences that keep the summary from being read as more than it is."""
    if view.is_own_domain:
        yield (
            "This address is of your own company. If this person is or was a Gong user, this "
            "search cannot cover them: ask a Gong tech admin."
        )
    if view.summary.is_empty:
        yield _empty(view)
    if view.changes is not None:
        yield changes_note(view.changes)
    yield from gap_notes(view.summary)
    yield from unknown_note(view.summary)
    plain = plain_form(view.email)
    if plain is not None:
        yield (
            f"Searched exactly as typed. Not searched: {plain}, the same address without "
            "capitals or plus-tag, which may give another answer."
        )
    if not view.result.finding.will_be_kept:
        yield "This answer is too large to be kept: every page asks Gong again."


def _empty(view: SummaryView) -> str:
    if view.is_own_domain:
        return "Gong returned nothing for it, which says nothing about a Gong user."
    evidence = view.result.evidence
    return (
        f"Gong returned no references to exactly {view.email} on "
        f"{utc_time(evidence.answered_at)} ({elements.gong_request(evidence)}). {NOT_COVERED} "
        f"{NO_PROOF}"
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
            systems = [f"{short_name(system)}: {_names(types)}" for system, types in found.systems]
            return f"{found.rows:,} ({join_names(systems, '; ')})"
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
    return join_names([f"{count:,} {short_name(name)}" for name, count in counted], ", ")


def _origin(view: SummaryView) -> Iterator[Block]:
    evidence = view.result.evidence
    yield from elements.case_elements(view.result.question.case)
    yield elements.user_element("asked", view.result.search.asked_by)
    yield elements.answered_element(evidence)
    if view.result.finding.is_kept:
        yield block_kit.plain_text(
            f"from the answer kept since {evidence.answered_at:%H:%M:%S} UTC; Gong was not asked "
            "again"
        )


def _provenance(view: SummaryView) -> list[Block]:
    return [
        block_kit.plain_text(f"Gong {elements.gong_request(view.result.evidence)}"),
        block_kit.plain_text(
            "Not searched or shown: email text, attachments, recordings, transcripts"
        ),
        block_kit.plain_text("Exactly this address, in Gong only; 0 means that Gong listed none"),
    ]


def _section_buttons(view: SummaryView) -> Iterator[Block]:
    state = buttons.for_result(view.result)
    for section in Section:
        rows = view.summary.rows(section)
        if rows:
            yield elements.button(f"{LABELS[section]} {rows:,}", OPENS[section], state)
    yield elements.button("Refresh", Action.REFRESH, state)


def _more_buttons(view: SummaryView) -> Iterator[Block]:
    state = buttons.for_result(view.result)
    plain = plain_form(view.email)
    if plain is not None:
        label = block_kit.cut(f"Also search {plain}", BUTTON_CHARACTERS)
        yield elements.button(label, Action.ALSO_SEARCH, state)
    yield elements.button("What this covers", Action.COVERAGE, state)
    if view.result.is_statement:
        counted = buttons.with_counts(state, view.summary)
        yield elements.button("Text for the reply", Action.REPLY, counted)
    if view.may_be_withdrawn:
        yield withdraw_button(state)
