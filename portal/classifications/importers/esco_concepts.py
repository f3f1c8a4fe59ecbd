"""Read and check the concepts of an ESCO download: occupations, skills and their groups, in three languages."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from portal.classifications.enums import Scheme
from portal.classifications.importers.problems import Findings
from portal.classifications.importers.sources import Source
from portal.classifications.importers.tables import Row, read_table

Language = Literal["en", "fi", "sv"]
LANGUAGES: Final[tuple[Language, ...]] = ("en", "fi", "sv")
LONGEST_NAME: Final = 300
LONGEST_URI: Final = 200
_ESCO_PREFIX: Final = "http://data.europa.eu/esco/"
_URI: Final = re.compile(r"https?://[^\s<>\"{}|\\^`]+")
_ISCO_4: Final = re.compile(r"\d{4}")


@dataclass(frozen=True)
class ConceptFile:
    """One of the four kinds of concept files: `{stem}_{language}.csv`."""

    stem: str
    concept_type: str
    extra_columns: tuple[str, ...] = ()
    has_alternatives: bool = False
    has_isco: bool = False


ISCO_GROUPS: Final = ConceptFile("ISCOGroups", "ISCOGroup", ("code",))
OCCUPATIONS: Final = ConceptFile(
    "occupations", "Occupation", ("iscoGroup", "code", "regulatedProfessionNote"), has_alternatives=True, has_isco=True
)
SKILL_GROUPS: Final = ConceptFile("skillGroups", "SkillGroup", ("code",))
SKILLS: Final = ConceptFile("skills", "KnowledgeSkillCompetence", ("skillType", "reuseLevel"), has_alternatives=True)


@dataclass
class ConceptRow:
    """A concept as the files tell it. A language whose file is not there is missing from the three dictionaries."""

    uri: str
    place: Row
    extra: dict[str, str]
    names: dict[Language, str] = field(default_factory=dict)
    alternatives: dict[Language, list[str]] = field(default_factory=dict)
    descriptions: dict[Language, str] = field(default_factory=dict)


@dataclass
class Concepts:
    """Concepts of one kind by address, those that the files call withdrawn, and the languages whose files were
    there."""

    kind: ConceptFile
    rows: dict[str, ConceptRow] = field(default_factory=dict)
    withdrawn: set[str] = field(default_factory=set)
    languages: list[Language] = field(default_factory=list)


def check_uri(uri: str, scheme: Scheme) -> str:
    """Say what is wrong with an address, or return an empty text."""
    if not _URI.fullmatch(uri):
        return f"“{uri[:80]}” is no web address: each concept has one that begins with http"
    if len(uri) > LONGEST_URI:
        return f"the address is longer than {LONGEST_URI} characters"
    if (scheme == Scheme.ESCO) != uri.startswith(_ESCO_PREFIX):
        if scheme == Scheme.ESCO:
            return f"“{uri[:80]}” is no address of ESCO: those begin with {_ESCO_PREFIX}"
        return f"“{uri[:80]}” belongs to ESCO: import it with --scheme esco"
    return ""


def read_concepts(source: Source, kind: ConceptFile, scheme: Scheme, findings: Findings) -> Concepts:
    """Read the English file (it must be there) and the Finnish and Swedish ones (they may be missing)."""
    concepts = Concepts(kind)
    for language in LANGUAGES:
        shown = source.shown_name(f"{kind.stem}_{language}.csv")
        if shown is None:
            findings.note(f"{kind.stem}_{language}.csv is not there: names in that language stay as they are.")
            continue
        concepts.languages.append(language)
        _read_language(shown, source.read(shown), concepts, language, scheme, findings)
    return concepts


def _read_language(
    shown: str, content: bytes, concepts: Concepts, language: Language, scheme: Scheme, findings: Findings
) -> None:
    kind = concepts.kind
    columns: tuple[str, ...] = ("conceptType", "conceptUri", "preferredLabel", "status", "description")
    columns += ("altLabels",) if kind.has_alternatives else ()
    columns += kind.extra_columns if language == "en" else ()
    seen: set[str] = set()
    for row in read_table(shown, content, columns, findings):
        cells = dict(zip(columns, row.values, strict=True))
        uri = cells["conceptUri"].strip()
        problem = _Place(findings, shown, row)
        if text := check_uri(uri, scheme):
            problem("conceptUri", text)
            continue
        if uri in seen:
            problem("conceptUri", f"{uri} stands twice in this file: remove one of the rows")
            continue
        seen.add(uri)
        if cells["conceptType"] != kind.concept_type:
            problem("conceptType", f"“{cells['conceptType'][:40]}” where “{kind.concept_type}” belongs")
        status = cells["status"].strip()
        if status not in ("released", "obsolete"):
            problem("status", f"“{status[:40]}” is unknown: a concept is “released” or “obsolete” (withdrawn)")
        if uri in concepts.withdrawn or status == "obsolete":
            concepts.withdrawn.add(uri)
            continue
        concept = concepts.rows.get(uri)
        if concept is None:
            if language != "en":
                problem("conceptUri", f"{uri} is not in {kind.stem}_en.csv: take all files from one download")
                continue
            concept = concepts.rows[uri] = ConceptRow(
                uri, row, {name: cells[name].strip() for name in kind.extra_columns}
            )
        _put_texts(concept, cells, language, problem)


def _put_texts(concept: ConceptRow, cells: Mapping[str, str], language: Language, problem: "_Place") -> None:
    name = " ".join(cells["preferredLabel"].split())
    if not name and language == "en":
        problem("preferredLabel", "is empty: every concept has an English name")
    concept.names[language] = name
    concept.descriptions[language] = cells["description"].strip()
    others = dict.fromkeys(" ".join(part.split()) for part in cells.get("altLabels", "").split("\n"))
    concept.alternatives[language] = [other for other in others if other and other != name]
    for text, column in ((name, "preferredLabel"), *((other, "altLabels") for other in concept.alternatives[language])):
        if len(text) > LONGEST_NAME:
            problem(column, f"“{text[:60]}…” is longer than {LONGEST_NAME} characters")


class _Place:
    """Notes problems of one row."""

    def __init__(self, findings: Findings, shown: str, row: Row) -> None:
        self._findings, self._shown, self._row = findings, shown, row

    def __call__(self, column: str, text: str) -> None:
        self._findings.problem(self._shown, text, row=self._row.number, line=self._row.line, column=column)


def check_codes(
    groups: Concepts, occupations: Concepts, skill_groups: Concepts, source: Source, findings: Findings
) -> None:
    """Check the codes of ISCO groups (one to four digits, each once), and that each occupation's group is there."""
    shown = source.shown_name(f"{ISCO_GROUPS.stem}_en.csv") or ""
    codes: dict[str, str] = {}
    for row in groups.rows.values():
        code = row.extra["code"]
        problem = _Place(findings, shown, row.place)
        if not (code.isascii() and code.isdigit() and len(code) <= 4):
            problem("code", f"“{code[:20]}” is no ISCO-08 code: those have one to four digits")
        elif codes.setdefault(code, row.uri) != row.uri:
            problem("code", f"{code} belongs to {codes[code]} already")
    shown = source.shown_name(f"{OCCUPATIONS.stem}_en.csv") or ""
    for row in occupations.rows.values():
        code = row.extra["iscoGroup"]
        problem = _Place(findings, shown, row.place)
        if not (code.isascii() and _ISCO_4.fullmatch(code)):
            advice = (
                "spreadsheets drop the leading zero of 0110, 0210 and 0310" if code.isdigit() else "for example 7212"
            )
            problem("iscoGroup", f"“{code[:20]}” is no ISCO-08 group: those have four digits ({advice})")
        elif code not in codes:
            problem("iscoGroup", f"the group {code} is not in ISCOGroups_en.csv")
        if len(row.extra["code"]) > 40:
            problem("code", "is longer than 40 characters")
    shown = source.shown_name(f"{SKILL_GROUPS.stem}_en.csv") or ""
    for row in skill_groups.rows.values():
        if len(row.extra["code"]) > 40:
            _Place(findings, shown, row.place)("code", "is longer than 40 characters")
