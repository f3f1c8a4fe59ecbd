"""Whoever changes a row, in whatever way: it is written down, once, with what it was and what it is."""

from datetime import date

import pytest
from django.db import connection, transaction
from psycopg import sql

from employers.models import Vacancy
from jobmatching.models import JobSeeker, OccupationWish, SeekerSkill
from portal.privacy.history import without_history
from portal.privacy.history.models import HistoryEvent
from tests.factories import (
    CardFactory,
    EmploymentAreaFactory,
    JobSeekerFactory,
    MunicipalityFactory,
    OccupationFactory,
    SeekerSkillFactory,
    SkillFactory,
    UserFactory,
    VacancyFactory,
)
from tests.portal.privacy.history.conftest import Watch

pytestmark = pytest.mark.django_db


def run(statement: str | sql.Composed, params: list[object] | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)


# --- What an event says --------------------------------------------------------------------------------------------
def test_a_new_row_is_written_down_with_all_that_was_given(watch: Watch) -> None:
    area = EmploymentAreaFactory()
    watch.start()
    seeker = JobSeeker.objects.create(
        area=area, first_name="Aino", last_name="Ainonen", birth_date=date(1990, 1, 31), work_times_accepted=["01"]
    )
    (event,) = watch.events()
    assert (event.operation, event.model, event.object_id) == ("I", "jobmatching.jobseeker", str(seeker.pk))
    assert (event.owner_model, event.owner_id, event.also) == ("jobmatching.jobseeker", seeker.pk, None)
    assert event.before is None
    assert event.after["first_name"] == "Aino"
    assert event.after["birth_date"] == "1990-01-31"
    assert event.after["work_times_accepted"] == ["01"]
    assert "phone" in event.after
    assert "coach_id" not in event.after  # nothing was given
    assert not {"created_at", "updated_at"} & event.after.keys()


def test_a_change_is_written_down_with_both_sides_of_what_differs(seeker: JobSeeker, watch: Watch) -> None:
    watch.start()
    seeker.phone, seeker.own_car, seeker.available_from = "040 2", True, date(2026, 12, 1)
    seeker.save()
    (event,) = watch.events()
    assert event.operation == "U"
    assert event.before == {"phone": "040 1", "own_car": None, "available_from": None}
    assert event.after == {"phone": "040 2", "own_car": True, "available_from": "2026-12-01"}


def test_a_save_that_changes_nothing_is_no_change(seeker: JobSeeker, watch: Watch) -> None:
    watch.start()
    seeker.save()  # only the row's own time
    JobSeeker.objects.filter(pk=seeker.pk).update(phone="040 1")
    assert watch.events() == []


def test_a_row_that_goes_leaves_what_it_was(watch: Watch) -> None:
    held = SeekerSkillFactory()
    watch.start()
    key, seeker, skill = held.pk, held.seeker_id, held.skill_id
    held.delete()
    (event,) = watch.events()
    assert (event.operation, event.object_id, event.after) == ("D", str(key), None)
    assert (event.owner_model, event.owner_id) == ("jobmatching.jobseeker", seeker)
    assert event.before["skill_id"] == skill


def test_a_change_of_a_row_says_which_row_it_was(watch: Watch) -> None:
    held = SeekerSkillFactory()
    watch.start()
    SeekerSkill.objects.filter(pk=held.pk).update(basis="confirmed")
    (event,) = watch.events()
    assert event.before == {"basis": "own_word"}
    assert event.after == {"basis": "confirmed"}
    assert event.called == {"skill_id": held.skill_id}


def test_from_the_first_change_on_it_is_known_what_was_there_before(watch: Watch) -> None:
    # Generated people have no first event.
    area = EmploymentAreaFactory()
    with without_history("jobmatching", "employers"):
        seeker = JobSeeker.objects.create(area=area, first_name="A", last_name="B", birth_date=date(1990, 1, 1))
    assert HistoryEvent.objects.about(seeker).count() == 0
    JobSeeker.objects.filter(pk=seeker.pk).update(first_name="Ada")
    (event,) = HistoryEvent.objects.about(seeker)
    assert (event.before, event.after) == ({"first_name": "A"}, {"first_name": "Ada"})


def test_a_row_that_moves_to_somebody_else_is_told_of_both(watch: Watch) -> None:
    held, other = SeekerSkillFactory(), JobSeekerFactory()
    first = held.seeker
    watch.start()
    SeekerSkill.objects.filter(pk=held.pk).update(seeker=other)
    (event,) = watch.events()
    assert event.owner_id == other.pk
    assert event in HistoryEvent.objects.about(first)
    assert event in HistoryEvent.objects.about(other)


# --- Ways of writing -----------------------------------------------------------------------------------------------
def test_bulk_creation_change_and_deletion_are_written_down_row_by_row(watch: Watch) -> None:
    seekers = JobSeekerFactory.create_batch(7, spell=False)
    skill = SkillFactory()
    watch.start()
    SeekerSkill.objects.bulk_create([SeekerSkill(seeker=one, skill=skill) for one in seekers])
    for number, one in enumerate(seekers):
        one.phone = f"050 {number}"
    JobSeeker.objects.bulk_update(seekers, ["phone"], batch_size=3)
    JobSeeker.objects.filter(pk__in=[one.pk for one in seekers]).update(ready_to_move=True)
    SeekerSkill.objects.filter(skill=skill).delete()
    assert watch.counts() == {
        ("jobmatching.seekerskill", "I"): 7,
        ("jobmatching.jobseeker", "U"): 14,
        ("jobmatching.seekerskill", "D"): 7,
    }
    told = {event.object_id: event.after["phone"] for event in watch.events(JobSeeker) if "phone" in event.after}
    assert told == {str(one.pk): one.phone for one in seekers}


def test_upserts_are_additions_or_changes_as_they_turn_out(watch: Watch) -> None:
    held = SeekerSkillFactory()
    new = SkillFactory()
    rows = [
        SeekerSkill(seeker=held.seeker, skill=held.skill, basis="confirmed"),
        SeekerSkill(seeker=held.seeker, skill=new),
    ]
    watch.start()
    SeekerSkill.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["seeker", "skill"], update_fields=["basis"]
    )
    assert watch.counts() == {("jobmatching.seekerskill", "I"): 1, ("jobmatching.seekerskill", "U"): 1}
    watch.start()
    SeekerSkill.objects.bulk_create(rows, ignore_conflicts=True)
    assert watch.counts() == {}


def test_raw_sql_is_written_down_also_with_from_merge_and_a_common_table(watch: Watch) -> None:
    one, other = JobSeekerFactory.create_batch(2, spell=False)
    watch.start()
    run("UPDATE jobmatching_jobseeker SET phone = 'raw' WHERE id = %s", [one.pk])
    run(
        "WITH chosen AS (SELECT %s::bigint AS id) UPDATE jobmatching_jobseeker s SET phone = 'cte' FROM chosen "
        "WHERE s.id = chosen.id",
        [other.pk],
    )
    run(
        "MERGE INTO jobmatching_jobseeker s USING (SELECT %s::bigint AS id) given ON s.id = given.id "
        "WHEN MATCHED THEN UPDATE SET phone = 'merged'",
        [one.pk],
    )
    assert [event.after for event in watch.events()] == [{"phone": "raw"}, {"phone": "cte"}, {"phone": "merged"}]


def test_copy_is_written_down(seeker: JobSeeker, watch: Watch) -> None:
    skills = SkillFactory.create_batch(5)
    watch.start()
    with (
        connection.cursor() as cursor,
        cursor.copy("COPY jobmatching_seekerskill (seeker_id, skill_id, basis, known_by, noted_on) FROM STDIN") as copy,
    ):
        for skill in skills:
            copy.write_row((seeker.pk, skill.pk, "own_word", "told", date(2026, 11, 1)))
    assert watch.counts() == {("jobmatching.seekerskill", "I"): 5}
    assert {event.after["skill_id"] for event in watch.events()} == {skill.pk for skill in skills}


def test_many_to_many_fields_are_written_down(watch: Watch) -> None:
    vacancy, seeker = VacancyFactory(), JobSeekerFactory(spell=False)
    places, occupations, cards = MunicipalityFactory.create_batch(3), OccupationFactory.create_batch(2), [CardFactory()]
    watch.start()
    seeker.places.set(places)
    seeker.places.remove(places[0])
    vacancy.occupations.add(*occupations)
    vacancy.occupations.clear()
    vacancy.cards.set(cards)
    vacancy.municipalities.set(places[:1])
    assert watch.counts() == {
        ("jobmatching.jobseeker_places", "I"): 3,
        ("jobmatching.jobseeker_places", "D"): 1,
        ("employers.vacancy_occupations", "I"): 2,
        ("employers.vacancy_occupations", "D"): 2,
        ("employers.vacancy_cards", "I"): 1,
        ("employers.vacancy_municipalities", "I"): 1,
    }
    assert {event.owner_id for event in watch.events(Vacancy.cards.through)} == {vacancy.pk}


def test_what_a_deletion_takes_along_is_written_down(watch: Watch) -> None:
    seeker = JobSeekerFactory(
        wishes=[OccupationFactory()], skills=SkillFactory.create_batch(2), places=[MunicipalityFactory()]
    )
    key = seeker.pk
    watch.start()
    seeker.delete()
    assert watch.counts() == {
        ("jobmatching.jobseeker", "D"): 1,
        ("jobmatching.occupationwish", "D"): 1,
        ("jobmatching.seekerskill", "D"): 2,
        ("jobmatching.jobseeker_places", "D"): 1,
        ("jobmatching.registrationspell", "D"): 1,
    }
    assert {event.owner_id for event in watch.events()} == {key}


def test_what_a_deletion_empties_elsewhere_is_written_down(watch: Watch) -> None:
    coach = UserFactory()
    seeker = JobSeekerFactory(coach=coach, spell=False)
    key = coach.pk
    watch.start()
    coach.delete()
    (event,) = watch.events(JobSeeker)
    assert (event.object_id, event.before, event.after) == (str(seeker.pk), {"coach_id": key}, {"coach_id": None})


def test_emptying_a_table_is_written_down_row_by_row(watch: Watch) -> None:
    JobSeekerFactory.create_batch(3)
    watch.start()
    run("SET CONSTRAINTS ALL IMMEDIATE")
    run("TRUNCATE jobmatching_jobseeker CASCADE")
    assert watch.counts()["jobmatching.jobseeker", "D"] == 3
    assert watch.counts()["jobmatching.registrationspell", "D"] == 3


def test_a_changed_key_is_a_row_that_went_and_one_that_came(watch: Watch) -> None:
    wish = OccupationWish.objects.create(seeker=JobSeekerFactory(spell=False), occupation=OccupationFactory())
    watch.start()
    run("UPDATE jobmatching_occupationwish SET id = id + 1000000 WHERE id = %s", [wish.pk])
    told = [(event.operation, event.object_id, event.owner_id) for event in watch.events()]
    assert sorted(told) == [
        ("D", str(wish.pk), wish.seeker_id),
        ("I", str(wish.pk + 1_000_000), wish.seeker_id),
    ]


def test_an_exchange_of_values_between_rows_is_two_changes(watch: Watch) -> None:
    one, other = JobSeekerFactory(spell=False, phone="1"), JobSeekerFactory(spell=False, phone="2")
    watch.start()
    run(
        "UPDATE jobmatching_jobseeker SET phone = CASE phone WHEN '1' THEN '2' ELSE '1' END WHERE id IN (%s, %s)",
        [one.pk, other.pk],
    )
    assert {event.object_id: (event.before, event.after) for event in watch.events()} == {
        str(one.pk): ({"phone": "1"}, {"phone": "2"}),
        str(other.pk): ({"phone": "2"}, {"phone": "1"}),
    }


def test_what_is_rolled_back_has_not_happened(seeker: JobSeeker, watch: Watch) -> None:
    watch.start()
    with transaction.atomic():
        JobSeeker.objects.filter(pk=seeker.pk).update(phone="never")
        transaction.set_rollback(True)
    JobSeeker.objects.filter(pk=seeker.pk).update(phone="040 3")
    assert [event.after for event in watch.events()] == [{"phone": "040 3"}]


def test_a_session_that_replays_another_database_is_written_down_too(
    seeker: JobSeeker, watch: Watch, as_replica: None
) -> None:
    watch.start()
    run("UPDATE jobmatching_jobseeker SET phone = 'replayed' WHERE id = %s", [seeker.pk])
    assert [event.after for event in watch.events()] == [{"phone": "replayed"}]


def test_what_the_night_derives_has_no_history(seeker: JobSeeker, watch: Watch) -> None:
    run("INSERT INTO jobmatching_rulesnumber (year, highest) VALUES (1999, 1)")
    assert not [event for event in watch.events() if event.model == "jobmatching.rulesnumber"]


def test_odd_texts_come_through_as_they_are(seeker: JobSeeker, watch: Watch) -> None:
    odd = 'It\'s "odd" %s %(x)s {} \\n ä 漢 \U0001f600; DROP TABLE x; --'
    watch.start()
    JobSeeker.objects.filter(pk=seeker.pk).update(summary=odd)
    (event,) = watch.events()
    assert event.after == {"summary": odd}


# --- In one go -----------------------------------------------------------------------------------------------------
@pytest.mark.slow
def test_a_bulk_change_after_single_ones_in_the_same_session_is_written_down_whole_and_soon(watch: Watch) -> None:
    """The plan of the trigger, made for single rows, must not be that of a loop within a loop."""
    area = EmploymentAreaFactory()
    rows = 28_500
    with without_history("jobmatching", "employers"):
        run(
            """INSERT INTO jobmatching_jobseeker (area_id, first_name, last_name, birth_date, sex, email, phone,
                   interpreter, non_disclosure, summary, languages_complete, licences_complete, cards_complete,
                   ready_to_move, work_times_accepted, work_times_declined, available_now, matching_pause_reason,
                   created_at, updated_at)
               SELECT %s, 'A', 'B', '1990-01-01', '', '', '', false, false, '', false, false, false, false, '{}',
                   '{}', false, '', now(), now() FROM generate_series(1, %s)""",
            [area.pk, rows],
        )
    first = JobSeeker.objects.filter(area=area).order_by("pk").first()
    for number in range(8):
        JobSeeker.objects.filter(pk=first.pk).update(phone=str(number))
    watch.start()
    run("SET LOCAL statement_timeout = '60s'")
    assert JobSeeker.objects.filter(area=area).update(phone="040 9") == rows
    assert watch.counts() == {("jobmatching.jobseeker", "U"): rows}
