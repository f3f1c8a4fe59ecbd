"""What people can: skills, languages, driving licences, cards, education; and what has been asked of them so far."""

from dataclasses import dataclass
from typing import Final, TypedDict

import numpy as np

from jobmatching.generator.draws import (
    Bools,
    Floats,
    Ints,
    Rng,
    cumulative,
    first_of_pairs,
    happens,
    pick,
    rank_in_group,
    spread_rows,
)
from jobmatching.generator.people import People
from jobmatching.generator.trades import FIRST_AID, HYGIENE, SAFETY, TRADES
from jobmatching.generator.world import World
from portal.classifications.enums import LanguageLevel

LEVELS: Final = ("A1", "A2", "B1", "B2", "C1", "C2", LanguageLevel.L1.value, "")
"""Levels by position; the last one is the explicit "does not know it"."""
MOTHER_TONGUE, NONE = 6, 7

ASKED = 0.7
"""Share of people who have been asked all languages (and likewise all licences, all cards)."""

_FINNISH_SHARE = 0.88
_OTHER_TONGUES = {
    "ru": 0.2, "uk": 0.17, "sv": 0.12, "ar": 0.1, "en": 0.07, "so": 0.05, "et": 0.05, "fa": 0.05, "th": 0.05,
    "ku": 0.04, "vi": 0.03, "zh": 0.02, "es": 0.02, "de": 0.02, "se": 0.01,
}  # fmt: skip
_FEWEST_SKILLS, _MOST_SKILLS = 3, 25


@dataclass(frozen=True)
class Abilities:
    """Lists in long form: `owner` is the person's row in the block."""

    skill_owner: Ints
    skill: Ints
    skill_confirmed: Bools
    language_owner: Ints
    language: Ints
    """Id of the language."""
    language_level: Ints
    """Position in `LEVELS`."""
    languages_complete: Bools
    licence_owner: Ints
    licence: Ints
    licences_complete: Bools
    card_owner: Ints
    card: Ints
    card_until: Ints
    """Day until which the card is valid; -1 = no end."""
    cards_complete: Bools
    education: Ints
    """Id of the level of education; -1 = not known."""
    native: Bools
    """Has Finnish as mother tongue."""
    finnish: Ints
    """Level of Finnish, 0 (A1) to 6 (mother tongue), -1 = none: for the language of service, never for matching."""
    tongue: Ints
    """Id of the mother tongue."""
    car_licence: Bools
    """May drive a car, recorded or not."""


class _Languages(TypedDict):
    language_owner: Ints
    language: Ints
    language_level: Ints
    languages_complete: Bools
    native: Bools
    finnish: Ints
    tongue: Ints


class _Licences(TypedDict):
    licence_owner: Ints
    licence: Ints
    licences_complete: Bools
    car_licence: Bools


class _Cards(TypedDict):
    card_owner: Ints
    card: Ints
    card_until: Ints
    cards_complete: Bools


def draw_abilities(rng: Rng, world: World, people: People, today: int) -> Abilities:
    """Draw what the block's people can do."""
    skill_owner, skill, confirmed = _skills(rng, world, people)
    return Abilities(
        skill_owner=skill_owner,
        skill=skill,
        skill_confirmed=confirmed,
        education=_education(rng, world, people),
        **_languages(rng, world, people),
        **_licences(rng, world, people),
        **_cards(rng, world, people, today),
    )


def _skills(rng: Rng, world: World, people: People) -> tuple[Ints, Ints, Bools]:
    """Three to 25 skills of the occupations wished and worked in, and now and then one of another kind."""
    occupations, rows = world.occupations, len(people)
    if not occupations.skill_ids.size:
        empty = np.zeros(0, dtype=np.int64)
        return empty, empty, np.zeros(0, dtype=np.bool_)
    sources = np.concatenate((people.work[:, :3], people.wishes), axis=1)
    owner, column = np.nonzero(sources >= 0)
    occupation = sources[owner, column]
    at, position = spread_rows(occupations.skill_ptr, occupation)
    own, skill, worked = owner[at], occupations.skill[position], column[at] < 3
    # The lower the key, the likelier the skill: essential ones, and those of work really done, come first.
    key = rng.random(own.size) / np.where(occupations.essential[position], 3.0, 1.0) / np.where(worked, 1.5, 1.0)
    noise_owner = np.repeat(np.arange(rows), 2)
    noise = pick(rng, occupations.skill_chance, noise_owner.size)
    own, skill = np.concatenate((own, noise_owner)), np.concatenate((skill, noise))
    key = np.concatenate((key, rng.random(noise.size) * np.where(people.coded[noise_owner], 1.2, 0.2)))
    worked = np.concatenate((worked, np.zeros(noise.size, dtype=np.bool_)))
    order = np.lexsort((key, own))
    order = order[first_of_pairs(own[order], skill[order])]
    own, skill, worked = own[order], skill[order], worked[order]
    count = np.clip(rng.gamma(3.2, 2.9, rows), _FEWEST_SKILLS, _MOST_SKILLS).astype(np.int64)
    # Of people without a coded occupation little else is known either.
    count[~people.coded] = rng.integers(0, 3, int((~people.coded).sum()))
    kept = rank_in_group(own) < count[own]
    own, skill, worked = own[kept], skill[kept], worked[kept]
    return own, skill, happens(rng, np.where(worked, 0.35, 0.1), own.size)


def _languages(rng: Rng, world: World, people: People) -> _Languages:
    registers, rows = world.registers, len(people)
    codes = [code for code in _OTHER_TONGUES if code in registers.languages]
    native = happens(rng, _FINNISH_SHARE, rows) if codes else np.ones(rows, dtype=np.bool_)
    ids = np.array([registers.languages[code] for code in codes] or [0])
    tongue = np.where(
        native,
        registers.languages["fi"],
        ids[pick(rng, cumulative([_OTHER_TONGUES[code] for code in codes] or [1]), rows)],
    )
    complete = happens(rng, ASKED, rows)
    learned = np.array([trade.education[0] in {"5", "6", "7"} for trade in TRADES])[people.trade]
    young = np.clip((40 - people.age) / 20, -1.0, 1.0)
    border = world.places.border[people.home] & (people.home >= 0)
    finnish = np.where(native, MOTHER_TONGUE, _level(rng, 1.9 + 1.2 * learned, 1.4))
    levels = {"fi": finnish}
    if "sv" in registers.languages:
        levels["sv"] = _level(rng, np.where(native, 0.6 + 1.1 * learned + 0.9 * border, -2.5), 1.5)
    if "en" in registers.languages:
        levels["en"] = _level(rng, 1.8 + 1.2 * learned + 1.1 * young, 1.3)
    owners, languages, found = [np.arange(rows)], [tongue], [np.full(rows, MOTHER_TONGUE)]
    for code, level in levels.items():
        language = registers.languages[code]
        # A level that nobody has asked about leaves no row; an explicit "none" leaves one now and then.
        asked = complete | happens(rng, 0.9 if code == "fi" else 0.4, rows)
        told = asked & (tongue != language) & ((level >= 0) | happens(rng, 0.3, rows))
        owners.append(np.flatnonzero(told))
        languages.append(np.full(int(told.sum()), language))
        found.append(np.where(level < 0, NONE, level)[told])
    return {
        "language_owner": np.concatenate(owners),
        "language": np.concatenate(languages),
        "language_level": np.concatenate(found),
        "languages_complete": complete,
        "native": native,
        "finnish": finnish,
        "tongue": tongue,
    }


def _level(rng: Rng, middle: Floats, spread: float) -> Ints:
    """Levels around a middle on the scale A1 = 0 ... C2 = 5; -1 = does not know the language."""
    return np.clip(np.floor(rng.normal(middle, spread)), -1, 5).astype(np.int64)


def _licences(rng: Rng, world: World, people: People) -> _Licences:
    rows, age = len(people), people.age
    of_car = happens(rng, np.select([age < 20, age < 25, age < 60], [0.5, 0.72, 0.84], 0.8), rows)
    needed = [
        np.array([trade.licences.get(code, 0.0) for trade in TRADES])[people.trade] for code in ("C1C", "C1ECE", "D1D")
    ]
    heavy = of_car & (age >= 21)
    held = {
        "A1A2A": happens(rng, 0.12 * (1 - 0.7 * people.female), rows),
        "B": of_car,
        "B96BE": of_car & happens(rng, 0.08, rows),
        "C1C": heavy & happens(rng, np.maximum(needed[0], 0.06 * ~people.female), rows),
        "C1ECE": heavy & happens(rng, np.maximum(needed[1], 0.03 * ~people.female), rows),
        "D1D": heavy & happens(rng, np.maximum(needed[2], 0.01), rows),
    }
    complete = happens(rng, ASKED, rows)
    told = {
        code: has & (complete | happens(rng, 0.6, rows))
        for code, has in held.items()
        if code in world.registers.licences
    }
    owners = [np.flatnonzero(has) for has in told.values()]
    return {
        "licence_owner": np.concatenate([*owners, np.zeros(0, dtype=np.int64)]),
        "licence": np.repeat([world.registers.licences[code] for code in told], [owner.size for owner in owners]),
        "licences_complete": complete,
        "car_licence": of_car,
    }


def _cards(rng: Rng, world: World, people: People, today: int) -> _Cards:
    rows, registers = len(people), world.registers
    common = {SAFETY: 0.1, HYGIENE: 0.12, FIRST_AID: 0.1}
    complete = happens(rng, ASKED, rows)
    owners, cards, untils = [], [], []
    for code in sorted({code for trade in TRADES for code in trade.cards} & registers.cards.keys()):
        asked_for = np.array([trade.cards.get(code, 0.0) for trade in TRADES])[people.trade]
        has = happens(rng, np.maximum(asked_for * 0.7, common.get(code, 0.004)), rows)
        owner = np.flatnonzero(has & (complete | happens(rng, 0.6, rows)))
        years = registers.card_years[code]
        owners.append(owner)
        cards.append(np.full(owner.size, registers.cards[code]))
        # One card in ten has run out; the others are somewhere on their way.
        untils.append(
            today + rng.integers(-37 * years, 330 * years, owner.size)
            if years
            else np.full(owner.size, -1, dtype=np.int64)
        )
    nothing = np.zeros(0, dtype=np.int64)
    return {
        "card_owner": np.concatenate([*owners, nothing]),
        "card": np.concatenate([*cards, nothing]),
        "card_until": np.concatenate([*untils, nothing]),
        "cards_complete": complete,
    }


def _education(rng: Rng, world: World, people: People) -> Ints:
    rows = len(people)
    choice = pick(rng, cumulative((0.62, 0.24, 0.14)), rows)
    table = np.array(
        [
            [
                world.registers.education.get(trade.education[min(place, len(trade.education) - 1)], -1)
                for place in range(3)
            ]
            for trade in TRADES
        ]
    )
    basic = np.array([trade.education[0] == "32" for trade in TRADES])[people.trade]
    unknown = happens(rng, 0.12, rows) | (basic & happens(rng, 0.18, rows))
    return np.where(unknown, -1, table[people.trade, choice])
