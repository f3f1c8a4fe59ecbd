"""Import a version of ESCO, or of the demo taxonomy, as one transaction."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.db import DataError, IntegrityError, connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils import timezone

from portal.classifications.enums import Scheme
from portal.classifications.events import tell_imported
from portal.classifications.importers.esco_files import EscoFiles, read_esco
from portal.classifications.importers.esco_store import store_esco
from portal.classifications.importers.problems import BrokenFiles, Problem
from portal.classifications.importers.search_terms import store_search_terms
from portal.classifications.importers.sources import Source
from portal.classifications.importers.storing import Changes, lock_imports
from portal.classifications.importers.versions import UNKNOWN, version_in_name
from portal.classifications.models import Release

DEMO_TAXONOMY: Final = Path(__file__).resolve().parent.parent / "builtin" / "demo_taxonomy"
LONGEST_VERSION: Final = 40


@dataclass(frozen=True)
class EscoImport:
    """What an import did. `changes` by kind of row; `counts` what the scheme holds now (retired rows left out)."""

    scheme: Scheme
    version: str
    changes: dict[str, Changes]
    counts: dict[str, int]
    notes: list[str]

    @property
    def changed(self) -> bool:
        """Whether any row was written."""
        return any(self.changes.values())


def import_esco(path: Path, scheme: Scheme = Scheme.ESCO, version: str = "") -> EscoImport:
    """Import a folder or zip of the official CSV layout. Raises BrokenFiles, and changes nothing, when files are
    broken.

    The version comes from the argument, else from the name of the folder or zip, else it is "unknown" (with a note).
    Afterwards the event `classifications.imported` is emitted when anything changed.
    """
    files = read_esco(Source(path), scheme)
    version = version or version_in_name(path) or (_demo_version(path) if scheme == Scheme.DEMO else "")
    if not version:
        version = UNKNOWN
        files.notes.append(
            "Warning: neither --version nor the name of the folder or zip tells the version: kept as “unknown”."
        )
    if len(version) > LONGEST_VERSION:
        text = f"the version is longer than {LONGEST_VERSION} characters: give a shorter --version"
        raise BrokenFiles([Problem(path.name, text)])
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            lock_imports(cursor)
            changes = store_esco(cursor, files, scheme, version)
            changes["search_terms"] = store_search_terms(cursor, scheme)
            counts = _count(cursor, scheme)
            changes["releases"] = _record(scheme, version, files, counts, bool(any(changes.values())))
            if any(changes.values()):
                tell_imported(scheme.value, version)
    except (DataError, IntegrityError) as error:
        raise BrokenFiles([Problem(path.name, f"the database refused it: {error}".strip())]) from error
    return EscoImport(scheme, version, changes, counts, files.notes)


def _demo_version(path: Path) -> str:
    """The demo taxonomy that comes with the portal has no version of its own: it is "1" until its files say
    otherwise."""
    return "1" if path.resolve() == DEMO_TAXONOMY else ""


def _count(cursor: CursorWrapper, scheme: Scheme) -> dict[str, int]:
    of_occupation = "JOIN classifications_occupation t ON t.id = r.occupation_id"
    of_skill = "JOIN classifications_skill t ON t.id = r.skill_id"
    counts: dict[str, int] = {}
    for name, rows in (
        ("groups", "classifications_occupationgroup t"),
        ("occupations", "classifications_occupation t"),
        ("skill_groups", "classifications_skillgroup t"),
        ("skills", "classifications_skill t"),
        ("occupation_skills", f"classifications_occupationskill r {of_occupation}"),
        ("skill_relations", f"classifications_skillrelation r {of_skill}"),
        ("skill_broader", f"classifications_skillbroader r {of_skill}"),
    ):
        cursor.execute(
            f"SELECT count(*) FROM {rows} WHERE t.scheme = %s AND NOT t.retired",  # noqa: S608  our own names
            [scheme.value],
        )
        counts[name] = cursor.fetchone()[0]
    return counts


def _record(scheme: Scheme, version: str, files: EscoFiles, counts: dict[str, int], changed: bool) -> Changes:
    """Write the release's row; the newest import is the one in force, so an older version that returns is written
    anew."""
    newest = Release.objects.filter(scheme=scheme).order_by("-imported_at", "-pk").first()
    if not changed and newest and (newest.version, newest.digest, newest.counts) == (version, files.digest, counts):
        return Changes()
    release, created = Release.objects.get_or_create(
        scheme=scheme,
        version=version,
        defaults={"digest": files.digest, "counts": counts, "imported_at": timezone.now()},
    )
    if created:
        return Changes(added=1)
    release.digest, release.counts = files.digest, counts
    release.save()
    return Changes(changed=1)
