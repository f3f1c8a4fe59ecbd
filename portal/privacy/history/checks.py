"""`manage.py check --database default`: whether every change is written down."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import DEFAULT_DB_ALIAS

from portal.privacy.history.triggers import problems


@register(Tags.database)
def history_is_kept(app_configs: Any = None, databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """Each tracked table has its triggers, and all are at work."""
    found = problems() if DEFAULT_DB_ALIAS in (databases or ()) else []
    if not found:
        return []
    # No more than a warning: what mends it is `migrate`, which checks first.
    told = f"Not every change is written into the history: {'; '.join(found)}."
    return [Warning(told, hint="Run manage.py migrate: it brings the triggers in step.", id="history.W001")]
