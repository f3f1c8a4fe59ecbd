"""What must hold before the portal is served: the access log is written by a role that may only add rows to it."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, register
from django.db import DatabaseError, connections

from portal.privacy.access.rights import wrong_rights

_HINT = "docs/operations/access-log.md says how the role is made; `manage.py access_log_grants ROLE` prints its rights."


@register(Tags.security, deploy=True)
def log_is_only_added_to(app_configs: Any, **_unused: Any) -> list[Error]:
    """`manage.py check --deploy` asks the database by which role the log is written, and what that role may.

    Nothing where the database cannot be asked: the check is then run again where it can.
    """
    try:
        with connections[settings.ACCESS_LOG_DATABASE].cursor() as cursor:
            cursor.execute("SELECT current_user")
            role: str = cursor.fetchone()[0]
        wrong = wrong_rights(role)
    except DatabaseError:
        return []
    if not wrong:
        return []
    return [Error(f"The role that writes the access log ({role}) {', '.join(wrong)}.", hint=_HINT, id="privacy.E010")]
