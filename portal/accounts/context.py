"""What every page's template knows about the person's place."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from portal.accounts.models import User
from portal.accounts.permissions import active_memberships
from portal.classifications.models import EmploymentArea


def area(request: HttpRequest) -> dict[str, Any]:
    """`area_name`: the employment area of the person's roles, or the only one of the installation; "" where unclear."""

    def name() -> str:
        user = getattr(request, "user", None)
        areas = [m.area for m in active_memberships(user) if m.area] if isinstance(user, User) else []
        if not areas:
            areas = list(EmploymentArea.objects.order_by("pk")[:2])
        return str(areas[0]) if len({one.pk for one in areas}) == 1 else ""

    return {"area_name": SimpleLazyObject(name)}
