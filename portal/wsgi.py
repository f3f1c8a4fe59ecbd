"""WSGI entry point; the web process pools its database connections."""

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from portal.settings.chosen import require_settings

require_settings()

settings.DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 1, "max_size": 8, "timeout": 10}

application = get_wsgi_application()
