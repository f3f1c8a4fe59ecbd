"""Tests: as production where it matters (middleware, CSP, strict templates), fast where it does not."""

import os
import tempfile
from pathlib import Path

from portal.settings.base import *  # noqa: F403  settings modules build on each other by star import
from portal.settings.base import INSTALLED_APPS, MIDDLEWARE, REDIS_URL, env

SECRET_KEY = "test-secret-key-not-used-anywhere-else"  # noqa: S105  a key for tests alone
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "testserver"]
DEMO_ACCOUNTS = True
HISTORY_MAY_REST = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
OUTBOX_SMS_ADAPTER = env.str("OUTBOX_SMS_ADAPTER", default="portal.outbox.adapters.memory.MemoryAdapter")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Static files come from their sources: tests need no collectstatic.
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True
IDENTITY_KEYS = ["dGVzdC1rZXktZm9yLXRlc3RzLW9ubHktMzItYnl0ZXM="]
IDENTITY_INDEX_KEY = "test-index-key"
MFA_KEYS = ["dGVzdC1rZXktZm9yLXNlY29uZC1mYWN0b3JzLTMyLWI="]
DEMO_SECRETS_FILE = str(Path(tempfile.gettempdir()) / f"kohtaanto-tests-demo-codes-{os.getuid()}.json")
ACCESS_LOG_KEY = "test-access-log-key"
ACCESS_LOG_SEAL_KEYS = ["test-key-of-seals"]
RETENTION_KEYS = ["test-key-of-proofs"]
# Most tests roll one transaction back: there the log shares its connection. Tests of the log use its own.
ACCESS_LOG_DATABASE = "default"

# Over https as in production; plain http is not sent on, so that tests may use either.
SECURE_HSTS_SECONDS, SECURE_HSTS_INCLUDE_SUBDOMAINS, SECURE_HSTS_PRELOAD = 31_536_000, True, True

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
# Messages are sent one by one, each in transactions of its own; in tests that happens within the request.
# At sign-in allauth looks whether each of the person's few sessions is still there.
ZEAL_ALLOWLIST = [{"model": "outbox.Message"}, {"model": "outbox.Attempt"}, {"model": "sessions.Session"}]
ZEAL_SHOW_ALL_CALLERS = True
