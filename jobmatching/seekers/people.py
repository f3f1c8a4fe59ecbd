"""What the floor of privacy asks about jobseekers (portal.privacy.people)."""

from collections.abc import Collection
from datetime import date
from typing import Final

from django.db.models import Q

from jobmatching.seekers.models import JobSeeker, NamedWorker
from portal.accounts.models import User
from portal.accounts.teams import whose_clients


class JobSeekers:
    """The register of jobseekers. Somebody under non-disclosure is not to be found here: as if they were not there."""

    def number_of(self, identity_code: str) -> int | None:
        """The number of the jobseeker with an identity code."""
        shown = JobSeeker.objects.filter(non_disclosure=False).with_identity_code(identity_code)
        number: int | None = shown.values_list("pk", flat=True).first()
        return number

    def name_of(self, number: int) -> str | None:
        """The name of a jobseeker."""
        shown = JobSeeker.objects.filter(non_disclosure=False, pk=number).only("first_name", "last_name")
        seeker: JobSeeker | None = shown.first()
        return seeker.name if seeker else None

    def not_served_by(self, user: User, numbers: Collection[int], day: date) -> frozenset[int]:
        """Those among some people whom a user did not serve on a day; coaches and named workers are those of now."""
        named = NamedWorker.objects.filter(user=user).order_by().values("seeker")
        own = JobSeeker.objects.filter(Q(coach__in=whose_clients(user, day)) | Q(pk__in=named), pk__in=numbers)
        return frozenset(numbers) - set(own.order_by().values_list("pk", flat=True))

    def alike(self, numbers: Collection[int], surname: str, email: str) -> frozenset[int]:
        """Those who have the surname or the e-mail address.

        None under non-disclosure: who looks at a finding would learn the surname of a number that has no name.
        """
        same = Q(pk__in=())
        if surname.strip():
            same |= Q(last_name__iexact=surname.strip())
        if email.strip():
            same |= Q(email__iexact=email.strip())
        return frozenset(
            JobSeeker.objects.filter(same, pk__in=numbers, non_disclosure=False)
            .order_by("pk")
            .values_list("pk", flat=True)
        )


PEOPLE: Final = JobSeekers()
