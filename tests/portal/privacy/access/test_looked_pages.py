"""Who has looked, as those see it who serve the person."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jobmatching.models import JobSeeker
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.privacy.access import Action, of_subject
from portal.privacy.access.enums import Purpose
from portal.privacy.access.models import AccessAnomaly, AccessReason
from portal.privacy.access.partitions import make_months
from portal.privacy.access.querysets import INQUIRY_DAYS
from portal.privacy.access.words import VIEWS
from portal.privacy.subject.of_logs import LOOKS, REASONS, REFUSED
from tests.factories import JobSeekerFactory, NamedWorkerFactory, with_role
from tests.portal.privacy.access.logged import add_row, fill_log

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker() -> User:
    return with_role(Role.CASE_WORKER, first_name="Aava", last_name="Valmentaja")


def text(client: Client, url: str, **query: Any) -> str:
    answer = client.get(url, query)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_who_serves_the_person_sees_who_has_looked_and_why(client: Client, worker: User) -> None:
    area = worker.memberships.get().area
    seeker = JobSeekerFactory(area=area, coach=worker)
    other = with_role(Role.CASE_WORKER, area, first_name="Kaisa", last_name="Kollega")
    fill_log(other, [seeker.pk])
    add_row(user_id=other.pk, subjects=[seeker.pk + 1], view="seekers:matches")
    client.force_login(worker)
    url = reverse("seekers:looked", args=[seeker.pk])
    page = client.get(url)
    shown = page.content.decode()
    assert "Kaisa Kollega" in shown
    assert "Soitti palvelunumeroon" in shown
    assert all(seeker.pk in line.subjects for line in page.context["lines"])
    assert not any(line.page == str(VIEWS["seekers:list"]) for line in page.context["lines"])
    everything = client.get(url, {"nayta": "kaikki"})
    assert any(line.page == str(VIEWS["seekers:list"]) for line in everything.context["lines"])
    assert url in text(client, reverse("seekers:page", args=[seeker.pk])), "the tab"


def _asked_by_audit(seeker: JobSeeker, days_ago: int) -> User:
    """An auditor had the name shown, with words about whom the inquiry is about, so many days ago."""
    auditor = with_role(Role.AUDITOR, first_name="Lahja", last_name="Tarkka")
    at = timezone.now() - timedelta(days=days_ago)
    reason = AccessReason.objects.create(
        user_id=auditor.pk, subject=seeker.pk, code="other", words="Asia 7: epäily valmentajasta", valid_until=at
    )
    make_months(at, ahead=0)
    about = f"reason {reason.pk}, words 0"
    add_row(
        user_id=auditor.pk, roles=["auditor"], action=Action.REASON, subjects=[seeker.pk], view="audit:person",
        purpose="other", about=about, at=at,
    )  # fmt: skip
    add_row(
        user_id=auditor.pk, roles=["auditor"], action=Action.REVEAL, subjects=[seeker.pk], view="audit:person",
        purpose="audit", about=f"name, reason {reason.pk}", at=at,
    )  # fmt: skip
    return auditor


def test_what_an_auditor_writes_is_not_shown_to_the_worker_it_is_about(client: Client, worker: User) -> None:
    seeker = JobSeekerFactory(area=worker.memberships.get().area, coach=worker)
    _asked_by_audit(seeker, INQUIRY_DAYS + 1)
    client.force_login(worker)
    page = client.get(reverse("seekers:looked", args=[seeker.pk]), {"nayta": "kaikki"})
    shown = page.content.decode()
    assert "Asia 7" not in shown
    assert "Tarkka" not in shown
    of_audit = [line for line in page.context["lines"] if line.purpose == str(Purpose.AUDIT.label)]
    assert [line.who for line in of_audit] == [str(Role.AUDITOR.label)] * 2
    sections = [json.dumps([section.rows, section.note], default=str) for section in
                (LOOKS.tell(seeker), REFUSED.tell(seeker), REASONS.tell(seeker))]  # fmt: skip
    assert not any("Asia 7" in told or "Tarkka" in told for told in sections)
    assert '"audit"' in sections[0] or "audit" in sections[0]


def test_an_inquiry_that_goes_on_leaves_no_trace_outside_audit(client: Client, worker: User) -> None:
    seeker = JobSeekerFactory(area=worker.memberships.get().area, coach=worker)
    _asked_by_audit(seeker, INQUIRY_DAYS - 1)
    client.force_login(worker)
    url = reverse("seekers:looked", args=[seeker.pk])

    def told() -> int:
        lines = client.get(url, {"nayta": "kaikki"}).context["lines"]
        rows_of_export = LOOKS.tell(seeker).rows
        of_audit = [row for row in rows_of_export if row["who"] == ""]
        assert len(of_audit) == sum(line.purpose == str(Purpose.AUDIT.label) for line in lines)
        return len(of_audit)

    assert told() == 0
    _asked_by_audit(seeker, INQUIRY_DAYS + 1)
    assert told() == 2
    now = timezone.now()
    anomaly = AccessAnomaly.objects.create(
        kind="no_reason", user_id=worker.pk, day=now.date(), count=1, subjects=[seeker.pk], first_at=now, last_at=now
    )
    assert told() == 0
    AccessAnomaly.objects.filter(pk=anomaly.pk).update(state="explained")
    assert told() == 2


def test_a_reason_does_not_open_who_has_looked(client: Client, worker: User) -> None:
    area = worker.memberships.get().area
    seeker = JobSeekerFactory(area=area, coach=worker)
    client.force_login(with_role(Role.CASE_WORKER, area))
    client.post(reverse("seekers:reason", args=[seeker.pk]), {"code": "contact"})
    url = reverse("seekers:looked", args=[seeker.pk])
    assert client.get(reverse("seekers:page", args=[seeker.pk])).status_code == 200
    assert url not in text(client, reverse("seekers:page", args=[seeker.pk]))
    assert client.get(url).status_code == 403


def test_twenty_five_rows_a_page(client: Client, worker: User) -> None:
    seeker = JobSeekerFactory(area=worker.memberships.get().area, coach=worker)
    for _ in range(30):
        add_row(user_id=worker.pk, subjects=[seeker.pk])
    client.force_login(worker)
    url = reverse("seekers:looked", args=[seeker.pk])
    assert len(client.get(url).context["lines"]) == 25
    assert len(client.get(url, {"page": 2}).context["lines"]) == 7, "and the two looks themselves"


def test_a_named_worker_sees_who_tried_to_see_a_hidden_person(client: Client, worker: User) -> None:
    area = worker.memberships.get().area
    hidden = JobSeekerFactory(area=area, coach=worker, hidden=True)
    NamedWorkerFactory(seeker=hidden, user=worker)
    curious = with_role(Role.CASE_WORKER, area, first_name="Utelias", last_name="Henkilö")
    client.force_login(curious)
    assert client.get(reverse("seekers:page", args=[hidden.pk])).status_code == 404
    client.force_login(worker)
    url = reverse("seekers:looked", args=[hidden.pk])
    assert "Utelias Henkilö" in text(client, f"{url}?nayta=evatyt")
    assert "Utelias Henkilö" not in text(client, url), "who was refused has not opened anything"
    assert "Utelias Henkilö" not in text(client, f"{url}?nayta=kaikki")


def test_users_whose_account_is_gone_keep_their_number(client: Client, worker: User) -> None:
    seeker = JobSeekerFactory(area=worker.memberships.get().area, coach=worker)
    add_row(user_id=987_654, subjects=[seeker.pk])
    client.force_login(worker)
    assert "987654" in text(client, reverse("seekers:looked", args=[seeker.pk]))


def test_a_persons_own_rows_are_told_oldest_first(worker: User) -> None:
    fill_log(worker, [101, 102])
    told = of_subject(101)
    assert [line.id for line in told] == sorted(line.id for line in told)
    assert {101 in line.subjects for line in told} == {True}
    assert any(line.reason == "Soitti palvelunumeroon" for line in told)
