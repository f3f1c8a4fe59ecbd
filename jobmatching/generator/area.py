"""Generates a whole area: employers, vacancies, jobseekers; all of it or nothing."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from django.db import transaction

from employers.enums import VacancySource
from employers.models import Employer, Vacancy
from jobmatching.generator import seeker_rows, storing, vacancy_rows
from jobmatching.generator.abilities import draw_abilities
from jobmatching.generator.codes import identity_ranks
from jobmatching.generator.companies import draw_companies
from jobmatching.generator.draws import Bools, Ints, Stream, stream
from jobmatching.generator.people import draw_births, draw_people
from jobmatching.generator.sizes import Size
from jobmatching.generator.terms import draw_spells, draw_terms
from jobmatching.generator.vacancies import draw_vacancies
from jobmatching.generator.world import World, load_world
from jobmatching.seekers.models import JobSeeker
from portal.classifications.enums import Scheme
from portal.privacy.history import forget, without_history
from portal.privacy.history.models import HistoryEvent

BLOCK = 20_000
"""People and vacancies drawn at a time: bounds the memory."""

SOURCE = "demo-"
"""How the identifiers at the source begin for everything generated."""

EPOCH = date(1970, 1, 1)


class NotEmpty(Exception):
    """There are people or vacancies already; the message says what can be done."""


@dataclass
class Progress:
    """Tells each step with its time as it ends, and keeps the times."""

    say: Callable[[str], None] = lambda line: None
    seconds: dict[str, float] = field(default_factory=dict)
    _began: float = field(default_factory=time.perf_counter)

    def done(self, step: str, told: str = "") -> None:
        now = time.perf_counter()
        self.seconds[step] = round(now - self._began, 2)
        self._began = now
        self.say(f"{step}{': ' if told else ''}{told} ({self.seconds[step]:.1f} s)")


@dataclass(frozen=True)
class Generated:
    """What was made."""

    size: Size
    seed: int
    as_of: date
    scheme: Scheme
    area: str
    seekers: int
    vacancies: int
    employers: int
    seconds: dict[str, float]


def generate_area(
    size: Size, seed: int, as_of: date, *, scheme: Scheme | None = None, area_code: str | None = None,
    replace: bool = False, progress: Progress | None = None,
) -> Generated:  # fmt: skip
    """Fill the database with a generated area as it stands on `as_of`. Nobody in it exists: it has no history.

    Raises `world.NotReady` when no classification is loaded, `NotEmpty` when there are people or vacancies already
    (with `replace` only when some of them were not generated: those are never deleted here), and `HistoryNeeded` in
    production, where no row is without a history.
    """
    progress = progress or Progress()
    world = load_world(as_of, whole_country=size.whole_country, scheme=scheme, area_code=area_code)
    progress.done("Read the classifications", f"{world.scheme.label}, {len(world.occupations.isco):,} occupations")
    tables = (*vacancy_rows.TABLES, *seeker_rows.TABLES)
    with transaction.atomic(), without_history("employers", "jobmatching"):
        _make_room(replace, progress)
        with storing.without_indexes(tables), storing.Writer() as writer:
            _employers_and_vacancies(writer, world, size, seed, day_number(as_of), progress)
            _people(writer, world, size, seed, day_number(as_of), progress)
        progress.done("Built the indexes and checked the constraints")
    storing.analyze(tables)
    progress.done("Analysed the tables")
    return Generated(
        size, seed, as_of, world.scheme, world.area.code, size.seekers, size.vacancies, size.employers, progress.seconds
    )


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - EPOCH).days


def _make_room(replace: bool, progress: Progress) -> None:
    seekers, vacancies = JobSeeker.objects.all(), Vacancy.objects.all()
    if not (seekers.exists() or vacancies.exists() or Employer.objects.exists()):
        return
    if not replace:
        raise NotEmpty(
            f"There are {seekers.count():,} jobseekers and {vacancies.count():,} vacancies already. "
            "Add --replace to delete generated ones and generate new ones."
        )
    real_seekers = seekers.exclude(source_id__startswith=SOURCE).count() + seekers.filter(source_id=None).count()
    real_vacancies = vacancies.exclude(source=VacancySource.DEMO).count()
    if real_seekers or real_vacancies:
        raise NotEmpty(
            f"{real_seekers:,} jobseekers and {real_vacancies:,} vacancies were not generated. They are not deleted, "
            "so nothing was changed."
        )
    storing.empty((Employer._meta.db_table, Vacancy._meta.db_table, JobSeeker._meta.db_table))
    for model in (Employer, Vacancy, JobSeeker):
        forget(model, HistoryEvent.objects.owners(model))
    progress.done("Deleted the generated people and vacancies that were here")


def _employers_and_vacancies(
    writer: storing.Writer, world: World, size: Size, seed: int, today: int, progress: Progress
) -> None:
    rng = stream(seed, Stream.EMPLOYERS)
    companies = draw_companies(rng, world, size.employers)
    employer_ids = new_ids(Employer._meta.db_table, len(companies))
    writer.write(vacancy_rows.employer_batch(rng, world, companies, employer_ids, today))
    ids = new_ids(Vacancy._meta.db_table, size.vacancies)
    for part, first in enumerate(range(0, size.vacancies, BLOCK)):
        rows = min(BLOCK, size.vacancies - first)
        rng = stream(seed, Stream.VACANCIES, part)
        vacancies = draw_vacancies(rng, world, companies, today, rows)
        writer.write(
            vacancy_rows.vacancy_batch(
                rng, world, companies, vacancies, employer_ids=employer_ids, ids=ids[first : first + rows],
                source=source_of(size, seed), number=np.arange(first + 1, first + rows + 1),
            )
        )  # fmt: skip
    progress.done("Wrote employers and vacancies", f"{len(companies):,} and {size.vacancies:,}")


def _people(writer: storing.Writer, world: World, size: Size, seed: int, today: int, progress: Progress) -> None:
    birth_day, female = draw_births(stream(seed, Stream.IDENTITIES), today, size.seekers)
    ranks = identity_ranks(birth_day, female)
    ids = new_ids(JobSeeker._meta.db_table, size.seekers)
    for part, first in enumerate(range(0, size.seekers, BLOCK)):
        chosen = slice(first, min(first + BLOCK, size.seekers))
        writer.write(
            people_batch(
                world, seed, Stream.PEOPLE, part, today, birth_day[chosen], female[chosen], ranks[chosen],
                ids[chosen], source_of(size, seed), np.arange(chosen.start + 1, chosen.stop + 1),
            )
        )  # fmt: skip
    progress.done("Wrote jobseekers", f"{size.seekers:,}")


def people_batch(
    world: World, seed: int, purpose: Stream, part: int, today: int, birth_day: Ints, female: Bools, ranks: Ints,
    ids: Ints, source: str, number: Ints, *, just_registered: bool = False,
) -> storing.Batch:  # fmt: skip
    """Rows of a block of people with everything that is known of them; `just_registered`: their search begins today."""
    rng = stream(seed, purpose, part)
    people = draw_people(rng, world, today, birth_day, female)
    abilities = draw_abilities(rng, world, people, today)
    terms = draw_terms(rng, world, people, abilities, today)
    spells = draw_spells(rng, people, today)
    return seeker_rows.seeker_batch(
        rng, world, people, abilities, terms, spells.begun_on(today) if just_registered else spells,
        codes=seeker_rows.Codes(birth_day, female, ranks), today=today, ids=ids, source=source, number=number,
    )  # fmt: skip


def source_of(size: Size, seed: int) -> str:
    """Beginning of the identifiers at the source."""
    return f"{SOURCE}{size.name.lower()}{seed}-"


def new_ids(table: str, count: int) -> Ints:
    """Ids for new rows of the table, taken from its sequence."""
    first = storing.reserve_ids(table, count)
    return np.arange(first, first + count)
