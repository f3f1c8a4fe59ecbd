"""What an import did, for people and as JSON."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from employers.vacancies.services import Outcome


@dataclass
class Report:
    """Counts, and what is said about single documents. Reasons and notices carry codes, no people's details."""

    read: int = 0
    stored: bool = False
    """Whether anything was written: without `--partial` one refusal holds everything back."""
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: list[tuple[str, list[str]]] = field(default_factory=list)
    notices: list[tuple[str, list[str]]] = field(default_factory=list)

    def count(self, outcome: Outcome) -> None:
        """Count one stored document."""
        setattr(self, outcome.value, getattr(self, outcome.value) + 1)

    def lines(self) -> Iterator[str]:
        """The report in sentences."""
        if self.read == 0:
            yield "There are no vacancies in the file; nothing was changed."
            return
        for source_id, reasons in self.refused:
            yield f"Refused {source_id}:"
            yield from (f"  {reason}" for reason in reasons)
        for source_id, notices in self.notices:
            yield f"Notice on {source_id}:"
            yield from (f"  {notice}" for notice in notices)
        yield (
            f"{self.read} read: {self.created} created, {self.updated} updated, {self.unchanged} unchanged, "
            f"{len(self.refused)} refused."
        )

    def as_json(self) -> dict[str, Any]:
        """The report as one object."""
        told = asdict(self)
        for name, words in (("refused", "reasons"), ("notices", "notices")):
            told[name] = [{"id": source_id, words: said} for source_id, said in getattr(self, name)]
        return told
