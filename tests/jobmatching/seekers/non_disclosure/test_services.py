"""Non-disclosure is set at once, handled by the named workers alone, and lifted by a person, never by a day."""

from datetime import timedelta
from itertools import product

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from jobmatching.models import JobSeeker, NamedWorker, NonDisclosure, NonDisclosureChange
from jobmatching.seekers.errors import NotPossible
from jobmatching.seekers.non_disclosure import services
from jobmatching.seekers.non_disclosure.enums import (
    TRANSITIONS,
    ChangeKind,
    Ground,
    LiftGround,
    NonDisclosureState,
)
from jobmatching.seekers.non_disclosure.querysets import named_who_see
from jobmatching.seekers.non_disclosure.reminders import remind
from jobmatching.seekers.rights.enums import RequestKind
from portal.accounts.models import RoleMembership, User
from portal.accounts.roles import Role
from portal.classifications.models import EmploymentArea
from portal.outbox.models import Message
from tests.factories import EmploymentAreaFactory, JobSeekerFactory, NonDisclosureFactory, with_role
from tests.rights import request_of, restrict


@pytest.fixture
def seeker(area: EmploymentArea, coach: User) -> JobSeeker:
    return JobSeekerFactory(area=area, coach=coach)


@pytest.fixture
def colleague(area: EmploymentArea) -> User:
    return with_role(Role.WORK_PAIR, area)


def hide(seeker: JobSeeker, by: User, *workers: User, days: int | None = 400) -> NonDisclosure:
    today = timezone.localdate()
    return services.set_non_disclosure(
        seeker.pk, by, ground=Ground.REGISTER if days is not None else Ground.APPLIED, valid_from=today,
        valid_to=None if days is None else today + timedelta(days=days), workers=workers or [by],
    )  # fmt: skip


def sees(user: User, seeker: JobSeeker) -> bool:
    return JobSeeker.objects.visible_to(User.objects.get(pk=user.pk)).filter(pk=seeker.pk).exists()


def leave(user: User) -> None:
    """The role ended yesterday."""
    RoleMembership.objects.filter(user=user).update(valid_to=timezone.localdate() - timedelta(days=1))


# --- Setting ---------------------------------------------------------------------------------------------------------
def test_from_that_moment_only_the_named_see_the_person(seeker: JobSeeker, coach: User, colleague: User) -> None:
    assert sees(colleague, seeker)

    hide(seeker, coach)

    assert sees(coach, seeker)
    assert not sees(colleague, seeker)


def test_whoever_sets_it_need_not_be_named_and_sees_the_person_no_more(
    seeker: JobSeeker, coach: User, colleague: User
) -> None:
    held = hide(seeker, coach, colleague)

    assert not sees(coach, seeker)
    assert sees(colleague, seeker)
    logged = held.changes.values_list("kind", "by", "worker")
    assert list(logged) == [(ChangeKind.SET, coach.pk, None), (ChangeKind.NAMED, coach.pk, colleague.pk)]


def test_it_is_set_once(seeker: JobSeeker, coach: User) -> None:
    hide(seeker, coach)

    with pytest.raises(NotPossible):
        hide(seeker, coach)


def test_somebody_who_serves_the_area_is_named(seeker: JobSeeker, coach: User) -> None:
    stranger = with_role(Role.CASE_WORKER, EmploymentAreaFactory())
    manager = with_role(Role.MANAGER, seeker.area)

    with pytest.raises(services.NobodyNamed):
        hide(seeker, coach, stranger, manager)
    seeker.refresh_from_db()
    assert not seeker.non_disclosure


def test_the_services_ask_as_well_who_hides_and_whom_it_takes_the_person_from(
    seeker: JobSeeker, coach: User, colleague: User
) -> None:
    with pytest.raises(NotPossible):
        hide(seeker, colleague)
    lead = with_role(Role.TEAM_LEAD, seeker.area)
    with pytest.raises(services.CoachLeftOut):
        hide(seeker, lead)
    held = hide(seeker, lead, lead, coach)
    with pytest.raises(services.CoachLeftOut):
        services.change_workers(seeker.pk, lead, [lead], " ")
    services.change_workers(seeker.pk, lead, [lead], "related")
    assert held.changes.get(kind=ChangeKind.UNNAMED).note == "related"
    assert not sees(coach, seeker)


def test_nobody_is_hidden_later_on(seeker: JobSeeker, coach: User) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)

    with pytest.raises(ValueError, match="from the moment"):
        services.set_non_disclosure(
            seeker.pk, coach, ground=Ground.APPLIED, valid_from=tomorrow, valid_to=None, workers=[coach]
        )


def test_names_left_of_an_earlier_time_open_nothing(seeker: JobSeeker, coach: User, colleague: User) -> None:
    NamedWorker.objects.create(seeker=seeker, user=colleague)

    hide(seeker, coach)

    assert not sees(colleague, seeker)


# --- The named workers -----------------------------------------------------------------------------------------------
def test_names_are_given_and_taken_away_and_written_down(seeker: JobSeeker, coach: User, colleague: User) -> None:
    held = hide(seeker, coach)

    services.change_workers(seeker.pk, coach, [colleague])

    assert sees(colleague, seeker)
    assert not sees(coach, seeker)
    assert list(held.changes.order_by("pk").values_list("kind", "worker"))[2:] == [
        (ChangeKind.UNNAMED, coach.pk),
        (ChangeKind.NAMED, colleague.pk),
    ]


def test_the_last_name_stays(seeker: JobSeeker, coach: User, colleague: User) -> None:
    hide(seeker, coach, coach, colleague)
    leave(colleague)

    with pytest.raises(services.NobodyNamed):
        services.change_workers(seeker.pk, coach, [colleague])
    assert sees(coach, seeker)


@pytest.mark.parametrize("left", [False, True])
def test_only_a_named_worker_who_is_still_there_handles_it(
    seeker: JobSeeker, coach: User, colleague: User, left: bool
) -> None:
    hide(seeker, coach)
    by = coach if left else colleague
    if left:
        leave(coach)
    by = User.objects.get(pk=by.pk)

    for change in (
        lambda: services.change_workers(seeker.pk, by, [colleague]),
        lambda: services.prolong(seeker.pk, by, None, Ground.APPLIED),
        lambda: services.lift(seeker.pk, by, LiftGround.REGISTER_ENDED),
    ):
        with pytest.raises(NotPossible):
            change()


def test_when_all_named_have_left_the_team_lead_names_somebody_and_sees_nothing(
    seeker: JobSeeker, coach: User, colleague: User
) -> None:
    lead = with_role(Role.TEAM_LEAD, seeker.area)
    held = hide(seeker, coach)
    with pytest.raises(NotPossible):
        services.name_unseen(held, lead, colleague)  # somebody sees the person
    leave(coach)

    services.name_unseen(held, lead, colleague)

    assert sees(colleague, seeker)
    assert not sees(lead, seeker)
    assert held.changes.filter(kind=ChangeKind.NAMED, by=lead, worker=colleague).exists()


@pytest.mark.parametrize("role", [Role.CASE_WORKER, Role.MANAGER, Role.ADMINISTRATOR])
def test_others_do_not_learn_that_somebody_is_without_a_worker(seeker: JobSeeker, coach: User, role: Role) -> None:
    hide(seeker, coach)
    leave(coach)
    other = with_role(role, None if role is Role.ADMINISTRATOR else seeker.area)

    assert not NonDisclosure.objects.to_be_named_by(other, timezone.localdate()).exists()


def test_a_team_lead_of_another_area_names_nobody(seeker: JobSeeker, coach: User, colleague: User) -> None:
    held = hide(seeker, coach)
    leave(coach)

    with pytest.raises(NotPossible):
        services.name_unseen(held, with_role(Role.TEAM_LEAD, EmploymentAreaFactory()), colleague)


def test_when_the_only_one_who_handles_a_restriction_leaves_another_lead_names_somebody_who_sees(
    seeker: JobSeeker, coach: User, colleague: User
) -> None:
    gone = with_role(Role.TEAM_LEAD, seeker.area)
    held = hide(seeker, coach, coach, gone)
    restrict(seeker)
    assert not sees(coach, seeker)
    assert sees(gone, seeker)
    leave(gone)
    lead, second = (with_role(Role.TEAM_LEAD, seeker.area) for _one in range(2))

    assert list(NonDisclosure.objects.to_be_named_by(lead, timezone.localdate())) == [held]
    remind(timezone.localdate())
    assert set(Message.objects.exclude(recipient_id=gone.pk).values_list("recipient_id", flat=True)) == {
        lead.pk, second.pk,
    }  # fmt: skip
    assert services.who_could_see(held, lead) == [second]
    for useless in (colleague, lead):
        with pytest.raises(services.NobodyNamed):
            services.name_unseen(held, lead, useless)
    services.name_unseen(held, lead, second)
    assert sees(second, seeker)
    assert not NonDisclosure.objects.to_be_named_by(lead, timezone.localdate()).exists()


def test_who_handles_the_request_of_a_restriction_sees_the_person(
    seeker: JobSeeker, coach: User, colleague: User
) -> None:
    hide(seeker, coach, coach, colleague)
    restrict(seeker, request=request_of(seeker, RequestKind.RESTRICTION, handler=colleague))
    today = timezone.localdate()
    assert not NonDisclosure.objects.without_worker(today).exists()
    assert [row.user for row in named_who_see(today)] == [colleague]
    for user in (coach, colleague):
        assert sees(user, seeker) == (user == colleague)


def test_a_lead_names_himself_only_where_there_is_nobody_else(area: EmploymentArea) -> None:
    seeker: JobSeeker = JobSeekerFactory(area=area, non_disclosure=True)
    held = NonDisclosureFactory(seeker=seeker)
    lead = with_role(Role.TEAM_LEAD, area)
    assert services.who_could_see(held, lead) == [lead]
    other = with_role(Role.CASE_WORKER, area)
    assert services.who_could_see(held, lead) == [other]
    with pytest.raises(services.NobodyNamed):
        services.name_unseen(held, lead, lead)


# --- Lifting ---------------------------------------------------------------------------------------------------------
def test_the_last_day_hides_nobody_less(seeker: JobSeeker, coach: User, colleague: User) -> None:
    hide(seeker, coach, days=0)
    NonDisclosure.objects.update(
        valid_from=timezone.localdate() - timedelta(days=9), valid_to=timezone.localdate() - timedelta(days=1)
    )

    assert not sees(colleague, seeker)


def test_lifting_is_written_down_and_leaves_nobody_named(seeker: JobSeeker, coach: User, colleague: User) -> None:
    held = hide(seeker, coach)

    services.lift(seeker.pk, coach, LiftGround.REGISTER_ENDED, "register seen")

    held.refresh_from_db()
    assert (held.state, held.lifted_by, held.lift_note) == (NonDisclosureState.LIFTED, coach, "register seen")
    assert sees(colleague, seeker)
    assert not NamedWorker.objects.filter(seeker=seeker).exists()


def test_a_new_time_has_a_row_of_its_own(seeker: JobSeeker, coach: User) -> None:
    hide(seeker, coach)
    services.lift(seeker.pk, coach, LiftGround.REGISTER_ENDED)

    hide(seeker, coach, days=None)

    assert NonDisclosure.objects.filter(seeker=seeker).count() == 2
    assert NonDisclosure.objects.in_force().filter(seeker=seeker).count() == 1


@pytest.mark.parametrize(("origin", "target"), list(product(NonDisclosureState, repeat=2)))
def test_the_state_goes_only_where_the_table_says(
    seeker: JobSeeker, coach: User, origin: NonDisclosureState, target: NonDisclosureState
) -> None:
    one = NonDisclosure(seeker=seeker, state=origin)
    if target in TRANSITIONS[origin]:
        services._move(one, target)
        assert one.state == target
    else:
        with pytest.raises(services.TransitionNotAllowed):
            services._move(one, target)


@pytest.mark.parametrize(
    "wrong",
    [
        {"ground": Ground.REGISTER, "valid_to": None},
        {"valid_to": timezone.localdate() - timedelta(days=999)},
        {"state": NonDisclosureState.LIFTED},
        {"lift_ground": LiftGround.PERSON_ASKED},
    ],
)
def test_the_database_keeps_its_rows_whole(seeker: JobSeeker, wrong: dict[str, object]) -> None:
    row = {"ground": Ground.APPLIED, "valid_from": timezone.localdate(), **wrong}
    with pytest.raises(IntegrityError), transaction.atomic():
        NonDisclosure.objects.create(seeker=seeker, **row)


# --- Telling ---------------------------------------------------------------------------------------------------------
def test_a_named_worker_is_told_to_look_and_not_why(seeker: JobSeeker, coach: User, colleague: User) -> None:
    hide(seeker, coach, coach, colleague)

    message = Message.objects.get()
    assert (message.kind, message.recipient_id) == ("matter_waiting", colleague.pk)
    said = f"{message.key} {message.subject} {message.text} {message.html}".casefold()
    for word in (seeker.first_name, seeker.last_name, "turvakiel", "disclos", f"/{seeker.pk}/"):
        assert word.casefold() not in said


def test_the_last_day_is_told_before_it_and_after_it_and_each_time_once(seeker: JobSeeker, coach: User) -> None:
    held = hide(seeker, coach, days=100)
    last = held.valid_to
    assert last is not None

    def written(before: int) -> int:
        remind(last - timedelta(days=before))
        remind(last - timedelta(days=before))
        return Message.objects.filter(recipient_id=coach.pk).count()

    days = (61, 60, 40, 14, 3, 0, -8, -15)
    assert [written(before) for before in days] == [0, 1, 1, 2, 2, 3, 4, 5]


def test_team_leads_are_told_of_people_whom_nobody_sees(seeker: JobSeeker, coach: User) -> None:
    lead = with_role(Role.TEAM_LEAD, seeker.area)
    with_role(Role.TEAM_LEAD, EmploymentAreaFactory())
    hide(seeker, coach)
    remind(timezone.localdate())
    assert not Message.objects.exists()
    leave(coach)

    remind(timezone.localdate())

    assert list(Message.objects.values_list("recipient_id", flat=True)) == [lead.pk]


def test_every_change_is_in_the_log(seeker: JobSeeker, coach: User) -> None:
    hide(seeker, coach)
    services.prolong(seeker.pk, coach, timezone.localdate() + timedelta(days=800), Ground.REGISTER, "renewed")
    services.lift(seeker.pk, coach, LiftGround.SET_BY_MISTAKE)

    kinds = NonDisclosureChange.objects.order_by("pk").values_list("kind", "by")
    assert list(kinds) == [
        (ChangeKind.SET, coach.pk),
        (ChangeKind.NAMED, coach.pk),
        (ChangeKind.PROLONGED, coach.pk),
        (ChangeKind.LIFTED, coach.pk),
    ]
