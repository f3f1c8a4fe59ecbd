"""What must hold before the portal is served: no demo people where demo accounts are off."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, register
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError

_HINT = "Run `manage.py close_demo_accounts`, or better: begin production with a database of its own."


@register(Tags.security, deploy=True)
def no_demo_people(app_configs: Any, **_unused: Any) -> list[Error]:
    """`manage.py check --deploy` fails while somebody can still sign in as one of the demo's people."""
    found = _open_demo_accounts()
    if not found:
        return []
    return [
        Error(f"{found} demo accounts are open, and their password is no secret.", hint=_HINT, id="accounts.E001"),
    ]


def refuse_demo_people() -> None:
    """Called where web, workers and beat start. Raises ImproperlyConfigured where demo accounts are open."""
    if found := _open_demo_accounts():
        raise ImproperlyConfigured(f"{found} demo accounts are open, and their password is no secret. {_HINT}")


def _open_demo_accounts() -> int:
    """How many demo accounts are open although they should not be; 0 where the database cannot be asked."""
    if settings.DEMO_ACCOUNTS:
        return 0
    from portal.accounts.demo import open_demo_accounts

    try:
        return open_demo_accounts().count()
    except DatabaseError:
        return 0
