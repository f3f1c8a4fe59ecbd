"""The demo's people: enrolled with secrets of the state folder, working together, and refused in production."""

import json
import stat
from io import StringIO
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.test import Client, override_settings
from django.urls import reverse

from portal.accounts import checks
from portal.accounts.demo import DEMO_PASSWORD, DEMO_PEOPLE, HOME_AREA, DemoAccountsOff, create_demo_people
from portal.accounts.demo_codes import present_code
from portal.accounts.models import StandIn, Team, User, WorkPair
from portal.accounts.roles import STAFF_ROLES
from portal.accounts.teams import whose_clients
from tests.factories import EmploymentAreaFactory, UserFactory
from tests.second_factor import code, fresh_code

pytestmark = pytest.mark.django_db
COACH = "omavalmentaja@demo.kohtaanto.example"


@pytest.fixture
def secrets_file(tmp_path: Path) -> Path:
    return tmp_path / "state" / "demo-codes.json"


@pytest.fixture
def demo(secrets_file: Path, settings: object) -> Path:
    settings.DEMO_SECRETS_FILE = str(secrets_file)
    EmploymentAreaFactory(name_fi=HOME_AREA, code="A")
    EmploymentAreaFactory(code="B")
    create_demo_people()
    return secrets_file


def test_staff_are_enrolled_with_secrets_that_only_the_owner_can_read(demo: Path) -> None:
    kept = json.loads(demo.read_text())
    staff = {person.email for person in DEMO_PEOPLE if person.role in STAFF_ROLES}
    assert set(kept) == staff
    assert len(set(kept.values())) == len(staff), "a secret each"
    assert stat.S_IMODE(demo.stat().st_mode) == 0o600
    assert set(Authenticator.objects.filter(type="totp").values_list("user__email", flat=True)) == staff


def test_again_changes_nothing_and_a_new_database_gets_the_same_secrets(demo: Path) -> None:
    before = demo.read_text()
    assert create_demo_people() == 0
    Authenticator.objects.all().delete()
    create_demo_people()
    assert demo.read_text() == before
    assert present_code(User.objects.get(email=COACH), now=0)[0] == code(json.loads(before)[COACH], at=0)


def test_the_command_tells_the_code_that_signs_in(demo: Path) -> None:
    said, told = StringIO(), StringIO()
    call_command("demo_code", "omavalmentaja", stdout=said, stderr=told)
    digits = said.getvalue().strip()
    assert digits.isdecimal()
    assert len(digits) == 6
    assert "seconds" in told.getvalue()
    client = Client()
    client.post(reverse("account_login"), {"login": COACH, "password": DEMO_PASSWORD})
    assert "_auth_user_id" not in client.session
    client.post(reverse("mfa_authenticate"), {"code": digits})
    assert "_auth_user_id" in client.session


def test_the_demo_prints_each_person_with_the_key_for_an_app(demo: Path) -> None:
    said = StringIO()
    call_command("demo_accounts", stdout=said)
    lines = {line.split()[0]: line for line in said.getvalue().splitlines() if "@" in line}
    assert set(lines) == {person.email for person in DEMO_PEOPLE}
    key = lines[COACH].split()[-1]
    client = Client()
    client.post(reverse("account_login"), {"login": COACH, "password": DEMO_PASSWORD})
    client.post(reverse("mfa_authenticate"), {"code": fresh_code(key)})
    assert "_auth_user_id" in client.session
    assert lines["tyonantaja@demo.kohtaanto.example"].endswith("employer's owner")


@pytest.mark.parametrize("email", ["tyonantaja", "nobody", "real@example.org"])
def test_codes_are_told_of_the_demos_people_alone(email: str, demo: Path) -> None:
    UserFactory(email="real@example.org")
    with pytest.raises(CommandError):
        call_command("demo_code", email, stdout=StringIO())


def test_they_have_a_team_a_work_pair_and_a_stand_in(demo: Path) -> None:
    people = {user.email.partition("@")[0]: user for user in User.objects.all()}
    assert Team.objects.get().memberships.count() == 4
    assert WorkPair.objects.count() == StandIn.objects.count() == 1
    assert people["omavalmentaja2"].pk in whose_clients(people["omavalmentaja"])
    assert {people["omavalmentaja"].pk, people["tyopari"].pk} <= whose_clients(people["tiiminvetaja"])


@override_settings(DEMO_ACCOUNTS=False)
def test_production_makes_none() -> None:
    with pytest.raises(DemoAccountsOff):
        create_demo_people()
    with pytest.raises(CommandError):
        call_command("demo_code", "omavalmentaja", stdout=StringIO())


def test_production_refuses_to_start_and_to_pass_its_check_with_some(demo: Path) -> None:
    assert checks.no_demo_people(None) == []
    with override_settings(DEMO_ACCOUNTS=False):
        (error,) = checks.no_demo_people(None)
        assert error.id == "accounts.E001"
        with pytest.raises(ImproperlyConfigured, match="demo accounts are open"):
            checks.refuse_demo_people()
        call_command("close_demo_accounts", stdout=StringIO())
        assert checks.no_demo_people(None) == []
        checks.refuse_demo_people()


def test_production_lets_none_of_them_in(demo: Path) -> None:
    with override_settings(DEMO_ACCOUNTS=False):
        client = Client()
        login = {"login": "tyonantaja@demo.kohtaanto.example", "password": DEMO_PASSWORD}
        client.post(reverse("account_login"), login)
        assert "_auth_user_id" not in client.session
