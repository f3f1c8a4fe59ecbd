"""What is measured on judged data is kept when somebody asks for it, and shown with its day and sample."""

import hashlib
import json
from io import StringIO
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import TestCase

from jobmatching.engine.rules import Rules
from jobmatching.management.commands import evaluate_matching
from jobmatching.models import QualityMeasurement
from jobmatching.nightly.measuring import storing
from jobmatching.nightly.measuring.storing import store_matching, store_search
from jobmatching.nightly.measuring.words import FIGURES, measurements
from jobmatching.nightly.rules_versions import build_taxonomy
from portal.classifications.enums import Scheme
from portal.classifications.models import Occupation

pytestmark = pytest.mark.django_db


@pytest.fixture
def judged(tmp_path: Path) -> tuple[Path, Path]:
    """Judgements between the first occupations of the built-in taxonomy, and all of them as candidates."""
    call_command("load_builtin", verbosity=0)
    call_command("import_esco", scheme=Scheme.DEMO.value, verbosity=0)
    uris = list(Occupation.objects.of(Scheme.DEMO).current().order_by("pk").values_list("uri", flat=True)[:6])
    judgements, candidates = tmp_path / "parit.csv", tmp_path / "ehdokkaat.csv"
    lines = [f"{uris[0]},{uris[1]},75", f"{uris[0]},{uris[2]},25", f"{uris[3]},{uris[4]},75"]
    judgements.write_text("\n".join(["vacancy_esco,seeker_esco,percent", *lines]), encoding="utf-8")
    candidates.write_text("\n".join(["occupation_uri", *uris]), encoding="utf-8")
    return judgements, candidates


@pytest.fixture
def on_the_demo_taxonomy(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command measures on ESCO; the test has the built-in taxonomy only."""
    monkeypatch.setattr(
        evaluate_matching, "_rules", lambda: Rules(evaluate_matching.SHIPPED, build_taxonomy(Scheme.DEMO))
    )
    for module in (evaluate_matching, storing):
        monkeypatch.setattr(module, "Scheme", SimpleNamespace(ESCO=Scheme.DEMO))


def evaluate(judged: tuple[Path, Path], **options: bool) -> dict[str, float]:
    said = StringIO()
    call_command("evaluate_matching", judgements=judged[0], candidates=judged[1], json=True, stdout=said, **options)
    told: dict[str, float] = json.loads(said.getvalue().splitlines()[-1])
    return told


def test_the_command_keeps_nothing_unless_asked(judged: tuple[Path, Path], on_the_demo_taxonomy: None) -> None:
    evaluate(judged)
    assert not QualityMeasurement.objects.exists()


def test_the_command_keeps_what_it_says(judged: tuple[Path, Path], on_the_demo_taxonomy: None) -> None:
    told = evaluate(judged, store=True)
    row = QualityMeasurement.objects.get()
    assert row.figures == {name: told[name] for name in ("map", "ndcg10", "recall20")}
    assert (row.kind, row.version, row.queries, row.candidates) == ("matching", "", 2, 6)
    assert row.data_set == "parit.csv"
    assert row.data_digest == hashlib.sha256(judged[0].read_bytes() + judged[1].read_bytes()).hexdigest()
    assert row.classification.startswith("demo")


def test_the_search_keeps_what_it_says(tmp_path: Path) -> None:
    call_command("load_builtin", verbosity=0)
    call_command("import_esco", scheme=Scheme.DEMO.value, verbosity=0)
    one = Occupation.objects.of(Scheme.DEMO).current().order_by("pk")[0]
    titles = tmp_path / "nimikkeet.csv"
    titles.write_text(f"title_fi,esco_uri\n{one.name_fi},{one.uri}\n", encoding="utf-8")
    said = StringIO()
    with TestCase.captureOnCommitCallbacks(execute=True):
        call_command("evaluate_search", titles=titles, scheme="demo", json=True, store=True, stdout=said)
    told = json.loads(said.getvalue())
    row = QualityMeasurement.objects.get()
    assert (row.kind, row.language, row.queries, row.candidates) == ("search", "fi", 1, None)
    assert row.figures["hit1"] == told["hit1"] == 1.0
    assert row.data_digest == hashlib.sha256(titles.read_bytes()).hexdigest()


def test_every_figure_that_is_stored_has_words(tmp_path: Path) -> None:
    file = tmp_path / "parit.csv"
    file.write_text("x", encoding="utf-8")
    store_matching("2026.1", [file], (10, 100), {"map": 0.5, "ndcg10": 0.25, "recall20": 0.125})
    store_search("demo", "sv", "titlar.csv", "0" * 64, 7, {"mrr": 0.5, "hit1": 0.4, "hit10": 0.9, "p95_ms": 12.25})
    for row in QualityMeasurement.objects.all():
        assert set(row.figures) <= set(FIGURES)
    search, matching = measurements()
    assert search.what == "Ammattihaku (sv)"
    assert [fact.value.replace("\xa0", " ") for fact in matching.figures] == ["0,500", "0,250", "12,5 %"]
    assert [one.row.version for one in measurements("2026.1")] == ["2026.1"]
    assert measurements("2026.2") == []


def test_the_last_measurement_of_the_same_data_counts(tmp_path: Path) -> None:
    file = tmp_path / "parit.csv"
    file.write_text("x", encoding="utf-8")
    for value in (0.1, 0.9):
        store_matching("2026.1", [file], (10, 100), {"map": value})
    (only,) = measurements()
    assert only.row.figures == {"map": 0.9}
    assert len(measurements("2026.1")) == 2


@pytest.mark.parametrize("name", ["/srv/judged/pairs.csv", "C:\\pairs.csv"])
def test_a_measurement_names_its_data_without_a_path(name: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        QualityMeasurement.objects.create(
            kind="matching", classification="esco 1.2", data_set=name, data_digest="0" * 64, queries=1, figures={}
        )
