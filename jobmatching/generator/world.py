"""What is loaded: places, occupations with their skills, code lists and workers, as arrays to draw from.

Everything is ordered by code or address, never by id, so that two databases with the same classifications give the same
area.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from jobmatching.generator import statistics
from jobmatching.generator.draws import Bools, Floats, Ints, cumulative
from jobmatching.generator.trades import trade_of
from portal.accounts.models import RoleMembership
from portal.accounts.roles import Role
from portal.classifications.enums import Country, RelationType, Scheme
from portal.classifications.models import (
    Card,
    DrivingLicence,
    EducationLevel,
    EmploymentArea,
    Industry,
    Language,
    Municipality,
    Occupation,
    OccupationSkill,
    Skill,
)

_NEAREST = 6
_BORDER_KM = 70


class NotReady(Exception):
    """Something that people and vacancies are drawn from is not there; the message says what to do."""


@dataclass(frozen=True)
class Places:
    """Municipalities: first all Finnish ones, then the neighbours' (both in the order of their codes)."""

    ids: Ints
    codes: list[str]
    names: list[str]
    areas: Ints
    """Id of the employment area that serves people who live there."""
    home: Floats
    """Chances of living there, cumulative."""
    work: Floats
    """Chances that a vacancy is there, cumulative."""
    nearest: Ints
    """[n, 6] the nearest municipalities, nearest first."""
    border: Bools
    """Near the Swedish border: Swedish is useful at work."""
    abroad: Bools


@dataclass(frozen=True)
class Occupations:
    """Occupations of the scheme in use, and the skills of each."""

    ids: Ints
    isco: list[str]
    names: dict[str, list[str]]
    """Per language of the portal; empty where there is none."""
    trade: Ints
    """Index in `trades.TRADES`."""
    sought: Floats
    """Chances that a jobseeker comes from it, cumulative."""
    offered: Floats
    """Chances that a vacancy is for it, cumulative."""
    group_start: Ints
    group_size: Ints
    group_member: Ints
    """Members of the same three-digit group: `group_member[group_start[i]:][:group_size[i]]`."""
    skill_ptr: Ints
    skill: Ints
    """Positions in `skill_ids`."""
    essential: Bools
    skill_ids: Ints
    skill_chance: Floats
    """Chances that a skill comes up by itself, cumulative: the more occupations use it, the likelier."""


@dataclass(frozen=True)
class Registers:
    """Ids of code lists by code."""

    languages: dict[str, int]
    licences: dict[str, int]
    cards: dict[str, int]
    card_years: dict[str, int | None]
    education: dict[str, int]
    industries: dict[str, int]


@dataclass(frozen=True)
class World:
    """All of it."""

    scheme: Scheme
    area: EmploymentArea
    """The area whose portal this is: where everybody belongs whose municipality has none."""
    places: Places
    occupations: Occupations
    registers: Registers
    coaches: dict[int, Ints]
    """Area id -> ids of the users who are personal coaches there."""
    texts: statistics.Texts


def load_world(
    as_of: date, *, whole_country: bool, scheme: Scheme | None = None, area_code: str | None = None
) -> World:
    """Read what is loaded; people live in the area alone, or in the whole country.

    NotReady when municipalities, occupations or code lists are missing.
    """
    area = _area(area_code)
    return World(
        scheme=(used := scheme or _scheme()),
        area=area,
        places=_places(whole_country, area),
        occupations=_occupations(used),
        registers=_registers(),
        coaches=_coaches(as_of),
        texts=statistics.texts(),
    )


def _area(code: str | None) -> EmploymentArea:
    areas = EmploymentArea.objects.filter(municipalities__isnull=False).distinct()
    if code is not None:
        chosen = areas.filter(code=code).first()
        if chosen is None:
            raise NotReady(f"There is no employment area {code} with municipalities in it.")
        return chosen
    for candidate in (
        areas.filter(municipalities__code=statistics.HOME_MUNICIPALITY).first(),
        areas.order_by("code").first(),
    ):
        if candidate is not None:
            return candidate
    raise NotReady("Load the built-in municipalities and employment areas first (manage.py load_builtin).")


def _scheme() -> Scheme:
    for scheme in (Scheme.ESCO, Scheme.DEMO):
        if Occupation.objects.of(scheme).current().exists():
            return scheme
    raise NotReady(
        "Load a classification of occupations first (manage.py import_esco; --scheme demo has the built-in one)."
    )


def _places(whole_country: bool, area: EmploymentArea) -> Places:
    rows = list(
        Municipality.objects.current()
        .order_by("country", "code")
        .values_list("pk", "code", "name_fi", "name_sv", "name_en", "country", "area_id", "longitude", "latitude")
    )
    codes = [row[1] for row in rows]
    abroad = np.array([row[5] != Country.FINLAND for row in rows])
    own = np.array([row[6] == area.pk for row in rows])
    homes, works = statistics.place_chances(codes, abroad, own, whole_country=whole_country)
    position = np.array(
        [[row[7], row[8]] if row[7] is not None and row[8] is not None else [np.nan] * 2 for row in rows]
    )
    distances = _kilometres(position)
    swedish = np.array([row[5] == Country.SWEDEN for row in rows])
    return Places(
        ids=np.array([row[0] for row in rows]),
        codes=codes,
        names=[row[2] or row[3] or row[4] for row in rows],
        areas=np.array([row[6] or area.pk for row in rows]),
        home=cumulative(homes),
        work=cumulative(works),
        nearest=np.argsort(distances, axis=1, kind="stable")[:, :_NEAREST],
        border=np.logical_or.reduce(distances[:, swedish] < _BORDER_KM, axis=1),
        abroad=abroad,
    )


def _kilometres(position: Floats) -> Floats:
    """Distances between municipality centres along the globe; far away where a centre is not known, and from itself."""
    longitude, latitude = np.radians(position.T)
    half = (
        np.sin((latitude[:, None] - latitude) / 2) ** 2
        + np.cos(latitude[:, None]) * np.cos(latitude) * np.sin((longitude[:, None] - longitude) / 2) ** 2
    )
    distances: Floats = 2 * 6371 * np.arcsin(np.sqrt(np.clip(half, 0, 1)))
    np.fill_diagonal(distances, np.nan)
    known: Floats = np.nan_to_num(distances, nan=1e6)
    return known


def _occupations(scheme: Scheme) -> Occupations:
    rows = list(
        Occupation.objects.of(scheme)
        .current()
        .order_by("isco", "uri")
        .values_list("pk", "isco", "code", "name_fi", "name_sv", "name_en")
    )
    if not rows:
        raise NotReady(f"No occupations of the classification {scheme.label} are loaded.")
    isco = [row[1] for row in rows]
    # Within a group the general occupation (short code) is commoner than its special cases.
    weight = 1.0 / (1.0 + np.array([row[2].count(".") for row in rows], dtype=np.float64)) ** 2
    sought, offered = statistics.occupation_chances(isco, weight)
    group = np.unique([code[:3] for code in isco], return_inverse=True)[1]
    sizes = np.bincount(group)
    starts = np.concatenate(([0], np.cumsum(sizes)[:-1]))
    skill_ptr, skill, essential, skill_ids = _skills_of(scheme, [row[0] for row in rows])
    use = np.bincount(skill, minlength=skill_ids.size).astype(np.float64)
    return Occupations(
        ids=np.array([row[0] for row in rows]),
        isco=isco,
        names={"fi": [row[3] for row in rows], "sv": [row[4] for row in rows], "en": [row[5] for row in rows]},
        trade=np.array([trade_of(code) for code in isco]),
        sought=cumulative(sought),
        offered=cumulative(offered),
        group_start=starts[group],
        group_size=sizes[group],
        group_member=np.argsort(group, kind="stable"),
        skill_ptr=skill_ptr,
        skill=skill,
        essential=essential,
        skill_ids=skill_ids,
        skill_chance=cumulative(use) if use.size else np.zeros(0),
    )


def _skills_of(scheme: Scheme, occupation_ids: Sequence[int]) -> tuple[Ints, Ints, Bools, Ints]:
    skill_ids = list(Skill.objects.of(scheme).current().order_by("uri").values_list("pk", flat=True))
    place_of_skill = {pk: index for index, pk in enumerate(skill_ids)}
    place_of_occupation = {pk: index for index, pk in enumerate(occupation_ids)}
    relations = sorted(
        (place_of_occupation[occupation], place_of_skill[skill], relation == RelationType.ESSENTIAL)
        for occupation, skill, relation in OccupationSkill.objects.filter(occupation__scheme=scheme)
        .order_by()
        .values_list("occupation_id", "skill_id", "relation")
        if occupation in place_of_occupation and skill in place_of_skill
    )
    columns = np.array(relations, dtype=np.int64).reshape(-1, 3)
    counts = np.bincount(columns[:, 0], minlength=len(occupation_ids))
    return (
        np.concatenate(([0], np.cumsum(counts))).astype(np.int64),
        columns[:, 1].copy(),
        columns[:, 2].astype(np.bool_),
        np.array(skill_ids, dtype=np.int64),
    )


def _registers() -> Registers:
    registers = Registers(
        languages=dict(Language.objects.order_by("code").values_list("code", "pk")),
        licences=dict(DrivingLicence.objects.order_by("code").values_list("code", "pk")),
        cards=dict(Card.objects.order_by("code").values_list("code", "pk")),
        card_years=dict(Card.objects.order_by("code").values_list("code", "valid_years")),
        education=dict(EducationLevel.objects.order_by("code").values_list("code", "pk")),
        industries=dict(Industry.objects.order_by("code").values_list("code", "pk")),
    )
    if "fi" not in registers.languages:
        raise NotReady("Load the built-in code lists first (manage.py load_builtin): there are no languages.")
    return registers


def _coaches(as_of: date) -> dict[int, Ints]:
    rows = (
        RoleMembership.objects.active(as_of)
        .filter(role__in=(Role.CASE_WORKER, Role.WORK_PAIR), user__is_active=True, area__isnull=False)
        .order_by("user__email")
        .values_list("area_id", "user_id")
        .distinct()
    )
    coaches: dict[int, list[int]] = {}
    for area_id, user_id in rows:
        coaches.setdefault(area_id, []).append(user_id)
    return {area_id: np.array(users) for area_id, users in coaches.items()}
