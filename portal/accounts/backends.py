"""Who answers `user.has_perm(...)`."""

from typing import Any, Final

from django.core.exceptions import PermissionDenied
from rules.permissions import ObjectPermissionBackend

from portal.accounts.roles import Permission

_OURS: Final = frozenset(map(str, Permission))


class RolesBackend(ObjectPermissionBackend):
    """The portal's own permissions, by roles alone; it stands first among the backends."""

    def has_perm(self, user: Any, perm: str, *args: Any, **kwargs: Any) -> bool:
        """Whether a role held today gives the permission.

        Raises PermissionDenied where none does: Django's own tables, which the next backend would read, never give a
        permission of the portal.
        """
        if super().has_perm(user, perm, *args, **kwargs):  # type: ignore[no-untyped-call]  # django-rules has no types
            return True
        if perm in _OURS:
            raise PermissionDenied
        return False
