"""Words about non-disclosure."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Exists, OuterRef

from jobmatching.seekers.non_disclosure.enums import NonDisclosureState
from portal.accounts.models import RoleMembership
from portal.accounts.permissions import AnyUser, areas_where
from portal.accounts.roles import ROLE_PERMISSIONS, Permission

if TYPE_CHECKING:
    from jobmatching.seekers.models import NamedWorker


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
        """Those in force whom no named worker can see on `day`: all have left, or changed to other work, or the
        processing is restricted and none of them handles that.
        """
        return self.in_force().filter(~Exists(named_who_see(day).filter(seeker=OuterRef("seeker"))))

    def to_be_named_by(self, user: AnyUser, day: date) -> "NonDisclosureQuerySet":
        """Those without a worker in the areas where somebody may name one. Nothing else of them is for that person."""
        return self.without_worker(day).filter(seeker__area__in=areas_where(user, Permission.NON_DISCLOSURE_NAME))


def named_who_see(day: date) -> "models.QuerySet[NamedWorker]":
    """The named workers who see their person on `day`: the whole rule of `visible_to`, asked of many at once."""
    from jobmatching.seekers.models import NamedWorker
    from jobmatching.seekers.rights.models import Restriction

    held = RoleMembership.objects.active(day).filter(
        area=OuterRef("seeker__area"), user=OuterRef("user"), user__is_active=True
    )
    restricted = Restriction.objects.in_force().filter(seeker=OuterRef("seeker"))
    return NamedWorker.objects.filter(
        Exists(held.filter(role__in=roles_that_serve())),
        ~Exists(restricted)
        | Exists(held.filter(role__in=roles_with(Permission.SUBJECT_DECIDE)))
        | Exists(restricted.filter(request__handler=OuterRef("user"))),
    )


def roles_that_serve() -> list[str]:
    """Roles that see jobseekers, and so can be named."""
    return roles_with(Permission.SEEKERS_VIEW)


def roles_with(permission: Permission) -> list[str]:
    """Roles that give a permission."""
    return sorted(role for role, permissions in ROLE_PERMISSIONS.items() if permission in permissions)
