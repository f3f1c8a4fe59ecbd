"""Vectors follow what people enter, whoever wrote it and however; and time, where time alone changes them."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from employers.models import Vacancy, VacancyLanguage, VacancySkill
from jobmatching.engine.blocks import SeekerBlock
from jobmatching.engine.columns import ALWAYS
from jobmatching.models import (
    JobSeeker,
    OccupationWish,
    SeekerCard,
    SeekerLanguage,
    SeekerLicence,
    SeekerSkill,
    SeekerVector,
    VacancyVector,
    WorkPeriod,
)
from jobmatching.nightly.freezing import bring_vectors_up_to_date
from jobmatching.nightly.models import MatchingRules
from jobmatching.nightly.rules_flow.services import put_in_force
from jobmatching.nightly.rules_versions import draft, in_force
from jobmatching.nightly.tasks import freshen_vectors
from jobmatching.nightly.vectors import VectorBuilder, outdated
from portal.classifications.enums import LanguageLevel, Scheme
from portal.classifications.models import Card, DrivingLicence, Language, Municipality, Occupation, Skill, TravelTime
from portal.runs.services import fail, open_run
from tests.factories import CardFactory
from tests.jobmatching.nightly.conftest import DAY


@pytest.fixture
def seeker(area: None) -> JobSeeker:
    """A jobseeker with a clean vector, without relations that a test wants to add."""
    person = JobSeeker.objects.matchable(DAY).order_by("pk")[0]
    for relation in (person.wishes, person.skills_held, person.languages_held, person.licences_held, person.cards_held):
        relation.all().delete()
    VectorBuilder(in_force(), DAY).seekers([person.pk])
    assert not person.vector.dirty
    return person


@pytest.fixture
def vacancy(area: None) -> Vacancy:
    """A vacancy with a clean vector."""
    post = Vacancy.objects.open(DAY).order_by("pk")[0]
    post.required_languages.all().delete()
    post.required_skills.all().delete()
    VectorBuilder(in_force(), DAY).vacancies([post.pk])
    return post


def first(model: type) -> object:
    return model.objects.order_by("pk")[0]  # type: ignore[attr-defined]


SEEKER_EDITS: dict[str, Callable[[JobSeeker], object]] = {
    "a field by save": lambda s: JobSeeker(**_fields(s, ready_to_move=True)).save(),
    "a field in bulk": lambda s: JobSeeker.objects.filter(pk=s.pk).update(max_travel_minutes=17),
    "a wish": lambda s: OccupationWish.objects.create(seeker=s, occupation=first(Occupation)),
    "work": lambda s: WorkPeriod.objects.create(seeker=s, title="työ", started_on=DAY),
    "a skill in bulk": lambda s: SeekerSkill.objects.bulk_create([SeekerSkill(seeker=s, skill=first(Skill))]),
    "a language": lambda s: SeekerLanguage.objects.create(seeker=s, language=first(Language), level=LanguageLevel.B1),
    "a licence": lambda s: SeekerLicence.objects.create(seeker=s, licence=first(DrivingLicence)),
    "a card": lambda s: SeekerCard.objects.create(seeker=s, card=first(Card)),
    "a place": lambda s: s.places.add(first(Municipality)),
    "raw SQL": lambda s: _execute("UPDATE jobmatching_jobseeker SET own_car = true WHERE id = %s", s.pk),
    "COPY": lambda s: _copy_skill(s),
    "a deletion": lambda s: s.work_history.all().delete(),
}

VACANCY_EDITS: dict[str, Callable[[Vacancy], object]] = {
    "a field": lambda v: Vacancy.objects.filter(pk=v.pk).update(experience_months=33),
    "an occupation": lambda v: v.occupations.add(Occupation.objects.exclude(vacancies=v).order_by("pk")[0]),
    "a skill": lambda v: VacancySkill.objects.create(vacancy=v, skill=first(Skill)),
    "a language": lambda v: VacancyLanguage.objects.create(vacancy=v, language=first(Language), level=LanguageLevel.A2),
    "a licence": lambda v: v.licences.add(DrivingLicence.objects.exclude(vacancies=v).order_by("pk")[0]),
    "a card": lambda v: v.cards.add(Card.objects.exclude(vacancies=v).order_by("pk")[0]),
    "a place": lambda v: v.municipalities.add(Municipality.objects.exclude(vacancies=v).order_by("pk")[0]),
}


# What changes in a register, and whether vacancies are packed by it too.
REGISTER_EDITS: dict[str, tuple[Callable[[], object], bool]] = {
    "a travel time": (lambda: TravelTime.objects.update(minutes=F("minutes") + 1), False),
    "what a licence includes": (lambda: DrivingLicence.objects.filter(code="B").update(includes=["AM"]), True),
    "a new card": (lambda: CardFactory(code="tomorrow", match_slot=119), True),
}


def _fields(seeker: JobSeeker, **changes: object) -> dict[str, object]:
    return {field.attname: getattr(seeker, field.attname) for field in JobSeeker._meta.concrete_fields} | changes


def _execute(sql: str, *params: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


def _copy_skill(seeker: JobSeeker) -> None:
    skill = Skill.objects.order_by("-pk")[0]
    columns = "seeker_id, skill_id, basis, known_by, noted_on"
    with connection.cursor() as cursor, cursor.copy(f"COPY jobmatching_seekerskill ({columns}) FROM STDIN") as copy:
        copy.write_row((seeker.pk, skill.pk, "own_word", "told", DAY))


@pytest.mark.parametrize("edit", list(SEEKER_EDITS))
def test_every_edit_of_a_profile_marks_it(seeker: JobSeeker, edit: str) -> None:
    others = SeekerVector.objects.filter(dirty=True).exclude(pk=seeker.pk).count()

    SEEKER_EDITS[edit](seeker)

    assert SeekerVector.objects.get(pk=seeker.pk).dirty
    assert SeekerVector.objects.filter(dirty=True).exclude(pk=seeker.pk).count() == others


@pytest.mark.parametrize("edit", list(VACANCY_EDITS))
def test_every_edit_of_a_vacancy_marks_it(vacancy: Vacancy, edit: str) -> None:
    VACANCY_EDITS[edit](vacancy)

    assert VacancyVector.objects.get(pk=vacancy.pk).dirty


# How a row is moved from the first to the second of two.
MOVES_OF_SEEKERS: dict[str, Callable[[JobSeeker, JobSeeker], object]] = {
    "a skill": lambda a, b: SeekerSkill.objects.filter(seeker=a).update(seeker=b),
    "a licence by save": lambda a, b: _give(SeekerLicence.objects.get(seeker=a), b),
    "a place by raw SQL": lambda a, b: _execute(
        "UPDATE jobmatching_jobseeker_places SET jobseeker_id = %s WHERE jobseeker_id = %s", b.pk, a.pk
    ),
}


def _give(licence: SeekerLicence, seeker: JobSeeker) -> None:
    licence.seeker = seeker
    licence.save()


@pytest.mark.parametrize("move", list(MOVES_OF_SEEKERS))
def test_a_row_that_moves_to_another_person_marks_both(seeker: JobSeeker, move: str) -> None:
    other, bystander = JobSeeker.objects.matchable(DAY).exclude(pk=seeker.pk).order_by("pk")[:2]
    other.skills_held.all().delete()
    other.licences_held.all().delete()
    other.places.clear()
    SeekerSkill.objects.create(seeker=seeker, skill=first(Skill))
    SeekerLicence.objects.create(seeker=seeker, licence=first(DrivingLicence))
    seeker.places.set([first(Municipality)])
    VectorBuilder(in_force(), DAY).seekers(sorted([seeker.pk, other.pk, bystander.pk]))

    MOVES_OF_SEEKERS[move](seeker, other)

    dirty = SeekerVector.objects.filter(pk__in=[seeker.pk, other.pk, bystander.pk], dirty=True)
    assert set(dirty.values_list("pk", flat=True)) == {seeker.pk, other.pk}


def test_a_row_that_moves_to_another_vacancy_marks_both(vacancy: Vacancy) -> None:
    other = Vacancy.objects.open(DAY).exclude(pk=vacancy.pk).order_by("pk")[0]
    other.required_skills.all().delete()
    VacancySkill.objects.create(vacancy=vacancy, skill=first(Skill))
    VectorBuilder(in_force(), DAY).vacancies(sorted([vacancy.pk, other.pk]))

    VacancySkill.objects.filter(vacancy=vacancy).update(vacancy=other)

    assert set(VacancyVector.objects.filter(dirty=True).values_list("pk", flat=True)) >= {vacancy.pk, other.pk}


def test_every_source_of_a_vector_looks_at_both_sides_of_an_update(area: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT source.relname, trigger.tgoldtable IS NOT NULL AND trigger.tgnewtable IS NOT NULL
               FROM pg_trigger trigger JOIN pg_class source ON source.oid = trigger.tgrelid
               WHERE trigger.tgname = 'mark_dirty_update' ORDER BY source.relname"""
        )
        sources = dict(cursor.fetchall())

    assert len(sources) == 15
    assert [table for table, both in sources.items() if not both] == []


def test_only_what_changed_is_built_again(area: None) -> None:
    version = in_force()
    everything = bring_vectors_up_to_date(version, DAY)
    nothing = bring_vectors_up_to_date(version, DAY)
    changed = JobSeeker.objects.matchable(DAY).order_by("-pk")[0]
    changed.max_travel_minutes = 99
    changed.save()

    again = bring_vectors_up_to_date(version, DAY)

    assert everything.built > 100
    assert (nothing.built, again.built) == (0, 1)
    assert not SeekerVector.objects.get(pk=changed.pk).dirty


def test_by_day_edits_reach_the_vectors_but_not_while_a_run_goes_on(area: None) -> None:
    freshen_vectors()
    changed = JobSeeker.objects.matchable(timezone.localdate()).order_by("pk")[0]
    JobSeeker.objects.filter(pk=changed.pk).update(max_travel_minutes=99)
    run = open_run("matching", DAY)

    freshen_vectors()
    left_to_the_run = SeekerVector.objects.get(pk=changed.pk).dirty
    fail(run.pk, "given up")
    freshen_vectors()

    assert left_to_the_run
    assert not SeekerVector.objects.filter(dirty=True).exists()


def test_a_vector_built_anew_equals_one_built_from_nothing(area: None) -> None:
    version = in_force()
    bring_vectors_up_to_date(version, DAY)
    before = dict(SeekerVector.objects.order_by("pk").values_list("pk", "data"))
    SeekerVector.objects.all().delete()
    bring_vectors_up_to_date(version, DAY)

    assert {pk: bytes(data) for pk, data in SeekerVector.objects.order_by("pk").values_list("pk", "data")} == {
        pk: bytes(data) for pk, data in before.items()
    }


def test_an_expiring_card_makes_the_vector_stale_on_the_day_after(seeker: JobSeeker) -> None:
    SeekerCard.objects.create(seeker=seeker, card=Card.objects.order_by("pk")[0], valid_until=DAY + timedelta(days=3))
    VectorBuilder(in_force(), DAY).seekers([seeker.pk])
    valid = SeekerVector.objects.get(pk=seeker.pk)
    ids = ("SELECT %s::bigint AS id", [seeker.pk], in_force())

    assert valid.stale_on <= DAY + timedelta(days=4)
    assert outdated("seeker", *ids, DAY) == []
    assert outdated("seeker", *ids, DAY + timedelta(days=4)) == [seeker.pk]
    assert outdated("seeker", *ids, DAY - timedelta(days=1)) == [seeker.pk]  # built for a later day

    VectorBuilder(in_force(), DAY + timedelta(days=4)).seekers([seeker.pk])
    assert bytes(SeekerVector.objects.get(pk=seeker.pk).data) != bytes(valid.data)


@pytest.mark.parametrize(("days", "free"), [(-12, True), (0, True), (3, False)])
def test_who_is_free_by_now_misses_no_start_that_has_passed(seeker: JobSeeker, days: int, free: bool) -> None:
    JobSeeker.objects.filter(pk=seeker.pk).update(available_now=False, available_from=DAY + timedelta(days=days))
    VectorBuilder(in_force(), DAY).seekers([seeker.pk])
    vector = SeekerVector.objects.get(pk=seeker.pk)
    (available_from,) = SeekerBlock.from_rows([bytes(vector.data)]).available_from

    assert bool(available_from == ALWAYS) is free
    assert free or vector.stale_on <= DAY + timedelta(days=days)


@pytest.mark.parametrize("edit", list(REGISTER_EDITS))
def test_a_change_of_a_register_marks_all_who_were_packed_by_it(seeker: JobSeeker, vacancy: Vacancy, edit: str) -> None:
    change, marks_vacancies = REGISTER_EDITS[edit]

    change()

    assert SeekerVector.objects.get(pk=seeker.pk).dirty
    assert VacancyVector.objects.get(pk=vacancy.pk).dirty is marks_vacancies


def test_an_import_that_changes_no_travel_time_marks_nobody(seeker: JobSeeker) -> None:
    _execute("UPDATE classifications_traveltime SET minutes = minutes WHERE false")

    assert not SeekerVector.objects.get(pk=seeker.pk).dirty


def test_new_rules_make_every_vector_outdated(area: None) -> None:
    bring_vectors_up_to_date(in_force(), DAY)
    put_in_force(draft(Scheme.DEMO), None, "New rules for a test.")

    prepared = bring_vectors_up_to_date(in_force(), DAY)

    assert MatchingRules.objects.filter(state="in_force").count() == 1
    assert prepared.built == SeekerVector.objects.count() + VacancyVector.objects.count()


def test_rules_come_into_force_only_with_a_reason(area: None) -> None:
    with pytest.raises(ValueError, match="why"):
        put_in_force(draft(Scheme.DEMO), None, "  ")


@pytest.mark.slow
def test_an_edit_that_comes_while_a_vector_is_built_is_not_lost(
    committed_area: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The edit waits for the builder's lock and marks the vector again; built once more, it holds the edit."""
    from jobmatching.nightly import vectors

    bring_vectors_up_to_date(in_force(), DAY)
    person = JobSeeker.objects.matchable(DAY).order_by("pk")[0]
    JobSeeker.objects.filter(pk=person.pk).update(max_travel_minutes=10)
    read, edited = vectors.read_seekers, threading.Event()

    def edit() -> None:
        try:
            with transaction.atomic():
                JobSeeker.objects.filter(pk=person.pk).update(max_travel_minutes=500, profile_confirmed_on=DAY)
        finally:
            connection.close()
            edited.set()

    editor = threading.Thread(target=edit)

    def read_and_be_disturbed(*args: object) -> object:
        rows = read(*args)  # type: ignore[arg-type]
        editor.start()
        assert not edited.wait(1)  # it waits for our lock
        return rows

    with monkeypatch.context() as disturbed:
        disturbed.setattr(vectors, "read_seekers", read_and_be_disturbed)
        VectorBuilder(in_force(), DAY).seekers([person.pk])
    editor.join(10)

    stale = SeekerVector.objects.get(pk=person.pk)
    assert stale.dirty
    VectorBuilder(in_force(), DAY).seekers([person.pk])
    assert bytes(SeekerVector.objects.get(pk=person.pk).data) != bytes(stale.data)
