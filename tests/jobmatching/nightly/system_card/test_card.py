"""The system card says what the code and the rules in force say, and shows only figures that were measured."""

from dataclasses import replace
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import translation
from django.utils.html import escape

from jobmatching.engine.rules import Weights
from jobmatching.models import FairnessReport, QualityMeasurement
from jobmatching.nightly.enums import MATCHING
from jobmatching.nightly.inputs import EXCLUDED, INPUTS
from jobmatching.nightly.measuring.models import Measured
from jobmatching.nightly.rules_flow.services import draft_from, put_in_force
from jobmatching.nightly.rules_versions import in_force
from jobmatching.nightly.system_card.markdown import document
from jobmatching.nightly.system_card.sections import sections
from jobmatching.nightly.system_card.source import of_installation, shipped
from portal.accounts.roles import Role
from portal.devtools.check import tools
from portal.runs.stopping import stop
from portal.ui import formats
from tests.world import World

CARD = reverse("matching:system_card")


def page(world: World, language: str = "fi") -> str:
    client = Client()
    client.force_login(world.own.users[Role.CASE_WORKER])
    response = client.get(CARD, headers={"accept-language": language})
    assert response.status_code == 200
    return response.content.decode()


# --- The document ----------------------------------------------------------------------------------------------------
def test_the_document_says_what_the_code_says_and_needs_no_database() -> None:
    call_command("write_system_card", check=True)


def test_a_document_that_says_something_else_is_found(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    card = tmp_path / "docs" / "system-card.md"
    with override_settings(BASE_DIR=tmp_path):
        with pytest.raises(CommandError, match="out of date"):
            call_command("write_system_card", check=True)
        assert not card.exists()
        call_command("write_system_card")
        assert card.read_text(encoding="utf-8") == document()
        card.write_text(document().replace("45%", "46%"), encoding="utf-8")
        with pytest.raises(CommandError, match="out of date"):
            call_command("write_system_card", check=True)


def test_the_check_is_one_of_those_of_the_house() -> None:
    assert ["write_system_card", "--check"] in [list(tool.command)[-2:] for tool in tools()]


def test_the_document_names_every_input_and_everything_excluded_and_holds_no_figures() -> None:
    told = document()
    with translation.override("en"):
        for given in INPUTS:
            for words in (given.of_vacancy, given.of_seeker):
                assert str(words)[1:] in told
        for one in EXCLUDED:
            assert str(one.label)[1:] in told
    assert "holds no figures" in told


def test_another_number_makes_another_card() -> None:
    with translation.override("en"):
        changed = sections(replace(shipped(), weights=replace(Weights(), unknown=99)))
        assert changed != sections(shipped())
        assert "99%" in str(changed)


# --- The page --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_page_says_it_in_the_readers_language(world: World, language: str) -> None:
    told = page(world, language)
    with translation.override(language):
        for one in EXCLUDED:
            label = str(one.label)
            assert escape(label[:1].upper() + label[1:]) in told
        for section in sections(of_installation()):
            assert escape(section.title) in told


def test_the_page_shows_the_rules_in_force(world: World) -> None:
    version = draft_from(in_force(), replace(Weights(), unknown=47), "Try.", world.own.users[Role.TEAM_LEAD])
    put_in_force(version, world.own.users[Role.MANAGER], "Nähty <ja> sovittu.")
    told = page(world)
    assert version.version in told
    assert escape("Nähty <ja> sovittu.") in told
    assert str(world.own.users[Role.MANAGER]) in told
    assert formats.percent(47, 0) in told


def test_only_what_was_measured_is_shown_with_its_day_and_sample(world: World) -> None:
    assert "Tässä asennuksessa ei ole vielä mitattu mitään" in page(world)
    row = QualityMeasurement.objects.create(
        kind=Measured.MATCHING, version="2026.1", classification="esco 1.2", data_set="parit.csv",
        data_digest="abcdef" * 10, queries=12, candidates=345, figures={"map": 0.4321},
    )  # fmt: skip
    told = page(world)
    assert "ei ole vielä mitattu mitään" not in told
    for shown in ("0,432", "parit.csv (abcdefabcdef)", "12 kyselyä, 345 ehdokasta", formats.moment(row.measured_at)):
        assert shown in told


def test_figures_of_equal_treatment_come_from_the_newest_report(world: World) -> None:
    night = f"Yö {formats.weekday_year(world.day)}, sääntöversio"
    assert night in page(world)
    FairnessReport.objects.all().delete()
    assert night not in page(world)


def test_the_page_says_that_matching_is_stopped(world: World) -> None:
    assert "Kohtaantoa ei ole pysäytetty." in page(world)
    stop(MATCHING, None, "Listat <näyttävät> vääriltä.")
    assert escape("Listat <näyttävät> vääriltä.") in page(world)
