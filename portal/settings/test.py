"""Tests: as production where it matters (middleware, CSP, strict templates), fast where it does not."""

import os

from portal.settings.base import *  # noqa: F403  settings modules build on each other by star import
from portal.settings.base import INSTALLED_APPS, MIDDLEWARE, REDIS_URL, env

SECRET_KEY = "test-secret-key-not-used-anywhere-else"  # noqa: S105  a key for tests alone
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "testserver"]
DEMO_ACCOUNTS = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Static files come from their sources: tests need no collectstatic.
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True
IDENTITY_KEYS = ["dGVzdC1rZXktZm9yLXRlc3RzLW9ubHktMzItYnl0ZXM="]
IDENTITY_INDEX_KEY = "test-index-key"

# The cache stays in the process and is emptied before each test. Of the broker, each process of pytest-xdist (gw0,
# gw1 ...) has a database of its own beside the one that the address names.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
if _process := os.environ.get("PYTEST_XDIST_WORKER", "").removeprefix("gw"):
    _server, _, _database = REDIS_URL.rpartition("/")
    REDIS_URL = f"{_server}/{(int(_database) + 1 + int(_process)) % 16}"
CELERY_BROKER_URL = CELERY_RESULT_BACKEND = REDIS_URL
CELERY_TASK_ALWAYS_EAGER = env.bool("CELERY_EAGER", default=True)
CELERY_TASK_EAGER_PROPAGATES = True

# Harnesses that see every request, also those of a browser: see tests/strict.
INSTALLED_APPS = [*INSTALLED_APPS, "zeal"]
MIDDLEWARE = ["tests.strict.reading.ReadOnlyGetMiddleware", *MIDDLEWARE, "zeal.middleware.zeal_middleware"]
ZEAL_RAISE = True
ZEAL_SHOW_ALL_CALLERS = True
