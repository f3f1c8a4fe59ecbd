"""An import of ESCO brings all in, changes nothing the second time, and retires what is gone."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import override_settings
from django.utils import translation
from pytest_django.fixtures import DjangoCaptureOnCommitCallbacks

from portal.classifications.enums import Scheme
from portal.classifications.importers.esco import import_esco
from portal.classifications.importers.versions import version_in_name
from portal.classifications.models import (
    Label,
    Occupation,
    OccupationGroup,
    OccupationSkill,
    Release,
    SearchTerm,
    Skill,
    SkillBroader,
    SkillGroup,
    SkillRelation,
)
from tests.classifications import esco_folder as small

pytestmark = pytest.mark.django_db

TABLES = [
    model._meta.db_table
    for model in (
        OccupationGroup, Occupation, SkillGroup, Skill, SkillBroader, OccupationSkill, SkillRelation, SearchTerm,
        Release,
    )
]  # fmt: skip
heard: list[tuple[str, str]] = []


def hear(scheme: str, version: str) -> None:
    heard.append((scheme, version))


@pytest.fixture
def esco(tmp_path: Path) -> Path:
    return small.write_esco(tmp_path / "ESCO dataset - v1.2.0 - classification - csv")


def versions_of_rows() -> dict[str, list[tuple[Any, ...]]]:
    """Where each row stands (ctid) and the transaction that wrote it (xmin): both change when a row is written."""
    rows = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT id, ctid::text, xmin::text FROM {table} ORDER BY id")  # noqa: S608  our own tables
            rows[table] = cursor.fetchall()
    return rows


def test_everything_comes_in(esco: Path) -> None:
    done = import_esco(esco)

    assert (done.version, done.changed) == ("v1.2.0", True)
    assert done.counts == {
        "groups": 9, "occupations": 4, "skill_groups": 2, "skills": 3, "occupation_skills": 5, "skill_relations": 1,
        "skill_broader": 3,
    }  # fmt: skip
    welder = Occupation.objects.get(uri=small.WELDER)
    assert (welder.scheme, welder.isco, welder.code, welder.version) == ("esco", "7212", "7212.1", "v1.2.0")
    assert (welder.name_fi, welder.name_sv, welder.name_en) == ("hitsaaja", "svetsare", "welder")
    assert welder.alternatives_en == ["metal joiner", "welding worker"]
    assert welder.description_en == "What a welder does,\nin two lines."
    assert not welder.regulated
    assert Occupation.objects.get(uri=small.NURSE).regulated
    assert dict(welder.skill_relations.values_list("skill__name_en", "relation")) == {
        "welding": "essential",
        "read drawings": "optional",
    }
    assert set(SkillBroader.objects.values_list("skill__uri", "group__uri", "parent_group__uri")) == {
        (small.WELDING, None, small.SUBGROUP),
        (small.READING, None, small.GROUP),
        (small.CARE, None, small.GROUP),
        (None, small.SUBGROUP, small.GROUP),
    }
    release = Release.objects.get()
    assert (release.scheme, release.version, release.counts) == ("esco", "v1.2.0", done.counts)


def test_a_name_missing_in_swedish_is_shown_in_english_with_its_language(esco: Path) -> None:
    import_esco(esco)
    sheet = Occupation.objects.get(uri=small.SHEET_WELDER)

    assert sheet.name_sv == ""
    with translation.override("sv"):
        assert sheet.label == Label("sheet metal welder", "en")


def test_the_same_again_touches_no_row(esco: Path) -> None:
    import_esco(esco)
    before = versions_of_rows()

    again = import_esco(esco)

    assert not again.changed
    assert versions_of_rows() == before


def test_the_command_says_that_nothing_changed(esco: Path) -> None:
    call_command("import_esco", esco, stdout=StringIO())
    said = StringIO()
    call_command("import_esco", esco, json=True, stdout=said)

    lines = said.getvalue().splitlines()
    assert "Nothing changed." in lines
    assert json.loads(lines[-1])["changed"] is False


def test_only_the_changed_row_is_written(esco: Path) -> None:
    import_esco(esco)
    before = versions_of_rows()
    file = esco / "occupations_fi.csv"
    file.write_text(file.read_text().replace("putkihitsaaja", "putkenhitsaaja"))

    done = import_esco(esco)

    assert done.changes["occupations"] == (0, 1, 0)
    assert done.changes["search_terms"] == (1, 0, 1)
    written = {table for table, rows in versions_of_rows().items() if rows != before[table]}
    assert written == {"classifications_occupation", "classifications_searchterm", "classifications_release"}


def test_what_is_gone_is_retired_and_comes_back(esco: Path) -> None:
    import_esco(esco)
    pipe_welder = Occupation.objects.get(uri=small.PIPE_WELDER)
    kept = {file: file.read_bytes() for file in esco.iterdir()}
    for file in esco.glob("occupation*.csv"):
        small.without(file, small.PIPE_WELDER)

    gone = import_esco(esco, version="v1.3.0")

    assert gone.changes["occupations"].removed == 1
    pipe_welder.refresh_from_db()
    assert (pipe_welder.retired, pipe_welder.version) == (True, "v1.2.0")
    assert Occupation.objects.get(uri=small.WELDER).version == "v1.3.0"
    assert not SearchTerm.objects.filter(occupation=pipe_welder).exists()
    # People who have worked in it are still matched by its skills.
    assert pipe_welder.skill_relations.count() == 1

    for file, content in kept.items():
        file.write_bytes(content)
    import_esco(esco, version="v1.3.1")

    pipe_welder.refresh_from_db()
    assert (pipe_welder.retired, pipe_welder.version) == (False, "v1.3.1")
    assert SearchTerm.objects.filter(occupation=pipe_welder).count() == 3


def test_a_row_marked_obsolete_is_withdrawn_with_its_relations(esco: Path) -> None:
    for language in ("fi", "sv", "en"):
        small.change_rows(
            esco / f"skills_{language}.csv",
            lambda rows: [
                row | {"status": "obsolete" if row["conceptUri"] == small.CARE else row["status"]} for row in rows
            ],
        )

    done = import_esco(esco)

    assert done.counts["skills"] == 2
    assert not Skill.objects.filter(uri=small.CARE).exists()


def test_a_relation_that_is_gone_is_deleted(esco: Path) -> None:
    import_esco(esco)
    small.change_rows(esco / "occupationSkillRelations_en.csv", lambda rows: rows[1:])
    small.change_rows(esco / "skillSkillRelations_en.csv", lambda rows: [])
    small.change_rows(esco / "broaderRelationsSkillPillar_en.csv", lambda rows: rows[1:])

    done = import_esco(esco)

    assert done.changes["occupation_skills"] == (0, 0, 1)
    assert done.changes["skill_relations"] == (0, 0, 1)
    assert done.changes["skill_broader"] == (0, 0, 1)


def test_a_code_passes_from_a_withdrawn_group_to_a_new_one(esco: Path) -> None:
    import_esco(esco)
    for language in ("fi", "sv", "en"):
        file = esco / f"ISCOGroups_{language}.csv"
        file.write_text(file.read_text().replace("/isco/C7214", "/isco/new-7214"))

    import_esco(esco)

    assert OccupationGroup.objects.get(code="7214", retired=False).uri.endswith("new-7214")
    assert OccupationGroup.objects.get(code="7214", retired=True).uri.endswith("C7214")


def test_names_of_a_language_whose_file_is_missing_stay(esco: Path) -> None:
    import_esco(esco)
    (esco / "occupations_fi.csv").unlink()
    (esco / "skillSkillRelations_en.csv").unlink()

    done = import_esco(esco)

    assert Occupation.objects.get(uri=small.WELDER).name_fi == "hitsaaja"
    assert SkillRelation.objects.count() == 1
    assert [note for note in done.notes if note.startswith("occupations_fi.csv is not there")]


def test_english_alone_is_enough(esco: Path) -> None:
    for file in [*esco.glob("*_fi.csv"), *esco.glob("*_sv.csv"), esco / "skillsHierarchy_en.csv"]:
        file.unlink()

    import_esco(esco)

    assert Occupation.objects.get(uri=small.WELDER).name_fi == ""


def test_the_schemes_do_not_touch_each_other(esco: Path) -> None:
    import_esco(esco)
    before = versions_of_rows()["classifications_occupation"]

    call_command("import_esco", scheme="demo", stdout=StringIO())

    ids = {row[0] for row in before}
    after = [row for row in versions_of_rows()["classifications_occupation"] if row[0] in ids]
    assert after == before
    assert Occupation.objects.of(Scheme.DEMO).current().count() >= 120
    assert not import_esco(esco).changed


@pytest.mark.parametrize("inside", ["", "ESCO dataset - v1.2.0 - classification - csv"])
def test_a_zip_is_as_good_as_a_folder(esco: Path, tmp_path: Path, inside: str) -> None:
    archive = small.zipped(esco, tmp_path / "ESCO dataset - v1.2.0 - classification -  - csv.zip", inside)

    done = import_esco(archive)

    assert done.version == "v1.2.0"
    assert done.counts["occupations"] == 4
    assert not import_esco(esco).changes["occupations"]


def test_a_folder_of_the_zips_of_each_language(esco: Path, tmp_path: Path) -> None:
    downloads = tmp_path / "downloads"
    downloads.mkdir()
    for language in ("en", "fi"):
        part = tmp_path / language
        part.mkdir()
        for file in esco.glob(f"*_{language}.csv"):
            file.rename(part / file.name)
        small.zipped(part, downloads / f"ESCO dataset - v1.2.0 - classification - {language} - csv.zip")

    done = import_esco(downloads)

    assert (done.version, done.counts["occupations"]) == ("v1.2.0", 4)
    assert Occupation.objects.get(uri=small.WELDER).name_sv == ""


def test_without_a_version_it_is_unknown_with_a_warning(esco: Path) -> None:
    plain = esco.rename(esco.parent / "files")

    done = import_esco(plain)

    assert done.version == "unknown"
    assert [note for note in done.notes if note.startswith("Warning") and "--version" in note]


@pytest.mark.parametrize(
    ("name", "version"),
    [
        ("ESCO dataset - v1.2.0 - classification - en - csv.zip", "v1.2.0"),
        ("esco_v1.1.1", "v1.1.1"),
        ("ESCO v1.2", "v1.2"),
        ("esco-1.2.1", "v1.2.1"),
        ("v1.2.0.zip", "v1.2.0"),
        ("downloads 2026.11", None),
        ("esco", None),
    ],
)
def test_the_version_stands_in_the_name(name: str, version: str | None, tmp_path: Path) -> None:
    assert version_in_name(tmp_path / name) == version


def test_higher_floors_hear_of_a_change_once_it_is_committed(
    esco: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    heard.clear()
    with override_settings(STATE_EFFECTS={"classifications.imported": [f"{__name__}.hear"]}):
        with django_capture_on_commit_callbacks(execute=True):
            import_esco(esco)
            assert not heard
        assert heard == [("esco", "v1.2.0")]

        with django_capture_on_commit_callbacks(execute=True):
            import_esco(esco)
    assert heard == [("esco", "v1.2.0")]


def test_an_older_version_that_returns_is_the_one_in_force(esco: Path) -> None:
    import_esco(esco, version="v1")
    import_esco(esco, version="v2")
    import_esco(esco, version="v1")

    newest = Release.objects.order_by("-imported_at").first()
    assert newest is not None
    assert newest.version == "v1"
    assert set(Occupation.objects.values_list("version", flat=True)) == {"v1"}
