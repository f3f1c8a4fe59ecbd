"""The public page says what the rules in force say, and the program reads what the page says: no more, no less."""

from dataclasses import fields
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from jobmatching.engine.criteria import Criterion
from jobmatching.engine.rules import Weights
from jobmatching.models import JobSeeker, SeekerVector
from jobmatching.nightly.inputs import ADMISSION, EXCLUDED, INPUTS, KEEPING
from jobmatching.nightly.models import MatchingRules
from jobmatching.nightly.rules_flow.services import put_in_force
from jobmatching.nightly.rules_versions import draft
from jobmatching.nightly.vectors import VectorBuilder
from jobmatching.nightly.weight_words import GROUPS
from jobmatching.seekers.enums import Sex
from portal.accounts.roles import Role
from portal.classifications.enums import LanguageLevel, Scheme
from tests.factories import (
    JobSeekerFactory,
    LanguageFactory,
    MunicipalityFactory,
    OccupationFactory,
    SkillFactory,
    identity_fields,
    with_role,
)

PAGE = reverse("matching:how")
DAY = date(2026, 11, 21)


def in_force(scheme: Scheme = Scheme.DEMO, weights: Weights | None = None) -> MatchingRules:
    """Rules on one occupation, approved by a manager."""
    OccupationFactory(scheme=scheme, skills=[SkillFactory(scheme=scheme)])
    version = draft(scheme, weights)
    put_in_force(version, with_role(Role.MANAGER, first_name="Kaino", last_name="Kuvitelma"), "Päätös 12 §")
    return version


def page(client: Client) -> str:
    response = client.get(PAGE)
    assert response.status_code == 200
    return str(response.content.decode()).replace("\xa0", " ")


# --- Words for every number ------------------------------------------------------------------------------------------
def test_every_weight_has_words_and_every_word_a_weight() -> None:
    told = [name for group in GROUPS for name in group.weights]
    assert sorted(told) == sorted(field.name for field in fields(Weights))


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_every_weight_can_be_written(language: str) -> None:
    values = Weights().to_json()
    with translation.override(language):
        for group in GROUPS:
            for name, words in group.weights.items():
                assert str(words.label)
                assert any(sign.isdigit() for sign in words.written(values[name])), name


def test_every_criterion_has_its_inputs() -> None:
    assert [given.criterion for given in INPUTS] == list(Criterion)


# --- The page --------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_without_rules_the_page_says_so_and_names_no_number(client: Client) -> None:
    told = page(client)
    assert "k-note is-info" in told
    assert "luvut" not in told
    assert all(str(one.label).capitalize()[1:] in told for one in EXCLUDED)


@pytest.mark.django_db
def test_the_numbers_are_those_of_the_rules_in_force(client: Client) -> None:
    version = in_force(weights=Weights(occupation=31, skills=52, experience=17, unknown=29, floor=270_000, k_seeker=23))
    told = page(client)
    for number in ("31 %", "52 %", "17 %", "29 %", "27", "23"):
        assert number in told
    assert version.version in told
    assert "Kaino Kuvitelma" in told
    assert "Päätös 12 §" in told
    # A draft changes nothing for anybody.
    draft(Scheme.DEMO, Weights(occupation=77, skills=8, experience=15))
    assert "77 %" not in page(client)


@pytest.mark.django_db
def test_esco_is_named_where_the_rules_stand_on_it(client: Client) -> None:
    sentence = "This service uses the ESCO classification of the European Commission."
    in_force(Scheme.DEMO)
    assert sentence not in page(client)
    in_force(Scheme.ESCO)
    assert sentence in page(client)


# --- What is read ----------------------------------------------------------------------------------------------------
def test_every_field_of_a_jobseeker_is_an_input_or_is_said_not_to_be_one() -> None:
    names = {field.name for field in JobSeeker._meta.get_fields()} - {"vector"}
    read = {name for given in INPUTS for name in given.fields}
    never = {name for one in EXCLUDED for name in one.fields}
    assert not read & never
    assert read | never | ADMISSION | KEEPING == names


def other_value(seeker: JobSeeker, name: str) -> Any:
    """Another value for a field."""
    field = seeker._meta.get_field(name)
    special: dict[str, Any] = {
        "birth_date": date(1961, 2, 3),
        "sex": Sex.MALE,
        **identity_fields("010190-998D"),
        "service_language": LanguageFactory(code="sv"),
        "coach": with_role(Role.CASE_WORKER),
    }
    if name in special:
        return special[name]
    return not getattr(seeker, name) if field.get_internal_type() == "BooleanField" else "something else"


@pytest.mark.django_db
def test_what_is_excluded_changes_not_a_bit_of_the_vector() -> None:
    occupation = OccupationFactory(skills=[SkillFactory()])
    elsewhere = MunicipalityFactory()
    LanguageFactory(code="sv")
    seeker = JobSeekerFactory(
        wishes=[occupation],
        work=[occupation],
        languages=[(LanguageFactory(), LanguageLevel.B2)],
        max_travel_minutes=40,
        sex=Sex.FEMALE,
        own_car=True,
        remote_wanted=False,
    )
    rules = draft(Scheme.DEMO)

    def vector() -> bytes:
        VectorBuilder(rules, DAY).seekers([seeker.pk])
        return bytes(SeekerVector.objects.get(seeker=seeker).data)

    before = vector()
    for one in EXCLUDED:
        for name in sorted(one.fields):
            setattr(seeker, name, other_value(seeker, name))
    seeker.save()
    assert vector() == before
    # An input does change it: the comparison sees something.
    seeker.home = elsewhere
    seeker.ready_to_move = True
    seeker.save()
    assert vector() != before


@pytest.mark.django_db
def test_how_long_the_search_has_lasted_is_not_read() -> None:
    occupation = OccupationFactory(skills=[SkillFactory()])
    seeker = JobSeekerFactory(wishes=[occupation], spell__started_on=timezone.localdate() - timedelta(days=2))
    rules = draft(Scheme.DEMO)
    builder = VectorBuilder(rules, DAY)
    builder.seekers([seeker.pk])
    before = bytes(SeekerVector.objects.get(seeker=seeker).data)
    seeker.spells.update(started_on=timezone.localdate() - timedelta(days=2000))
    builder.seekers([seeker.pk])
    assert bytes(SeekerVector.objects.get(seeker=seeker).data) == before
