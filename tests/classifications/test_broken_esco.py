"""A broken download names file, row and column, says what to do, and changes nothing."""

import zipfile
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from portal.classifications.importers.esco import import_esco
from portal.classifications.importers.problems import BrokenFiles
from portal.classifications.models import Occupation, Release
from tests.classifications import esco_folder as small

pytestmark = pytest.mark.django_db

Break = Callable[[Path], object]


def cell(file: str, row: int, column: str, value: str) -> Break:
    """Put a value into one cell; rows count as in a spreadsheet, the header is row 1."""

    def change(folder: Path) -> None:
        small.change_rows(
            folder / file,
            lambda rows: [one | {column: value} if number == row else one for number, one in enumerate(rows, 2)],
        )

    return change


def header(file: str, old: str, new: str) -> Break:
    return lambda folder: (folder / file).write_text((folder / file).read_text().replace(old, new, 1))


def append(file: str, text: bytes) -> Break:
    return lambda folder: (folder / file).write_bytes((folder / file).read_bytes() + text)


def twice(file: str) -> Break:
    return lambda folder: small.change_rows(folder / file, lambda rows: [*rows, rows[0]])


UNKNOWN = f"{small.ESCO}/skill/nowhere"

BROKEN: dict[str, tuple[Break, tuple[str, ...]]] = {
    "required file missing": (
        lambda folder: (folder / "occupationSkillRelations_en.csv").unlink(),
        ("occupationSkillRelations_en.csv", "is missing"),
    ),
    "empty file": (
        lambda folder: (folder / "skills_en.csv").write_bytes(b""),
        ("skills_en.csv, row 1", "no header"),
    ),
    "column missing": (
        header("occupations_en.csv", "iscoGroup", "isco"),
        ("occupations_en.csv, row 1, column iscoGroup", "missing"),
    ),
    "column twice": (
        header("occupations_en.csv", "hiddenLabels", "preferredLabel"),
        ("occupations_en.csv, row 1, column preferredLabel", "twice"),
    ),
    "no address": (
        cell("occupations_en.csv", 3, "conceptUri", "pipe welder"),
        ("occupations_en.csv, row 3", "column conceptUri", "no web address"),
    ),
    "address of another scheme": (
        cell("skills_en.csv", 2, "conceptUri", "https://example.org/skill"),
        ("skills_en.csv, row 2, column conceptUri", "no address of ESCO"),
    ),
    "address twice": (
        twice("skills_en.csv"),
        ("skills_en.csv, row 5, column conceptUri", "stands twice"),
    ),
    "empty label": (
        cell("occupations_en.csv", 2, "preferredLabel", "  "),
        ("occupations_en.csv, row 2, column preferredLabel", "is empty"),
    ),
    "label too long": (
        cell("occupations_fi.csv", 2, "preferredLabel", "hitsaaja" * 50),
        ("occupations_fi.csv, row 2, column preferredLabel", "longer than 300"),
    ),
    "wrong kind": (
        cell("occupations_en.csv", 2, "conceptType", "Skill"),
        ("occupations_en.csv, row 2, column conceptType", "Occupation"),
    ),
    "wrong status": (
        cell("occupations_en.csv", 2, "status", "relased"),
        ("occupations_en.csv, row 2, column status", "relased"),
    ),
    "ISCO code without its zero": (
        cell("occupations_en.csv", 5, "iscoGroup", "110"),
        ("occupations_en.csv, row 5 (line 9), column iscoGroup", "leading zero"),
    ),
    "ISCO code in letters": (
        cell("occupations_en.csv", 2, "iscoGroup", "C7212"),
        ("occupations_en.csv, row 2, column iscoGroup", "four digits"),
    ),
    "unknown ISCO group": (
        cell("occupations_en.csv", 2, "iscoGroup", "9999"),
        ("occupations_en.csv, row 2, column iscoGroup", "9999"),
    ),
    "bad code of a group": (
        cell("ISCOGroups_en.csv", 2, "code", "72123"),
        ("ISCOGroups_en.csv, row 2, column code", "one to four digits"),
    ),
    "code of a group twice": (
        cell("ISCOGroups_en.csv", 3, "code", "2"),
        ("ISCOGroups_en.csv, row 3, column code", "already"),
    ),
    "translation of an unknown concept": (
        cell("skills_fi.csv", 3, "conceptUri", UNKNOWN),
        ("skills_fi.csv, row 3, column conceptUri", "skills_en.csv"),
    ),
    "unknown skill": (
        cell("occupationSkillRelations_en.csv", 4, "skillUri", UNKNOWN),
        ("occupationSkillRelations_en.csv, row 4, column skillUri", UNKNOWN),
    ),
    "unknown occupation": (
        cell("occupationSkillRelations_en.csv", 4, "occupationUri", UNKNOWN),
        ("occupationSkillRelations_en.csv, row 4, column occupationUri", UNKNOWN),
    ),
    "unknown relation": (
        cell("occupationSkillRelations_en.csv", 2, "relationType", "maybe"),
        ("occupationSkillRelations_en.csv, row 2, column relationType", "maybe"),
    ),
    "unknown related skill": (
        cell("skillSkillRelations_en.csv", 2, "relatedSkillUri", UNKNOWN),
        ("skillSkillRelations_en.csv, row 2, column relatedSkillUri", UNKNOWN),
    ),
    "unknown wider concept": (
        cell("broaderRelationsSkillPillar_en.csv", 2, "broaderUri", UNKNOWN),
        ("broaderRelationsSkillPillar_en.csv, row 2, column broaderUri", UNKNOWN),
    ),
    "unknown group of an occupation": (
        cell("broaderRelationsOccPillar_en.csv", 2, "broaderUri", UNKNOWN),
        ("broaderRelationsOccPillar_en.csv, row 2, column broaderUri", UNKNOWN),
    ),
    "unknown group in the hierarchy": (
        cell("skillsHierarchy_en.csv", 3, "Level 1 URI", UNKNOWN),
        ("skillsHierarchy_en.csv, row 3, column Level 1 URI", UNKNOWN),
    ),
    "not UTF-8": (
        append("occupations_sv.csv", "Occupation,svetsare p\xe5 r\xf6r\n".encode("latin-1")),
        ("occupations_sv.csv, row 5", "not UTF-8"),
    ),
    "unbalanced quote": (
        append("skills_fi.csv", b'KnowledgeSkillCompetence,"http://data.europa.eu/esco/skill/x,a\n'),
        ("skills_fi.csv, row 5", "quotes do not balance"),
    ),
    "quote inside a cell": (
        append("skills_fi.csv", b'KnowledgeSkillCompetence,"http://data"europa,a\n'),
        ("skills_fi.csv, row 5", "quotes do not balance"),
    ),
    "cell missing": (
        append("skillGroups_en.csv", b"SkillGroup,http://data.europa.eu/esco/skill/y\n"),
        ("skillGroups_en.csv, row 4", "2 cells where the header has 8"),
    ),
    "zero byte": (
        append("skills_en.csv", b"\0"),
        ("skills_en.csv, row 5", "zero byte"),
    ),
}  # fmt: skip


@pytest.fixture
def esco(tmp_path: Path) -> Path:
    return small.write_esco(tmp_path / "esco-v1.2.0")


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_file_is_named_and_changes_nothing(esco: Path, case: str) -> None:
    import_esco(esco)
    small.change_rows(
        esco / "occupations_fi.csv",
        lambda rows: [row | {"preferredLabel": row["preferredLabel"] + "!"} for row in rows],
    )
    damage, told = BROKEN[case]
    damage(esco)

    with pytest.raises(CommandError) as refused:
        call_command("import_esco", esco, version="v9", stdout=StringIO())

    message = str(refused.value)
    assert "Nothing has been changed" in message
    assert all(part in message for part in told), message
    assert list(Release.objects.values_list("version", flat=True)) == ["v1.2.0"]
    assert not Occupation.objects.filter(name_fi__endswith="!").exists()


def test_all_problems_are_told_at_once_but_not_hundreds(esco: Path) -> None:
    small.change_rows(esco / "skills_en.csv", lambda rows: [row | {"status": "?"} for row in rows])
    small.change_rows(esco / "occupations_en.csv", lambda rows: [row | {"conceptType": "?"} for row in rows])
    with pytest.raises(BrokenFiles) as broken:
        import_esco(esco)
    assert len(broken.value.problems) == 7

    small.change_rows(esco / "skills_en.csv", lambda rows: rows * 100)
    with pytest.raises(BrokenFiles) as broken:
        import_esco(esco)
    assert len(broken.value.problems) == 20


def test_a_broken_zip(esco: Path, tmp_path: Path) -> None:
    archive = small.zipped(esco, tmp_path / "esco.zip")
    archive.write_bytes(archive.read_bytes()[:-100])
    with pytest.raises(BrokenFiles, match=r"esco\.zip: is not a sound zip file"):
        import_esco(archive)


def test_a_file_damaged_inside_a_zip(esco: Path, tmp_path: Path) -> None:
    archive = tmp_path / "esco.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as packed:
        for file in sorted(esco.iterdir()):
            packed.write(file, file.name)
    content = archive.read_bytes()
    archive.write_bytes(content.replace(b"pipe welder", b"pipe wElder", 1))
    with pytest.raises(BrokenFiles, match=r"occupations_en\.csv: cannot be read"):
        import_esco(archive)


@pytest.mark.parametrize(
    "name", ["../occupations_en.csv", "/etc/skills_en.csv", "a/../../x.csv", "..\\x.csv", "C:\\x.csv"]
)
def test_a_zip_whose_names_lead_outside_is_refused(esco: Path, tmp_path: Path, name: str) -> None:
    archive = small.zipped(esco, tmp_path / "esco.zip")
    with zipfile.ZipFile(archive, "a") as packed:
        packed.writestr(name, "conceptType\n")
    with pytest.raises(BrokenFiles, match="points outside it"):
        import_esco(archive)


def test_a_name_twice_in_a_zip(esco: Path, tmp_path: Path) -> None:
    archive = small.zipped(esco, tmp_path / "esco.zip")
    with zipfile.ZipFile(archive, "a") as packed:
        packed.writestr("again/skills_en.csv", "conceptType\n")
    with pytest.raises(BrokenFiles, match=r"skills_en\.csv: stands there twice"):
        import_esco(archive)


def test_a_path_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="is not there"):
        call_command("import_esco", tmp_path / "nowhere", stdout=StringIO())


def test_an_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(BrokenFiles, match="holds no CSV files"):
        import_esco(tmp_path)


def test_esco_under_the_name_of_the_demo_taxonomy(esco: Path) -> None:
    with pytest.raises(CommandError, match="--scheme esco"):
        call_command("import_esco", esco, scheme="demo", stdout=StringIO())
