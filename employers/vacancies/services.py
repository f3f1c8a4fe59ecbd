"""Everything that changes a vacancy: its state in one way only, and its contents as they come from the state portal."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from employers.companies.models import Employer
from employers.enums import EmployerKind, RequirementStrength, VacancySource, VacancyState
from employers.vacancies.models import Vacancy, VacancyLanguage, VacancySkill, VacancyTransition
from portal.accounts.models import User
from portal.effects import emit
from portal.privacy.history import set_context

TRANSITIONS: Final[dict[VacancyState, frozenset[VacancyState]]] = {
    VacancyState.DRAFT: frozenset({VacancyState.SUBMITTED, VacancyState.PUBLISHED, VacancyState.CLOSED}),
    VacancyState.SUBMITTED: frozenset({VacancyState.DRAFT, VacancyState.PUBLISHED, VacancyState.CLOSED}),
    VacancyState.PUBLISHED: frozenset({VacancyState.PAUSED, VacancyState.FILLED, VacancyState.CLOSED}),
    VacancyState.PAUSED: frozenset({VacancyState.PUBLISHED, VacancyState.FILLED, VacancyState.CLOSED}),
    # The person chosen may not come after all, and an employer may seek anew.
    VacancyState.FILLED: frozenset({VacancyState.PUBLISHED}),
    VacancyState.CLOSED: frozenset({VacancyState.PUBLISHED}),
}
"""From which state to which others a vacancy may go."""

ENDED: Final = frozenset({VacancyState.FILLED, VacancyState.CLOSED})


class TransitionNotAllowed(Exception):
    """The table knows no way from the vacancy's state to the one wanted."""

    def __init__(self, origin: VacancyState, target: VacancyState) -> None:
        super().__init__(f"A vacancy cannot go from {origin.value} to {target.value}.")
        self.origin, self.target = origin, target


@transaction.atomic
def change_state(
    vacancy_id: int, target: VacancyState, *, by: User | None = None, reason: str = "", at: datetime | None = None
) -> Vacancy:
    """Bring a vacancy to another state; the only way there is.

    `by` is None where no person acted (an import, the demo), `at` the time when it happened (now).
    Raises `TransitionNotAllowed`. Emits `vacancy.state_changed` (vacancy id, new state).
    """
    vacancy: Vacancy = Vacancy.objects.select_for_update().get(pk=vacancy_id)
    origin, target = VacancyState(vacancy.state), VacancyState(target)
    if target not in TRANSITIONS[origin]:
        raise TransitionNotAllowed(origin, target)
    moment = at or timezone.now()
    set_context(actor=by)
    vacancy.state = target
    if target == VacancyState.PUBLISHED and vacancy.published_at is None:
        vacancy.published_at = moment
    vacancy.closed_at = moment if target in ENDED else None
    vacancy.save(update_fields=["state", "published_at", "closed_at", "updated_at"])
    VacancyTransition.objects.create(
        vacancy=vacancy, origin=origin, target=target, by=by, reason=reason, happened_at=moment
    )
    emit("vacancy.state_changed", vacancy.pk, target.value)
    return vacancy


def publish(vacancy_id: int, *, by: User | None = None, reason: str = "", at: datetime | None = None) -> Vacancy:
    """Publish a vacancy, or publish it again."""
    return change_state(vacancy_id, VacancyState.PUBLISHED, by=by, reason=reason, at=at)


def close(vacancy_id: int, *, by: User | None = None, reason: str = "", at: datetime | None = None) -> Vacancy:
    """Close a vacancy that nobody was found for, or whose time is over."""
    return change_state(vacancy_id, VacancyState.CLOSED, by=by, reason=reason, at=at)


def fill(vacancy_id: int, *, by: User | None = None, reason: str = "", at: datetime | None = None) -> Vacancy:
    """Mark that somebody was found."""
    return change_state(vacancy_id, VacancyState.FILLED, by=by, reason=reason, at=at)


@dataclass(frozen=True)
class EmployerDetails:
    """Who employs, as a posting tells it."""

    kind: EmployerKind
    name: str
    business_id: str | None
    website: str = ""


@dataclass(frozen=True)
class Posting:
    """A posting of the state portal in our own words; ids are those of our registers."""

    source_id: str
    document: Mapping[str, Any]
    changed_at: datetime
    published_at: datetime
    employer: EmployerDetails
    area_id: int
    values: Mapping[str, Any]
    """Column of `Vacancy` -> value."""
    occupations: list[int]
    skills: list[int]
    languages: dict[int, str]
    licences: list[int]
    cards: list[int]
    municipalities: list[int]


class Outcome(StrEnum):
    """What saving a posting did."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


@transaction.atomic
def save_imported(posting: Posting) -> Outcome:
    """Create the vacancy or bring it up to date; an older or the same version of a document changes nothing.

    The state follows the document: published while applications are taken, closed after. A vacancy that our own people
    have filled or paused stays so (when its time is over, a paused one is closed).
    """
    vacancy = (
        Vacancy.objects.select_for_update()
        .filter(source=VacancySource.STATE_PORTAL, source_id=posting.source_id)
        .first()
    )
    if vacancy is None:
        outcome = Outcome.CREATED
        vacancy = Vacancy(source=VacancySource.STATE_PORTAL, source_id=posting.source_id, state=VacancyState.DRAFT)
    elif not _is_news(vacancy, posting):
        _follow_time(vacancy)
        return Outcome.UNCHANGED
    else:
        outcome = Outcome.UPDATED
    for column, value in posting.values.items():
        setattr(vacancy, column, value)
    vacancy.employer = _employer(posting.employer, posting.area_id)
    vacancy.area_id = posting.area_id
    vacancy.raw = dict(posting.document)
    vacancy.source_changed_at = posting.changed_at
    vacancy.published_at = posting.published_at
    vacancy.save()
    _set_lists(vacancy, posting)
    _follow_document(vacancy)
    return outcome


def _is_news(vacancy: Vacancy, posting: Posting) -> bool:
    """Whether the document says something that the vacancy does not know, and is not older than what it knows."""
    older = vacancy.source_changed_at is not None and posting.changed_at < vacancy.source_changed_at
    return not older and vacancy.raw != posting.document


def _employer(details: EmployerDetails, area_id: int) -> Employer:
    """The employer with the Business ID; without one, the area's employer of exactly this kind and name."""
    fresh = {"kind": details.kind, "name": details.name, "area_id": area_id, "website": details.website}
    if details.business_id:
        employer, _created = Employer.objects.get_or_create(business_id=details.business_id, defaults=fresh)
        return employer
    same = Employer.objects.filter(business_id=None, kind=details.kind, name=details.name, area_id=area_id)
    return same.order_by("pk").first() or Employer.objects.create(**fresh)


def _set_lists(vacancy: Vacancy, posting: Posting) -> None:
    vacancy.occupations.set(posting.occupations)
    vacancy.licences.set(posting.licences)
    vacancy.cards.set(posting.cards)
    vacancy.municipalities.set(posting.municipalities)
    vacancy.required_skills.exclude(skill__in=posting.skills).delete()
    held = set(vacancy.required_skills.values_list("skill_id", flat=True))
    VacancySkill.objects.bulk_create(
        VacancySkill(vacancy=vacancy, skill_id=skill, strength=RequirementStrength.ESSENTIAL)
        for skill in posting.skills
        if skill not in held
    )
    vacancy.required_languages.exclude(language__in=posting.languages).delete()
    levels = dict(vacancy.required_languages.values_list("language_id", "level"))
    _write_levels(
        vacancy, ((language, level) for language, level in posting.languages.items() if levels.get(language) != level)
    )


def _write_levels(vacancy: Vacancy, levels: Iterable[tuple[int, str]]) -> None:
    for language, level in levels:
        VacancyLanguage.objects.update_or_create(vacancy=vacancy, language_id=language, defaults={"level": level})


def _follow_document(vacancy: Vacancy) -> None:
    """Publish what the document publishes: anew also what had been closed, when there is time to apply again."""
    over = vacancy.apply_until is not None and vacancy.apply_until < timezone.now()
    if vacancy.state == VacancyState.DRAFT or (vacancy.state == VacancyState.CLOSED and not over):
        publish(vacancy.pk, at=vacancy.published_at)
        vacancy.state = VacancyState.PUBLISHED
    _follow_time(vacancy)


def _follow_time(vacancy: Vacancy) -> None:
    """Close what no longer takes applications."""
    over = vacancy.apply_until is not None and vacancy.apply_until < timezone.now()
    if over and vacancy.state in {VacancyState.PUBLISHED, VacancyState.PAUSED}:
        close(vacancy.pk, at=vacancy.apply_until, reason="time to apply is over")
