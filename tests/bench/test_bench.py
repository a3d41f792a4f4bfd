"""The bench really measures: each of its servers answers, and every measure runs once."""

import json

import pytest

from bot.gong.summary import CustomerEngagement, Emails
from bot.models import Section
from tests.bench import footprint, reading
from tests.bench.__main__ import main
from tests.bench.answers import SECTIONS, answer
from tests.bench.asking import Effort, ask, people
from tests.bench.load import lines, request
from tests.bench.measures import MEASURES, Measure
from tests.bench.rows import GROWTHS
from tests.bench.samples import Samples
from tests.bench.scene import address, delay_s, references
from tests.bench.stage import FLOOR, open_stage, running

TINY = Effort(
    rounds=1,
    long_rounds=1,
    commands=3,
    references=(10,),
    people=(1,),
    large=20,
    largest=20,
    held=1000,
    answers=1,
    turn_s=0,
)
OF_PROCESSES = {name for name, each in MEASURES.items() if each.__module__ == footprint.__name__}
SIZES = {f"{cost.key} {sizes[0]}" for _, sizes, costs in GROWTHS for cost in costs}


async def found(*measures: Measure) -> Samples:
    samples = Samples()
    async with open_stage() as stage:
        for measure in measures:
            await measure(stage, TINY, samples)
    return samples


async def test_every_measure_of_speed_runs() -> None:
    speeds = [measure for name, measure in MEASURES.items() if name not in OF_PROCESSES]
    samples = await found(*speeds)
    assert {key for key, each in samples.by_key.items() if each[0].value > 0} >= SIZES | {
        *("ack", "tutorial", "crowd", "kept", "cold", "fresh 1", "calls 1", "read 10", "json 10"),
        *("stall", "file"),
    }
    assert samples.values("calls 1") == [1]


async def test_every_measure_of_a_process_runs() -> None:
    samples = await found(*(MEASURES[name] for name in OF_PROCESSES))
    assert samples.by_key.keys() == {"peak", "held", "cap", "start", "idle"}
    assert samples.values("cap") == [pytest.approx(2 / 2.5)]
    assert samples.values("idle")[0] > 1


async def test_the_tutorial_bot_answers_with_a_message_and_a_file() -> None:
    async with open_stage() as stage:
        tutorial = (await stage.tutorial()).target(ends="completed")
        async with people(tutorial, 2) as pupils:
            asked = await ask(stage, tutorial, pupils, address(10, 50))
    assert asked.calls == 2
    assert asked.last_summary > 0.05
    assert len(stage.outside.told["posted"]) == 2
    assert [file["bytes"] > len(answer(10)) for file in stage.outside.told["uploaded"]] == [
        True
    ] * 2


async def test_an_ack_that_is_none_ends_the_bench() -> None:
    async with running("-m", FLOOR, "http://127.0.0.1:1") as floor:
        ack = floor.target("/ack")
        forged = request(ack, address(1)).replace(b"Signature: v0=", b"Signature: v0=0")
        async with lines(ack, 1) as (line,):
            with pytest.raises(AssertionError, match=r"http/1\.1 401"):
                await line.ack_s(forged)


@pytest.mark.parametrize("number", [0, 1, 10, 1000])
def test_an_answer_has_as_many_references_as_it_was_asked_for(number: int) -> None:
    members = json.loads(answer(number))
    assert members.keys() == {"requestId", *SECTIONS}
    (system,) = members["customerData"]
    rows = [*(members[name] for name in SECTIONS if name != "customerData"), system["objects"]]
    assert sum(map(len, rows)) == number


def test_a_large_answer_weighs_what_the_table_says() -> None:
    assert 200_000 / 1000 * len(answer(1000)) == pytest.approx(44_000_000, rel=0.01)


def test_the_three_ways_to_read_find_the_same() -> None:
    body = answer(100)
    ours, least = reading.as_the_bot(body), reading.as_little_as_possible(body)
    usual = reading.as_usual(body)
    emails, engagement = ours.sections[Section.EMAILS], ours.sections[Section.CUSTOMER_ENGAGEMENT]
    assert isinstance(emails, Emails)
    assert isinstance(engagement, CustomerEngagement)
    assert ours.total == 100
    assert emails.rows == len(least.emails) == usual["emails"] == 80
    assert (emails.messages, emails.mailboxes) == (usual["messages"], usual["mailboxes"])
    assert (emails.span.first, emails.span.last) == usual["sent"]
    assert engagement.span.last == usual["last"]
    assert ours.rows(Section.CUSTOMER_DATA) == usual["records"].total()


def test_an_address_says_what_comes() -> None:
    typed = address(250, 300)
    assert (references(typed), delay_s(typed)) == (250, 0.3)
    assert address(250, 300) != typed


@pytest.mark.parametrize("more", [["--quick"], ["--only", "ack"]])
def test_the_page_gets_a_whole_run_only(
    more: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--markdown", *more]) == 2
    assert "whole run" in capsys.readouterr().err
