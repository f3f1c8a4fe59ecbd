"""Words about non-disclosure."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef

from jobmatching.seekers.non_disclosure.enums import NonDisclosureState
from portal.accounts.models import RoleMembership
from portal.accounts.permissions import AnyUser, areas_where
from portal.accounts.roles import ROLE_PERMISSIONS, Permission


class NonDisclosureQuerySet(models.QuerySet[Any]):
    """Times of non-disclosure."""

    def in_force(self) -> "NonDisclosureQuerySet":
        return self.filter(state=NonDisclosureState.IN_FORCE)

    def visible_to(self, user: AnyUser) -> "NonDisclosureQuerySet":
        """Those of people whom somebody may see: to all but the named workers there is none in force."""
        from jobmatching.seekers.models import JobSeeker

        return self.filter(seeker__in=JobSeeker.objects.visible_to(user).order_by().values("pk"))

    def naming(self, user: AnyUser) -> "NonDisclosureQuerySet":
        """Those in force for which somebody is named, and may see the person today."""
        return self.in_force().visible_to(user).filter(seeker__named_workers__user=user.pk)

    def ending_by(self, day: date) -> "NonDisclosureQuerySet":
        """Those in force whose last day is `day` or earlier."""
        return self.in_force().filter(valid_to__lte=day)

    def without_worker(self, day: date) -> "NonDisclosureQuerySet":
        """Those in force whom no named worker can see on `day`: all have left, or changed to other work."""
        from jobmatching.seekers.models import NamedWorker

        serving = RoleMembership.objects.active(day).filter(
            role__in=roles_that_serve(), area=OuterRef("seeker__area"), user=OuterRef("user"), user__is_active=True
        )
        named = NamedWorker.objects.filter(Exists(serving), seeker=OuterRef("seeker"))
        return self.in_force().filter(~Exists(named))

    def to_be_named_by(self, user: AnyUser, day: date) -> "NonDisclosureQuerySet":
        """Those without a worker in the areas where somebody may name one. Nothing else of them is for that person."""
        return self.without_worker(day).filter(seeker__area__in=areas_where(user, Permission.NON_DISCLOSURE_NAME))


def roles_that_serve() -> list[str]:
    """Roles that see jobseekers, and so can be named."""
    return sorted(role for role, permissions in ROLE_PERMISSIONS.items() if Permission.SEEKERS_VIEW in permissions)
