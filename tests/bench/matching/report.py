"""What the benchmark says: a table for people, one JSON object for programs."""

import json
from dataclasses import dataclass, field
from typing import Any, Final

from tests.bench.matching.clock import Took

RATIOS: Final = ("postgres_lateral", "scipy", "sparse_dot_topn", "orm", "load_vs_orm", "end_to_end_over_parts")

AT_LEAST: Final[dict[str, dict[str, float]]] = {
    "S": {"postgres_lateral": 30, "scipy": 2, "sparse_dot_topn": 0.8, "orm": 1000, "load_vs_orm": 50},
    "M": {"postgres_lateral": 200, "scipy": 8, "sparse_dot_topn": 3, "load_vs_orm": 150},
    "L": {"sparse_dot_topn": 10},
}
"""Figures to reach: how many times faster the engine is."""
AT_MOST: Final[dict[str, dict[str, float]]] = {
    "S": {"end_to_end_s": 3.0, "peak_rss_mb": 400},
    "M": {"end_to_end_over_parts": 2.0, "peak_rss_mb": 600},
    "L": {"end_to_end_over_parts": 1.6, "peak_rss_mb": 2500},
}


@dataclass
class Line:
    """One row of the table."""

    name: str
    took: Took
    told: str = ""


@dataclass
class Findings:
    """All that one benchmark run found."""

    size: str
    seekers: int
    vacancies: int
    exact: bool = False
    kernel: Took = field(default_factory=lambda: Took(0.0, 0.0))
    near_miss: Took = field(default_factory=lambda: Took(0.0, 0.0))
    end_to_end_s: float = 0.0
    peak_rss_mb: float = 0.0
    ratios: dict[str, float | None] = field(default_factory=lambda: dict.fromkeys(RATIOS))
    sampled: list[str] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)

    def add(self, name: str, took: Took, told: str = "") -> None:
        """Add a row to the table."""
        self.lines.append(Line(name, took, told))

    def to_json(self) -> dict[str, Any]:
        """The figures by the names that programs rely on (Any: JSON)."""
        return {
            "size": self.size,
            "seekers": self.seekers,
            "vacancies": self.vacancies,
            "exact": self.exact,
            "kernel": {"wall_s": round(self.kernel.wall, 4), "cpu_s": round(self.kernel.cpu, 4)},
            "end_to_end_s": round(self.end_to_end_s, 3),
            "peak_rss_mb": round(self.peak_rss_mb, 1),
            "near_miss_s": round(self.near_miss.wall, 4),
            "ratios": {name: _three_digits(self.ratios[name]) for name in RATIOS},
            "sampled": self.sampled,
        }

    def table(self) -> str:
        """All times, then the figures to reach."""
        told = [f"Size {self.size}: {self.seekers:,} jobseekers, {self.vacancies:,} vacancies; exact: {self.exact}"]
        told.append(f"{'':44}{'wall s':>12}{'CPU s':>12}")
        told += [f"{line.name:44}{line.took.wall:12.3f}{_seen(line.took.cpu):>12}  {line.told}" for line in self.lines]
        told += [f"{'':44}{'found':>12}{'to reach':>12}"]
        found = self.ratios | {"end_to_end_s": self.end_to_end_s, "peak_rss_mb": self.peak_rss_mb}
        for limits, sign in ((AT_LEAST, ">="), (AT_MOST, "<=")):
            for name, limit in limits[self.size].items():
                value = found[name]
                if value is not None:
                    reached = value >= limit if sign == ">=" else value <= limit
                    told.append(f"{name:44}{value:12,.2f}{f'{sign} {limit:,g}':>12}  {'' if reached else 'MISSED'}")
        return "\n".join([*told, *(f"Sampled: {text}" for text in self.sampled)])

    def json_line(self) -> str:
        """One line."""
        return json.dumps(self.to_json(), ensure_ascii=False)


def _seen(cpu: float) -> str:
    """CPU seconds, empty where they were not looked at."""
    return f"{cpu:.3f}" if cpu else ""


def _three_digits(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.4g}")
