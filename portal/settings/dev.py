"""Development and the demo of `dev.py demo`: loopback only, keys from the state folder."""

from portal.settings.base import *  # noqa: F403  settings modules build on each other by star import
from portal.settings.base import ACCESS_LOG_KEY, ALLOWED_HOSTS, MFA_KEYS, SECRET_KEY, env

SECRET_KEY = SECRET_KEY or "only-for-commands-that-need-no-secret"
MFA_KEYS = MFA_KEYS or ["b25seS1mb3ItY29tbWFuZHMtdGhhdC1uZWVkLW5vbmU="]
ACCESS_LOG_KEY = ACCESS_LOG_KEY or "only-for-development-where-no-key-is-set"
ALLOWED_HOSTS = [*ALLOWED_HOSTS, "127.0.0.1", "localhost", "[::1]"]
DEBUG = env.bool("DEBUG", default=False)
DEMO_ACCOUNTS = True
HISTORY_MAY_REST = True
# Mail and text messages go to a page of the demo, where their links can be followed.
OUTBOX_MAIL_ADAPTER = env.str("OUTBOX_MAIL_ADAPTER", default="portal.outbox.adapters.demo.DemoMailbox")
OUTBOX_SMS_ADAPTER = env.str("OUTBOX_SMS_ADAPTER", default="portal.outbox.adapters.demo.DemoTelephone")
# Hashed names as in production; compressing everything at its best would take half a minute at the first start.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
}
