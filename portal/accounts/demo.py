"""Demo sign-ins: one person a role, and a case worker of another area. Refused where DEMO_ACCOUNTS is off.

The password is no secret. The second factor is: each installation makes its own and keeps it in the state folder
(`portal.accounts.demo_codes`).
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import QuerySet

from portal.accounts.demo_codes import enrol
from portal.accounts.demo_teams import work_together
from portal.accounts.models import RoleMembership, User
from portal.accounts.roles import AREA_ROLES, STAFF_ROLES, Role
from portal.classifications.models import EmploymentArea

DEMO_PASSWORD: Final = "Jäälautta-ja-hilla-2026"  # noqa: S105  printed by the demo, refused in production
DOMAIN: Final = "demo.kohtaanto.example"
HOME_AREA: Final = "Meri-Lapin työllisyysalue"
_SINCE: Final = date(2025, 1, 1)


class DemoAccountsOff(Exception):
    """Demo accounts are not allowed here."""


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """A demo sign-in."""

    name: str
    first_name: str
    last_name: str
    role: Role
    elsewhere: bool = False

    @property
    def email(self) -> str:
        return f"{self.name}@{DOMAIN}"


DEMO_PEOPLE: Final = (
    DemoPerson("omavalmentaja", "Sisu", "Esimerkki", Role.CASE_WORKER),
    DemoPerson("omavalmentaja2", "Aava", "Mallikas", Role.CASE_WORKER),
    DemoPerson("yrityspalvelut", "Ahti", "Kokeilu", Role.EMPLOYER_SPECIALIST),
    DemoPerson("tyopari", "Vanamo", "Harjoitus", Role.WORK_PAIR),
    DemoPerson("tiiminvetaja", "Tuuli", "Testinen", Role.TEAM_LEAD),
    DemoPerson("johtaja", "Kaino", "Kuvitelma", Role.MANAGER),
    DemoPerson("koulutus", "Oiva", "Esimerkki", Role.TRAINING_COORDINATOR),
    DemoPerson("kumppani", "Helka", "Kokeilu", Role.PARTNER_WORKER),
    DemoPerson("tyonantaja", "Kerttu", "Koelainen", Role.EMPLOYER_OWNER),
    DemoPerson("tyonantaja2", "Pekka", "Koelainen", Role.EMPLOYER_MEMBER),
    DemoPerson("tarkastaja", "Lahja", "Mallikas", Role.AUDITOR),
    DemoPerson("yllapito", "Reino", "Testinen", Role.ADMINISTRATOR),
    DemoPerson("toinen.alue", "Saima", "Harjoitus", Role.CASE_WORKER, elsewhere=True),
)


def is_refused(user: User) -> bool:
    """Whether somebody is one of the demo's people where there must be none."""
    return not settings.DEMO_ACCOUNTS and user.email.lower().endswith(f"@{DOMAIN}")


def open_demo_accounts() -> QuerySet[User]:
    """Accounts of demo people that are not closed."""
    return User.objects.filter(email__iendswith=f"@{DOMAIN}", is_active=True)


@transaction.atomic
def create_demo_people() -> int:
    """Create those that are missing; return how many. Staff are enrolled with an authenticator app, and have a team, a
    work pair and a stand-in. Raises DemoAccountsOff.
    """
    if not settings.DEMO_ACCOUNTS:
        raise DemoAccountsOff
    home = EmploymentArea.objects.get(name_fi=HOME_AREA)
    other = EmploymentArea.objects.exclude(pk=home.pk).order_by("code").first()
    created = 0
    # Hashing is slow on purpose; the demo's shared password is no secret and is hashed once.
    password = make_password(DEMO_PASSWORD)
    staff = []
    for person in DEMO_PEOPLE:
        user = User.objects.filter(email=person.email).first()
        if user is None:
            user = User.objects.create(
                email=person.email,
                password=password,
                first_name=person.first_name,
                last_name=person.last_name,
                is_staff=person.role == Role.ADMINISTRATOR,
            )
            created += 1
        _verify_address(user)
        area = (other if person.elsewhere else home) if person.role in AREA_ROLES else None
        RoleMembership.objects.get_or_create(user=user, role=person.role, area=area, defaults={"valid_from": _SINCE})
        if person.role in STAFF_ROLES:
            staff.append(user)
    enrol(staff)
    work_together(home, {user.email.partition("@")[0]: user for user in staff})
    return created


def _verify_address(user: User) -> None:
    """Sign-in asks for a verified address; the demo's are."""
    from allauth.account.models import EmailAddress

    EmailAddress.objects.get_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})
