"""Everything that can be found in the trail has its sentence."""

from datetime import timedelta

import pytest

from bot.cli import audit_text
from bot.evidence.trail_chain import Observation, ObservationKind
from tests.support.november import RUN, SECOND

C = f"run {RUN}"
MOMENT = (SECOND, SECOND + timedelta(days=1))


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        (
            Observation(ObservationKind.CHANGED, (17, 17), RUN, (17, 17)),
            (
                "Line 17 was changed after it was written: its seal does not fit (sequence 17 of "
                f"{C})."
            ),
        ),
        (
            Observation(ObservationKind.CHANGED, (17, 17), RUN, (17, 20)),
            (
                "Line 17 was changed after it was written: its seal does not fit (one of "
                f"sequences 17 to 20 of {C})."
            ),
        ),
        (
            Observation(ObservationKind.DAMAGED, (17, 17), RUN, (17, 17)),
            f"Line 17 is cut or damaged, and cannot be read (sequence 17 of {C}).",
        ),
        (
            Observation(ObservationKind.DAMAGED, (17, 17), RUN, (17, 20)),
            f"Line 17 is cut or damaged, and cannot be read (one of sequences 17 to 20 of {C}).",
        ),
        (
            Observation(ObservationKind.DAMAGED, (17, 17)),
            "Line 17 is cut or damaged, and cannot be read.",
        ),
        (
            Observation(ObservationKind.ADDED, (17, 17), RUN, (3, 3)),
            (
                "Line 17 was added: it bears no good seal, and nothing is missing in its place, "
                f"but it passes for the bot's (it calls itself sequence 3 of {C})."
            ),
        ),
        (
            Observation(ObservationKind.FOREIGN, (17, 17), RUN, (3, 3)),
            (
                "Line 17 is not the bot's: it bears no good seal, and nothing is missing in its "
                f"place (it calls itself sequence 3 of {C})."
            ),
        ),
        (
            Observation(ObservationKind.FOREIGN, (17, 17)),
            "Line 17 is not the bot's: it bears no good seal, and nothing is missing in its place.",
        ),
        (
            Observation(ObservationKind.MISSING, (16, 19), RUN, (17, 17)),
            (
                f"Between lines 16 and 19 of the log 1 line is missing: sequence 17 of {C}. The "
                "lines around are untouched, so this is no edit: lost on the way, or taken out."
            ),
        ),
        (
            Observation(ObservationKind.MISSING, (16, 19), RUN, (17, 1220), 1203),
            (
                "Between lines 16 and 19 of the log 1,203 lines are missing: 1,203 of sequences "
                f"17 to 1220 of {C}. The lines around are untouched, so this is no edit: lost on "
                "the way, or taken out."
            ),
        ),
        (
            Observation(ObservationKind.NO_BEGINNING, (0, 2), RUN, (1, 40), 40),
            (
                f"Before line 2 {C} lacks its beginning: sequences 1 to 40. If the log was split, "
                "give the part before as well."
            ),
        ),
        (
            Observation(ObservationKind.NO_END, (9, 9), RUN, (7, 7), times=MOMENT),
            (
                f"After line 9 (sequence 7, 4 Nov 2026, 08:30:01 UTC) the end of {C} is missing: "
                "the log was cut off there, or the bot was killed, or the log was taken while it "
                "ran."
            ),
        ),
        (
            Observation(ObservationKind.DOUBLED, (9, 9), RUN, (7, 7)),
            f"Line 9 repeats sequence 7 of {C}, which the log has already.",
        ),
        (
            Observation(ObservationKind.DOUBLED, (9, 12), RUN, (7, 10), 4),
            f"Lines 9 to 12 repeat sequences 7 to 10 of {C}, which the log has already.",
        ),
        (
            Observation(ObservationKind.OUT_OF_ORDER, (9, 9), RUN, (7, 7)),
            (
                f"Line 9 stands in the wrong order: sequence 7 of {C}, untouched, but after a "
                "later one."
            ),
        ),
        (
            Observation(ObservationKind.OUT_OF_ORDER, (9, 12), RUN, (7, 10), 4),
            (
                f"Lines 9 to 12 stand in the wrong order: sequences 7 to 10 of {C}, untouched, "
                "but after a later one."
            ),
        ),
        (
            Observation(ObservationKind.UNLINKED, (9, 9), RUN, (9, 9)),
            (
                f"Line 9 (sequence 9 of {C}) does not follow from the one before, though both "
                "seals fit: only somebody with the key can have made it."
            ),
        ),
        (
            Observation(ObservationKind.OTHER_KEY, (9, 9), key="0\x1b[2J"),
            (
                "Line 9: 1 line was written under another key (0\N{REPLACEMENT CHARACTER}[2J), "
                "and cannot be checked under this one."
            ),
        ),
        (
            Observation(ObservationKind.HALF, (9, 9)),
            (
                "Line 9 is half a line, and none is missing here: it is another's, or the bot "
                "could not write it to its end, and so did not do what it speaks of."
            ),
        ),
        (
            Observation(ObservationKind.PAUSE, (9, 9), RUN, times=MOMENT),
            (
                "Between 3 Nov 2026, 08:30:01 UTC and 4 Nov 2026, 08:30:01 UTC no run was under "
                "way (the next begins at line 9): the bot was off, or a whole run is missing."
            ),
        ),
    ],
)
def test_everything_that_is_found_has_its_sentence(found: Observation, sentence: str) -> None:
    assert audit_text.describe_observation(found) == sentence


@pytest.mark.parametrize("kind", ObservationKind)
def test_no_kind_is_without_words(kind: ObservationKind) -> None:
    assert audit_text.describe_observation(Observation(kind, (1, 2), RUN, (1, 2), times=MOMENT))
