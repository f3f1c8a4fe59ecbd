"""Development and the demo of `dev.py demo`: loopback only, keys from the state folder."""

from portal.settings.base import *  # noqa: F403  settings modules build on each other by star import
from portal.settings.base import ALLOWED_HOSTS, SECRET_KEY, env

SECRET_KEY = SECRET_KEY or "only-for-commands-that-need-no-secret"
ALLOWED_HOSTS = [*ALLOWED_HOSTS, "127.0.0.1", "localhost", "[::1]"]
DEBUG = env.bool("DEBUG", default=False)
DEMO_ACCOUNTS = True
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = env.str("EMAIL_FILE_PATH", default="/tmp/kohtaanto-mail")  # noqa: S108  development mail only
# Hashed names as in production; compressing everything at its best would take half a minute at the first start.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
}
