"""Who works with a vacancy, and so opens its candidates without being asked why (docs/adr/0011-access-log.md)."""

from employers.models import Vacancy
from portal.accounts.permissions import AnyUser, areas_where
from portal.accounts.roles import Permission


def works_with(user: AnyUser, vacancy: Vacancy) -> bool:
    """Whether a role that finds candidates is held in the vacancy's own area; to see the vacancy does not do."""
    return vacancy.area_id in areas_where(user, Permission.MATCHES_VIEW)
