"""WSGI entry point; the web process pools its database connections."""

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from portal.settings.chosen import require_settings

require_settings()

for _alias in ("default", "access_log"):
    settings.DATABASES[_alias]["CONN_MAX_AGE"] = 0
    settings.DATABASES[_alias]["OPTIONS"]["pool"] = {"min_size": 1, "max_size": 8, "timeout": 10}

application = get_wsgi_application()

from portal.accounts.checks import refuse_demo_people  # noqa: E402  the apps have to be loaded

refuse_demo_people()
