"""`manage.py demo_accounts`: the sign-ins of the demo, one a role."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from portal.accounts.demo import DEMO_PASSWORD, DEMO_PEOPLE
from portal.accounts.demo_codes import app_keys
from portal.accounts.models import User


class Command(BaseCommand):
    """Print the demo sign-ins and what to look at first."""

    help = "Prints the demo's sign-ins, one a role, and what to look at first."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print; refuses where there is no demo."""
        emails = set(User.objects.filter(is_active=True).values_list("email", flat=True))
        people = [person for person in DEMO_PEOPLE if person.email in emails]
        if not settings.DEMO_ACCOUNTS or not people:
            raise CommandError("There are no demo sign-ins here.")
        with translation.override("en"):
            self.stdout.write(f"\nSign in with one of these (password: {DEMO_PASSWORD})")
            keys = app_keys()
            for person in people:
                where = " of another area" if person.elsewhere else ""
                self.stdout.write(
                    f"  {person.email:<44} {person.role.label + where:<32} {keys.get(person.email, '')}".rstrip()
                )
        self.stdout.write(
            "Staff are asked for a code after the password: python3 dev.py code omavalmentaja prints the present one."
            "\nOr type the key behind the role into an authenticator app of yours. Employers are not asked for a code."
        )
        self.stdout.write(
            "\nLook first: sign in as omavalmentaja, open Työpaikat, choose a vacancy, open a candidate's reasons."
            "\nWithout signing in: /nain-kohtaanto-toimii/ tells how matching works."
        )
