"""Others see what an administrator does that could open people's data: those who know the work, and the auditor.

Nobody confirms it beforehand. A role that sees people, given or offered, and a way in that was replaced whole (address
and second factor within two weeks) are told by mail to the team leads of the area (the managers, where it has none)
and to the auditors, and pointed out to them as an anomaly; of the latter the old address is told, too.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from allauth.account.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.utils import timezone

from portal.accounts.roles import ROLE_PERMISSIONS, Permission, Role
from portal.accounts.second_factor.duty import FACTORS
from portal.accounts.users import RoleMembership, User
from portal.classifications.models import EmploymentArea
from portal.effects import emit

TOGETHER: Final = timedelta(days=14)
"""An address and a second factor replaced within so long count as one: whoever has both new ones has the account."""
OPENED: Final = "accounts.way_opened"
"""Event: an administrator (by key) has done one of these."""
SEES_PEOPLE: Final = frozenset(
    role for role, permissions in ROLE_PERMISSIONS.items() if Permission.SEEKERS_VIEW in permissions
)


def tell_of_role(key: str, role: Role | str, area: EmploymentArea | None, person: User, address: str, by: User) -> None:
    """A role has been given to somebody, or offered to an address (`person` is not saved then)."""
    if role not in SEES_PEOPLE or area is None:
        return
    emit(OPENED, by.pk)
    for watcher in _watchers([area.pk], {person.pk, by.pk}):
        _tell(
            "accounts/role_given",
            watcher,
            f"{key} {watcher.pk}",
            {
                "who": person.get_full_name(),
                "address": address,
                "role": Role(role).label,
                "area": area,
                "by": by.get_full_name(),
            },
        )


def tell_of_new_address(person: User, by: User) -> None:
    """The address was changed: told where the second factor was reset not long ago, or there is none."""
    since = timezone.now() - TOGETHER
    factors = Authenticator.objects.filter(user=person, type__in=FACTORS)
    if not factors.exists() or get_adapter().addresses_told("accounts/factor_reset", person, since):
        _tell_of_new_way_in(person, by)  # it has just been told of the change


def tell_of_reset(person: User, by: User) -> None:
    """The second factor was reset: told where the address was changed not long ago, also to the old addresses."""
    now = timezone.now()
    old = get_adapter().addresses_told("account/email/email_changed", person, now - TOGETHER)
    for address in old:
        get_adapter().send_mail("accounts/factor_reset", address, {"timestamp": now, "language": person.language})
    if old:
        _tell_of_new_way_in(person, by)


def _tell_of_new_way_in(person: User, by: User) -> None:
    held = person.memberships.not_over(timezone.localdate()).filter(role__in=SEES_PEOPLE)
    areas = sorted(set(held.order_by().values_list("area_id", flat=True)))
    if not areas:
        return
    emit(OPENED, by.pk)
    now = timezone.now()
    for watcher in _watchers(areas, {person.pk, by.pk}):
        _tell(
            "accounts/way_in_replaced",
            watcher,
            f"{person.pk} {now.isoformat()} {watcher.pk}",
            {"who": person.get_full_name(), "address": person.email, "by": by.get_full_name()},
        )


def _watchers(areas: Iterable[int], but: set[int | None]) -> list[User]:
    """Team leads of the areas, or their managers where there is no team lead; auditors."""
    held = (
        RoleMembership.objects.active(timezone.localdate()).filter(user__is_active=True).exclude(user__in=but - {None})
    )
    leading = set(held.filter(role=Role.TEAM_LEAD, area__in=areas).values_list("user", flat=True))
    if not leading:
        leading = set(held.filter(role=Role.MANAGER, area__in=areas).values_list("user", flat=True))
    auditors = held.filter(role=Role.AUDITOR).values_list("user", flat=True)
    return list(User.objects.filter(pk__in=leading | set(auditors)).order_by("pk"))


def _tell(mail: str, watcher: User, key: str, context: dict[str, object]) -> None:
    get_adapter().send_mail(mail, watcher.email, {**context, "key": key, "recipient": watcher})
