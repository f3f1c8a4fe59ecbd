"""Drawn employers and vacancies as rows of their tables."""

from typing import Final

import numpy as np

from employers.enums import (
    EmployerKind,
    Hours,
    HoursPeriod,
    RelationshipKind,
    RequirementStrength,
    SalaryBasis,
    VacancySource,
)
from employers.models import Employer, Vacancy, VacancyLanguage, VacancySkill
from jobmatching.generator import encoding as enc
from jobmatching.generator.codes import business_ids
from jobmatching.generator.companies import Companies
from jobmatching.generator.draws import Ints, Rng, happens, pick_of
from jobmatching.generator.storing import Batch
from jobmatching.generator.trades import TRADES
from jobmatching.generator.vacancies import CONTINUITIES, LEVELS, START_KINDS, STATES, TIMES, Vacancies
from jobmatching.generator.vacancy_texts import vacancy_texts
from jobmatching.generator.world import World

TABLES: Final = tuple(
    model._meta.db_table
    for model in (
        Employer,
        Vacancy,
        Vacancy.occupations.through,
        VacancySkill,
        VacancyLanguage,
        Vacancy.licences.through,
        Vacancy.cards.through,
        Vacancy.municipalities.through,
    )
)
"""The employers' tables, those first that others refer to."""

_STRENGTHS = (RequirementStrength.OPTIONAL, RequirementStrength.ESSENTIAL)
_PAY = ("Alan työehtosopimuksen mukainen palkka.", "Palkka sovitaan osaamisen ja kokemuksen mukaan.", "")
_HOUR_CLOSED = 13 * 60
"""Applications end at 15 or 16 in Finland."""


def employer_batch(rng: Rng, world: World, companies: Companies, ids: Ints, today: int) -> Batch:
    """Rows of employers that get the given ids."""
    rows = len(companies)
    industry = np.array([world.registers.industries.get(trade.industry, -1) for trade in TRADES])[companies.trade]
    noted = today - rng.integers(30, 2000, rows)
    morning = rng.integers(360, 900, rows)
    return {
        Employer._meta.db_table: {
            "id": enc.integers(ids),
            "kind": enc.same(EmployerKind.ORGANISATION, rows),
            "business_id": business_ids(rows),
            "name": [enc.escaped(name) for name in companies.names],
            "industry_id": enc.integers(industry, industry < 0),
            "municipality_id": enc.integers(world.places.ids[companies.place]),
            "area_id": enc.integers(world.places.areas[companies.place]),
            "website": enc.same("", rows),
            "contact_name": enc.same("", rows),
            "contact_email": [f"rekry.{n}@example.org" for n in range(1, rows + 1)],
            "contact_phone": enc.same("", rows),
            "created_at": enc.moments(noted, morning),
            "updated_at": enc.moments(noted, morning),
        }
    }


def vacancy_batch(
    rng: Rng, world: World, companies: Companies, vacancies: Vacancies,
    *, employer_ids: Ints, ids: Ints, source: str, number: Ints,
) -> Batch:  # fmt: skip
    """Rows of vacancies that get the given ids; `source` and `number` make the identifiers at the source."""
    id_column = np.array(enc.integers(ids), dtype=object)
    skills, languages = vacancies.skill, vacancies.language
    return {
        Vacancy._meta.db_table: _vacancies(rng, world, companies, vacancies, employer_ids, ids, source, number),
        Vacancy.occupations.through._meta.db_table: {
            "vacancy_id": id_column[vacancies.occupation_owner].tolist(),
            "occupation_id": enc.integers(world.occupations.ids[vacancies.occupations]),
        },
        VacancySkill._meta.db_table: {
            "vacancy_id": id_column[vacancies.skill_owner].tolist(),
            "skill_id": enc.integers(world.occupations.skill_ids[skills] if skills.size else skills),
            "strength": enc.chosen(_STRENGTHS, vacancies.skill_essential.astype(np.int64)),
        },
        VacancyLanguage._meta.db_table: {
            "vacancy_id": id_column[vacancies.language_owner].tolist(),
            "language_id": enc.integers(languages),
            "level": enc.chosen(LEVELS, vacancies.language_level),
        },
        Vacancy.licences.through._meta.db_table: {
            "vacancy_id": id_column[vacancies.licence_owner].tolist(),
            "drivinglicence_id": enc.integers(vacancies.licence),
        },
        Vacancy.cards.through._meta.db_table: {
            "vacancy_id": id_column[vacancies.card_owner].tolist(),
            "card_id": enc.integers(vacancies.card),
        },
        Vacancy.municipalities.through._meta.db_table: {
            "vacancy_id": id_column[vacancies.place_owner].tolist(),
            "municipality_id": enc.integers(world.places.ids[vacancies.place]),
        },
    }


def _vacancies(
    rng: Rng, world: World, companies: Companies, vacancies: Vacancies,
    employer_ids: Ints, ids: Ints, source: str, number: Ints,
) -> dict[str, enc.Column]:  # fmt: skip
    rows = len(vacancies)
    part_time, published = vacancies.part_time, vacancies.published_on
    draft = np.array([state == "draft" for state in STATES])[vacancies.state]
    public_service = happens(
        rng, np.array([t.industry in {"84", "85", "86", "88"} for t in TRADES])[vacancies.trade] * 0.3, rows
    )
    criminal_record = np.array([t.criminal_record for t in TRADES])[vacancies.trade]
    on_call = happens(rng, part_time * 0.15, rows)
    morning = rng.integers(360, 900, rows)
    return {
        "id": enc.integers(ids),
        "employer_id": enc.integers(employer_ids[vacancies.employer]),
        "area_id": enc.integers(world.places.areas[companies.place[vacancies.employer]]),
        "state": enc.chosen(STATES, vacancies.state),
        "source": enc.same(VacancySource.DEMO, rows),
        "source_id": [f"{source}{n}" for n in number.tolist()],
        **vacancy_texts(rng, world, companies, vacancies),
        "positions": enc.integers(vacancies.positions),
        "relationship": enc.chosen(
            (RelationshipKind.EMPLOYMENT, RelationshipKind.PUBLIC_SERVICE), public_service.astype(np.int64)
        ),
        "temporary_agency": enc.flags(happens(rng, 0.06, rows)),
        "apprenticeship": enc.flags(happens(rng, 0.02, rows)),
        "continuity": enc.chosen(CONTINUITIES, vacancies.continuity),
        "ends_on": enc.days(vacancies.ends_on, vacancies.ends_on < 0),
        "hours": enc.chosen((Hours.FULL_TIME, Hours.PART_TIME), part_time.astype(np.int64)),
        "hours_period": enc.chosen(("", HoursPeriod.WEEK), part_time.astype(np.int64)),
        "hours_min": enc.integers(vacancies.hours, ~part_time),
        "hours_max": enc.integers(vacancies.hours + vacancies.hours_more, ~part_time),
        "on_call": enc.flags(on_call),
        "work_times": enc.chosen(["{" + ",".join(t.value[0]) + "}" for t in TIMES], vacancies.times),
        "shift_patterns": enc.chosen(["{" + ",".join(t.value[1]) + "}" for t in TIMES], vacancies.times),
        "start_kind": enc.chosen(START_KINDS, vacancies.start_kind),
        "starts_on": enc.days(vacancies.starts_on, vacancies.starts_on < 0),
        "salary_basis": enc.chosen(
            (SalaryBasis.TIME, SalaryBasis.FIXED, SalaryBasis.FIXED_AND_COMMISSION),
            pick_of(rng, (0, 1, 2), (0.8, 0.15, 0.05), rows),
        ),
        "salary_note": enc.chosen(_PAY, rng.integers(0, len(_PAY), rows)),
        "education_level_id": enc.integers(vacancies.education, vacancies.education < 0),
        "experience_months": enc.integers(vacancies.experience_months),
        "criminal_record_check": enc.flags(criminal_record),
        "remote": enc.flags(vacancies.remote),
        "workplace": enc.same("", rows),
        "travel_in_work": enc.flags(happens(rng, 0.1, rows)),
        "apply_until": enc.moments(vacancies.apply_until, np.full(rows, _HOUR_CLOSED), vacancies.apply_until < 0),
        "apply_url": enc.same("", rows),
        "apply_note": enc.same("", rows),
        "contact_name": enc.same("", rows),
        "contact_email": [f"rekry.{n + 1}@example.org" for n in vacancies.employer.tolist()],
        "contact_phone": enc.same("", rows),
        "published_at": enc.moments(published, morning, draft),
        "closed_at": enc.moments(vacancies.closed_on, morning, vacancies.closed_on < 0),
        "confirmed_on": enc.days(published, draft),
        "created_at": enc.moments(published, morning),
        "updated_at": enc.moments(np.maximum(published, vacancies.closed_on), morning),
    }
