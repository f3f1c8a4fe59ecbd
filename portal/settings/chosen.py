"""Which settings a process runs with: whoever starts it says so. `manage.py` and `dev.py` say `portal.settings.dev`."""

import os

from django.core.exceptions import ImproperlyConfigured


def require_settings() -> None:
    """Raise ImproperlyConfigured where DJANGO_SETTINGS_MODULE is not set.

    A server that fell back on the settings of development would run with its keys and its demo sign-ins, and nobody
    would notice.
    """
    if not os.environ.get("DJANGO_SETTINGS_MODULE"):
        raise ImproperlyConfigured(
            "DJANGO_SETTINGS_MODULE is not set: set it to portal.settings.production and start again."
        )
