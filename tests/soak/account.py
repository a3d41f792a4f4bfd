"""The account of a run: what came of everything, and which of its figures are promises."""

from collections import Counter
from dataclasses import dataclass, field

from tests.soak.world import Errand, WatchedSlack
from tests.stand_ins.slack_delivery import Ack

FIRST_S, WINDOW_S = 60.0, 60.0
"""Memory is compared when every trouble has come once."""

MUST_BE_ZERO = {
    "lost",
    "doubled",
    "refused yet answered",
    "clicks lost",
    "clicks doubled",
    "not acknowledged in 3 s",
    "5xx",
    "files that differ from their hash",
    "files deleted that still stand",
    "disclosures not on record",
    "bugs in the log",
    "times without a descriptor",
    "alerts told twice",
    "complaints of Slack",
}


@dataclass
class Account:
    """What one bot was asked, told and troubled with."""

    slack: WatchedSlack
    commands: list[Errand] = field(default_factory=list)
    clicks: list[Errand] = field(default_factory=list)
    junk: Counter[int] = field(default_factory=Counter)
    hostile: int = 0
    """Connections of clients that broke off or stayed."""
    outages: list[tuple[float, float]] = field(default_factory=list)
    memory: list[tuple[float, int]] = field(default_factory=list)
    events: Counter[str] = field(default_factory=Counter)

    def is_excused(self, errand: Errand) -> bool:
        """Slack could not bring it, or its acknowledgement back: the socket was down."""
        assert errand.ack is not None
        got_at = errand.sent_at + errand.ack.ms / 1000
        return errand.ack.status != 200 and any(
            begin <= got_at and errand.sent_at <= end for begin, end in self.outages
        )

    def figures(self) -> dict[str, int]:
        """What came of everything; those of `MUST_BE_ZERO` are the promises."""
        asked = [errand for errand in self.commands if not self.is_excused(errand)]
        clicked = [errand for errand in self.clicks if not self.is_excused(errand)]
        lost = [errand for errand in asked if not errand.is_over or errand.ack == Ack(0)]
        both = [*asked, *clicked]
        return {
            "look-ups asked": len(asked),
            "answered": sum(bool(errand.threads) for errand in asked),
            "told": sum(not errand.threads and bool(errand.sentences) for errand in asked),
            "lost": len(lost),
            "doubled": sum(len(errand.threads) > 1 for errand in asked),
            "refused yet answered": sum(e.must_be_refused and bool(e.threads) for e in asked),
            "clicks": len(clicked),
            "clicks told": sum(bool(errand.sentences) for errand in clicked),
            "clicks lost": sum(not errand.is_over for errand in clicked),
            "clicks doubled": sum(
                max(0, thread.done(kind) - times)
                for thread in self.slack.threads.values()
                for kind, times in thread.clicks.items()
            ),
            "not delivered (socket down)": len(self.commands) + len(self.clicks) - len(both),
            "not acknowledged in 3 s": sum(status_of(errand) != 200 for errand in both),
            "junk requests": self.junk.total(),
            "clients that broke off or stayed": self.hostile,
            "5xx": sum(times for status, times in self.junk.items() if status >= 500)
            + sum(status_of(errand) >= 500 for errand in both),
            "files that differ from their hash": self.slack.damaged_files,
            "files deleted that still stand": sum(
                not self.slack.files[file_id].deleted
                for thread in self.slack.threads.values()
                for file_id in thread.said_to_be_deleted()
            ),
            "disclosures not on record": (self._disclosed() - self.events).total(),
            "bugs in the log": self.events["unforeseen"],
            "times without a descriptor": self.events["cannot_accept_connections"],
            "kinds of log lines left out": self.events["left_out"],
            "alerts": len(self.slack.alerts),
            "alerts told twice": len(self.slack.alerts) - len(set(self.slack.alerts)),
            "complaints of Slack": len(self.slack.complaints),
        }

    def _disclosed(self) -> Counter[str]:
        """Everything that was shown or taken back, by its event in the audit trail."""
        each = (thread.disclosed() for thread in self.slack.threads.values())
        return sum(each, Counter[str]())

    def pressed(self) -> Counter[str]:
        """What was pressed, by kind, where nothing had to be refused."""
        return sum((thread.clicks for thread in self.slack.threads.values()), Counter[str]())

    def rss(self, from_s: float) -> list[float]:
        """MiB, second by second, in the minute that begins then.

        Answers that are kept, for ten seconds here, or being read come and go, ten MiB and more
        at a time: the least is what nobody gives back.
        """
        until_s = from_s + WINDOW_S
        return [rss / 1024**2 for at, rss in self.memory if from_s <= at <= until_s]


def status_of(errand: Errand) -> int:
    """What its delivery was acknowledged with."""
    assert errand.ack is not None
    return errand.ack.status
