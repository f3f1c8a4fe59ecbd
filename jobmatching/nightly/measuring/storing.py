"""Keeping a measurement that a command has just taken."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from jobmatching.nightly.measuring.models import Measured, QualityMeasurement
from portal.classifications.enums import Scheme
from portal.classifications.models import Release

DECIMALS: Final = 6
_CHUNK: Final = 1 << 20


def store_matching(version: str, files: Sequence[Path], sample: tuple[int, int], figures: Mapping[str, float]) -> int:
    """Keep a measurement of the matching's order of people by a rules version ("" for the shipped weights).

    `files` hold the judged data, the judgements first; `sample` is how many queries and candidates there were. Returns
    the id of the row.
    """
    queries, candidates = sample
    made = QualityMeasurement.objects.create(
        kind=Measured.MATCHING, version=version, classification=classification_of(Scheme.ESCO),
        data_set=files[0].name, data_digest=digest_of(files), queries=queries, candidates=candidates,
        figures=_rounded(figures),
    )  # fmt: skip
    return int(made.pk)


def store_search(
    scheme: str, language: str, data_set: str, data_digest: str, queries: int, figures: Mapping[str, float]
) -> None:
    """Effect of `search.measured`: keep a measurement of the search of occupations."""
    QualityMeasurement.objects.create(
        kind=Measured.SEARCH, classification=classification_of(scheme), data_set=data_set, data_digest=data_digest,
        language=language, queries=queries, figures=_rounded(figures),
    )  # fmt: skip


def classification_of(scheme: str) -> str:
    """The loaded classification in words: its scheme and version."""
    release = Release.objects.filter(scheme=scheme).order_by("-imported_at", "-pk").first()
    return " ".join(part for part in (str(scheme), release.version if release else "") if part)


def digest_of(files: Sequence[Path]) -> str:
    """SHA-256 (hex) of the contents of files, one after the other."""
    found = hashlib.sha256()
    for file in files:
        with file.open("rb") as opened:
            while chunk := opened.read(_CHUNK):
                found.update(chunk)
    return found.hexdigest()


def _rounded(figures: Mapping[str, float]) -> dict[str, float]:
    return {name: round(float(value), DECIMALS) for name, value in figures.items()}
