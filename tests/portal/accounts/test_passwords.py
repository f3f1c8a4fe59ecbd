"""What a password has to be, and what an answer to a stranger does not tell."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.outbox.models import Message
from tests.factories import PASSWORD, UserFactory, with_role
from tests.sign_in import confirm_address

pytestmark = pytest.mark.django_db


def refused(password: str, user: User | None = None) -> bool:
    try:
        validate_password(password, user)
    except ValidationError:
        return True
    return False


@pytest.mark.parametrize(
    "password",
    [
        "kohtaanto-2026-2027!",
        "Työllisyysalue 12345",
        "T0rni0-k3mi-2026-2026",
        "Salasana123456789012",
        "passwordpasswordpass",
        "aaaaaaaaaaaaaaaaaaaa",
        "abcabcabcabcabcabcabc",
        "123456789012345678901",
        "qwertyuiopasdfghjkl;",
        "MeriLappi Kemi Tornio",
        "Kesäkuu2026Kesäkuu2026",
        "ylläpito salasana 1234",
    ],
)
def test_what_is_guessed_first_is_refused(password: str) -> None:
    assert refused(password)


@pytest.mark.parametrize(
    "password",
    [
        "hillasuo kuivuu elokuussa",
        "kolme vanhaa porttia narisee",
        "correct horse battery staple",
        "Jäälautta-ja-hilla-2026",
        "ääliö älä lyö ööliä läikkyy",
        "皇帝の新しい服はどこにある？ だれも知らない",
        "8391 2740 5562 9183 0",
        "x9#Lm2!vQp7$Rt5&Wz",
        "lyhyesti sanottuna " * 10,
    ],
)
def test_long_ones_are_taken_whatever_they_are_made_of(password: str) -> None:
    assert not refused(password)


def test_staff_may_have_a_shorter_one_because_they_show_a_second_factor() -> None:
    fourteen = "puro solisee 1"
    assert len(fourteen) == 14
    assert not refused(fourteen, with_role(Role.CASE_WORKER))
    assert refused(fourteen, with_role(Role.EMPLOYER_OWNER))
    assert refused(fourteen)
    assert refused("puro sol. 1", with_role(Role.CASE_WORKER))


def test_the_own_name_and_address_do_not_do() -> None:
    user = UserFactory(first_name="Aleksanteri", last_name="Virtapuronen", email="aleksanteri.virtapuronen@example.org")
    assert refused("aleksanteri.virtapuronen", user)


def test_a_book_is_not_hashed() -> None:
    assert refused("hillasuo kuivuu " * 100)


def _answer(path: str, data: dict[str, str]) -> tuple[int, str, str]:
    client = Client()
    response = client.post(path, data)
    body = response.content.decode()
    for value in data.values():
        body = body.replace(value, "…")
    token = body.find("csrfmiddlewaretoken")
    while token >= 0:  # the token differs at each request
        end = body.index(">", token)
        body = body[:token] + body[end:]
        token = body.find("csrfmiddlewaretoken")
    return response.status_code, response.headers.get("Location", ""), body


def test_sign_in_does_not_tell_who_has_an_account() -> None:
    known = confirm_address(with_role(Role.CASE_WORKER))
    closed = confirm_address(with_role(Role.CASE_WORKER, is_active=False))
    path = reverse("account_login")
    answers = {
        _answer(path, {"login": login, "password": "not the right one at all"})
        for login in (known.email, closed.email, "nobody@example.org")
    }
    assert len(answers) == 1


def test_asking_for_a_new_password_does_not_tell_either_and_writes_to_both() -> None:
    known = confirm_address(with_role(Role.CASE_WORKER))
    path = reverse("account_reset_password")
    answers = {_answer(path, {"email": email}) for email in (known.email, "nobody@example.org")}
    assert len(answers) == 1
    mails = Message.objects.filter(kind__in=("password_reset", "unknown_account"))
    assert {(mail.address, mail.kind) for mail in mails} == {
        (known.email, "password_reset"),
        ("nobody@example.org", "unknown_account"),
    }
    assert not [mail for mail in mails if known.last_name in mail.subject or known.email in mail.subject]


def test_wrong_passwords_are_counted_by_address_known_or_not() -> None:
    known = confirm_address(with_role(Role.EMPLOYER_OWNER))
    for login in (known.email, "nobody@example.org"):
        client = Client()
        for _attempt in range(5):
            client.post(reverse("account_login"), {"login": login, "password": "wrong"})
        page = client.post(reverse("account_login"), {"login": login, "password": PASSWORD})
        assert "Liian monta yritystä" in page.content.decode()
        assert "_auth_user_id" not in client.session


def test_asking_for_new_passwords_is_counted() -> None:
    known = confirm_address(with_role(Role.EMPLOYER_OWNER))
    for _time in range(6):
        Client().post(reverse("account_reset_password"), {"email": known.email})
    assert Message.objects.filter(kind="password_reset").count() <= 3


def test_a_password_can_be_pasted_and_filled_in_by_a_manager() -> None:
    page = Client().get(reverse("account_login")).content.decode()
    assert 'autocomplete="current-password"' in page
    assert "onpaste" not in page
