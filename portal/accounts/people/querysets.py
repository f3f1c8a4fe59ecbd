"""Words about accounts, for the lists of administrators."""

from datetime import date

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from portal.accounts.second_factor.duty import FACTORS
from portal.accounts.users import RoleMembership, User


def has_factor() -> Exists:
    """Whether an account (of the outer query) has a second factor."""
    return Exists(Authenticator.objects.filter(user=OuterRef("pk"), type__in=FACTORS))


def accounts_for_list(day: date) -> QuerySet[User]:
    """Every account by name, with `roles_today` (memberships) and `has_factor`."""
    today = RoleMembership.objects.active(day).select_related("area").order_by("role", "pk")
    return (
        User.objects.annotate(has_factor=has_factor())
        .prefetch_related(Prefetch("memberships", today, "roles_today"))
        .order_by("last_name", "first_name", "pk")
    )


def named(accounts: QuerySet[User], words: str) -> QuerySet[User]:
    """Accounts whose name or address has each of the words."""
    for word in words.split():
        accounts = accounts.filter(
            Q(first_name__icontains=word) | Q(last_name__icontains=word) | Q(email__icontains=word)
        )
    return accounts
