"""How long people wait for a page: whole requests through the portal as it is served, at the size of a region.

Each request goes through the WSGI application with all its middleware, the session from the database, pooled
connections, templates, and the row of the access log, written and committed on a connection of its own. Requests come
one after the other, about people drawn at random, by case workers about their own clients.

In the same run: the same pages with the access log switched off, and a page without any data.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any, Final

LONGEST_MS: Final = 150.0
"""What 95 of 100 openings of a profile page stay below at size M, with the access log on."""

PROFILE: Final = (
    "seekers:page", "seekers:matches", "seekers:history", "seekers:looked", "seekers:rights", "seekers:contact",
    "seekers:non_disclosure",
)  # fmt: skip
"""Pages about one jobseeker that show personal data."""
OWN_LIST: Final = "seekers:list, own"
AREA_LIST: Final = "seekers:list, area"
SEARCH: Final = "seekers:search and its list"
VACANCY: Final = "vacancies:page"
VACANCY_LIST: Final = "vacancies:list"
BARE: Final = "ui:accessibility"
"""A page without any data, to the same people: middleware, session, roles, frame."""
PAGES: Final = (*PROFILE, OWN_LIST, AREA_LIST, SEARCH, VACANCY, VACANCY_LIST, BARE)
LOGGED: Final = (*PROFILE, OWN_LIST, AREA_LIST, SEARCH, VACANCY)
"""Pages that leave a row in the access log each time."""


@dataclass(frozen=True)
class Asked:
    """One request, or the two of a search: how long it took as a whole, and how long the access log took of it."""

    ms: float
    cpu_ms: float
    """Time on the processor in the portal's process: the database's own is not in it, nor the waiting for a turn."""
    log_ms: float
    rows: int
    """Rows that the access log got."""


@dataclass
class Figures:
    """What requests for one page took, in milliseconds."""

    p50: float
    p95: float
    p99: float
    cpu_p50: float
    cpu_p95: float
    log_p50: float = 0.0
    log_p95: float = 0.0
    log_share: float = 0.0
    """Part of the whole time that went into the access log, from 0 to 1."""
    off_p50: float | None = None
    """The same page with the access log switched off."""
    off_p95: float | None = None
    requests: int = 0
    log_rows: int = 0


@dataclass
class Findings:
    """All that one run of the benchmark found."""

    size: str
    seekers: int
    vacancies: int
    requests: int
    """Of each page, with the access log on."""
    log_rows: int = 0
    """Rows in the log that these requests have left, counted from outside after the run."""
    waits_for_disk: bool = False
    pages: dict[str, Figures] = field(default_factory=dict)

    @property
    def slowest_profile(self) -> str:
        """The page about a person whose 95th percentile is the largest."""
        return max(PROFILE, key=lambda name: self.pages[name].p95)

    @property
    def complete(self) -> bool:
        """Whether each page was asked for, and each read left its row."""
        if self.pages.keys() != set(PAGES):
            return False
        each = all(self.pages[name].log_rows >= self.pages[name].requests for name in LOGGED)
        return each and self.log_rows == sum(one.log_rows for one in self.pages.values())

    @property
    def good(self) -> bool:
        """Whether the promise is kept: it is given for size M."""
        return self.complete and (self.size != "M" or self.pages[self.slowest_profile].p95 < LONGEST_MS)

    def told(self) -> dict[str, Any]:
        """For programs (Any: JSON)."""
        return {
            "size": self.size,
            "seekers": self.seekers,
            "vacancies": self.vacancies,
            "requests": self.requests,
            "waits_for_disk": self.waits_for_disk,
            "log_rows": self.log_rows,
            "profile_p95_ms": self.pages[self.slowest_profile].p95,
            "slowest_profile": self.slowest_profile,
            "limit_ms": LONGEST_MS,
            "complete": self.complete,
            "good": self.good,
            "pages": {name: asdict(figures) for name, figures in self.pages.items()},
        }

    def table(self) -> str:
        """For people."""
        lines = [
            f"{'':28}{'p50':>8}{'p95':>8}{'p99':>8}{'cpu p50':>9}{'p95':>7}"
            f"{'log p50':>9}{'p95':>7}{'share':>7}{'off p50':>9}{'p95':>8}",
            *(_line(name, self.pages[name]) for name in PAGES),
            f"{self.seekers:,} jobseekers, {self.vacancies:,} vacancies; {self.requests} requests of each page;"
            f" {self.log_rows:,} rows of the access log, which"
            f" {'waits' if self.waits_for_disk else 'does not wait'} for the disk. Milliseconds.",
            f"Slowest page about a person: {self.slowest_profile}, {self.pages[self.slowest_profile].p95:.1f} ms"
            f" (limit {LONGEST_MS:.0f} ms at size M).",
        ]
        return "\n".join(lines)


def _line(name: str, one: Figures) -> str:
    off = f"{one.off_p50:>9.1f}{one.off_p95:>8.1f}" if one.off_p50 is not None else ""
    log = f"{one.log_p50:>9.2f}{one.log_p95:>7.2f}{one.log_share:>7.1%}" if one.log_rows else f"{'':23}"
    took = f"{one.p50:>8.1f}{one.p95:>8.1f}{one.p99:>8.1f}{one.cpu_p50:>9.1f}{one.cpu_p95:>7.1f}"
    return f"{name:28}{took}{log}{off}".rstrip()


def figures_of(asked: list[Asked], without_log: list[Asked]) -> Figures:
    """Percentiles of requests with the access log and, where there are any, without it."""
    whole = sum(one.ms for one in asked)
    found = Figures(
        p50=percentile((one.ms for one in asked), 50),
        p95=percentile((one.ms for one in asked), 95),
        p99=percentile((one.ms for one in asked), 99),
        cpu_p50=percentile((one.cpu_ms for one in asked), 50),
        cpu_p95=percentile((one.cpu_ms for one in asked), 95),
        log_p50=percentile((one.log_ms for one in asked), 50),
        log_p95=percentile((one.log_ms for one in asked), 95),
        log_share=round(sum(one.log_ms for one in asked) / whole, 4),
        requests=len(asked),
        log_rows=sum(one.rows for one in asked),
    )
    if without_log:
        found.off_p50 = percentile((one.ms for one in without_log), 50)
        found.off_p95 = percentile((one.ms for one in without_log), 95)
    return found


def percentile(values: Iterable[float], percent: int) -> float:
    """The value that `percent` of 100 values stay at or below (nearest rank)."""
    ordered = sorted(values)
    rank = max(1, -(-len(ordered) * percent // 100))
    return round(ordered[rank - 1], 3)
