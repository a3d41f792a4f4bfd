"""Messages about files, in the thread: beside them, under them, and in their place."""

from collections.abc import Sequence

from bot.evidence.result import Result
from bot.messages.buttons import Action, Button
from bot.messages.elements import button, case_elements, delete_button, gong_request, user_element
from bot.models import Evidence, Search, Section
from bot.slack import block_kit
from bot.slack.block_kit import Message
from bot.wording import LABELS, utc_time

_REVIEW = "Review before disclosure."
_CUT = {Section.CUSTOMER_ENGAGEMENT}


def answer_comment(result: Result) -> str:
    """Say beside the files what they are; it travels in a URL, so it never carries an address."""
    size, receipt_id = len(result.answer.body), result.search.receipt_id
    return (
        f"Exactly the bytes Gong sent ({size:,}), and receipt {receipt_id}.\n"
        f"SHA-256 {result.answer.sha256}"
    )


def rows_comment(state: Button, section: Section, evidence: Evidence) -> str:
    """Say beside a spreadsheet which rows it holds; it travels in a URL, too."""
    newer = "" if state.is_of(evidence) else " It is newer than the summary above."
    cut = (
        " Links are cut down to their site and very long texts end in “…”; the JSON file has both "
        "in full."
    )
    return (
        f"All rows of {LABELS[section]}, as Gong answered on {utc_time(evidence.answered_at)} "
        f"({gong_request(evidence)}).{newer}{cut if section in _CUT else ''}"
    )


def draw_receipt_note(result: Result, state: Button, *, may_be_withdrawn: bool) -> Message:
    """Under the answer and its receipt: which answer, its hash, and a way to delete both files."""
    evidence, summary = result.evidence, result.summary
    by = f"{evidence.host}, {gong_request(evidence)}"
    lines = [
        ("Receipt", result.search.receipt_id),
        ("SHA-256 of the JSON file", result.answer.sha256),
        ("Answered", f"{utc_time(evidence.answered_at)} by {by}"),
    ]
    warned = _REVIEW if summary.is_empty else _warning(summary.links)
    return _message(lines, warned, result.search, state, may_be_withdrawn=may_be_withdrawn)


def draw_rows_note(
    search: Search, evidence: Evidence, sha256: str, state: Button, *, may_be_withdrawn: bool
) -> Message:
    """The same under rows that were attached as a spreadsheet, which hold no links."""
    receipt = "Receipt" if state.is_from(evidence) else "Receipt of an earlier answer"
    lines = [(receipt, search.receipt_id), ("SHA-256 of the CSV file", sha256)]
    return _message(lines, _warning(0), search, state, may_be_withdrawn=may_be_withdrawn)


def _warning(links: int | None) -> str:
    """Warn whoever is about to forward a file."""
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
    facts = [*case_elements(search.question.case), user_element("asked", search.asked_by)]
    drawn = [
        block_kit.labelled(lines),
        block_kit.plain(warned),
        block_kit.context(*facts),
        *([block_kit.actions(delete_button(state))] if may_be_withdrawn else []),
    ]
    spoken = [*(f"{label}: {line}" for label, line in lines), warned]
    return block_kit.compose(drawn, spoken, facts)


def draw_missing_files(state: Button, *, may_stand: bool, may_be_withdrawn: bool) -> Message:
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
    presses = [button("Attach the file again", Action.ATTACH, state)]
    if may_stand and state.files and may_be_withdrawn:
        presses.append(delete_button(state))
    return block_kit.compose([block_kit.plain(sentence), block_kit.actions(*presses)], [sentence])


def draw_attached_after_all(state: Button, evidence: Evidence, receipt_id: str) -> Message:
    """In place of the message about missing files, once they are there."""
    sentence = "The file with Gong's exact answer has been attached after all."
    if not state.is_of(evidence):
        sentence = (
            "The earlier answer was no longer kept, so Gong was asked again, and its answer has "
            f"changed. The file now attached ({gong_request(evidence)}, receipt {receipt_id}) is "
            "newer than the summary above: press Refresh there for a summary of it."
        )
    elif not state.is_from(evidence):
        sentence = (
            "The earlier answer was no longer kept, so Gong was asked again and gave the same "
            f"answer. The file now attached is that of {gong_request(evidence)}, receipt "
            f"{receipt_id}."
        )
    return block_kit.compose([block_kit.plain(sentence)], [sentence])
