"""Keep the search terms in step with the names of occupations and skills that are in use."""

from collections.abc import Iterator
from typing import Final

from django.db.backends.utils import CursorWrapper

from portal.classifications.enums import Scheme
from portal.classifications.importers.esco_concepts import LANGUAGES
from portal.classifications.importers.storing import Changes, copy_rows, know_the_size
from portal.classifications.search.folding import fold

_COLUMNS: Final = "occupation_id, skill_id, language, preferred, text, folded"
Term = tuple[int | None, int | None, str, bool, str, str]


def store_search_terms(cursor: CursorWrapper, scheme: Scheme) -> Changes:
    """Write the terms of the scheme that are not there yet, delete those whose name is gone."""
    rows = list(_terms(cursor, scheme))
    kinds = ("bigint", "bigint", "text", "boolean", "text", "text")
    copy_rows(cursor, "incoming_term", dict(zip(_COLUMNS.split(", "), kinds, strict=True)), rows)
    cursor.execute(
        "CREATE TEMPORARY TABLE kept_term ON COMMIT DROP AS SELECT t.id, t.occupation_id, t.skill_id, t.language,"
        " t.preferred, t.text, t.folded FROM classifications_searchterm t JOIN incoming_term s"
        " ON COALESCE(t.occupation_id, 0) = COALESCE(s.occupation_id, 0)"
        " AND COALESCE(t.skill_id, 0) = COALESCE(s.skill_id, 0)"
        " AND t.language = s.language AND t.preferred = s.preferred AND t.text = s.text AND t.folded = s.folded"
        " WHERE t.scheme = %s",
        [scheme.value],
    )
    cursor.execute("ANALYZE kept_term")
    cursor.execute(
        "DELETE FROM classifications_searchterm t WHERE t.scheme = %s AND NOT EXISTS"
        " (SELECT 1 FROM kept_term k WHERE k.id = t.id)",
        [scheme.value],
    )
    removed = cursor.rowcount
    cursor.execute(
        f"INSERT INTO classifications_searchterm (scheme, {_COLUMNS})"  # noqa: S608  our own names
        f" SELECT %s, {_COLUMNS} FROM"
        f" (SELECT {_COLUMNS} FROM incoming_term EXCEPT SELECT {_COLUMNS} FROM kept_term) fresh"
        " ORDER BY occupation_id, skill_id, language, preferred DESC, text",
        [scheme.value],
    )
    added = cursor.rowcount
    know_the_size(cursor, "classifications_searchterm", added)
    cursor.execute("DROP TABLE kept_term")
    return Changes(added=added, removed=removed)


def _terms(cursor: CursorWrapper, scheme: Scheme) -> Iterator[Term]:
    for table, is_occupation in (("classifications_occupation", True), ("classifications_skill", False)):
        columns = ", ".join(f"name_{language}, alternatives_{language}" for language in LANGUAGES)
        cursor.execute(
            f"SELECT id, {columns} FROM {table} WHERE scheme = %s AND NOT retired",  # noqa: S608  our own names
            [scheme.value],
        )
        for row_id, *texts in cursor.fetchall():
            owner = (row_id, None) if is_occupation else (None, row_id)
            for place, language in enumerate(LANGUAGES):
                name, alternatives = texts[2 * place], texts[2 * place + 1]
                if name:
                    yield (*owner, language, True, name, fold(name))
                for other in alternatives:
                    yield (*owner, language, False, other, fold(other))
