"""Vacancies: what employers seek and on what terms. Row i of every array is the same vacancy."""

from dataclasses import dataclass
from typing import Final, TypedDict

import numpy as np

from employers.enums import Continuity, StartKind, VacancyState
from jobmatching.generator.companies import Companies, employer_of
from jobmatching.generator.draws import (
    Bools,
    Ints,
    Rng,
    cumulative,
    first_of_pairs,
    happens,
    pick,
    pick_of,
    rank_in_group,
    spread_rows,
)
from jobmatching.generator.people import alike
from jobmatching.generator.trades import TRADES, Times
from jobmatching.generator.world import World
from portal.classifications.enums import LanguageLevel

STATES: Final = (
    VacancyState.PUBLISHED,
    VacancyState.FILLED,
    VacancyState.CLOSED,
    VacancyState.DRAFT,
    VacancyState.PAUSED,
)
_STATE_SHARES = (0.88, 0.04, 0.05, 0.02, 0.01)
CONTINUITIES: Final = (Continuity.PERMANENT, Continuity.TEMPORARY, Continuity.SEASONAL, Continuity.SUMMER)
START_KINDS: Final = (StartKind.SOON, StartKind.FROM_DATE, StartKind.AGREED)
TIMES: Final = tuple(Times)
LEVELS: Final = tuple(level.value for level in LanguageLevel)[:6]

_FEWEST_SKILLS, _MOST_SKILLS = 3, 10


@dataclass(frozen=True)
class Vacancies:
    """Columns and lists (`*_owner` is the vacancy's row)."""

    employer: Ints
    occupation: Ints
    """The occupation that the title is made of."""
    trade: Ints
    occupation_owner: Ints
    occupations: Ints
    skill_owner: Ints
    skill: Ints
    skill_essential: Bools
    language_owner: Ints
    language: Ints
    language_level: Ints
    licence_owner: Ints
    licence: Ints
    card_owner: Ints
    card: Ints
    place_owner: Ints
    place: Ints
    remote: Bools
    education: Ints
    experience_months: Ints
    times: Ints
    """Position in `TIMES`."""
    part_time: Bools
    hours: Ints
    """Least hours a week of part-time work."""
    hours_more: Ints
    continuity: Ints
    start_kind: Ints
    starts_on: Ints
    ends_on: Ints
    """Days; -1 = not stated."""
    positions: Ints
    state: Ints
    published_on: Ints
    apply_until: Ints
    """Day; -1 = until further notice."""
    closed_on: Ints
    in_swedish: Bools
    in_english: Bools

    def __len__(self) -> int:
        return self.employer.size


class _Sought(TypedDict):
    occupation_owner: Ints
    occupations: Ints
    skill_owner: Ints
    skill: Ints
    skill_essential: Bools


class _Required(TypedDict):
    language_owner: Ints
    language: Ints
    language_level: Ints
    licence_owner: Ints
    licence: Ints
    card_owner: Ints
    card: Ints
    education: Ints
    experience_months: Ints


class _Where(TypedDict):
    place_owner: Ints
    place: Ints
    remote: Bools


class _Terms(TypedDict):
    times: Ints
    part_time: Bools
    hours: Ints
    hours_more: Ints
    continuity: Ints
    start_kind: Ints
    starts_on: Ints
    ends_on: Ints
    positions: Ints


class _When(TypedDict):
    state: Ints
    published_on: Ints
    apply_until: Ints
    closed_on: Ints


def draw_vacancies(rng: Rng, world: World, companies: Companies, today: int, rows: int) -> Vacancies:
    """Draw vacancies as they stand on the day."""
    occupation = pick(rng, world.occupations.offered, rows)
    trade = world.occupations.trade[occupation]
    employer = employer_of(rng, companies, trade)
    where = _where(rng, world, companies, employer, trade)
    return Vacancies(
        employer=employer,
        occupation=occupation,
        trade=trade,
        in_swedish=happens(rng, 0.18, rows),
        in_english=happens(rng, 0.15, rows),
        **_sought(rng, world, occupation),
        **_required(rng, world, trade, *_swedish(world, where["place_owner"], where["place"], rows)),
        **where,
        **_on_what_terms(rng, trade, today),
        **_when(rng, today, rows),
    )


def _sought(rng: Rng, world: World, occupation: Ints) -> _Sought:
    """Occupations and the skills asked: the most essential ones of the occupation, with some that are an advantage."""
    occupations, rows = world.occupations, occupation.size
    other = alike(rng, occupations, occupation)
    second = np.flatnonzero(happens(rng, 0.15, rows) & (other != occupation))
    owner, position = spread_rows(occupations.skill_ptr, occupation)
    skill, essential = occupations.skill[position], occupations.essential[position]
    key = rng.random(owner.size) / np.where(essential, 2.5, 1.0)
    order = np.lexsort((key, owner))
    owner, skill, essential = owner[order], skill[order], essential[order]
    # One vacancy in twelve names no skills: it is read with those of its occupation.
    count = np.where(happens(rng, 0.08, rows), 0, rng.integers(_FEWEST_SKILLS, _MOST_SKILLS + 1, rows))
    kept = (rank_in_group(owner) < count[owner]) & first_of_pairs(owner, skill)
    owner, skill, essential = owner[kept], skill[kept], essential[kept]
    return {
        "occupation_owner": np.concatenate((np.arange(rows), second)),
        "occupations": np.concatenate((occupation, other[second])),
        "skill_owner": owner,
        "skill": skill,
        "skill_essential": happens(rng, np.where(essential, 0.75, 0.15), owner.size),
    }


def _swedish(world: World, place_owner: Ints, place: Ints, rows: int) -> tuple[Bools, Bools]:
    """Which vacancies are near the Swedish border, and which across a border."""
    border, abroad = np.zeros(rows, dtype=np.bool_), np.zeros(rows, dtype=np.bool_)
    np.logical_or.at(border, place_owner, world.places.border[place])
    np.logical_or.at(abroad, place_owner, world.places.abroad[place])
    return border, abroad


def _required(rng: Rng, world: World, trade: Ints, border: Bools, abroad: Bools) -> _Required:
    registers, rows = world.registers, trade.size
    middle = np.array([LEVELS.index(t.finnish) for t in TRADES])[trade]
    asked = {
        "fi": (happens(rng, np.where(abroad, 0.2, 0.78), rows), np.clip(middle + rng.integers(-1, 2, rows), 1, 4)),
        "en": (happens(rng, np.array([t.english for t in TRADES])[trade], rows), rng.integers(1, 4, rows)),
        "sv": (happens(rng, np.select([abroad, border], [0.8, 0.15], 0.02), rows), rng.integers(1, 4, rows)),
    }
    owners, languages, levels = [], [], []
    for code, (chosen, level) in asked.items():
        if code in registers.languages:
            owners.append(np.flatnonzero(chosen))
            languages.append(np.full(int(chosen.sum()), registers.languages[code]))
            levels.append(level[chosen])
    licence_owner, licence = _listed(rng, trade, [t.licences for t in TRADES], registers.licences)
    card_owner, card = _listed(rng, trade, [t.cards for t in TRADES], registers.cards, usual=0.6)
    education = np.array([registers.education.get(t.education[0], -1) for t in TRADES])[trade]
    experienced = happens(rng, np.array([t.experience for t in TRADES])[trade], rows)
    return {
        "language_owner": np.concatenate(owners),
        "language": np.concatenate(languages),
        "language_level": np.concatenate(levels),
        "licence_owner": licence_owner,
        "licence": licence,
        "card_owner": card_owner,
        "card": card,
        "education": np.where(happens(rng, 0.5, rows), education, -1),
        "experience_months": experienced * pick_of(rng, (6, 12, 24, 36, 60), (0.25, 0.35, 0.22, 0.13, 0.05), rows),
    }


def _listed(
    rng: Rng, trade: Ints, shares: list[dict[str, float]], ids: dict[str, int], usual: float = 1.0
) -> tuple[Ints, Ints]:
    """Requirements of a code list by the trades' shares; employers mention `usual` of what is needed."""
    owners, items = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    for code in sorted({code for share in shares for code in share} & ids.keys()):
        chance = np.array([share.get(code, 0.0) for share in shares])[trade]
        owner = np.flatnonzero(happens(rng, chance * usual, trade.size))
        owners.append(owner)
        items.append(np.full(owner.size, ids[code]))
    return np.concatenate(owners), np.concatenate(items)


def _where(rng: Rng, world: World, companies: Companies, employer: Ints, trade: Ints) -> _Where:
    """Mostly the employer's own municipality; sometimes the next one too, and near the border sometimes across it."""
    places, rows = world.places, employer.size
    first = np.where(happens(rng, 0.85, rows), companies.place[employer], pick(rng, places.work, rows))
    if places.abroad.any():
        across = places.nearest[first]
        foreign = places.abroad[across]
        cross = happens(rng, 0.03, rows) & foreign.any(axis=1) & places.border[first]
        first = np.where(cross, across[np.arange(rows), foreign.argmax(axis=1)], first)
    second = places.nearest[first, rng.integers(0, min(3, places.nearest.shape[1]), rows)]
    two = np.flatnonzero(happens(rng, 0.09, rows))
    place_owner, place = np.concatenate((np.arange(rows), two)), np.concatenate((first, second[two]))
    remote_share = np.array([t.remote for t in TRADES])[trade]
    # Five vacancies in a hundred are remote, all of them in work that can be.
    scale = 0.05 / max(float(remote_share.mean()), 1e-9)
    remote = happens(rng, np.minimum(0.9, remote_share * scale), rows)
    named = ~(remote & happens(rng, 0.5, rows))[place_owner]
    return {"place_owner": place_owner[named], "place": place[named], "remote": remote}


def _on_what_terms(rng: Rng, trade: Ints, today: int) -> _Terms:
    rows = trade.size
    options = np.array([[TIMES.index(t.times[min(place, len(t.times) - 1)]) for place in range(3)] for t in TRADES])
    seasonal = happens(rng, np.array([t.seasonal for t in TRADES])[trade], rows)
    continuity = np.where(seasonal, pick_of(rng, (2, 3), (0.6, 0.4), rows), pick_of(rng, (0, 1), (0.68, 0.32), rows))
    start_kind = pick_of(rng, (0, 1, 2), (0.6, 0.25, 0.15), rows)
    starts_on = np.where(start_kind == 1, today + rng.integers(-5, 120, rows), -1)
    ends_on = np.where(
        (continuity > 0) & happens(rng, 0.7, rows), np.maximum(starts_on, today) + rng.integers(30, 400, rows), -1
    )
    return {
        "times": options[trade, pick(rng, cumulative((0.6, 0.27, 0.13)), rows)],
        "part_time": happens(rng, np.array([t.part_time for t in TRADES])[trade], rows),
        "hours": rng.integers(10, 25, rows),
        "hours_more": rng.integers(0, 10, rows),
        "continuity": continuity,
        "start_kind": start_kind,
        "starts_on": starts_on,
        "ends_on": ends_on,
        "positions": np.where(happens(rng, 0.78, rows), 1, 2 + rng.geometric(0.35, rows).clip(max=28)),
    }


def _when(rng: Rng, today: int, rows: int) -> _When:
    """Published vacancies mostly still take applications; a few wait for somebody to close them."""
    state = pick(rng, cumulative(_STATE_SHARES), rows)
    published_on = today - rng.integers(0, 45, rows)
    apply_until = today + np.where(happens(rng, 0.02, rows), -rng.integers(1, 6, rows), rng.integers(0, 50, rows))
    apply_until = np.maximum(apply_until, published_on + 1)
    done = (state == 1) | (state == 2)
    closed_on = np.where(done, today - rng.integers(0, 20, rows), -1)
    apply_until = np.where(done, np.minimum(apply_until, today), apply_until)
    return {
        "state": state,
        "published_on": np.where(done, np.minimum(published_on, closed_on), published_on),
        "apply_until": np.where(happens(rng, 0.08, rows), -1, apply_until),
        "closed_on": closed_on,
    }
