"""What a person can write into a draft: whatever the form takes the engine takes, and what it refuses says why."""

import random
from dataclasses import fields, replace
from decimal import Decimal
from typing import Any

import pytest

from jobmatching.engine.rules import Weights
from jobmatching.nightly.rules_flow.bounds import LIMITS, SUMS, ListLimits, from_people, to_people
from jobmatching.nightly.rules_flow.forms import DraftForm
from jobmatching.nightly.weight_words import GROUPS

NAMES = {field.name for field in fields(Weights)}


def written(weights: Weights, **changed: Any) -> dict[str, Any]:
    """What the page posts for some weights."""
    posted: dict[str, Any] = {"purpose": "Osaamisen pitäisi painaa enemmän."}
    for name in LIMITS:
        value = to_people(name, getattr(weights, name))
        posted[name] = ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
    return posted | changed


def test_every_number_of_the_rules_has_limits_and_words() -> None:
    assert set(LIMITS) == NAMES
    assert {name for group in GROUPS for name in group.weights} == NAMES


def test_what_nobody_touches_stays_exactly_as_it_was() -> None:
    odd = replace(Weights(), floor=305_550, recency_days=(700, 1800, 3600))
    form = DraftForm(written(odd), weights=odd)
    assert form.is_valid(), form.errors
    assert form.weights() == odd


def test_what_is_written_comes_out_in_the_units_of_the_engine() -> None:
    form = DraftForm(
        written(
            Weights(), floor="42.5", recency_days="12; 30", recency_percent="90 50 10", experience_steps="3,6",
            occupation="20", skills="70", experience="10",
        ),
        weights=Weights(),
    )  # fmt: skip
    assert form.is_valid(), form.errors
    told = form.weights()
    assert (told.floor, told.recency_days, told.recency_percent) == (425_000, (365, 913), (90, 50, 10))
    assert (told.experience_steps, told.occupation, told.skills) == ((3, 6), 20, 70)


def test_whole_years_are_the_shipped_ones() -> None:
    assert from_people("recency_days", (24, 60, 120)) == Weights().recency_days
    assert to_people("recency_days", Weights().recency_days) == (24, 60, 120)
    assert to_people("floor", 300_000) == Decimal(30)


@pytest.mark.parametrize("seed", range(40))
def test_whatever_the_form_takes_the_engine_takes(seed: int) -> None:
    chance = random.Random(seed)
    posted = written(Weights())
    for name, limits in LIMITS.items():
        if isinstance(limits, ListLimits):
            count = chance.randint(limits.fewest, limits.most)
            numbers = chance.sample(range(limits.low, limits.high + 1), count)
            posted[name] = ", ".join(map(str, sorted(numbers) if limits.ascending else numbers))
        else:
            posted[name] = str(chance.randint(limits.low, limits.high))
    if chance.random() < 0.7:  # else the sums are left wrong, most of the time
        for _label, names in SUMS:
            cuts = sorted(chance.randint(0, 100) for _ in names[1:])
            for name, low, high in zip(names, [0, *cuts], [*cuts, 100], strict=True):
                posted[name] = str(high - low)
        posted["optional"] = str(chance.randint(0, int(posted["essential"])))
        steps = len(posted["recency_days"].split(","))
        posted["recency_percent"] = ", ".join(["50"] * (steps + 1))
    form = DraftForm(posted, weights=Weights())
    if form.is_valid():
        form.weights()  # raises ValueError for what the engine does not take


@pytest.mark.parametrize(
    ("changed", "field", "told"),
    [
        ({"purpose": " "}, "purpose", "Kirjoita"),
        ({"occupation": "50"}, "occupation", "Vähennä 5"),
        ({"occupation": "40"}, "occupation", "Lisää 5"),
        ({"occupation": "0", "skills": "0", "experience": "100"}, "skills", "molemmat"),
        ({"occupation_related": "91"}, "occupation_leaf", "101"),
        ({"experience_leaf": "41"}, "experience_leaf", "101"),
        ({"essential": "60"}, "optional", "enintään 60"),
        ({"unknown": "101"}, "unknown", "0–100"),
        ({"unknown": ""}, "unknown", "0–100"),
        ({"floor": "0"}, "floor", "1–99"),
        ({"k_vacancy": "x"}, "k_vacancy", "5–200"),
        ({"experience_steps": "6, kaksi"}, "experience_steps", "pilkku"),
        ({"experience_steps": "12, 6"}, "experience_steps", "suurem"),
        ({"experience_steps": ""}, "experience_steps", "pilkku"),
        ({"experience_steps": ",".join(map(str, range(1, 14)))}, "experience_steps", "13"),
        ({"recency_days": "0"}, "recency_days", "1–600"),
        ({"recency_percent": "100, 80"}, "recency_percent", "4"),
    ],
)
def test_an_error_stands_at_its_field_and_says_what_to_do(changed: dict[str, str], field: str, told: str) -> None:
    form = DraftForm(written(Weights(), **changed), weights=Weights())
    assert set(form.errors) == {field}
    assert told in " ".join(form.errors[field])
