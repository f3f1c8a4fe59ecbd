"""A small ESCO download to import, to break and to change: three welders, a nurse, their skills, in three languages."""

import csv
import zipfile
from collections.abc import Callable
from pathlib import Path

ESCO = "http://data.europa.eu/esco"
WELDER = f"{ESCO}/occupation/welder"
PIPE_WELDER = f"{ESCO}/occupation/pipe-welder"
SHEET_WELDER = f"{ESCO}/occupation/sheet-welder"
NURSE = f"{ESCO}/occupation/nurse"
WELDING = f"{ESCO}/skill/welding"
READING = f"{ESCO}/skill/drawings"
CARE = f"{ESCO}/skill/care"
GROUP = f"{ESCO}/skill/S1"
SUBGROUP = f"{ESCO}/skill/S1.1"
IN_SCHEME = f"{ESCO}/concept-scheme/all"

_OCCUPATION_COLUMNS = (
    "conceptType", "conceptUri", "iscoGroup", "preferredLabel", "altLabels", "hiddenLabels", "status", "modifiedDate",
    "regulatedProfessionNote", "scopeNote", "definition", "inScheme", "description", "code",
)  # fmt: skip
_SKILL_COLUMNS = (
    "conceptType", "conceptUri", "skillType", "reuseLevel", "preferredLabel", "altLabels", "hiddenLabels", "status",
    "modifiedDate", "scopeNote", "definition", "inScheme", "description",
)  # fmt: skip
_GROUP_COLUMNS = (
    "conceptType", "conceptUri", "code", "preferredLabel", "status", "altLabels", "inScheme", "description",
)  # fmt: skip
_BROADER_COLUMNS = ("conceptType", "conceptUri", "broaderType", "broaderUri")

_OCCUPATIONS = (
    (
        WELDER,
        "7212",
        "7212.1",
        {"fi": "hitsaaja", "sv": "svetsare", "en": "welder"},
        ["metal joiner", "welding worker"],
    ),
    (PIPE_WELDER, "7212", "7212.2", {"fi": "putkihitsaaja", "sv": "rörsvetsare", "en": "pipe welder"}, []),
    (SHEET_WELDER, "7214", "7214.1", {"fi": "levyseppähitsaaja", "sv": "", "en": "sheet metal welder"}, []),
    (NURSE, "2221", "2221.1", {"fi": "sairaanhoitaja", "sv": "sjukskötare", "en": "nurse"}, ["ward nurse"]),
)
_SKILLS = (
    (WELDING, {"fi": "hitsaus", "sv": "svetsning", "en": "welding"}),
    (READING, {"fi": "lukea piirustuksia", "sv": "läsa ritningar", "en": "read drawings"}),
    (CARE, {"fi": "hoitotyö", "sv": "vård", "en": "nursing care"}),
)
_ISCO = {
    "2": ("Erityisasiantuntijat", "Specialister", "Professionals"),
    "22": ("Terveydenhuollon erityisasiantuntijat", "Hälsa", "Health professionals"),
    "222": ("Sairaanhoitajat ja kätilöt", "Sjukskötare", "Nursing"),
    "2221": ("Sairaanhoitajat", "Sjukskötare", "Nursing professionals"),
    "7": ("Työntekijät", "Arbetare", "Craft workers"),
    "72": ("Metallityöntekijät", "Metallarbetare", "Metal workers"),
    "721": ("Valajat ja hitsaajat", "Gjutare och svetsare", "Moulders and welders"),
    "7212": ("Hitsaajat", "Svetsare", "Welders and flamecutters"),
    "7214": ("Paksulevysepät", "Grovplåtslagare", "Structural metal preparers"),
}


def write_esco(folder: Path) -> Path:
    """Write the whole download into a folder and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    for place, language in enumerate(("fi", "sv", "en")):
        write(folder / f"occupations_{language}.csv", _OCCUPATION_COLUMNS, [
            {
                "conceptType": "Occupation", "conceptUri": uri, "iscoGroup": isco, "code": code, "status": "released",
                "preferredLabel": names[language], "altLabels": "\n".join(others if language == "en" else []),
                "inScheme": IN_SCHEME,
                "description": f"What a {names['en']} does,\nin two lines." if language == "en" else "",
                "regulatedProfessionNote": f"{ESCO}/regulated-professions/"
                + ("regulated" if uri == NURSE else "unregulated"),
            }
            for uri, isco, code, names, others in _OCCUPATIONS if names[language]
        ])  # fmt: skip
        write(folder / f"skills_{language}.csv", _SKILL_COLUMNS, [
            {
                "conceptType": "KnowledgeSkillCompetence", "conceptUri": uri, "status": "released",
                "skillType": "skill/competence", "reuseLevel": "cross-sector", "preferredLabel": names[language],
            }
            for uri, names in _SKILLS
        ])  # fmt: skip
        write(folder / f"ISCOGroups_{language}.csv", _GROUP_COLUMNS, [
            {
                "conceptType": "ISCOGroup", "conceptUri": f"{ESCO}/isco/C{code}", "code": code, "status": "released",
                "preferredLabel": names[place],
            }
            for code, names in _ISCO.items()
        ])  # fmt: skip
    write(folder / "skillGroups_en.csv", _GROUP_COLUMNS, [
        {"conceptType": "SkillGroup", "conceptUri": uri, "code": code, "status": "released", "preferredLabel": name}
        for uri, code, name in ((GROUP, "S1", "making"), (SUBGROUP, "S1.1", "joining metal"))
    ])  # fmt: skip
    columns = ("occupationUri", "relationType", "skillType", "skillUri")
    write_pairs(folder / "occupationSkillRelations_en.csv", columns, [
        (WELDER, "essential", "", WELDING), (WELDER, "optional", "", READING), (PIPE_WELDER, "essential", "", WELDING),
        (SHEET_WELDER, "essential", "", READING), (NURSE, "essential", "", CARE),
    ])  # fmt: skip
    write_pairs(
        folder / "skillSkillRelations_en.csv",
        ("originalSkillUri", "originalSkillType", "relationType", "relatedSkillType", "relatedSkillUri"),
        [(WELDING, "", "optional", "", READING)],
    )
    write_pairs(folder / "broaderRelationsSkillPillar_en.csv", _BROADER_COLUMNS, [
        ("KnowledgeSkillCompetence", WELDING, "SkillGroup", SUBGROUP),
        ("KnowledgeSkillCompetence", READING, "SkillGroup", GROUP),
        ("KnowledgeSkillCompetence", CARE, "SkillGroup", GROUP), ("SkillGroup", SUBGROUP, "SkillGroup", GROUP),
    ])  # fmt: skip
    write_pairs(folder / "broaderRelationsOccPillar_en.csv", _BROADER_COLUMNS, [
        ("Occupation", WELDER, "ISCOGroup", f"{ESCO}/isco/C7212"),
    ])  # fmt: skip
    levels = [f"Level {level} {part}" for level in range(4) for part in ("URI", "preferred term")]
    write_pairs(
        folder / "skillsHierarchy_en.csv", levels, [(GROUP, "making"), (GROUP, "making", SUBGROUP, "joining metal")]
    )
    return folder


def write(file: Path, columns: tuple[str, ...], rows: list[dict[str, str]]) -> None:
    """Write rows with a header; cells that a row does not name are empty."""
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)


def write_pairs(file: Path, columns: list[str] | tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    """Write rows as they are, also shorter than the header."""
    with file.open("w", encoding="utf-8", newline="") as opened:
        csv.writer(opened).writerows([columns, *rows])


def change_rows(file: Path, change: Callable[[list[dict[str, str]]], list[dict[str, str]]]) -> None:
    """Read a file, let the rows be changed, and write it back."""
    with file.open(encoding="utf-8", newline="") as opened:
        reader = csv.DictReader(opened)
        columns, rows = tuple(reader.fieldnames or ()), list(reader)
    write(file, columns, change(rows))


def without(file: Path, *uris: str) -> None:
    """Leave out all rows that name one of the addresses."""
    change_rows(file, lambda rows: [row for row in rows if not set(uris) & set(row.values())])


def zipped(folder: Path, target: Path, inside: str = "") -> Path:
    """Pack the CSV files of a folder into a zip, in a folder of it when `inside` names one."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.glob("*.csv")):
            archive.write(file, f"{inside}/{file.name}" if inside else file.name)
    return target
