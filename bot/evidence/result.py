"""The result of one look-up, as summary, receipt, files and audit trail all speak of it."""

from dataclasses import dataclass
from typing import Self

from bot.gong.summary import Summary, summarise
from bot.models import Answer, Asker, Evidence, Finding, Question, Search


@dataclass(frozen=True, slots=True)
class Result:
    """Who asked and where, for what, what Gong answered, and how much that counts."""

    asker: Asker
    """Whoever typed or pressed; the search may be another person's."""
    search: Search
    finding: Finding
    summary: Summary
    is_own_domain: bool = False
    """The address is of the company's own: its people are Gong users, whom no search covers."""

    @classmethod
    def of(
        cls, asker: Asker, search: Search, finding: Finding, *, is_own_domain: bool = False
    ) -> Self:
        """Return the result with its answer counted: about 0.3 s for 200,000 references."""
        summary = summarise(finding.evidence.answer)
        return cls(asker, search, finding, summary, is_own_domain)

    @property
    def is_statement(self) -> bool:
        """Whether the answer states something: references, or that there are none."""
        return self.summary.total > 0 or (self.summary.is_empty and not self.is_own_domain)

    @property
    def question(self) -> Question:
        """The address and the case."""
        return self.search.question

    @property
    def evidence(self) -> Evidence:
        """Gong's answer, with when and where it was given."""
        return self.finding.evidence

    @property
    def answer(self) -> Answer:
        """Gong's answer itself."""
        return self.finding.evidence.answer
