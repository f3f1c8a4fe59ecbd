"""Every class has a time, every personal field goes by some rule, every rule names what there is."""

from collections import defaultdict

import pytest
from django.apps import apps
from django.utils import timezone

from portal.privacy.fields import Kept, PersonalField, field_classes
from portal.privacy.retention.classes import all_in_force, fill_in_first_rows, ground_of
from portal.privacy.retention.models import RetentionClass
from portal.privacy.retention.rules import ObjectRule, blockers, object_rule, rule, rules, traces


def test_every_personal_field_goes_by_a_rule_of_its_class() -> None:
    covered = {(one.kept, label) for one in rules() for label in one.covers}
    covered |= {(one.kept, label) for one in rules() for trace in traces(one.code) for label in trace.covers}
    missing = defaultdict(list)
    for key, field in field_classes().items():
        label, _dot, name = key.rpartition(".")
        if isinstance(field, PersonalField) and (field.kept, label) not in covered:
            missing[f"{label} ({field.kept.name})"].append(name)
    assert not missing, f"Say in a retention rule (or trace) how these go: {dict(missing)}"


def test_no_rule_covers_a_model_that_is_not_there() -> None:
    known = {model._meta.label for model in apps.get_models()}
    left = {label for one in rules() for label in one.covers} - known
    left |= {label for one in rules() for trace in traces(one.code) for label in trace.covers} - known
    assert not left


def test_every_class_has_a_rule() -> None:
    assert {one.kept for one in rules()} == set(Kept)


def test_codes_fit_the_columns_and_labels_are_words() -> None:
    for one in rules():
        assert 0 < len(one.code) <= 20
        assert str(one.label)
    assert len({one.code for one in rules()}) == len(rules())


def test_every_trace_and_blocker_belongs_to_a_rule_about_objects() -> None:
    codes = {one.code for one in rules() if isinstance(one, ObjectRule)}
    named = {one.code for one in rules() if traces(one.code) or blockers(one.code)}
    assert named <= codes


def test_a_rule_is_found_by_its_code() -> None:
    assert rule("jobseekers") is object_rule("jobseekers")
    with pytest.raises(KeyError):
        rule("nobody")
    with pytest.raises(KeyError):
        object_rule("runs")


@pytest.mark.django_db
@pytest.mark.parametrize("kept", Kept)
def test_every_class_has_a_time_in_force(kept: Kept) -> None:
    row = all_in_force(timezone.localdate())[kept]
    assert row.months == kept.value.first_months
    assert row.notice_days == kept.value.first_notice_days
    assert row.provisional
    assert row.ground == ground_of(kept)


@pytest.mark.django_db
def test_first_rows_are_made_once_and_never_over_what_people_have_set() -> None:
    RetentionClass.objects.filter(code="profile").update(months=36)
    RetentionClass.objects.filter(code="run").delete()
    assert fill_in_first_rows() == 1
    assert fill_in_first_rows() == 0
    assert RetentionClass.objects.get(code="profile").months == 36
    assert RetentionClass.objects.get(code="run").months == Kept.WITH_RUN.value.first_months
