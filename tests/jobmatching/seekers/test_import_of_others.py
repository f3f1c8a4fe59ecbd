"""A file that meets people whom its user does not see, or may not change: nothing is told, and something is noted."""

import re
from datetime import date
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext as _

from jobmatching.models import JobSeeker, NonDisclosureChange
from jobmatching.seekers.importing import kept
from jobmatching.seekers.non_disclosure.enums import ChangeKind
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.classifications.models import EmploymentArea
from portal.outbox.models import Message
from portal.privacy.access import Action
from portal.privacy.access.models import AccessLogEntry
from portal.privacy.identity import blind_index
from portal.ui.limits import Limit
from tests.factories import (
    JobSeekerFactory,
    NamedWorkerFactory,
    RoleMembershipFactory,
    identity_fields,
    with_role,
)
from tests.jobmatching.seekers.sheets import (
    CHECK,
    CODE,
    IMPORT,
    as_csv,
    checked,
    choose,
    errors,
    messages,
    person,
    taken_in,
    token_of,
)
from tests.rights import restrict

pytestmark = pytest.mark.usefixtures("registers")

UNSEEN = ["another area", "restricted", "non-disclosure"]


def unseen(kind: str, area: EmploymentArea, **fields: Any) -> JobSeeker:
    """Somebody whom the importer does not see."""
    if kind != "another area":
        fields["area"] = area
    seeker: JobSeeker = JobSeekerFactory(last_name="Muualla", hidden=kind == "non-disclosure", **fields)
    if kind == "restricted":
        restrict(seeker)
    return seeker


def without_tokens(response: HttpResponse) -> str:
    """A page without what differs from one answer to the next: tokens, and the seconds that the session has left."""
    return re.sub(r'(value="|file=)[\w-]{32,}"|data-(idle|absolute)="[^"]*"', "", response.content.decode())


@pytest.mark.parametrize("kind", UNSEEN)
@pytest.mark.parametrize("met", ["source_id", "identity_code"])
def test_a_check_tells_the_same_whether_somebody_unseen_is_there(
    signed_in: Client, area: EmploymentArea, kind: str, met: str
) -> None:
    rows = (person(1, identity_code=CODE), person(2))
    before = checked(signed_in, *rows)
    unseen(kind, area, **({"source_id": "A-1"} if met == "source_id" else identity_fields(CODE)))
    after = checked(signed_in, *rows)
    assert errors(after) == []
    assert without_tokens(after) == without_tokens(before)


@pytest.mark.parametrize("kind", UNSEEN)
@pytest.mark.parametrize("met", ["source_id", "identity_code"])
def test_a_row_that_meets_somebody_unseen_is_put_aside_and_told_as_taken_in(
    signed_in: Client, area: EmploymentArea, kind: str, met: str
) -> None:
    there = unseen(kind, area, **({"source_id": "A-1"} if met == "source_id" else identity_fields(CODE)))
    known = JobSeekerFactory(area=area, source_id="A-3", first_name="Vanha")
    code = CODE if met == "identity_code" else ""
    before = list(JobSeeker.objects.filter(pk__in=(there.pk,)).values())

    response = taken_in(signed_in, person(1, identity_code=code), person(2), person(3, email="new@example.org"))

    assert response.headers["Location"] == f"{reverse('seekers:list')}?scope=area"
    assert messages(response) == _(
        "The file was imported. New: %(new)s. Changed: %(changed)s. As before: %(unchanged)s."
    ) % {"new": "2", "changed": "1", "unchanged": "0"}
    assert list(JobSeeker.objects.filter(pk__in=(there.pk,)).values()) == before
    assert JobSeeker.objects.filter(source_id="A-2").exists()
    assert not JobSeeker.objects.filter(last_name="Kokeilija", source_id="A-1").exists()
    known.refresh_from_db()
    assert known.email == "new@example.org"
    [entry] = AccessLogEntry.objects.filter(action=Action.IMPORT, about="taken in")
    assert there.pk in entry.subjects


def test_a_code_of_somebody_unseen_does_not_change_whom_one_sees(signed_in: Client, area: EmploymentArea) -> None:
    unseen("non-disclosure", area, **identity_fields(CODE))
    known = JobSeekerFactory(area=area, source_id="A-1", email="")
    taken_in(signed_in, person(1, identity_code=CODE, email="new@example.org"))
    known.refresh_from_db()
    assert (known.identity_index or "", known.email) != (blind_index(CODE), "new@example.org")
    assert known.email == ""


def test_the_workers_of_a_hidden_person_are_told_of_rows_put_aside(
    signed_in: Client, area: EmploymentArea, coach: User
) -> None:
    hidden = unseen("non-disclosure", area, source_id="A-1")
    worker = with_role(Role.WORK_PAIR, area)
    NamedWorkerFactory(seeker=hidden, user=worker)
    checked(signed_in, person(1))
    assert not NonDisclosureChange.objects.filter(kind=ChangeKind.PUT_ASIDE).exists()
    taken_in(signed_in, person(1))
    [change] = NonDisclosureChange.objects.filter(kind=ChangeKind.PUT_ASIDE)
    assert (change.by, change.non_disclosure.seeker) == (coach, hidden)
    [message] = Message.objects.all()
    assert (message.kind, message.recipient_id) == ("matter_waiting", worker.pk)


def test_the_log_of_a_check_names_everybody_whom_a_row_meets(signed_in: Client, area: EmploymentArea) -> None:
    same = JobSeekerFactory(
        area=area, source_id="A-1", first_name="Aino", last_name="Kokeilija", birth_date=date(1990, 1, 1)
    )
    hidden = unseen("non-disclosure", area, **identity_fields(CODE))
    elsewhere = unseen("another area", area, source_id="A-3")
    response = checked(signed_in, person(1), person(2, identity_code=CODE), person(3))
    assert response.context["outcome"].unchanged == 1
    [entry] = AccessLogEntry.objects.filter(action=Action.IMPORT)
    assert entry.about == "checked"
    assert set(entry.subjects) == {same.pk, hidden.pk, elsewhere.pk}


def codes_of_a_day(count: int, born: str = "010190") -> list[str]:
    signs = "0123456789ABCDEFHJKLMNPRSTUVWXY"
    return [f"{born}-{n:03}{signs[int(f'{born}{n:03}') % 31]}" for n in range(2, 2 + count)]


def test_whoever_tries_out_the_codes_of_a_day_of_birth_is_stopped(signed_in: Client) -> None:
    most = Limit.CODES_TRIED.value.most
    rows = [person(n, identity_code=code) for n, code in enumerate(codes_of_a_day(most + 1))]
    assert choose(signed_in, as_csv(*rows)).status_code == 429
    for _again in range(2):  # the same file once more costs nothing
        assert choose(signed_in, as_csv(*rows[:most])).status_code == 302
    assert choose(signed_in, as_csv(rows[most])).status_code == 429
    other = codes_of_a_day(1, "020190")[0]
    assert choose(signed_in, as_csv(person(1, identity_code=other, birth_date="1990-01-02"))).status_code == 302


def test_the_named_worker_may_change_somebody_under_non_disclosure(
    signed_in: Client, area: EmploymentArea, coach: User
) -> None:
    seeker = JobSeekerFactory(source_id="A-1", area=area, hidden=True)
    NamedWorkerFactory(seeker=seeker, user=coach)
    taken_in(signed_in, person(1, last_name="Uusi"))
    seeker.refresh_from_db()
    assert (seeker.last_name, seeker.non_disclosure) == ("Uusi", True)


def test_an_identity_code_of_somebody_else_is_refused_without_saying_whose(
    signed_in: Client, area: EmploymentArea
) -> None:
    owner = JobSeekerFactory(area=area, source_id="B-1", last_name="Muualla", **identity_fields(CODE))
    response = checked(signed_in, person(1, identity_code=CODE))
    assert errors(response) == [(2, "identity_code")]
    assert AccessLogEntry.objects.get(action=Action.IMPORT).subjects == [owner.pk]
    assert "Muualla" not in response.content.decode()


def test_the_area_is_asked_where_there_are_several(client: Client, area: EmploymentArea) -> None:
    user = with_role(Role.TEAM_LEAD, area)
    second = RoleMembershipFactory(user=user, role=Role.TEAM_LEAD).area
    third = JobSeekerFactory().area
    client.force_login(user)
    assert choose(client, as_csv(person())).context["form"].errors.keys() == {"area"}
    assert choose(client, as_csv(person()), area=third.pk).context["form"].errors.keys() == {"area"}
    token = token_of(choose(client, as_csv(person()), area=second.pk))
    client.post(CHECK, {kept.PARAMETER: token})
    assert JobSeeker.objects.get(source_id="A-1").area == second
    token = token_of(choose(client, as_csv(person(last_name="Uusi")), area=area.pk))
    response = client.get(CHECK, {kept.PARAMETER: token})
    assert errors(response) == [(2, "source_id")]
    assert str(second) in response.context["outcome"].errors[0].message


def test_a_role_only_to_look_at_people_imports_nobody(client: Client, area: EmploymentArea) -> None:
    client.force_login(with_role(Role.EMPLOYER_SPECIALIST, area))
    assert choose(client, as_csv(person())).status_code == 403
    assert IMPORT not in client.get(reverse("seekers:list")).content.decode()


def test_the_list_leads_to_the_import(signed_in: Client) -> None:
    assert IMPORT in signed_in.get(reverse("seekers:list")).content.decode()
