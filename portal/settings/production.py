"""Production: refuses to start when a secret or an address is missing, and says which."""

from django.core.exceptions import ImproperlyConfigured

from portal.settings.base import *  # noqa: F403  settings modules build on each other by star import
from portal.settings.base import (
    ACCESS_LOG_KEY,
    ACCESS_LOG_SEAL_KEYS,
    ALLOWED_HOSTS,
    IDENTITY_INDEX_KEY,
    IDENTITY_KEYS,
    MFA_KEYS,
    RETENTION_KEYS,
    SECRET_KEY,
    env,
)

_REQUIRED = {
    "SECRET_KEY": len(SECRET_KEY) >= 50,
    "ALLOWED_HOSTS": bool(ALLOWED_HOSTS),
    "DATABASE_URL": bool(env.ENVIRON.get("DATABASE_URL")),
    "REDIS_URL": bool(env.ENVIRON.get("REDIS_URL")),
    "IDENTITY_KEYS": bool(IDENTITY_KEYS),
    "IDENTITY_INDEX_KEY": len(IDENTITY_INDEX_KEY) >= 32,
    "MFA_KEYS": bool(MFA_KEYS),
    "ACCESS_LOG_KEY": len(ACCESS_LOG_KEY) >= 32,
    "ACCESS_LOG_SEAL_KEYS": bool(ACCESS_LOG_SEAL_KEYS) and all(len(key) >= 32 for key in ACCESS_LOG_SEAL_KEYS),
    # The log is written by a role that may add rows and nothing else (`check --deploy` looks at it).
    "ACCESS_LOG_DATABASE_URL": env.str("ACCESS_LOG_DATABASE_URL", default="")
    not in ("", env.str("DATABASE_URL", default="")),
    "RETENTION_KEYS": bool(RETENTION_KEYS) and all(len(key) >= 32 for key in RETENTION_KEYS),
    "EMAIL_URL": bool(env.ENVIRON.get("EMAIL_URL")),
    "DEFAULT_FROM_EMAIL": bool(env.ENVIRON.get("DEFAULT_FROM_EMAIL")),
    "SITE_URL": env.str("SITE_URL", default="").startswith("https://"),
}
if missing := [name for name, present in _REQUIRED.items() if not present]:
    raise ImproperlyConfigured(
        f"Set these environment variables before starting: {', '.join(missing)}. .env.example says what each is for."
    )

DEBUG = False
DEMO_ACCOUNTS = False
HISTORY_MAY_REST = False
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
# Probes ask over plain HTTP from beside the process.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.int("TRUSTED_PROXY_COUNT", default=0) else None
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-sessionid"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrftoken"
DEVICE_COOKIE_NAME = "__Host-device"
LANGUAGE_COOKIE_SECURE = True
LANGUAGE_COOKIE_NAME = "__Host-language"
