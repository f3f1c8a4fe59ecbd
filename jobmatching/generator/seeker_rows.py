"""A drawn block of people as rows of the jobseekers' tables."""

import unicodedata
import uuid
from typing import Final

import numpy as np
import numpy.typing as npt

from jobmatching.generator import encoding as enc
from jobmatching.generator.abilities import LEVELS, Abilities
from jobmatching.generator.codes import identity_codes
from jobmatching.generator.draws import Bools, Ints, Rng, happens, lasting, pick_of, rank_in_group
from jobmatching.generator.people import People
from jobmatching.generator.storing import Batch
from jobmatching.generator.terms import STATUSES, TIMES, Spells, Terms
from jobmatching.generator.trades import TRADES
from jobmatching.generator.world import World
from jobmatching.seekers.enums import KnownBy, Sex, SkillBasis
from jobmatching.seekers.models import (
    JobSeeker,
    NamedWorker,
    OccupationWish,
    RegistrationSpell,
    SeekerCard,
    SeekerLanguage,
    SeekerLicence,
    SeekerSkill,
    WorkPeriod,
)
from jobmatching.seekers.non_disclosure.enums import Ground, NonDisclosureState
from jobmatching.seekers.non_disclosure.models import NonDisclosure
from portal.privacy.identity import blind_index, encrypt

TABLES: Final = tuple(
    model._meta.db_table
    for model in (
        JobSeeker,
        JobSeeker.places.through,
        OccupationWish,
        WorkPeriod,
        SeekerSkill,
        SeekerLanguage,
        SeekerLicence,
        SeekerCard,
        RegistrationSpell,
        NamedWorker,
        NonDisclosure,
    )
)
"""The jobseekers' tables, those first that others refer to."""

NON_DISCLOSURE = 0.002
_NAMESPACE: Final = uuid.UUID("5d6a2c50-6f0e-4a2b-9d1c-3f1f6a5b7c21")
"""Keys of non-disclosures are drawn from it and the identifier at the source: the same area twice is the same."""
PAUSED = 0.02

_KNOWN = (KnownBy.TOLD, KnownBy.SEEN, KnownBy.TEST, KnownBy.ASSESSMENT, KnownBy.STATE_PORTAL, KnownBy.TRAINING)
_SUMMARIES = (
    "Haen ensisijaisesti työtä, jota olen tehnyt ennenkin, mutta opin mielelläni uutta.",
    "Toivon vakituista kokoaikatyötä mieluiten läheltä kotia.",
    "Voin aloittaa nopeasti, ja keikkatyökin käy aluksi.",
    "Haluan vaihtaa alaa ja olen valmis opiskelemaan työn ohessa.",
    "Etsin päivätyötä, jossa saa tehdä käsillään ja nähdä työnsä tuloksen.",
    "Osa-aikatyö sopii parhaiten elämäntilanteeseeni juuri nyt.",
    "Jag söker helst arbete där jag får använda både svenska och finska.",
)
_TITLES = (
    "keikkatyö",
    "kausityö",
    "perheyrityksen työt",
    "talkootyö järjestössä",
    "oma toiminimi",
    "erilaisia avustavia töitä",
)


def seeker_batch(
    rng: Rng, world: World, people: People, abilities: Abilities, terms: Terms, spells: Spells,
    *, codes: "Codes", today: int, ids: Ints, source: str, number: Ints,
) -> Batch:  # fmt: skip
    """Rows of all tables for a block whose people get the given ids.

    `source` and `number` make the identifiers at the source: the same however the ids fall.
    """
    hidden = happens(rng, NON_DISCLOSURE, len(people))
    coach = _coaches(rng, world, people)
    id_column = np.array(enc.integers(ids), dtype=object)
    began = np.full(len(people), today)
    np.minimum.at(began, spells.owner, spells.started)
    batch = {
        JobSeeker._meta.db_table: _seekers(
            rng, world, people, abilities, terms, codes, today, ids, source, number, hidden, coach, began
        )
    }
    batch |= _lists(rng, world, people, abilities, terms, today, id_column)
    owner = np.flatnonzero(hidden & (coach >= 0))
    batch[NamedWorker._meta.db_table] = {"seeker_id": id_column[owner].tolist(), "user_id": enc.integers(coach[owner])}
    batch[NonDisclosure._meta.db_table] = _non_disclosures(
        np.flatnonzero(hidden), id_column, source, number, began, today
    )
    batch[RegistrationSpell._meta.db_table] = {
        "seeker_id": id_column[spells.owner].tolist(),
        "status": enc.chosen(STATUSES, spells.status),
        "started_on": enc.days(spells.started),
        "ended_on": enc.days(spells.ended, spells.ended < 0),
        "full_time_service": enc.flags(spells.full_time_service),
    }
    return batch


def _non_disclosures(
    rows: Ints, ids: npt.NDArray[np.object_], source: str, number: Ints, began: Ints, today: int
) -> dict[str, enc.Column]:
    """What hides the people of these rows: of the population register, set when they came, for two years at least."""
    from_day = began[rows]
    some = len(rows)
    return {
        "id": [str(uuid.uuid5(_NAMESPACE, f"{source}{n}")) for n in number[rows].tolist()],
        "seeker_id": ids[rows].tolist(),
        "state": [NonDisclosureState.IN_FORCE.value] * some,
        "ground": [Ground.REGISTER.value] * some,
        "note": [""] * some,
        "valid_from": enc.days(from_day),
        # None has a last day that has gone by; the years are told apart by the number alone.
        "valid_to": enc.days(today + 20 + (number[rows] * 97) % 700),
        "set_at": enc.moments(from_day, np.full(some, 600)),
        "lift_ground": [""] * some,
        "lift_note": [""] * some,
    }


class Codes:
    """Identity codes of a block, encrypted, with their search keys."""

    def __init__(self, birth_day: Ints, female: Bools, rank: Ints) -> None:
        codes = identity_codes(birth_day, female, rank)
        self.encrypted = enc.binary([encrypt(code) for code in codes])
        self.index = [blind_index(code) for code in codes]


def _coaches(rng: Rng, world: World, people: People) -> Ints:
    """A personal coach of the home's area for nearly everybody; -1 where there is none."""
    coach = np.full(len(people), -1, dtype=np.int64)
    area = world.places.areas[people.home]
    for area_id, users in world.coaches.items():
        rows = np.flatnonzero(area == area_id)
        coach[rows] = users[rng.integers(0, users.size, rows.size)]
    coach[happens(rng, 0.03, len(people))] = -1
    return coach


def _seekers(
    rng: Rng, world: World, people: People, abilities: Abilities, terms: Terms, codes: Codes, today: int,
    ids: Ints, source: str, number: Ints, hidden: Bools, coach: Ints, began: Ints,
) -> dict[str, enc.Column]:  # fmt: skip
    rows, places, languages = len(people), world.places, world.registers.languages
    first, last = _names(rng, world, abilities)
    swedish = abilities.tongue == languages.get("sv", -1)
    weak = ~abilities.native & ~swedish & (abilities.finnish < 2)
    paused = happens(rng, PAUSED, rows)
    confirmed_ago = lasting(rng, 35, 1.0, rows, 400)
    confirmed = today - confirmed_ago
    morning = rng.integers(360, 960, rows)
    no_contact = hidden | happens(rng, 0.12, rows)
    subsets = enc.sets(TIMES)
    return {
        "id": enc.integers(ids),
        "area_id": enc.integers(np.where(people.home < 0, world.area.pk, places.areas[people.home])),
        "first_name": first,
        "last_name": last,
        "birth_date": enc.days(people.birth_day),
        "sex": enc.chosen((Sex.MALE, Sex.FEMALE), people.female.astype(np.int64)),
        "identity_code": codes.encrypted,
        "identity_index": codes.index,
        "email": _emails(first, last, number, no_contact),
        "phone": [
            "" if none else f"+358 000 {n:06d}" for n, none in zip(number.tolist(), no_contact.tolist(), strict=True)
        ],
        "home_id": enc.integers(places.ids[people.home], people.home < 0),
        "service_language_id": enc.integers(
            np.where(
                swedish, languages.get("sv", languages["fi"]), np.where(weak, languages.get("en", 0), languages["fi"])
            ),
            weak & ("en" not in languages),
        ),
        "interpreter": enc.flags(weak & happens(rng, 0.6, rows)),
        "coach_id": enc.integers(coach, coach < 0),
        "non_disclosure": enc.flags(hidden),
        "source_id": [f"{source}{n}" for n in number.tolist()],
        "summary": enc.chosen(("", *_SUMMARIES), np.where(happens(rng, 0.6, rows), 0, rng.integers(1, 8, rows))),
        "education_level_id": enc.integers(abilities.education, abilities.education < 0),
        "languages_complete": enc.flags(abilities.languages_complete),
        "licences_complete": enc.flags(abilities.licences_complete),
        "cards_complete": enc.flags(abilities.cards_complete),
        "max_travel_minutes": enc.integers(terms.minutes, terms.minutes < 0),
        "own_car": enc.known_flags(terms.car),
        "ready_to_move": enc.flags(terms.ready_to_move),
        "remote_wanted": enc.known_flags(terms.remote),
        "work_times_accepted": enc.chosen(subsets, terms.accepted),
        "work_times_declined": enc.chosen(subsets, terms.declined),
        "available_from": enc.days(terms.available_on, terms.available_on < 0),
        "available_now": enc.flags(terms.available_now),
        "matching_paused_at": enc.moments(today - rng.integers(1, 60, rows), morning, ~paused),
        "matching_pause_kind": enc.chosen(("", "asked"), paused.astype(np.int64)),
        "matching_pause_reason": enc.chosen(("", "Oma toive"), paused.astype(np.int64)),
        "profile_confirmed_on": enc.days(confirmed, happens(rng, 0.2, rows) | (confirmed < began)),
        "created_at": enc.moments(began, morning),
        "updated_at": enc.moments(np.maximum(began, confirmed), morning),
    }


def _names(rng: Rng, world: World, abilities: Abilities) -> tuple[list[str], list[str]]:
    """First names usual in the mother tongue (where the file has some); surnames that say they are invented."""
    texts, rows = world.texts, abilities.tongue.size
    language_of = {pk: code for code, pk in world.registers.languages.items()}
    first = [
        names[int(draw * len(names))]
        for names, draw in zip(
            (
                texts.first_names.get(language_of[tongue]) or texts.first_names["fi"]
                for tongue in abilities.tongue.tolist()
            ),
            rng.random(rows).tolist(),
            strict=True,
        )
    ]
    return first, enc.chosen(texts.surnames, rng.integers(0, len(texts.surnames), rows))


def _emails(first: list[str], last: list[str], number: Ints, none: Bools) -> list[str]:
    """Addresses under a domain that belongs to nobody."""
    plain = {name: _ascii(name) for name in {*first, *last}}
    return [
        "" if without else f"{plain[f]}.{plain[s]}.{n}@example.org"
        for f, s, n, without in zip(first, last, number.tolist(), none.tolist(), strict=True)
    ]


def _ascii(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    return "".join(letter for letter in letters if letter.isalnum())


def _lists(
    rng: Rng,
    world: World,
    people: People,
    abilities: Abilities,
    terms: Terms,
    today: int,
    id_column: npt.NDArray[np.object_],
) -> Batch:
    wish_owner, column = np.nonzero(people.wishes >= 0)
    wish = people.wishes[wish_owner, column]
    confirmed = abilities.skill_confirmed
    skill_known = np.where(
        confirmed,
        pick_of(rng, (1, 2, 3, 5), (0.6, 0.1, 0.15, 0.15), confirmed.size),
        pick_of(rng, (0, 4), (0.8, 0.2), confirmed.size),
    )
    language_known = pick_of(rng, (0, 1, 2, 3), (0.75, 0.08, 0.1, 0.07), abilities.language.size)
    return {
        JobSeeker.places.through._meta.db_table: {
            "jobseeker_id": id_column[terms.place_owner].tolist(),
            "municipality_id": enc.integers(world.places.ids[terms.place]),
        },
        OccupationWish._meta.db_table: {
            "seeker_id": id_column[wish_owner].tolist(),
            "occupation_id": enc.integers(world.occupations.ids[wish]),
            "order": enc.integers(rank_in_group(wish_owner) + 1),
            **_noted(rng, today, pick_of(rng, (0, 4), (0.85, 0.15), wish.size)),
        },
        WorkPeriod._meta.db_table: _work(rng, world, people, today, id_column),
        SeekerSkill._meta.db_table: {
            "seeker_id": id_column[abilities.skill_owner].tolist(),
            "skill_id": enc.integers(world.occupations.skill_ids[abilities.skill]),
            "basis": enc.chosen((SkillBasis.OWN_WORD, SkillBasis.CONFIRMED), confirmed.astype(np.int64)),
            **_noted(rng, today, skill_known),
        },
        SeekerLanguage._meta.db_table: {
            "seeker_id": id_column[abilities.language_owner].tolist(),
            "language_id": enc.integers(abilities.language),
            "level": enc.chosen(LEVELS, abilities.language_level),
            **_noted(rng, today, language_known),
        },
        SeekerLicence._meta.db_table: {
            "seeker_id": id_column[abilities.licence_owner].tolist(),
            "licence_id": enc.integers(abilities.licence),
            **_noted(rng, today, pick_of(rng, (0, 1), (0.8, 0.2), abilities.licence.size)),
        },
        SeekerCard._meta.db_table: {
            "seeker_id": id_column[abilities.card_owner].tolist(),
            "card_id": enc.integers(abilities.card),
            "valid_until": enc.days(abilities.card_until, abilities.card_until < 0),
            **_noted(rng, today, pick_of(rng, (0, 1, 5), (0.45, 0.45, 0.1), abilities.card.size)),
        },
    }


def _work(
    rng: Rng, world: World, people: People, today: int, id_column: npt.NDArray[np.object_]
) -> dict[str, enc.Column]:
    owner, column = np.nonzero(np.arange(people.work.shape[1]) < people.periods[:, None])
    occupation = people.work[owner, column]
    employers = world.texts.employers[""]
    trade = [world.texts.employers.get(t.industry, employers) for t in TRADES]
    draws = rng.random(owner.size).tolist()
    return {
        "seeker_id": id_column[owner].tolist(),
        "occupation_id": enc.integers(world.occupations.ids[occupation], occupation < 0),
        "title": enc.chosen(
            ("", *_TITLES), np.where(occupation >= 0, 0, rng.integers(1, len(_TITLES) + 1, owner.size))
        ),
        "employer_name": [
            enc.escaped(trade[t][int(draw * len(trade[t]))])
            for t, draw in zip(people.trade[owner].tolist(), draws, strict=True)
        ],
        "started_on": enc.days(people.work_started[owner, column]),
        "ended_on": enc.days(people.work_ended[owner, column], people.working[owner] & (column == 0)),
        **_noted(rng, today, pick_of(rng, (0, 1, 4), (0.6, 0.25, 0.15), owner.size)),
    }


def _noted(rng: Rng, today: int, known_by: Ints) -> dict[str, enc.Column]:
    """How and when each piece of information came to be known."""
    return {
        "known_by": enc.chosen(_KNOWN, known_by),
        "noted_on": enc.days(today - lasting(rng, 70, 1.1, known_by.size, 900)),
    }
