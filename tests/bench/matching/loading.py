"""Loading: what the night reads (packed rows of a run's frozen input) beside the same profiles as Django objects."""

from typing import Final

from django.db.models import Prefetch

from employers.models import Vacancy
from employers.vacancies.models import VacancyLanguage, VacancySkill
from jobmatching.models import JobSeeker
from jobmatching.seekers.models import (
    OccupationWish,
    SeekerCard,
    SeekerLanguage,
    SeekerLicence,
    SeekerSkill,
    WorkPeriod,
)
from tests.bench.matching.market import read_input

_CHUNK: Final = 2_000

_WISHES = Prefetch("wishes", OccupationWish.objects.select_related("occupation").order_by("order", "pk"))
_WORK = Prefetch("work_history", WorkPeriod.objects.select_related("occupation").order_by("pk"))
_SKILLS = Prefetch("skills_held", SeekerSkill.objects.order_by("pk"))


def load_packed(run_id: int) -> int:
    """Read the frozen input of a run into blocks; returns how many rows it held."""
    seekers, vacancies = read_input(run_id)
    return len(seekers) + len(vacancies)


def load_objects(seeker_ids: list[int], vacancy_ids: list[int]) -> int:
    """Read the same profiles and vacancies as objects, everything prefetched; returns how many."""
    count = 0
    for start in range(0, len(seeker_ids), _CHUNK):
        count += len(seekers_with_profile(seeker_ids[start : start + _CHUNK]))
    for start in range(0, len(vacancy_ids), _CHUNK):
        count += len(vacancies_with_requirements(vacancy_ids[start : start + _CHUNK]))
    return count


def seekers_with_profile(ids: list[int], *more: str) -> list[JobSeeker]:
    """Jobseekers with all that matching reads of them, and `more` prefetched; by id."""
    return list(
        JobSeeker.objects.filter(pk__in=ids)
        .select_related("home", "education_level")
        .prefetch_related(
            _WISHES, _WORK, _SKILLS,
            Prefetch("languages_held", SeekerLanguage.objects.order_by("pk")),
            Prefetch("licences_held", SeekerLicence.objects.order_by("pk")),
            Prefetch("cards_held", SeekerCard.objects.order_by("pk")),
            "places", *more,
        )
        .order_by("pk")
    )  # fmt: skip


def vacancies_with_requirements(ids: list[int], *more: str) -> list[Vacancy]:
    """Vacancies with all that matching reads of them, and `more` prefetched; by id."""
    return list(
        Vacancy.objects.filter(pk__in=ids)
        .select_related("education_level")
        .prefetch_related(
            "occupations", "licences", "cards", "municipalities",
            Prefetch("required_skills", VacancySkill.objects.order_by("pk")),
            Prefetch("required_languages", VacancyLanguage.objects.order_by("pk")), *more,
        )
        .order_by("pk")
    )  # fmt: skip
