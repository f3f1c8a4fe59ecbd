"""A person's page: the profile in words, what is known and unknown, and pausing the matching."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jobmatching.models import JobSeeker
from jobmatching.seekers.enums import PauseKind, SkillBasis
from jobmatching.seekers.errors import NotPossible
from jobmatching.seekers.profile import Knowledge, Profile, header_facts, profile_of, skills_by_work
from jobmatching.seekers.rights.enums import RequestKind, RequestState
from jobmatching.seekers.services import ObjectionStands, pause_matching, resume_matching
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.classifications.enums import LanguageLevel, RelationType, WorkTime
from portal.classifications.models import EmploymentArea
from portal.privacy.history.models import HistoryEvent
from tests.factories import (
    CardFactory,
    DrivingLicenceFactory,
    EducationLevelFactory,
    JobSeekerFactory,
    LanguageFactory,
    MunicipalityFactory,
    NamedWorkerFactory,
    OccupationFactory,
    SkillFactory,
    UserFactory,
    identity_fields,
    with_role,
)
from tests.rights import request_of

TODAY = date(2026, 11, 21)


def whole(seeker: JobSeeker) -> JobSeeker:
    found: JobSeeker = JobSeeker.objects.for_page().get(pk=seeker.pk)
    return found


def profile(seeker: JobSeeker) -> Profile:
    read = whole(seeker)
    return profile_of(read, skills_by_work(read), TODAY)


def knowledge(seeker: JobSeeker) -> list[Knowledge]:
    return [one.knowledge for one in profile(seeker).known]


# --- What is known ---------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_of_an_empty_profile_nothing_is_known_and_nothing_is_missing() -> None:
    seeker = JobSeekerFactory(home=None)
    assert knowledge(seeker) == [Knowledge.UNKNOWN] * 7
    assert profile(seeker).known_count == 0


@pytest.mark.django_db
def test_of_a_whole_profile_everything_is_known() -> None:
    occupation = OccupationFactory()
    seeker = JobSeekerFactory(
        all_asked=True,
        wishes=[occupation],
        work=[(occupation, date(2018, 11, 1), None)],
        skills=[(SkillFactory(), SkillBasis.CONFIRMED), SkillFactory()],
        languages=[(LanguageFactory(), LanguageLevel.C2)],
        licences=[DrivingLicenceFactory()],
        cards=[(CardFactory(), TODAY + timedelta(days=400))],
        education_level=EducationLevelFactory(),
        max_travel_minutes=50,
        own_car=True,
        work_times_accepted=[WorkTime.DAY],
        work_times_declined=[time for time in WorkTime.values if time != WorkTime.DAY],
    )
    assert knowledge(seeker) == [Knowledge.KNOWN] * 7
    texts = [one.text for one in profile(seeker).known]
    assert "8" in texts[0]
    assert texts[3].endswith("50 min")


@pytest.mark.django_db
def test_lists_that_are_not_all_asked_are_partly_known() -> None:
    seeker = JobSeekerFactory(
        languages=[(LanguageFactory(), LanguageLevel.B1)],
        cards=[CardFactory()],
        work_times_accepted=[WorkTime.DAY],
        work=[OccupationFactory(skills=[SkillFactory()])],
    )
    assert knowledge(seeker) == [
        Knowledge.KNOWN,
        Knowledge.PARTLY,
        Knowledge.KNOWN,
        Knowledge.UNKNOWN,
        Knowledge.PARTLY,
        Knowledge.PARTLY,
        Knowledge.PARTLY,
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("days", "expired", "soon"), [(-1, True, False), (0, False, True), (60, False, True), (61, False, False)]
)
def test_a_card_expires_after_its_last_day(days: int, expired: bool, soon: bool) -> None:
    seeker = JobSeekerFactory(cards=[(CardFactory(), TODAY + timedelta(days=days))])
    [card] = profile(seeker).cards
    assert (card.expired, card.expires_soon) == (expired, soon)


@pytest.mark.django_db
def test_work_implies_skills_that_are_not_told_otherwise_essential_ones_first() -> None:
    told, essential, optional = SkillFactory.create_batch(3)
    welder = OccupationFactory(skills=[told, (optional, RelationType.OPTIONAL), (essential, RelationType.OPTIONAL)])
    fitter = OccupationFactory(skills=[essential])
    seeker = JobSeekerFactory(work=[welder, fitter], skills=[told])
    found = profile(seeker).by_work
    assert [(one.skill, one.occupation, one.essential) for one in found] == [
        (essential, fitter, True),
        (optional, welder, False),
    ]


@pytest.mark.django_db
def test_times_are_accepted_declined_or_not_asked() -> None:
    seeker = JobSeekerFactory(
        work_times_accepted=[WorkTime.EVENING, WorkTime.DAY], work_times_declined=[WorkTime.NIGHT]
    )
    made = profile(seeker)
    assert made.times_accepted == [str(WorkTime.DAY.label), str(WorkTime.EVENING.label)]
    assert made.times_declined == [str(WorkTime.NIGHT.label)]
    assert len(made.times_not_asked) == len(WorkTime) - 3


@pytest.mark.django_db
def test_home_and_contact_of_somebody_under_non_disclosure_are_not_shown() -> None:
    home = MunicipalityFactory(name_fi="Piilola")
    facts = {"phone": "040 123", "email": "somebody@example.org", "home": home}
    told = {str(fact.value) for fact in header_facts(whole(JobSeekerFactory(**facts)))}
    assert {"Piilola", "040 123", "somebody@example.org"} <= told
    hidden = {str(fact.value) for fact in header_facts(whole(JobSeekerFactory(hidden=True, **facts)))}
    assert not {"Piilola", "040 123", "somebody@example.org"} & hidden


# --- The page --------------------------------------------------------------------------------------------------------
def test_the_page_draws_every_state_of_a_profile(signed_in: Client, coach: User, area: EmploymentArea) -> None:
    empty = JobSeekerFactory(area=area, coach=coach, home=None, spell=False)
    occupation = OccupationFactory(skills=[SkillFactory(name_fi="hitsata")])
    full = JobSeekerFactory(
        area=area,
        coach=coach,
        paused=True,
        wishes=[occupation, OccupationFactory()],
        work=[(occupation, date(2020, 1, 1), None)],
        skills=[(SkillFactory(), SkillBasis.CONFIRMED)],
        languages=[(LanguageFactory(), "")],
        cards=[(CardFactory(), timezone.localdate())],
        places=[MunicipalityFactory()],
        summary="Etsin töitä\nlähellä",
        available_now=True,
        **identity_fields("010190-998D"),
    )
    for seeker in (empty, full):
        for name in ("seekers:page", "seekers:matches"):
            page = signed_in.get(reverse(name, args=[seeker.pk])).content.decode()
            assert seeker.name in page
            assert "998D" not in page
    page = signed_in.get(reverse("seekers:page", args=[full.pk])).content.decode()
    assert "hitsata" in page
    assert "asked for it" in page


@pytest.mark.django_db
def test_a_page_of_another_area_is_not_there(client: Client) -> None:
    client.force_login(with_role(Role.CASE_WORKER))
    assert client.get(reverse("seekers:page", args=[JobSeekerFactory().pk])).status_code == 404


def test_somebody_under_non_disclosure_is_never_matched(signed_in: Client, coach: User, area: EmploymentArea) -> None:
    hidden = JobSeekerFactory(area=area, hidden=True)
    url = reverse("seekers:matches", args=[hidden.pk])
    assert signed_in.get(url).status_code == 404
    NamedWorkerFactory(seeker=hidden, user=coach)
    assert signed_in.get(url).context["panels"] == []


# --- Pause -----------------------------------------------------------------------------------------------------------
def test_matching_is_paused_with_a_reason_and_goes_on_again(
    signed_in: Client, coach: User, area: EmploymentArea
) -> None:
    seeker = JobSeekerFactory(area=area, coach=coach)
    page = reverse("seekers:page", args=[seeker.pk])
    assert signed_in.get(reverse("seekers:pause", args=[seeker.pk])).status_code == 200
    posted = {"kind": "asked", "reason": " Pyysi taukoa. "}
    response = signed_in.post(reverse("seekers:pause", args=[seeker.pk]), posted, follow=True)
    assert response.redirect_chain == [(page, 302)]
    assert len(list(response.context["messages"])) == 1
    seeker.refresh_from_db()
    assert (seeker.matching_pause_kind, seeker.matching_pause_reason) == ("asked", "Pyysi taukoa.")
    for name in ("page", "matches"):
        shown = signed_in.get(reverse(f"seekers:{name}", args=[seeker.pk])).content.decode()
        assert "Pyysi taukoa." in shown
        assert str(PauseKind.ASKED.label).capitalize() in shown
    paused = HistoryEvent.objects.filter(model="jobmatching.jobseeker").newest_first()[0]
    assert (paused.after["matching_pause_kind"], paused.after["matching_pause_reason"]) == ("asked", "Pyysi taukoa.")
    assert paused.actor == coach
    assert seeker.matching_paused_at is not None
    assert not JobSeeker.objects.matchable(timezone.localdate()).filter(pk=seeker.pk).exists()

    resume = reverse("seekers:resume", args=[seeker.pk])
    assert "Pyysi taukoa." in signed_in.get(resume).content.decode()
    assert "k-errors" in signed_in.post(resume, {"reason": " "}).content.decode()
    signed_in.post(resume, {"reason": "Haluaa taas töitä."})
    resumed = HistoryEvent.objects.filter(model="jobmatching.jobseeker").newest_first()[0]
    assert (resumed.reason, resumed.actor) == ("Haluaa taas töitä.", coach)
    seeker.refresh_from_db()
    assert (seeker.matching_paused_at, seeker.matching_pause_kind, seeker.matching_pause_reason) == (None, "", "")
    assert JobSeeker.objects.matchable(timezone.localdate()).filter(pk=seeker.pk).exists()


@pytest.mark.parametrize(
    "posted",
    [
        {"kind": "asked", "reason": "  "},
        {"reason": "Pyysi taukoa."},
        {"kind": "objection", "reason": "Only with a decision on the objection."},
    ],
)
def test_without_a_reason_nothing_is_paused(
    signed_in: Client, coach: User, area: EmploymentArea, posted: dict[str, str]
) -> None:
    seeker = JobSeekerFactory(area=area, coach=coach)
    response = signed_in.post(reverse("seekers:pause", args=[seeker.pk]), posted)
    assert response.status_code == 200
    assert "k-errors" in response.content.decode()
    seeker.refresh_from_db()
    assert seeker.matching_paused_at is None


@pytest.mark.parametrize("name", ["seekers:pause", "seekers:resume"])
def test_asking_twice_changes_nothing_and_says_so(
    name: str, signed_in: Client, coach: User, area: EmploymentArea
) -> None:
    seeker = JobSeekerFactory(area=area, coach=coach, paused=name == "seekers:pause")
    before = seeker.matching_paused_at
    for method in (signed_in.get, signed_in.post):
        ask: Any = method
        response = ask(reverse(name, args=[seeker.pk]), {"reason": "again"}, follow=True)
        assert len(list(response.context["messages"])) == 1
    seeker.refresh_from_db()
    assert seeker.matching_paused_at == before


@pytest.mark.django_db
def test_the_services_refuse_what_makes_no_sense() -> None:
    seeker = JobSeekerFactory()
    with pytest.raises(ValueError, match="why"):
        pause_matching(seeker.pk, "   ")
    user = UserFactory()
    with pytest.raises(ValueError, match="why"):
        resume_matching(seeker.pk, " ", user)
    with pytest.raises(NotPossible):
        resume_matching(seeker.pk, "because", user)
    pause_matching(seeker.pk, "asked for it")
    with pytest.raises(NotPossible):
        pause_matching(seeker.pk, "again")


@pytest.mark.parametrize("state", [RequestState.ACCEPTED, RequestState.PARTLY])
def test_against_an_accepted_objection_only_who_decides_goes_on_with_matching(
    signed_in: Client, coach: User, area: EmploymentArea, state: RequestState
) -> None:
    seeker = JobSeekerFactory(area=area, coach=coach)
    request_of(seeker, RequestKind.OBJECTION, state=state, decision="Accepted.", decided_at=timezone.now())
    pause_matching(seeker.pk, "Objection.", PauseKind.OBJECTION)
    address = reverse("seekers:resume", args=[seeker.pk])

    shown = signed_in.get(address)
    assert shown.status_code == 200
    assert 'name="reason"' not in shown.content.decode()
    assert signed_in.post(address, {"reason": "A good vacancy."}).status_code == 403
    with pytest.raises(ObjectionStands):
        resume_matching(seeker.pk, "A good vacancy.", coach)
    with pytest.raises(ObjectionStands):
        resume_matching(seeker.pk, "Of another area.", with_role(Role.TEAM_LEAD))
    seeker.refresh_from_db()
    assert seeker.matching_paused_at is not None

    resume_matching(seeker.pk, "The person took the objection back.", with_role(Role.TEAM_LEAD, area))
    seeker.refresh_from_db()
    assert seeker.matching_paused_at is None


@pytest.mark.parametrize("state", [RequestState.OPEN, RequestState.REFUSED, RequestState.WITHDRAWN])
def test_an_objection_that_was_not_accepted_keeps_nobody_from_going_on(
    coach: User, area: EmploymentArea, state: RequestState
) -> None:
    seeker = JobSeekerFactory(area=area, coach=coach, paused=True)
    decided = {} if state == RequestState.OPEN else {"decision": "No.", "decided_at": timezone.now()}
    request_of(seeker, RequestKind.OBJECTION, state=state, **decided)
    assert resume_matching(seeker.pk, "because", coach).matching_paused_at is None
