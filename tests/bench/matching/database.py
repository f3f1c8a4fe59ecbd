"""Databases of the benchmark's own: made and filled once for a size, a seed and a classification, then reused."""

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any, Final

from django.core.management import call_command
from django.db import DatabaseError, connection, connections
from django.db.migrations.exceptions import InconsistentMigrationHistory
from django.db.migrations.loader import MigrationLoader
from psycopg import sql

from jobmatching.generator import area
from jobmatching.generator.sizes import Size
from jobmatching.nightly.freezing import bring_vectors_up_to_date
from jobmatching.nightly.rules_flow.services import put_in_force
from jobmatching.nightly.rules_versions import draft, in_force
from portal.classifications.enums import Scheme
from portal.devtools.postgres import EXTENSIONS
from tests.bench.matching.country import invent_country
from tests.bench.matching.say import say, step
from tests.databases import drop, using_database

SEED: Final = 2026
AS_OF: Final = date(2026, 11, 2)
"""The present of every generated market."""

_VECTORS_COME_FROM: Final = {
    "jobmatching/engine": (
        "columns", "criteria", "csr", "features", "packing", "relatedness", "rules", "seeker_features", "taxonomy",
        "vacancy_features",
    ),
    "jobmatching/nightly": (
        "codes", "copying", "places", "requirements", "rules_versions", "seeker_columns", "vacancy_columns", "vectors",
    ),
}  # fmt: skip
_ROOT: Final = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Wishes:
    """What market is asked for."""

    size: str
    esco: Path | None = None
    municipalities: Path | None = None
    people: int | None = None
    """Jobseekers, where not those of the size (tests)."""
    vacancies: int | None = None

    @property
    def database(self) -> str:
        """Name of the database: each classification has its own."""
        tiny = f"_tiny_{os.getpid()}" if self.people is not None else ""
        return f"bench_{self.size.lower()}{tiny}{'_esco' if self.esco else ''}"

    def fingerprint(self) -> dict[str, Any]:
        """What the generated rows depend on (Any: JSON)."""
        return {
            "size": self.size,
            "people": self.people,
            "vacancies": self.vacancies,
            "seed": SEED,
            "as_of": AS_OF.isoformat(),
            "taxonomy": _content_of(self.esco) if self.esco else "demo",
            "municipalities": _content_of(self.municipalities) if self.municipalities else "invented",
        }


def _content_of(path: Path) -> str:
    """Names and sizes of the files of a folder, or of one file: enough to see that another one was given."""
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    listed = "\n".join(f"{file.name} {file.stat().st_size}" for file in files if file.is_file())
    return hashlib.sha256(listed.encode()).hexdigest()[:16]


def _engine_sources() -> str:
    """One hash of the code that vectors come from."""
    digest = hashlib.sha256()
    for folder, names in _VECTORS_COME_FROM.items():
        for name in names:
            digest.update((_ROOT / folder / f"{name}.py").read_bytes())
    return digest.hexdigest()[:16]


def _migrations() -> str:
    """One hash of the names of all migrations."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    names = sorted(f"{app}.{name}" for app, name in loader.disk_migrations)
    return hashlib.sha256("\n".join(names).encode()).hexdigest()[:16]


def prepare(wishes: Wishes) -> None:
    """Make and fill the database, or reuse it where it was made alike.

    New migrations are applied to the rows that are there; vectors are built again when the engine's sources changed.
    """
    name = wishes.database
    wanted = {"data": wishes.fingerprint(), "migrations": _migrations(), "engine": _engine_sources()}
    known = _fingerprint_of(name)
    if known == wanted:
        say(f"Database {name}: generated before, reused.")
        return
    if known.get("data") != wanted["data"] or not (known["migrations"] == wanted["migrations"] or _migrated(name)):
        say(f"Database {name}: {'made for something else, made anew' if known else 'made'}.")
        drop(name)
        _maintain(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        with using_database(name):
            _fill(wishes)
    else:
        say(f"Database {name}: its people and vacancies are reused; rules and vectors are made again for new code.")
    with using_database(name):
        with step("Rules and vectors"):
            scheme = Scheme.ESCO if wishes.esco else Scheme.DEMO
            put_in_force(draft(scheme), None, "Benchmark.")
            bring_vectors_up_to_date(in_force(), AS_OF)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE jobmatching_seekervector, jobmatching_vacancyvector")
    _remember(name, wanted)


@contextmanager
def working_copy(name: str) -> Iterator[str]:
    """A copy of a database, in which runs are stored and days pass; thrown away in the end."""
    copy = f"{name}_work"
    drop(copy)
    connections.close_all()
    with step("Working copy of the database"):
        _maintain(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
                sql.Identifier(copy), sql.Identifier(name)
            )
        )
    try:
        yield copy
    finally:
        drop(copy)


def _migrated(name: str) -> bool:
    """Apply what is new; False where the migrations no longer follow on what was applied."""
    with using_database(name):
        try:
            call_command("migrate", verbosity=0)
        except (InconsistentMigrationHistory, DatabaseError):
            return False
    return True


def _fill(wishes: Wishes) -> None:
    with connection.cursor() as cursor:
        for extension in EXTENSIONS:
            cursor.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension)))
    with step("Tables"):
        call_command("migrate", verbosity=0)
    with step("Municipalities and code lists"):
        call_command("load_builtin", stdout=StringIO())
        if wishes.municipalities:
            call_command("import_municipalities", str(wishes.municipalities), stdout=StringIO())
        elif wishes.size != Size.S.name:
            invent_country(SEED)
    with step("Classification"):
        if wishes.esco:
            call_command("import_esco", str(wishes.esco), stdout=StringIO())
        else:
            call_command("import_esco", scheme=Scheme.DEMO.value, stdout=StringIO())
    with step("Jobseekers and vacancies"):
        _generate(wishes)


def _generate(wishes: Wishes) -> None:
    size: Any = Size[wishes.size]
    if wishes.people is not None:
        size = TinySize(size.name, wishes.people, wishes.vacancies or max(1, wishes.people // 4))
    area.generate_area(
        size, SEED, AS_OF, scheme=Scheme.ESCO if wishes.esco else Scheme.DEMO, progress=area.Progress(say=say)
    )


@dataclass(frozen=True)
class TinySize:
    """A size smaller than any that the generator names; tests only."""

    name: str
    seekers: int
    vacancies: int
    whole_country: bool = False

    @property
    def employers(self) -> int:
        return max(1, self.vacancies // 3)


def _fingerprint_of(name: str) -> dict[str, Any]:
    """What the database says it was made from; empty where there is none (Any: JSON)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [name])
        row = cursor.fetchone()
    if row is None:
        return {}
    try:
        told = json.loads(row[0] or "")
    except ValueError:
        return {"data": None}
    return told if isinstance(told, dict) else {"data": None}


def _remember(name: str, told: dict[str, Any]) -> None:
    _maintain(sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(name), sql.Literal(json.dumps(told))))


def _maintain(statement: sql.Composed) -> None:
    with connection._nodb_cursor() as cursor:
        cursor.execute(statement)
