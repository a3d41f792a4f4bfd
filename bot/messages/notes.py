"""Notes under a summary that keep it from being read as more than Gong said."""

from collections.abc import Iterator, Sequence

from bot.gong.changes import Changes
from bot.gong.summary import Missing, Summary
from bot.models import Section
from bot.slack import block_kit
from bot.wording import LABELS, counted

NAME_CHARACTERS = 40
NAMES_SHOWN = 6
_NOT_AS_DOCUMENTED = "not in the form that it documents"


def changes_note(found: Changes) -> str:
    """Say what has changed since the summary that was refreshed."""
    if found.is_same:
        return "Refreshed: the same answer as before."
    if found.by_section is None:
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


def gap_notes(summary: Summary) -> Iterator[str]:
    """Say of an incomplete answer what is missing, and that it is not the same as none."""
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
    if summary.is_possibly_incomplete:
        yield (
            "Possibly incomplete: Gong marked its answer as one of several parts. There may be "
            "more than is shown here."
        )


def unknown_note(summary: Summary) -> Iterator[str]:
    """Name what Gong sent beside the sections; where these are empty it voids every statement."""
    unknown = join_names([short_name(name) for name in summary.unknown], ", ")
    if summary.total or not summary.is_whole:
        if unknown:
            yield (
                f"Gong also returned something this bot does not know: {unknown}. It is in the "
                "file, and not counted here."
            )
    elif not summary.is_empty:
        odd = (
            f"also sent “{unknown}”, which this bot does not know"
            if unknown
            else _NOT_AS_DOCUMENTED
        )
        yield (
            f"Gong listed nothing, but {odd}. That may be an error of Gong's, so this is not a "
            "“no references” result. Press Refresh; if it repeats, ask a Gong tech admin."
        )


def join_names(names: Sequence[str], between: str) -> str:
    """Join the first six names, and say how many more there are."""
    more = len(names) - NAMES_SHOWN
    rest = [f"{more:,} more kinds in the file"] if more > 0 else []
    return between.join([*names[:NAMES_SHOWN], *rest])


def short_name(name: str) -> str:
    """Cut a name that Gong wrote to one short line."""
    return block_kit.cut(" ".join(name.split()), NAME_CHARACTERS)
