"""Every field of every model of ours says whether it is personal, on which ground, for how long, and who sees it."""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import models

from portal.privacy.fields import (
    Audience,
    Kept,
    NotPersonal,
    PersonalField,
    field_classes,
    fields_of,
    personal_fields,
    tables,
)
from tests.own_code import own_models


def _all_fields() -> Iterator[str]:
    for model in own_models():
        yield from (f"{model._meta.label}.{name}" for name in fields_of(model))


def test_every_field_has_a_class() -> None:
    classified = field_classes()
    missing = [field for field in _all_fields() if field not in classified]
    assert not missing, f"Say in the app's privacy table whether these are personal: {', '.join(missing)}"


def test_no_entry_is_left_over() -> None:
    known = {model._meta.label for model in own_models()}
    left = [label for label in tables() if label not in known]
    for label, entry in tables().items():
        if label in known and not isinstance(entry, NotPersonal):
            fields = set(fields_of(apps.get_model(label)))
            left += [f"{label}.{name}" for name in entry if name not in fields]
    assert not left


def _leads_to_a_person(field: models.Field) -> bool:
    return field.related_model is not None and bool(personal_fields(field.related_model))


def test_a_model_called_not_personal_as_a_whole_has_no_way_to_a_person() -> None:
    for label, entry in tables().items():
        if isinstance(entry, NotPersonal):
            model = apps.get_model(label)
            assert not [f.name for f in model._meta.local_concrete_fields if _leads_to_a_person(f)], label
            assert not [f.name for f in model._meta.local_concrete_fields if isinstance(f, models.EmailField)], label


def test_who_it_is_about_or_who_did_it_is_never_called_not_personal() -> None:
    people = (apps.get_model("accounts.User"), apps.get_model("jobmatching.JobSeeker"))
    wrong = []
    for key, field_class in field_classes().items():
        label, _, name = key.rpartition(".")
        field = apps.get_model(label)._meta.get_field(name)
        if isinstance(field_class, NotPersonal) and field.related_model in people:
            wrong.append(key)
    assert not wrong


def test_the_identity_code_and_the_sex_are_shown_in_no_list() -> None:
    fields = personal_fields(apps.get_model("jobmatching.JobSeeker"))
    assert fields["identity_code"].seen_by is Audience.ON_DEMAND
    assert fields["identity_index"].seen_by is Audience.NOBODY
    assert fields["sex"].seen_by is Audience.REPORT


def test_every_retention_time_is_positive_and_its_code_unique() -> None:
    codes = [kept.value.code for kept in Kept]
    assert len(codes) == len(set(codes)) == len(Kept)
    assert all(kept.value.first_months > 0 for kept in Kept)


@pytest.mark.parametrize("kept", Kept)
def test_every_retention_class_is_in_use(kept: Kept) -> None:
    assert any(isinstance(one, PersonalField) and one.kept is kept for one in field_classes().values())
