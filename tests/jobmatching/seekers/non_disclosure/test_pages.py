"""The pages of non-disclosure: what was typed is kept, nothing happens before it is confirmed, all is said plainly."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jobmatching.models import JobSeeker, NamedWorker, NonDisclosure, NonDisclosureChange
from jobmatching.seekers.non_disclosure.enums import ChangeKind, Ground
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.classifications.models import EmploymentArea
from portal.privacy.access.enums import ReasonCode
from portal.privacy.access.models import AccessReason
from tests.factories import JobSeekerFactory, NamedWorkerFactory, NonDisclosureFactory, with_role


@pytest.fixture
def seeker(area: EmploymentArea, coach: User) -> JobSeeker:
    return JobSeekerFactory(area=area, coach=coach, first_name="Aino", last_name="Koelainen")


@pytest.fixture
def hidden(area: EmploymentArea, coach: User) -> JobSeeker:
    hidden: JobSeeker = JobSeekerFactory(area=area, coach=coach, hidden=True, first_name="Helmi", last_name="Piilo")
    NamedWorkerFactory(seeker=hidden, user=coach)
    return hidden


def at(name: str, seeker: JobSeeker) -> str:
    return reverse(f"seekers:non_disclosure{name}", args=[seeker.pk])


def given(coach: User, **more: Any) -> dict[str, Any]:
    today = timezone.localdate()
    return {
        "ground": "register", "valid_from": today.isoformat(), "valid_to": (today + timedelta(days=300)).isoformat(),
        "workers": [coach.pk], "note": "näytetty todistus", **more,
    }  # fmt: skip


def test_the_form_begins_with_the_coach_and_today(signed_in: Client, coach: User, seeker: JobSeeker) -> None:
    form = signed_in.get(at("_set", seeker)).context["form"]

    assert form.initial["workers"] == [str(coach.pk), str(coach.pk)]
    assert form.initial["valid_from"] == timezone.localdate()


def test_nothing_happens_before_it_is_confirmed(signed_in: Client, coach: User, seeker: JobSeeker) -> None:
    asked = signed_in.post(at("_set", seeker), given(coach))
    assert "näytetty todistus" in asked.content.decode()
    assert not NonDisclosure.objects.exists()

    changed = signed_in.post(at("_set", seeker), given(coach, confirmed="1", change="1"))
    assert "näytetty todistus" in changed.content.decode()
    assert not NonDisclosure.objects.exists()

    done = signed_in.post(at("_set", seeker), given(coach, confirmed="1"))
    assert done.headers["Location"] == at("", seeker)
    assert NonDisclosure.objects.get().note == "näytetty todistus"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"ground": ""}, "ground"),
        ({"valid_to": ""}, "valid_to"),
        ({"valid_to": "2020-01-01"}, "valid_to"),
        ({"valid_from": "2999-01-01"}, "valid_from"),
        ({"workers": []}, "workers"),
        ({"workers": ["0"]}, "workers"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    signed_in: Client, coach: User, seeker: JobSeeker, wrong: dict[str, Any], field: str
) -> None:
    answer = signed_in.post(at("_set", seeker), given(coach, confirmed="1", **wrong))

    assert list(answer.context["form"].errors) == [field]
    assert "näytetty todistus" in answer.content.decode()
    assert not NonDisclosure.objects.exists()


def test_whoever_is_not_named_is_warned_and_led_to_the_list(
    signed_in: Client, area: EmploymentArea, coach: User, seeker: JobSeeker
) -> None:
    other = with_role(Role.WORK_PAIR, area)
    asked = signed_in.post(at("_set", seeker), given(coach, workers=[other.pk]))
    assert asked.context["sees_on"] is False

    done = signed_in.post(at("_set", seeker), given(coach, workers=[other.pk], confirmed="1"), follow=True)

    assert done.redirect_chain[-1][0] == reverse("seekers:list")
    assert "Koelainen" not in done.content.decode()
    assert signed_in.get(at("", seeker)).status_code == 404


def test_the_page_tells_how_it_stands_and_who_did_what(signed_in: Client, coach: User, seeker: JobSeeker) -> None:
    signed_in.post(at("_set", seeker), given(coach, confirmed="1"))

    content = signed_in.get(at("", seeker)).content.decode()

    assert "näytetty todistus" in content
    assert str(coach) in content


def test_of_a_time_that_is_over_nothing_is_shown(signed_in: Client, coach: User, seeker: JobSeeker) -> None:
    signed_in.post(at("_set", seeker), given(coach, confirmed="1"))
    lifted = signed_in.post(at("_lift", seeker), {"ground": "person_asked", "confirmed": "1"})
    assert lifted.headers["Location"] == at("", seeker)

    assert "näytetty todistus" not in signed_in.get(at("", seeker)).content.decode()


def test_lifting_before_the_last_day_is_warned_of(signed_in: Client, hidden: JobSeeker) -> None:
    answer = signed_in.post(at("_lift", hidden), {"ground": "set_by_mistake"})

    assert answer.context["still"] is True
    hidden.refresh_from_db()
    assert hidden.non_disclosure


def test_taking_away_the_own_name_is_confirmed(
    signed_in: Client, area: EmploymentArea, coach: User, hidden: JobSeeker
) -> None:
    other = with_role(Role.WORK_PAIR, area)

    signed_in.post(at("_workers", hidden), {"workers": [other.pk]})
    assert signed_in.get(at("", hidden)).status_code == 200

    signed_in.post(at("_workers", hidden), {"workers": [other.pk], "confirmed": "1"})
    assert signed_in.get(at("", hidden)).status_code == 404


def test_the_last_day_is_changed(signed_in: Client, hidden: JobSeeker) -> None:
    answer = signed_in.post(at("_validity", hidden), {"ground": "applied", "valid_to": "", "note": "uusi hakemus"})

    assert answer.status_code == 302
    held = NonDisclosure.objects.get()
    assert (held.ground, held.valid_to) == (Ground.APPLIED, None)


def test_a_worker_who_was_named_and_may_not_change_sees_how_it_stands(
    client: Client, area: EmploymentArea, hidden: JobSeeker
) -> None:
    specialist = with_role(Role.EMPLOYER_SPECIALIST, area)
    NamedWorkerFactory(seeker=hidden, user=specialist)
    client.force_login(specialist)

    assert client.get(at("", hidden)).status_code == 200
    assert client.get(at("_lift", hidden)).status_code == 403


def test_the_own_page_lists_names_and_no_homes(signed_in: Client, hidden: JobSeeker) -> None:
    content = signed_in.get(reverse("seekers:non_disclosures")).content.decode()

    assert "Helmi Piilo" in content
    assert str(hidden.home) not in content


def test_the_team_lead_names_a_worker_for_somebody_unseen(client: Client, area: EmploymentArea, coach: User) -> None:
    unseen = NonDisclosureFactory(seeker=JobSeekerFactory(area=area, non_disclosure=True, last_name="Näkymätön"))
    client.force_login(with_role(Role.TEAM_LEAD, area))
    page = client.get(reverse("seekers:non_disclosures")).content.decode()
    assert unseen.reference in page
    assert "Näkymätön" not in page

    address = reverse("seekers:non_disclosure_name", args=[unseen.pk])
    asked = client.get(address).content.decode()
    assert "Näkymätön" not in asked
    assert f"/{unseen.seeker_id}/" not in asked
    client.post(address, {"worker": coach.pk})

    assert unseen.reference not in client.get(reverse("seekers:non_disclosures")).content.decode()
    assert client.get(address).status_code == 404
    assert JobSeeker.objects.visible_to(coach).filter(pk=unseen.seeker_id).exists()


# --- Who may take a person away from others --------------------------------------------------------------------------
def given_a_reason(user: User, seeker: JobSeeker) -> None:
    AccessReason.objects.create(
        user_id=user.pk, subject=seeker.pk, code=ReasonCode.COVER, valid_until=timezone.now() + timedelta(hours=2)
    )


@pytest.mark.parametrize("role", [Role.CASE_WORKER, Role.WORK_PAIR])
def test_a_reason_alone_does_not_let_anybody_hide_a_colleagues_client(
    client: Client, area: EmploymentArea, seeker: JobSeeker, role: Role
) -> None:
    colleague = with_role(role, area)
    given_a_reason(colleague, seeker)
    client.force_login(colleague)
    assert at("_set", seeker) not in client.get(at("", seeker)).content.decode()
    assert client.get(at("_set", seeker)).status_code == 403
    assert client.post(at("_set", seeker), given(colleague, confirmed="1")).status_code == 403
    assert not NonDisclosure.objects.exists()


def test_a_team_lead_hides_anybody_of_the_area_and_keeps_the_coach_named(
    client: Client, area: EmploymentArea, coach: User, seeker: JobSeeker
) -> None:
    lead = with_role(Role.TEAM_LEAD, area)
    given_a_reason(lead, seeker)
    client.force_login(lead)
    assert at("_set", seeker) in client.get(at("", seeker)).content.decode()

    refused = client.post(at("_set", seeker), given(lead, confirmed="1"))
    assert list(refused.context["form"].errors) == ["without_coach"]
    assert not NonDisclosure.objects.exists()

    client.post(at("_set", seeker), given(lead, confirmed="1", without_coach="on sukua henkilön puolisolle"))
    left_out = NonDisclosureChange.objects.get(kind=ChangeKind.UNNAMED)
    assert (left_out.worker, left_out.by, left_out.note) == (coach, lead, "on sukua henkilön puolisolle")
    assert "on sukua" in client.get(at("", seeker)).content.decode()


def test_the_coach_is_not_left_out_later_without_a_word(
    client: Client, area: EmploymentArea, coach: User, hidden: JobSeeker
) -> None:
    other = with_role(Role.WORK_PAIR, area)
    NamedWorkerFactory(seeker=hidden, user=other)
    client.force_login(other)
    refused = client.post(at("_workers", hidden), {"workers": [other.pk]})
    assert list(refused.context["form"].errors) == ["without_coach"]
    assert NamedWorker.objects.filter(seeker=hidden, user=coach).exists()
    client.post(at("_workers", hidden), {"workers": [other.pk], "without_coach": "pitkä vapaa"})
    assert not NamedWorker.objects.filter(seeker=hidden, user=coach).exists()
    assert NonDisclosureChange.objects.get(kind=ChangeKind.UNNAMED).note == "pitkä vapaa"
    assert "without_coach" not in client.get(at("_workers", hidden)).context["form"].fields


def test_a_coach_asks_nobody_about_the_own_name(signed_in: Client, seeker: JobSeeker, hidden: JobSeeker) -> None:
    for address in (at("_set", seeker), at("_workers", hidden)):
        assert "without_coach" not in signed_in.get(address).context["form"].fields


# --- What is over stays unknown --------------------------------------------------------------------------------------
def without_tokens(content: str) -> str:
    return re.sub(r'value="[\w-]{32,}"|data-(idle|absolute)="[^"]*"', "", content)


def history_of(client: Client, seeker: JobSeeker, **asked: str) -> str:
    answer = client.get(reverse("seekers:history", args=[seeker.pk]), asked, follow=True)
    assert answer.status_code == 200
    assert answer.templates[0].name == "seekers/history.html"
    return str(answer.content.decode())


@pytest.mark.parametrize("role", [Role.CASE_WORKER, Role.EMPLOYER_SPECIALIST, Role.TEAM_LEAD])
def test_after_lifting_the_history_tells_nobody_that_the_person_was_hidden(
    area: EmploymentArea, coach: User, role: Role
) -> None:
    seeker: JobSeeker = JobSeekerFactory(area=area, coach=coach)
    named = with_role(Role.WORK_PAIR, area, first_name="Nimetty", last_name="Vartija")
    setting, looking = Client(), Client()
    setting.force_login(coach)
    looking.force_login(colleague := with_role(role, area))
    given_a_reason(colleague, seeker)
    before = [without_tokens(history_of(client, seeker)) for client in (looking, setting)]

    setting.post(at("_set", seeker), given(coach, note="PAENNUT", workers=[coach.pk, named.pk], confirmed="1"))
    while_hidden = history_of(setting, seeker)
    setting.post(at("_lift", seeker), {"ground": "person_asked", "note": "PALANNUT", "confirmed": "1"})
    seeker.refresh_from_db()
    assert not seeker.non_disclosure

    assert "PAENNUT" in while_hidden
    history_of(setting, seeker)  # with the message that it was lifted
    assert [without_tokens(history_of(client, seeker)) for client in (looking, setting)] == before
    only = history_of(looking, seeker, field="jobmatching.jobseeker:non_disclosure")
    assert "PAENNUT" not in only


def test_of_a_change_with_others_the_history_leaves_the_hiding_out(signed_in: Client, seeker: JobSeeker) -> None:
    JobSeeker.objects.filter(pk=seeker.pk).update(non_disclosure=True, summary="Uusi esittely")
    JobSeeker.objects.filter(pk=seeker.pk).update(non_disclosure=False)
    content = history_of(signed_in, seeker)
    assert "Uusi esittely" in content
    main = content.split("<main")[1].split("</main>")[0].split("</header>")[-1]
    assert str(JobSeeker._meta.get_field("non_disclosure").verbose_name).casefold() not in main.casefold()
