"""Staff come in by invitation: a link for one person, once, for seven days."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core import signing
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.accounts.invitations import services
from portal.accounts.invitations.models import Invitation, InvitationState
from portal.accounts.invitations.services import LinkNotGood
from portal.accounts.models import User
from portal.accounts.people.services import NotAllowed
from portal.accounts.roles import EMPLOYER_ROLES, Role
from portal.outbox.models import Message
from tests.factories import EmploymentAreaFactory, InvitationFactory, UserFactory, with_role

pytestmark = pytest.mark.django_db
GOOD = "kolme porttia narisee"


@pytest.fixture
def tokens(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The links that were sent, newest last."""
    sent: list[str] = []
    real = services._send

    def note(invitation: Invitation, random: str) -> None:
        sent.append(signing.dumps([invitation.pk, random], salt=services._SALT))
        real(invitation, random)

    monkeypatch.setattr(services, "_send", note)
    return sent


def invited(by: User | None = None, **fields: object) -> Invitation:
    area = EmploymentAreaFactory()
    base = {"email": "Uusi@example.org", "first_name": "Uusi", "last_name": "Tulija", "role": Role.CASE_WORKER}
    row = Invitation(**{**base, "area": area, "valid_from": timezone.localdate(), **fields})
    return services.invite(row, by or with_role(Role.ADMINISTRATOR))


def test_an_invited_person_sets_a_password_and_is_led_to_enrolment(tokens: list[str]) -> None:
    invitation = invited()
    client = Client()
    answer = client.get(reverse("accounts:invited", args=tokens[-1:]))
    assert tokens[-1] not in answer.headers["Location"], "the token does not stay in the address"
    page = client.get(reverse("accounts:accept_invitation"))
    assert "uusi@example.org" in page.content.decode()

    client.post(reverse("accounts:accept_invitation"), {"password1": GOOD, "password2": GOOD})

    user = User.objects.get(email="uusi@example.org")
    assert [(m.role, m.area_id) for m in user.memberships.all()] == [(Role.CASE_WORKER, invitation.area_id)]
    assert client.session["_auth_user_id"] == str(user.pk)
    assert "kaksivaiheinen" in client.get(reverse("seekers:list")).headers["Location"]
    invitation.refresh_from_db()
    assert (invitation.state, invitation.user_id) == (InvitationState.ACCEPTED, user.pk)


def test_the_link_works_once(tokens: list[str]) -> None:
    invited()
    services.accept(tokens[-1], GOOD)
    with pytest.raises(LinkNotGood):
        services.accept(tokens[-1], GOOD)
    client = Client()
    client.get(reverse("accounts:invited", args=tokens[-1:]))
    assert client.get(reverse("accounts:accept_invitation")).status_code == 410


def test_the_link_dies_after_seven_days_when_withdrawn_and_when_sent_again(tokens: list[str]) -> None:
    first = invited()
    with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1)), pytest.raises(LinkNotGood):
        services.read(tokens[0])
    services.send_again(first, with_role(Role.ADMINISTRATOR))
    with pytest.raises(LinkNotGood):
        services.read(tokens[0])
    assert services.read(tokens[1]).pk == first.pk
    services.withdraw(first)
    with pytest.raises(LinkNotGood):
        services.read(tokens[1])
    with pytest.raises(NotAllowed):
        services.send_again(first, with_role(Role.ADMINISTRATOR))


def test_a_forged_link_opens_nothing(tokens: list[str]) -> None:
    row = invited()
    head, _, tail = tokens[-1].rpartition(":")
    for forged in (
        "",
        "x",
        f"{head}:{'A' * len(tail)}",
        signing.dumps([row.pk, "guessed"], salt=services._SALT),
        signing.dumps([row.pk, row.link_hash], salt=services._SALT),
        signing.dumps([row.pk, "x"], salt="another"),
        signing.dumps("no list", salt=services._SALT),
    ):
        with pytest.raises(LinkNotGood):
            services.read(forged)


def test_the_database_holds_no_link(tokens: list[str]) -> None:
    row = invited()
    random = signing.loads(tokens[-1], salt=services._SALT)[1]
    assert re.fullmatch(r"[0-9a-f]{64}", row.link_hash)
    assert random not in row.link_hash
    mail = Message.objects.get(kind="invitation")
    assert random not in mail.text + mail.html + mail.subject
    assert row.last_name not in mail.subject


def test_looking_at_a_link_changes_nothing(tokens: list[str]) -> None:
    row = invited()
    client = Client()
    for _time in range(3):
        client.get(reverse("accounts:invited", args=tokens[-1:]))
        client.get(reverse("accounts:accept_invitation"))
    row.refresh_from_db()
    assert row.state == InvitationState.OPEN


@pytest.mark.parametrize("password", ["short", "salasana1234", "uusi@example.org"])
def test_a_bad_password_makes_no_account(password: str, tokens: list[str]) -> None:
    invited()
    client = Client()
    client.get(reverse("accounts:invited", args=tokens[-1:]))
    client.post(reverse("accounts:accept_invitation"), {"password1": password, "password2": password})
    with pytest.raises(ValidationError):
        services.accept(tokens[-1], password)
    assert not User.objects.filter(email="uusi@example.org").exists()


def test_an_address_with_an_account_is_not_invited() -> None:
    UserFactory(email="uusi@example.org")
    with pytest.raises(NotAllowed):
        invited()


def test_two_invitations_to_one_address_are_one_too_many() -> None:
    invited()
    with pytest.raises(ValidationError):
        invited(email="uusi@EXAMPLE.org")


@pytest.mark.parametrize("role", sorted(EMPLOYER_ROLES))
def test_employers_are_not_invited_here(role: Role) -> None:
    with pytest.raises(ValidationError):
        invited(role=role, area=None)


def test_an_account_that_came_up_in_between_is_not_taken_over(tokens: list[str]) -> None:
    invited()
    UserFactory(email="uusi@example.org")
    with pytest.raises(LinkNotGood):
        services.accept(tokens[-1], GOOD)


def test_somebody_who_is_signed_in_does_not_accept_for_another(tokens: list[str]) -> None:
    invited()
    client = Client()
    client.force_login(with_role(Role.CASE_WORKER))
    client.get(reverse("accounts:invited", args=tokens[-1:]))
    client.post(reverse("accounts:accept_invitation"), {"password1": GOOD, "password2": GOOD})
    assert not User.objects.filter(email="uusi@example.org").exists()


def test_an_administrator_invites_sends_again_and_withdraws_on_the_pages() -> None:
    client = Client()
    client.force_login(with_role(Role.ADMINISTRATOR))
    data = {
        "first_name": "Uusi",
        "last_name": "Tulija",
        "email": "uusi@example.org",
        "language": "sv",
        "role": Role.CASE_WORKER,
        "area": EmploymentAreaFactory().pk,
        "valid_from": timezone.localdate().isoformat(),
    }
    assert client.post(reverse("accounts:new_invitation"), data).status_code == 302
    row = Invitation.objects.get()
    assert Message.objects.get(kind="invitation").language == "sv"
    client.post(reverse("accounts:resend_invitation", args=[row.pk]))
    assert Message.objects.filter(kind="invitation").count() == 2
    client.post(reverse("accounts:withdraw_invitation", args=[row.pk]))
    row.refresh_from_db()
    assert row.state == InvitationState.WITHDRAWN


def test_states_in_words() -> None:
    assert InvitationFactory().state == InvitationState.OPEN
    old = InvitationFactory(sent_at=timezone.now() - timedelta(days=9), expires_at=timezone.now() - timedelta(days=2))
    assert old.state == InvitationState.EXPIRED
    assert list(Invitation.objects.open().filter(pk=old.pk)) == []


def test_there_is_no_other_way_in_for_staff() -> None:
    client = Client()
    client.post(reverse("account_signup"), {"email": "a@b.example", "password1": GOOD * 2, "password2": GOOD * 2})
    assert not User.objects.filter(memberships__isnull=False, email="a@b.example").exists()
