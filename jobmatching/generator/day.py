"""One ordinary day: people edit their profiles, searches begin and end, vacancies are filled, closed and published.

Done through ordinary saves, bulk changes and COPY, so that whatever follows changes (triggers, effects) follows these.
The identifiers at the source of what is new carry the date: a day that has been lived is not lived again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

import numpy as np
from django.db import transaction
from django.db.models import Exists, OuterRef

from employers.enums import VacancySource, VacancyState
from employers.models import Employer, Vacancy
from employers.vacancies.services import close, fill
from jobmatching.generator import storing, vacancy_rows
from jobmatching.generator.area import SOURCE, day_number, new_ids, people_batch
from jobmatching.generator.codes import identity_codes
from jobmatching.generator.companies import Companies
from jobmatching.generator.draws import Bools, Ints, Rng, Stream, cumulative, rank_in_group, stream
from jobmatching.generator.people import draw_births
from jobmatching.generator.trades import trade_of
from jobmatching.generator.vacancies import STATES, draw_vacancies
from jobmatching.generator.world import World, load_world
from jobmatching.seekers.enums import KnownBy, Sex, SpellStatus
from jobmatching.seekers.models import JobSeeker, OccupationWish, RegistrationSpell, SeekerSkill
from portal.classifications.enums import Scheme
from portal.privacy.identity import blind_index

NEW_SEEKERS, EDITED_SEEKERS = 0.01, 0.02
ENDED_SEARCHES, NEW_SEARCHES = 0.008, 0.004
NEW_VACANCIES, ENDED_VACANCIES = 0.04, 0.03
"""Shares of all jobseekers and of all vacancies."""


@dataclass(frozen=True)
class DayChanges:
    """How much changed; all zero when the day had been lived before."""

    new_seekers: int = 0
    edited_seekers: int = 0
    ended_searches: int = 0
    new_searches: int = 0
    new_vacancies: int = 0
    ended_vacancies: int = 0


@transaction.atomic
def change_a_day(as_of: date, seed: int) -> DayChanges:
    """Let one day pass in a generated area. Does nothing when there is none, or when the day has passed already."""
    source = f"{SOURCE}day-{as_of.isoformat()}-"
    generated = JobSeeker.objects.filter(source_id__startswith=SOURCE)
    seekers = generated.count()
    vacancies = Vacancy.objects.filter(source=VacancySource.DEMO).count()
    if not seekers or not vacancies or generated.filter(source_id__startswith=source).exists():
        return DayChanges()
    world = _world(as_of)
    rng = stream(seed, Stream.DAY, day_number(as_of))
    ended = _end_vacancies(rng, as_of, round(vacancies * ENDED_VACANCIES))
    stopped = _end_searches(rng, as_of, round(seekers * ENDED_SEARCHES))
    begun = _begin_searches(rng, as_of, round(seekers * NEW_SEARCHES))
    edited = _edit_seekers(rng, as_of, round(seekers * EDITED_SEEKERS))
    new_vacancies, new_seekers = max(1, round(vacancies * NEW_VACANCIES)), max(1, round(seekers * NEW_SEEKERS))
    with storing.Writer() as writer:
        _add_vacancies(writer, rng, world, as_of, new_vacancies, source)
        _add_seekers(writer, world, as_of, seed, new_seekers, source)
    return DayChanges(new_seekers, edited, stopped, begun, new_vacancies, ended)


def _world(as_of: date) -> World:
    """The world of the generated area: the classification its people's wishes are in, its area or the whole country."""
    areas = list(
        JobSeeker.objects.filter(source_id__startswith=SOURCE).values_list("area__code", flat=True).distinct()[:2]
    )
    wish = OccupationWish.objects.filter(seeker__source_id__startswith=SOURCE).values_list(
        "occupation__scheme", flat=True
    )
    scheme = wish.order_by("pk").first()
    one_area = len(areas) == 1
    return load_world(
        as_of,
        whole_country=not one_area,
        scheme=Scheme(scheme) if scheme else None,
        area_code=areas[0] if one_area else None,
    )


def _some(rng: Rng, ids: Sequence[int], count: int) -> list[int]:
    """So many of the ids (sorted first: the database may give them in any order)."""
    chosen: list[int] = rng.permutation(np.sort(np.array(ids, dtype=np.int64)))[:count].tolist()
    return chosen


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), UTC)


def _end_vacancies(rng: Rng, as_of: date, count: int) -> int:
    """Somebody was found for six of ten, the others were closed."""
    published = Vacancy.objects.filter(
        source=VacancySource.DEMO, state=VacancyState.PUBLISHED, published_at__lt=_at(as_of, 0)
    )
    chosen = _some(rng, list(published.values_list("pk", flat=True)), count)
    for vacancy_id, found in zip(chosen, rng.random(len(chosen)) < 0.6, strict=True):
        (fill if found else close)(vacancy_id, at=_at(as_of, 9))
    return len(chosen)


def _end_searches(rng: Rng, as_of: date, count: int) -> int:
    spells = RegistrationSpell.objects.filter(seeker__source_id__startswith=SOURCE, ended_on=None, started_on__lt=as_of)
    chosen = _some(rng, list(spells.values_list("pk", flat=True)), count)
    return RegistrationSpell.objects.filter(pk__in=chosen).update(ended_on=as_of)


def _begin_searches(rng: Rng, as_of: date, count: int) -> int:
    """People who had stopped searching come back."""
    later = RegistrationSpell.objects.filter(seeker=OuterRef("pk"))
    away = JobSeeker.objects.filter(
        ~Exists(later.filter(ended_on=None)), ~Exists(later.filter(ended_on__gte=as_of)), source_id__startswith=SOURCE
    )
    chosen = _some(rng, list(away.values_list("pk", flat=True)), count)
    spells = RegistrationSpell.objects.bulk_create(
        RegistrationSpell(seeker_id=seeker, status=SpellStatus.UNEMPLOYED, started_on=as_of) for seeker in chosen
    )
    return len(spells)


def _skills_of_wishes(seekers: Sequence[int]) -> dict[int, list[int]]:
    """Skills of the occupations that each person wishes for and has not told yet, by id."""
    held = SeekerSkill.objects.filter(seeker=OuterRef("seeker"), skill=OuterRef("occupation__skill_relations__skill"))
    rows = OccupationWish.objects.filter(~Exists(held), seeker__in=seekers, occupation__skill_relations__isnull=False)
    found: dict[int, set[int]] = {}
    for seeker, skill in rows.values_list("seeker", "occupation__skill_relations__skill").order_by("pk"):
        found.setdefault(seeker, set()).add(skill)
    return {seeker: sorted(skills) for seeker, skills in found.items()}


def _edit_seekers(rng: Rng, as_of: date, count: int) -> int:
    """Talks with people bring something new: a skill, another way to work, a day to start; the profile is confirmed."""
    chosen = _some(
        rng, list(JobSeeker.objects.filter(source_id__startswith=SOURCE).values_list("pk", flat=True)), count
    )
    kinds = rng.integers(0, 3, len(chosen)).tolist()
    people = JobSeeker.objects.in_bulk(chosen)
    teachable = _skills_of_wishes(chosen)
    skills = []
    for pk, kind in zip(chosen, kinds, strict=True):
        seeker = people[pk]
        seeker.profile_confirmed_on = as_of
        if kind == 0 and teachable.get(pk):
            known = rng.permutation(teachable[pk])[:2].tolist()
            skills += [
                SeekerSkill(seeker_id=pk, skill_id=skill, known_by=KnownBy.TOLD, noted_on=as_of) for skill in known
            ]
        elif kind == 1:
            seeker.max_travel_minutes = int(rng.choice((30, 45, 60, 90)))
        else:
            seeker.available_now, seeker.available_from = False, as_of + timedelta(days=int(rng.integers(1, 60)))
        seeker.updated_at = _at(as_of, 10)
    JobSeeker.objects.bulk_update(
        people.values(),
        ["profile_confirmed_on", "max_travel_minutes", "available_now", "available_from", "updated_at"],
        batch_size=2000,
    )
    # Some have the skill already; nothing changes for them.
    SeekerSkill.objects.bulk_create(skills, ignore_conflicts=True, batch_size=2000)
    return len(chosen)


def _add_vacancies(writer: storing.Writer, rng: Rng, world: World, as_of: date, count: int, source: str) -> None:
    companies, employer_ids = _companies(world)
    today = day_number(as_of)
    drawn = draw_vacancies(rng, world, companies, today, count)
    fresh = replace(
        drawn,
        state=np.full(count, STATES.index(VacancyState.PUBLISHED)),
        published_on=np.full(count, today),
        apply_until=np.where(drawn.apply_until < 0, -1, today + rng.integers(7, 45, count)),
        closed_on=np.full(count, -1),
    )
    writer.write(
        vacancy_rows.vacancy_batch(
            rng, world, companies, fresh, employer_ids=employer_ids, ids=new_ids(Vacancy._meta.db_table, count),
            source=source, number=np.arange(1, count + 1),
        )
    )  # fmt: skip


def _companies(world: World) -> tuple[Companies, Ints]:
    """The employers that there are, each of the trade of one of its vacancies."""
    place_of = {pk: place for place, pk in enumerate(world.places.ids.tolist())}
    isco = dict(
        Vacancy.objects.filter(source=VacancySource.DEMO, occupations__isnull=False)
        .order_by("employer_id", "-pk", "-occupations__code")
        .values_list("employer_id", "occupations__isco")
    )
    rows = [
        row
        for row in Employer.objects.filter(pk__in=isco.keys())
        .order_by("pk")
        .values_list("pk", "name", "municipality_id")
        if row[2] in place_of
    ]
    trade = np.array([trade_of(isco[row[0]]) for row in rows])
    by_trade = {int(t): np.flatnonzero(trade == t) for t in np.unique(trade)}
    companies = Companies(
        trade=trade,
        place=np.array([place_of[row[2]] for row in rows]),
        names=[row[1] for row in rows],
        by_trade=by_trade,
        chances={t: cumulative(1 / (np.arange(members.size) + 3.0)) for t, members in by_trade.items()},
    )
    return companies, np.array([row[0] for row in rows])


def _add_seekers(writer: storing.Writer, world: World, as_of: date, seed: int, count: int, source: str) -> None:
    today = day_number(as_of)
    birth_day, female = draw_births(stream(seed, Stream.DAY_PEOPLE, 2 * today), today, count)
    ids = new_ids(JobSeeker._meta.db_table, count)
    ranks = _free_ranks(birth_day, female)
    writer.write(
        people_batch(
            world, seed, Stream.DAY_PEOPLE, 2 * today + 1, today, birth_day, female, ranks, ids, source,
            np.arange(1, count + 1), just_registered=True,
        )
    )  # fmt: skip


def _free_ranks(birth_day: Ints, female: Bools) -> Ints:
    """Numbers of identity codes that nobody here has: after those of the people born on the same day."""
    births = birth_day.astype("datetime64[D]").astype(object).tolist()
    sexes = [Sex.FEMALE if woman else Sex.MALE for woman in female.tolist()]
    taken: dict[tuple[date, str], int] = {}
    for born, sex in JobSeeker.objects.filter(birth_date__in=set(births)).values_list("birth_date", "sex"):
        taken[born, sex] = taken.get((born, sex), 0) + 1
    ranks: Ints = rank_in_group(birth_day * 2 + female) + np.array(
        [taken.get((born, sex), 0) for born, sex in zip(births, sexes, strict=True)]
    )
    # Someone may have been deleted, or have a code from elsewhere: go on to the next free number.
    while True:
        index = [blind_index(code) for code in identity_codes(birth_day, female, ranks)]
        used = set(JobSeeker.objects.filter(identity_index__in=index).values_list("identity_index", flat=True))
        clash = np.array([key in used or key in index[:position] for position, key in enumerate(index)])
        if not clash.any():
            return ranks
        ranks = ranks + clash
