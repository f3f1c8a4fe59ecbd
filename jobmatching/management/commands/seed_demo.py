"""`manage.py seed_demo`: everything a demo needs before it can be looked at; done once, then reused."""

import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from employers.enums import MembershipRole
from employers.models import Employer, Membership
from jobmatching.models import JobSeeker, MatchingRules, NamedWorker
from jobmatching.nightly.enums import RulesState
from jobmatching.nightly.rules_flow.services import put_in_force
from jobmatching.nightly.rules_versions import draft
from jobmatching.seekers.demo_log import fill_log
from jobmatching.seekers.non_disclosure.enums import Ground
from jobmatching.seekers.non_disclosure.services import set_non_disclosure
from portal.accounts.demo import DEMO_PEOPLE, create_demo_people
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.classifications.enums import Scheme
from portal.classifications.models import Occupation

SEED = 2026


class Command(BaseCommand):
    """Load classifications, people and vacancies of the demo; what is there already is left as it is."""

    help = "Loads the demo's classifications, sign-ins, people and vacancies (as of yesterday) and puts rules in force."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--size", choices=("S", "M", "L"), default="S", help="how many people and vacancies (S)")
        parser.add_argument(
            "--esco", type=Path, help="folder or zip of ESCO's CSV download; its rules are put in force"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO_ACCOUNTS:
            raise CommandError("The demo's sign-ins are not allowed here: production has no demo.")
        with self._step("Municipalities, languages, licences, cards"):
            call_command("load_builtin", stdout=StringIO())
        scheme = Scheme.DEMO
        if options["esco"]:
            scheme = Scheme.ESCO
            with self._step("ESCO"):
                call_command("import_esco", str(options["esco"]), stdout=StringIO())
        elif not Occupation.objects.of(Scheme.DEMO).exists():
            with self._step("Built-in demo taxonomy"):
                call_command("import_esco", scheme=Scheme.DEMO.value, stdout=StringIO())
        else:
            scheme = Scheme(
                MatchingRules.objects.filter(state=RulesState.IN_FORCE).values_list("scheme", flat=True).first()
                or scheme
            )
        with self._step("Sign-ins"):
            create_demo_people()
        if not JobSeeker.objects.exists():
            with self._step(f"Jobseekers and vacancies, size {options['size']}"):
                yesterday = timezone.localdate() - timedelta(days=1)
                call_command(
                    "generate_area", size=options["size"], seed=SEED, as_of=yesterday, scheme=scheme.value, verbosity=0
                )
        self._join_employers()
        self._hide_one()
        self._fill_log()
        if not MatchingRules.objects.filter(state=RulesState.IN_FORCE, scheme=scheme).exists():
            with self._step("Matching rules"):
                manager = User.objects.filter(email=_email(Role.MANAGER)).first()
                put_in_force(_drafted(scheme), manager, "First rules of the demo.")

    @contextmanager
    def _step(self, name: str) -> Iterator[None]:
        started = time.perf_counter()
        yield
        self.stdout.write(f"   {name}: {time.perf_counter() - started:.1f} s")

    def _join_employers(self) -> None:
        """The demo's employer people act for one company with open vacancies."""
        employer = Employer.objects.filter(vacancies__state="published").order_by("pk").first()
        if employer is None:
            return
        for role, membership in (
            (Role.EMPLOYER_OWNER, MembershipRole.OWNER),
            (Role.EMPLOYER_MEMBER, MembershipRole.MEMBER),
        ):
            user = User.objects.filter(email=_email(role)).first()
            if user is not None and not user.employer_memberships.exists():
                Membership.objects.create(
                    employer=employer, user=user, role=membership, valid_from=timezone.localdate()
                )

    def _fill_log(self) -> None:
        """Some days of the access log of the demo's two personal coaches."""
        coaches = [person.email for person in DEMO_PEOPLE if person.role == Role.CASE_WORKER and not person.elsewhere]
        first, second = (User.objects.filter(email=email).first() for email in coaches[:2])
        if first is not None and second is not None:
            fill_log(first, second)

    def _hide_one(self) -> None:
        """The demo's first personal coach is named for one of the own jobseekers, who is under non-disclosure."""
        coach = User.objects.filter(email=_email(Role.CASE_WORKER)).first()
        if coach is None or NamedWorker.objects.filter(user=coach, seeker__non_disclosure=True).exists():
            return
        seeker = JobSeeker.objects.filter(coach=coach, non_disclosure=False).order_by("pk").first()
        if seeker is not None:
            today = timezone.localdate()
            set_non_disclosure(
                seeker.pk, coach, ground=Ground.REGISTER, valid_from=today, valid_to=today + timedelta(days=45),
                workers=[coach],
            )  # fmt: skip


def _email(role: Role) -> str:
    return next(person.email for person in DEMO_PEOPLE if person.role == role)


def _drafted(scheme: Scheme) -> MatchingRules:
    """The draft that the import left, or a new one."""
    return MatchingRules.objects.filter(state=RulesState.DRAFT, scheme=scheme).first() or draft(scheme)
