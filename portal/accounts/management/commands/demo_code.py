"""`manage.py demo_code EMAIL`: the present code of one of the demo's people."""

import time
from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.accounts.demo import DOMAIN
from portal.accounts.demo_codes import present_code
from portal.accounts.models import User

ENOUGH_S: Final = 4


class Command(BaseCommand):
    """The code alone on stdout, for programs; how long it is good on stderr, for people."""

    help = "Prints the present sign-in code of one of the demo's people."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="the address, or its part before the @")

    def handle(self, *args: Any, email: str, **options: Any) -> None:
        """Wait for the next code where this one is about to end. Raises CommandError for anybody but demo people."""
        address = (email if "@" in email else f"{email}@{DOMAIN}").lower()
        if not settings.DEMO_ACCOUNTS or not address.endswith(f"@{DOMAIN}"):
            raise CommandError("Codes are told of the demo's people alone.")
        user = User.objects.filter(email=address).first()
        if user is None:
            raise CommandError(f"There is no {address} here: `python3 dev.py demo` makes the demo's people.")
        try:
            code, seconds = present_code(user)
            if seconds < ENOUGH_S:
                time.sleep(seconds)
                code, seconds = present_code(user)
        except LookupError:
            raise CommandError(f"{address} signs in without a code.") from None
        self.stderr.write(f"Good for {seconds} seconds, once.")
        self.stdout.write(code)
