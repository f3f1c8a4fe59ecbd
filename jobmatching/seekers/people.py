"""What the floor of privacy asks about jobseekers (portal.privacy.people)."""

from collections.abc import Collection
from typing import Final

from django.db.models import Q

from jobmatching.seekers.models import JobSeeker


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

    def alike(self, numbers: Collection[int], surname: str, email: str) -> frozenset[int]:
        """Those who have the surname or the e-mail address. Also people under non-disclosure: only numbers come out."""
        same = Q(pk__in=())
        if surname.strip():
            same |= Q(last_name__iexact=surname.strip())
        if email.strip():
            same |= Q(email__iexact=email.strip())
        return frozenset(JobSeeker.objects.filter(same, pk__in=numbers).order_by("pk").values_list("pk", flat=True))


PEOPLE: Final = JobSeekers()
