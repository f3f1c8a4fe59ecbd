"""Tests: as production where it matters (strict templates, manifest off), fast where it does not."""

from portal.settings.base import *  # noqa: F403  settings modules build on each other by star import
from portal.settings.base import MIDDLEWARE, TEMPLATES, env

SECRET_KEY = "test-secret-key-not-used-anywhere-else"  # noqa: S105  a key for tests alone
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "testserver"]
DEMO_ACCOUNTS = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
IDENTITY_KEYS = ["dGVzdC1rZXktZm9yLXRlc3RzLW9ubHktMzItYnl0ZXM="]
IDENTITY_INDEX_KEY = "test-index-key"
CELERY_TASK_ALWAYS_EAGER = env.bool("CELERY_EAGER", default=True)
CELERY_TASK_EAGER_PROPAGATES = True
INSTALLED_APPS = [*INSTALLED_APPS, "zeal"]  # noqa: F405
MIDDLEWARE = [*MIDDLEWARE, "zeal.middleware.zeal_middleware"]
ZEAL_RAISE = True
# An undefined variable in a template is a mistake of ours: tests/conftest.py turns this marker into a failure.
TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = "UNDEFINED-TEMPLATE-VARIABLE-%s"  # type: ignore[index]
