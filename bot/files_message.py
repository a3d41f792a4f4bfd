"""What stands in the thread about the files: beside them, under them, and in their place."""

from collections.abc import Sequence

from bot import blocks
from bot.blocks import Message
from bot.buttons import Action, Button
from bot.models import Evidence, Search, Section
from bot.phrases import LABELS
from bot.receipt import Receipt
from bot.withdrawal_message import delete_button
from bot.words import utc

_REVIEW = "Review before disclosure."
_CUT = {Section.CUSTOMER_ENGAGEMENT}


def answer_comment(evidence: Evidence, receipt_id: str) -> str:
    """What stands beside the files; it travels in a URL, so it never carries an address."""
    return (
        f"Exactly the bytes Gong sent ({len(evidence.answer.body):,}), and receipt {receipt_id}.\n"
        f"SHA-256 {evidence.answer.sha256}"
    )


def rows_comment(state: Button, section: Section, evidence: Evidence) -> str:
    """What stands beside rows; it travels in a URL, too."""
    newer = "" if state.is_of(evidence) else " It is newer than the summary above."
    cut = (
        " Links are cut down to their site and very long texts end in “…”; the JSON file has both "
        "in full."
    )
    return (
        f"All rows of {LABELS[section]}, as Gong answered on {utc(evidence.answered_at)} "
        f"({blocks.request(evidence)}).{newer}{cut if section in _CUT else ''}"
    )


def receipt_message(receipt: Receipt, state: Button, *, may_be_withdrawn: bool) -> Message:
    """Under the answer and its receipt: which answer, its hash, and a way to delete both files."""
    evidence = receipt.finding.evidence
    lines = [
        ("Receipt", receipt.search.receipt_id),
        ("SHA-256 of the JSON file", evidence.answer.sha256),
        ("Answered", f"{utc(evidence.answered_at)} by {evidence.host}, {blocks.request(evidence)}"),
    ]
    is_empty = receipt.summary.total == 0 and receipt.summary.is_whole
    warned = _REVIEW if is_empty else _warning(receipt.summary.links)
    return _message(lines, warned, receipt.search, state, may_be_withdrawn=may_be_withdrawn)


def rows_message(
    search: Search, evidence: Evidence, sha256: str, state: Button, *, may_be_withdrawn: bool
) -> Message:
    """The same under rows that were attached as a spreadsheet, which hold no links."""
    receipt = "Receipt" if state.is_from(evidence) else "Receipt of an earlier answer"
    lines = [(receipt, search.receipt_id), ("SHA-256 of the CSV file", sha256)]
    return _message(lines, _warning(0), search, state, may_be_withdrawn=may_be_withdrawn)


def _warning(links: int | None) -> str:
    """What to mind before anybody forwards a file."""
    if links == 0:
        return f"Contains other people's data. {_REVIEW}"
    named = "links" if links is None else "1 link" if links == 1 else f"{links:,} links"
    return f"Contains other people's data and {named} that may open without sign-in. {_REVIEW}"


def _message(
    lines: Sequence[tuple[str, str]],
    warned: str,
    search: Search,
    state: Button,
    *,
    may_be_withdrawn: bool,
) -> Message:
    facts = [*blocks.case_elements(search.question.case), blocks.user("asked", search.asked_by)]
    drawn = [
        blocks.labelled(lines),
        blocks.plain(warned),
        blocks.context(*facts),
        *([blocks.actions(delete_button(state))] if may_be_withdrawn else []),
    ]
    spoken = [*(f"{label}: {line}" for label, line in lines), warned]
    return blocks.message(drawn, spoken, facts)


def not_attached(state: Button, *, may_stand: bool, may_be_withdrawn: bool) -> Message:
    """The files are missing, or may be: said in the thread, with a way to mend it."""
    sentence = (
        "Neither Gong's exact answer nor its receipt could be attached: Slack did not take them. "
        "The summary above stands, but without proof until they are."
    )
    if may_stand:
        sentence = (
            "Slack did not confirm that the file with Gong's exact answer was attached. If it "
            "stands in this thread with its receipt, all is well; if not, attach it again."
        )
    presses = [blocks.button("Attach the file again", Action.ATTACH, state)]
    if may_stand and state.files and may_be_withdrawn:
        presses.append(delete_button(state))
    return blocks.message([blocks.plain(sentence), blocks.actions(*presses)], [sentence])


def attached(state: Button, evidence: Evidence, receipt_id: str) -> Message:
    """What the message about the missing files becomes once they are there."""
    sentence = "The file with Gong's exact answer has been attached after all."
    if not state.is_of(evidence):
        sentence = (
            "The earlier answer was no longer kept, so Gong was asked again, and its answer has "
            f"changed. The file now attached ({blocks.request(evidence)}, receipt {receipt_id}) is "
            "newer than the summary above: press Refresh there for a summary of it."
        )
    elif not state.is_from(evidence):
        sentence = (
            "The earlier answer was no longer kept, so Gong was asked again and gave the same "
            f"answer. The file now attached is that of {blocks.request(evidence)}, receipt "
            f"{receipt_id}."
        )
    return blocks.message([blocks.plain(sentence)], [sentence])
