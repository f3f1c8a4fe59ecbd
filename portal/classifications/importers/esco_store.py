"""Store a checked ESCO download: concepts, relations and search terms, in the caller's transaction."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from django.db.backends.utils import CursorWrapper

from portal.classifications.enums import Scheme
from portal.classifications.importers.esco_concepts import LANGUAGES, Concepts
from portal.classifications.importers.esco_files import EscoFiles
from portal.classifications.importers.storing import Changes, copy_rows, know_the_size, upsert
from portal.classifications.models import (
    Occupation,
    OccupationGroup,
    OccupationSkill,
    Skill,
    SkillBroader,
    SkillGroup,
    SkillRelation,
)

REGULATED: Final = "/regulated"
_NAMES: Final = tuple(f"name_{language}" for language in LANGUAGES)
_ALTERNATIVES: Final = tuple(f"alternatives_{language}" for language in LANGUAGES)
_DESCRIPTIONS: Final = tuple(f"description_{language}" for language in LANGUAGES)


def store_esco(cursor: CursorWrapper, files: EscoFiles, scheme: Scheme, version: str) -> dict[str, Changes]:
    """Bring the scheme to what the files say; return what changed, by kind."""
    return {
        "groups": _store_groups(cursor, files, scheme, version),
        "occupations": _store_occupations(cursor, files, scheme, version),
        "skill_groups": _store_skill_groups(cursor, files, scheme, version),
        "skills": _store_skills(cursor, files, scheme, version),
        "occupation_skills": _store_occupation_skills(cursor, files, scheme),
        "skill_relations": _store_skill_relations(cursor, files, scheme),
        "skill_broader": _store_broader(cursor, files, scheme),
    }


def _store_concepts(
    cursor: CursorWrapper,
    table: str,
    scheme: Scheme,
    version: str,
    columns: dict[str, tuple[str, str]],
    rows: Iterable[tuple[Any, ...]],
) -> Changes:
    """`columns`: name -> (SQL type, value of a new row where the files say nothing). Rows: address, then the
    columns."""
    copy_rows(cursor, "incoming", {"uri": "text", **{name: kind for name, (kind, _) in columns.items()}}, rows)
    cursor.execute("ALTER TABLE incoming ADD COLUMN scheme text, ADD COLUMN version text, ADD COLUMN retired boolean")
    cursor.execute("UPDATE incoming SET scheme = %s, version = %s, retired = false", [scheme.value, version])
    retired = _retire(cursor, table, scheme)
    fixed = {"scheme": "''", "version": "''", "retired": "false"}
    texts = frozenset(columns) & {*_NAMES, *_ALTERNATIVES, *_DESCRIPTIONS}
    stored = upsert(
        cursor,
        table,
        "incoming",
        ("uri",),
        {**{name: default for name, (_, default) in columns.items()}, **fixed},
        kept_when_null=texts,
    )
    return stored.plus(Changes(removed=retired))


def _retire(cursor: CursorWrapper, table: str, scheme: Scheme) -> int:
    """Retire what the files no longer hold. It comes first, so that a code passes from an old row to a new one."""
    cursor.execute(
        f"UPDATE {table} t SET retired = true WHERE t.scheme = %s AND NOT t.retired"  # noqa: S608  our own names
        " AND NOT EXISTS (SELECT 1 FROM incoming s WHERE s.uri = t.uri)",
        [scheme.value],
    )
    return int(cursor.rowcount)


_NAME_COLUMNS: Final = dict.fromkeys(_NAMES, ("text", "''"))
_TEXT_COLUMNS: Final = {
    **_NAME_COLUMNS,
    **dict.fromkeys(_ALTERNATIVES, ("varchar[]", "'{}'")),
    **dict.fromkeys(_DESCRIPTIONS, ("text", "''")),
}


def _texts(concepts: Concepts) -> Iterator[tuple[Any, ...]]:
    """Address, names, other names, descriptions; NULL for a language whose file is not there, empty where it says
    nothing."""
    for row in concepts.rows.values():
        there = [language if language in concepts.languages else None for language in LANGUAGES]
        yield (
            row.uri,
            *(language and row.names.get(language, "") for language in there),
            *(row.alternatives.get(language, []) if language else None for language in there),
            *(language and row.descriptions.get(language, "") for language in there),
        )


def _store_groups(cursor: CursorWrapper, files: EscoFiles, scheme: Scheme, version: str) -> Changes:
    rows = (
        (*texts[:4], row.extra["code"])
        for texts, row in zip(_texts(files.groups), files.groups.rows.values(), strict=True)
    )
    columns = {**_NAME_COLUMNS, "code": ("text", "''")}
    return _store_concepts(cursor, OccupationGroup._meta.db_table, scheme, version, columns, rows)


def _store_skill_groups(cursor: CursorWrapper, files: EscoFiles, scheme: Scheme, version: str) -> Changes:
    rows = (
        (*texts[:4], row.extra["code"], row.descriptions.get("en", ""))
        for texts, row in zip(_texts(files.skill_groups), files.skill_groups.rows.values(), strict=True)
    )
    columns = {**_NAME_COLUMNS, "code": ("text", "''"), "description_en": ("text", "''")}
    return _store_concepts(cursor, SkillGroup._meta.db_table, scheme, version, columns, rows)


def _store_occupations(cursor: CursorWrapper, files: EscoFiles, scheme: Scheme, version: str) -> Changes:
    rows = (
        (
            *texts,
            row.extra["code"],
            row.extra["iscoGroup"],
            row.extra["regulatedProfessionNote"].endswith(REGULATED),
        )
        for texts, row in zip(_texts(files.occupations), files.occupations.rows.values(), strict=True)
    )
    columns = {**_TEXT_COLUMNS, "code": ("text", "''"), "isco": ("text", "''"), "regulated": ("boolean", "false")}
    return _store_concepts(cursor, Occupation._meta.db_table, scheme, version, columns, rows)


def _store_skills(cursor: CursorWrapper, files: EscoFiles, scheme: Scheme, version: str) -> Changes:
    rows = (
        (*texts, "", row.extra["skillType"], row.extra["reuseLevel"])
        for texts, row in zip(_texts(files.skills), files.skills.rows.values(), strict=True)
    )
    columns = {
        **_TEXT_COLUMNS,
        "code": ("text", "''"),
        "skill_type": ("text", "''"),
        "reuse_level": ("text", "''"),
    }
    return _store_concepts(cursor, Skill._meta.db_table, scheme, version, columns, rows)


def _store_occupation_skills(cursor: CursorWrapper, files: EscoFiles, scheme: Scheme) -> Changes:
    """Relations of a withdrawn occupation stay: people who have worked in it are still matched by its skills."""
    rows = ((occupation, skill, relation) for (occupation, skill), relation in files.occupation_skills.items())
    copy_rows(cursor, "named", {"occupation": "text", "skill": "text", "relation": "text"}, rows)
    cursor.execute(
        "CREATE TEMPORARY TABLE incoming_relation ON COMMIT DROP AS"
        " SELECT o.id AS occupation_id, s.id AS skill_id, n.relation FROM named n"
        " JOIN classifications_occupation o ON o.uri = n.occupation JOIN classifications_skill s ON s.uri = n.skill"
    )
    cursor.execute("ANALYZE incoming_relation")
    cursor.execute(
        "DELETE FROM classifications_occupationskill t USING classifications_occupation o"
        " WHERE o.id = t.occupation_id AND o.scheme = %s AND NOT o.retired AND NOT EXISTS"
        " (SELECT 1 FROM incoming_relation s WHERE (s.occupation_id, s.skill_id) = (t.occupation_id, t.skill_id))",
        [scheme.value],
    )
    removed = cursor.rowcount
    table = OccupationSkill._meta.db_table
    stored = upsert(cursor, table, "incoming_relation", ("occupation_id", "skill_id"), {"relation": "''"})
    cursor.execute("DROP TABLE incoming_relation")
    return stored.plus(Changes(removed=removed))


def _store_skill_relations(cursor: CursorWrapper, files: EscoFiles, scheme: Scheme) -> Changes:
    if files.skill_relations is None:
        return Changes()
    copy_rows(cursor, "named", {"skill": "text", "related": "text", "relation": "text"}, sorted(files.skill_relations))
    cursor.execute(
        "CREATE TEMPORARY TABLE incoming_relation ON COMMIT DROP AS"
        " SELECT a.id AS skill_id, b.id AS related_id, n.relation FROM named n"
        " JOIN classifications_skill a ON a.uri = n.skill JOIN classifications_skill b ON b.uri = n.related"
    )
    cursor.execute("ANALYZE incoming_relation")
    cursor.execute(
        "DELETE FROM classifications_skillrelation t USING classifications_skill a"
        " WHERE a.id = t.skill_id AND a.scheme = %s AND NOT a.retired AND NOT EXISTS (SELECT 1 FROM incoming_relation s"
        " WHERE (s.skill_id, s.related_id, s.relation) = (t.skill_id, t.related_id, t.relation))",
        [scheme.value],
    )
    removed = cursor.rowcount
    key = ("skill_id", "related_id", "relation")
    stored = upsert(cursor, SkillRelation._meta.db_table, "incoming_relation", key, {})
    cursor.execute("DROP TABLE incoming_relation")
    return stored.plus(Changes(removed=removed))


def _store_broader(cursor: CursorWrapper, files: EscoFiles, scheme: Scheme) -> Changes:
    copy_rows(cursor, "named", {"child": "text", "parent": "text"}, sorted(files.broader))
    cursor.execute(
        "CREATE TEMPORARY TABLE incoming_edge ON COMMIT DROP AS"
        " SELECT cs.id AS skill_id, cg.id AS group_id, ps.id AS parent_skill_id, pg.id AS parent_group_id FROM named n"
        " LEFT JOIN classifications_skill cs ON cs.uri = n.child"
        " LEFT JOIN classifications_skillgroup cg ON cg.uri = n.child"
        " LEFT JOIN classifications_skill ps ON ps.uri = n.parent"
        " LEFT JOIN classifications_skillgroup pg ON pg.uri = n.parent"
    )
    cursor.execute("ANALYZE incoming_edge")
    table = SkillBroader._meta.db_table
    cursor.execute(
        f"DELETE FROM {table} t USING"  # noqa: S608  our own names
        " (SELECT t.id FROM classifications_skillbroader t"
        "  LEFT JOIN classifications_skill a ON a.id = t.skill_id"
        "  LEFT JOIN classifications_skillgroup g ON g.id = t.group_id"
        "  WHERE COALESCE(a.scheme, g.scheme) = %s AND NOT COALESCE(a.retired, g.retired)"
        "  AND (COALESCE(t.skill_id, 0), COALESCE(t.group_id, 0), COALESCE(t.parent_skill_id, 0),"
        "  COALESCE(t.parent_group_id, 0))"
        "  NOT IN (SELECT COALESCE(skill_id, 0), COALESCE(group_id, 0), COALESCE(parent_skill_id, 0),"
        "  COALESCE(parent_group_id, 0) FROM incoming_edge)) gone WHERE gone.id = t.id",
        [scheme.value],
    )
    removed = cursor.rowcount
    columns = "skill_id, group_id, parent_skill_id, parent_group_id"
    cursor.execute(
        f"INSERT INTO {table} ({columns})"  # noqa: S608  our own names
        f" SELECT {columns} FROM incoming_edge EXCEPT SELECT {columns} FROM {table}"
    )
    added = cursor.rowcount
    know_the_size(cursor, table, added)
    cursor.execute("DROP TABLE incoming_edge")
    return Changes(added=added, removed=removed)
