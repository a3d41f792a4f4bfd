"""The words beside the files have the hash in full; neither they nor an action's id an address."""

from bot.messages import files
from bot.models import Section
from tests.stand_ins.answering import EMPTY
from tests.support.messages import (
    CASE,
    JANE,
    evidence,
    nodes,
    of_person,
    page,
    receipt_of,
    state,
    summary,
)


def test_neither_the_files_comment_nor_an_action_id_carries_an_address() -> None:
    found = of_person(JANE)
    assert "@" not in files.answer_comment(receipt_of(found))
    made = [summary(found, CASE), page(Section.EMAILS, found, state(found, CASE, 99))]
    ids = [node["action_id"] for node in nodes([each.blocks for each in made]) if "value" in node]
    assert ids != []
    assert all("@" not in each for each in ids)


def test_the_files_comment_has_the_hash_in_full() -> None:
    found = evidence(EMPTY)
    assert f"SHA-256 {found.answer.sha256}" in files.answer_comment(receipt_of(found))
