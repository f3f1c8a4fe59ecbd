"""`manage.py access_log_grants ROLE`: what a role needs that writes the access log, and whether it may no more."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from portal.privacy.access.rights import grants, wrong_rights


class Command(BaseCommand):
    """Prints the GRANTs, or with --check tells whether they are in force and nothing else is."""

    help = "Prints the GRANTs for the role of ACCESS_LOG_DATABASE_URL; --check tells whether the role has just these."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("role", help="name of the role in the database")
        parser.add_argument("--check", action="store_true", help="look at the rights in place of printing the GRANTs")

    def handle(self, *args: Any, **options: Any) -> None:
        role: str = options["role"]
        if not options["check"]:
            self.stdout.write("\n".join(grants(role)))
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
            if cursor.fetchone() is None:
                raise CommandError(f"There is no role {role}.")
        if wrong := wrong_rights(role):
            raise CommandError(f"The role {role} {', '.join(wrong)}.")
        self.stdout.write(f"The role {role} may add rows to the access log and nothing else.")
