"""Put a version of the matching rules in force, in the name of a person and with a reason."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from jobmatching.nightly.enums import RulesState
from jobmatching.nightly.models import MatchingRules
from jobmatching.nightly.rules_flow.services import FourEyes, put_in_force
from jobmatching.nightly.rules_flow.states import WrongState
from jobmatching.nightly.rules_versions import AlreadyInForce
from portal.accounts.models import User


class Command(BaseCommand):
    """List the versions, or put one in force."""

    help = (
        "Put a version of the matching rules in force; the version before it retires, and the next night matches by"
        " the new one. Without a version: list those that there are. An import of a classification makes a draft."
        " What a person has drafted needs another person's decision."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("version", nargs="?", help="the version, for example 2026.3")
        parser.add_argument("--by", metavar="EMAIL", help="who has decided it: the e-mail address of a user")
        parser.add_argument("--reason", default="", help="why; shown on the public page about matching")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["version"]:
            for one in MatchingRules.objects.defer("content").order_by("created_at", "pk"):
                self.stdout.write(f"{one.version}  {one.state}  {one.scheme} {one.classification_version}")
            return
        rules = MatchingRules.objects.filter(version=options["version"]).first()
        if rules is None:
            raise CommandError(f"There is no version {options['version']}.")
        if rules.state == RulesState.IN_FORCE:
            raise CommandError(f"Version {rules.version} is in force already.")
        approver = User.objects.filter(email__iexact=options["by"] or "", is_active=True).first()
        if approver is None:
            raise CommandError("Say by --by who has decided it: the e-mail address of an active user.")
        try:
            put_in_force(rules, approver, options["reason"])
        except ValueError as error:
            raise CommandError(f"{error} (--reason)") from error
        except (AlreadyInForce, FourEyes, WrongState, MatchingRules.DoesNotExist) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Version {rules.version} is in force.")
