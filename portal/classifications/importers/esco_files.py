"""Read and check a whole ESCO download (the layout of the official CSV files); the demo taxonomy has the same
layout."""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Final

from portal.classifications.enums import RelationType, Scheme
from portal.classifications.importers.esco_concepts import (
    ISCO_GROUPS,
    OCCUPATIONS,
    SKILL_GROUPS,
    SKILLS,
    Concepts,
    check_codes,
    read_concepts,
)
from portal.classifications.importers.problems import BrokenFiles, Findings, Problem
from portal.classifications.importers.sources import Source
from portal.classifications.importers.tables import read_table

REQUIRED: Final = (
    "ISCOGroups_en.csv",
    "occupations_en.csv",
    "skillGroups_en.csv",
    "skills_en.csv",
    "occupationSkillRelations_en.csv",
    "broaderRelationsSkillPillar_en.csv",
)
OPTIONAL_RELATIONS: Final = (
    "skillSkillRelations_en.csv",
    "broaderRelationsOccPillar_en.csv",
    "skillsHierarchy_en.csv",
)
_LEVELS: Final = ("Level 0 URI", "Level 1 URI", "Level 2 URI", "Level 3 URI")

_RELATIONS: Final = frozenset(RelationType.values)

OccupationSkillKey = tuple[str, str]
SkillRelationKey = tuple[str, str, str]
Edge = tuple[str, str]


@dataclass
class EscoFiles:
    """All that one download says, checked: every reference points to a concept in it.

    `occupation_skills`: (occupation, skill) -> relation. `skill_relations` is None where its file is not there.
    `broader`: (child, parent) among skills and skill groups.
    """

    groups: Concepts
    occupations: Concepts
    skill_groups: Concepts
    skills: Concepts
    occupation_skills: dict[OccupationSkillKey, str] = field(default_factory=dict)
    skill_relations: set[SkillRelationKey] | None = None
    broader: set[Edge] = field(default_factory=set)
    digest: str = ""
    notes: list[str] = field(default_factory=list)


def read_esco(source: Source, scheme: Scheme) -> EscoFiles:
    """Read and check everything. Raises BrokenFiles with all problems found (at most twenty)."""
    missing = [name for name in REQUIRED if source.shown_name(name) is None]
    if missing:
        raise BrokenFiles(
            [Problem(name, "is missing: it belongs to every ESCO download (CSV, English)") for name in missing]
        )
    findings = Findings()
    files = EscoFiles(
        groups=read_concepts(source, ISCO_GROUPS, scheme, findings),
        occupations=read_concepts(source, OCCUPATIONS, scheme, findings),
        skill_groups=read_concepts(source, SKILL_GROUPS, scheme, findings),
        skills=read_concepts(source, SKILLS, scheme, findings),
    )
    check_codes(files.groups, files.occupations, files.skill_groups, source, findings)
    findings.stop_when_broken()
    relations = _Relations(source, files, findings)
    relations.read_occupation_skills()
    relations.read_skill_relations()
    relations.read_broader_skills()
    relations.check_broader_occupations()
    relations.read_hierarchy()
    findings.stop_when_broken()
    files.digest = _digest(source)
    files.notes = findings.notes
    return files


def _digest(source: Source) -> str:
    """Hash of all CSV files by name; names and contents cannot run into each other."""
    total = hashlib.sha256()
    for name in sorted(source.names):
        total.update(f"{name}\0{hashlib.sha256(source.read(name)).hexdigest()}\n".encode())
    return total.hexdigest()


class _Relations:
    """Reads the relation files against the concepts that are known."""

    def __init__(self, source: Source, files: EscoFiles, findings: Findings) -> None:
        self._source, self._files, self._findings = source, files, findings
        self._withdrawn = (
            files.groups.withdrawn | files.occupations.withdrawn | files.skill_groups.withdrawn | files.skills.withdrawn
        )
        self._to_withdrawn = 0

    def _rows(
        self, name: str, columns: tuple[str, ...], *, short_rows: bool = False
    ) -> Iterable[tuple[str, int, int, tuple[str, ...]]]:
        shown = self._source.shown_name(name)
        if shown is None:
            self._findings.note(f"{name} is not there: what it would say stays as it is.")
            return
        content = self._source.read(shown)
        for row in read_table(shown, content, columns, self._findings, short_rows=short_rows):
            yield shown, row.number, row.line, row.values

    def _known(self, uri: str, known: Collection[str], place: tuple[str, int, int], column: str, what: str) -> bool:
        """Whether the relation's end is there; one that is withdrawn leaves the relation out without a problem."""
        if uri in known:
            return True
        if uri not in self._withdrawn:
            shown, number, line = place
            self._findings.problem(
                shown,
                f"“{uri[:120]}” is not among the {what}: take all files from one download",
                row=number,
                line=line,
                column=column,
            )
        return False

    def _relation(self, relation: str, place: tuple[str, int, int]) -> bool:
        if relation in _RELATIONS:
            return True
        shown, number, line = place
        text = f"“{relation[:40]}” is unknown: a relation is “essential” or “optional”"
        self._findings.problem(shown, text, row=number, line=line, column="relationType")
        return False

    def read_occupation_skills(self) -> None:
        """Skills of occupations; where a pair stands as both essential and optional, essential holds."""
        occupations, skills, found = (
            self._files.occupations.rows,
            self._files.skills.rows,
            self._files.occupation_skills,
        )
        both = 0
        columns = ("occupationUri", "relationType", "skillUri")
        for shown, number, line, (occupation, relation, skill) in self._rows(
            "occupationSkillRelations_en.csv", columns
        ):
            place = (shown, number, line)
            # Asked first in one breath: this file has 130,000 rows, nearly all of them sound.
            sound = occupation in occupations and skill in skills and relation in _RELATIONS
            if not sound and not (
                self._known(occupation, occupations, place, "occupationUri", "occupations")
                and self._known(skill, skills, place, "skillUri", "skills")
                and self._relation(relation, place)
            ):
                continue
            if found.setdefault((occupation, skill), relation) != relation:
                both += 1
                found[occupation, skill] = RelationType.ESSENTIAL.value
        if both:
            self._findings.note(f"{both} skills stand as both essential and optional: taken as essential.")

    def read_skill_relations(self) -> None:
        """Skills of skills; a skill that is said to need itself (ESCO has one) is left out."""
        skills, own = self._files.skills.rows, 0
        found: set[SkillRelationKey] = set()
        columns = ("originalSkillUri", "relationType", "relatedSkillUri")
        for shown, number, line, (skill, relation, related) in self._rows("skillSkillRelations_en.csv", columns):
            place = (shown, number, line)
            if not (
                self._known(skill, skills, place, "originalSkillUri", "skills")
                and self._known(related, skills, place, "relatedSkillUri", "skills")
                and self._relation(relation, place)
            ):
                continue
            if skill == related:
                own += 1
                continue
            found.add((skill, related, relation))
        if own:
            self._findings.note(f"{own} relations of a skill to itself are left out.")
        if self._source.shown_name("skillSkillRelations_en.csv") is not None:
            self._files.skill_relations = found

    def read_broader_skills(self) -> None:
        """Which group, or which wider skill, a skill or a group stands under."""
        known = self._files.skills.rows.keys() | self._files.skill_groups.rows.keys()
        columns = ("conceptUri", "broaderUri")
        for shown, number, line, (child, parent) in self._rows("broaderRelationsSkillPillar_en.csv", columns):
            place = (shown, number, line)
            if self._known(child, known, place, "conceptUri", "skills and skill groups") and self._known(
                parent, known, place, "broaderUri", "skills and skill groups"
            ):
                self._files.broader.add((child, parent))

    def check_broader_occupations(self) -> None:
        """Check the occupations pillar; it is not kept, for the codes (7212, 7212.3, 7212.3.1) say the same."""
        known = self._files.occupations.rows.keys() | self._files.groups.rows.keys()
        columns = ("conceptUri", "broaderUri")
        for shown, number, line, (child, parent) in self._rows("broaderRelationsOccPillar_en.csv", columns):
            place = (shown, number, line)
            if self._known(child, known, place, "conceptUri", "occupations and ISCO groups"):
                self._known(parent, known, place, "broaderUri", "occupations and ISCO groups")

    def read_hierarchy(self) -> None:
        """Which skill group stands under which, from the table of levels (ESCO leaves out empty cells at the end)."""
        known = self._files.skill_groups.rows
        for shown, number, line, levels in self._rows("skillsHierarchy_en.csv", _LEVELS, short_rows=True):
            place = (shown, number, line)
            filled = [(column, uri) for column, uri in zip(_LEVELS, levels, strict=True) if uri]
            uris = [uri for column, uri in filled if self._known(uri, known, place, column, "skill groups")]
            if len(uris) == len(filled):
                self._files.broader.update(zip(uris[1:], uris, strict=False))
