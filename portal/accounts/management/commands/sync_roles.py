"""`manage.py sync_roles`: write the table of roles and permissions into rows."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.accounts.role_rows import differences, sync


class Command(BaseCommand):
    """Say what changes; a second run changes nothing."""

    help = "Writes the roles and permissions of the code into rows, and says what changed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; fail where code and rows differ")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        """Raises CommandError for `--check` where something differs."""
        changes = differences() if check else sync()
        for change in changes:
            self.stdout.write(str(change))
        if not changes:
            self.stdout.write("Rows and code say the same.")
        elif check:
            raise CommandError(f"{len(changes)} differences between rows and code: run `manage.py sync_roles`.")
