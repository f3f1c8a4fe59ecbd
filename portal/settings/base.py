"""Settings that hold everywhere. `dev`, `test` and `production` change only what differs there.

Values of one installation come from environment variables; `.env.example` names them all.
"""

from pathlib import Path

import bootstrap_wrapper
import environ
from csp.constants import NONE, SELF

from portal.devtools.variables import read_env_file
from portal.settings.provider import provider

BASE_DIR = Path(__file__).resolve().parent.parent.parent
env = environ.Env()
# A name without a value is not set: people copy .env.example whole and fill in what they need.
for _name, _value in read_env_file(BASE_DIR / ".env").items():
    env.ENVIRON.setdefault(_name, _value)

DEBUG = False
SECRET_KEY = env.str("SECRET_KEY", default="")
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=[])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", default=[])
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "portal.accounts.administration.config.AdministrationConfig",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_filters",
    "django_htmx",
    "django_linear_migrations",
    "django_tables2",
    "heroicons",
    "import_export",
    "rules.apps.AutodiscoverRulesConfig",
    "portal.ui",
    "portal.classifications",
    "portal.accounts",
    "portal.runs",
    "portal.outbox",
    "portal.privacy",
    "employers",
    "jobmatching",
    "training",
    "priorities",
]

MIDDLEWARE = [
    "portal.ui.middleware.SecurityHeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.ui.middleware.PrivatePagesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.privacy.history.middleware.HistoryMiddleware",
    "portal.accounts.sessions.middleware.SessionLimitsMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "portal.accounts.second_factor.middleware.SecondFactorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "portal.ui.limits.LimitsMiddleware",
    # Last: it notes what the view refused, not what a middleware stopped before it.
    "portal.privacy.access.middleware.AccessLogMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.ui.context.page",
                "portal.accounts.context.area",
            ],
        },
    },
]

# --- Database, cache, jobs -------------------------------------------------------------------------------------
DATABASES = {"default": env.db_url("DATABASE_URL", default="postgres://localhost/kohtaanto")}
DATABASES["default"]["CONN_MAX_AGE"] = 0
DATABASES["default"]["ATOMIC_REQUESTS"] = True
# The web process pools its connections (portal.wsgi turns it on); Celery workers fork and manage.py ends soon.
DATABASES["default"].setdefault("OPTIONS", {})
# The access log is written on a connection of its own, outside the view's transaction: a refusal stays noted although
# the view rolls back. In production its role may only insert (docs/operations/access-log.md).
_log_url = "ACCESS_LOG_DATABASE_URL" if env.str("ACCESS_LOG_DATABASE_URL", default="") else "DATABASE_URL"
DATABASES["access_log"] = env.db_url(_log_url, default="postgres://localhost/kohtaanto")
DATABASES["access_log"] |= {"CONN_MAX_AGE": 60, "TEST": {"MIRROR": "default"}}
DATABASES["access_log"].setdefault("OPTIONS", {})
if not env.bool("ACCESS_LOG_WAITS_FOR_DISK", default=False):
    DATABASES["access_log"]["OPTIONS"].setdefault("options", "-c synchronous_commit=off")
ACCESS_LOG_DATABASE = "access_log"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", default="redis://127.0.0.1:6379/0")
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
SESSION_ENGINE = "django.contrib.sessions.backends.db"

CELERY_BROKER_URL = REDIS_URL
CELERY_RESULT_BACKEND = REDIS_URL
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SERIALIZER = CELERY_RESULT_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_RESULT_EXPIRES = 3600
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "Europe/Helsinki"
CELERY_TASK_TIME_LIMIT = 3600
# Workers log as the web process does: by LOGGING below, whose lines hold no values of rows.
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# visibility_timeout must exceed the longest task; the short sweep brings a killed worker's task back in seconds.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3900,
    "unacked_restore_interval": 2,
    "unacked_restore_throttle": 1,
}

# --- Languages and time ----------------------------------------------------------------------------------------
LANGUAGE_CODE = "fi"
LANGUAGES = [("fi", "Suomi"), ("sv", "Svenska"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
TIME_ZONE = "Europe/Helsinki"
USE_TZ = True
USE_I18N = True
USE_THOUSAND_SEPARATOR = True

# --- Accounts --------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "portal.accounts.backends.RolesBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "portal.accounts.passwords.validators.LengthValidator"},
    {"NAME": "portal.accounts.passwords.validators.GuessedFirstValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "portal.outbox.account_mail.OutboxAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# Changes of passwords, addresses and second factors are told by mail.
ACCOUNT_EMAIL_NOTIFICATIONS = True
# The link to a new password is good for a day.
PASSWORD_RESET_TIMEOUT = 24 * 3600
ACCOUNT_FORMS = {
    "signup": "portal.accounts.sign_up.forms.SignUpForm",
    "login": "portal.accounts.passwords.forms.LoginForm",
    "reauthenticate": "portal.accounts.passwords.forms.ReauthenticateForm",
    "change_password": "portal.accounts.passwords.forms.ChangePasswordForm",
    "set_password": "portal.accounts.passwords.forms.SetPasswordForm",
    "reset_password": "portal.accounts.passwords.forms.ResetPasswordForm",
    "reset_password_from_key": "portal.accounts.passwords.forms.ResetPasswordKeyForm",
}
# "How often / in which time / by what": allauth counts in the cache. Attempts at a password or code by what is guessed
# at as well, so that many addresses of one guesser do not help.
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "20/m/ip,5/5m/key",
    "reset_password": "10/m/ip,3/h/key",
    "reset_password_from_key": "20/m/ip",
    "change_password": "5/m/user",
    "reauthenticate": "5/m/user",
    "signup": "10/m/ip",
    "confirm_email": "1/3m/key",
    "manage_email": "10/m/user",
}
MFA_ADAPTER = "portal.accounts.second_factor.adapter.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_FORMS = {
    "authenticate": "portal.accounts.second_factor.forms.AuthenticateForm",
    "reauthenticate": "portal.accounts.second_factor.forms.ReauthenticateForm",
    "activate_totp": "portal.accounts.second_factor.forms.ActivateTOTPForm",
    "add_webauthn": "portal.accounts.second_factor.forms.AddWebAuthnForm",
    "edit_webauthn": "portal.accounts.second_factor.forms.EditWebAuthnForm",
}
# Key ring of the secrets of authenticator apps: the first key encrypts, all decrypt (manage.py renew_mfa_keys).
MFA_KEYS: list[str] = env.list("MFA_KEYS", default=[])
# Sign-in by the municipality's own provider (Entra ID); None: off.
OIDC = provider(env)
SOCIALACCOUNT_ADAPTER = "portal.accounts.by_provider.adapter.ProviderAdapter"
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {"provider_class": "portal.accounts.by_provider.protocol.MunicipalProvider"}
}
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_REQUESTS_TIMEOUT = 10
# The mark by which a browser is known again at sign-in.
DEVICE_COOKIE_NAME = "device"
# Where the demo's second factors are kept; empty: in the state folder of dev.py.
DEMO_SECRETS_FILE = ""
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)

# --- Security --------------------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "connect-src": [SELF],
        "font-src": [SELF],
        "form-action": [SELF],
        "manifest-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "portal.ui.errors.csrf_failure"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_NUMBER_FILES = 5
FILE_UPLOAD_HANDLERS = ["portal.ui.uploads.InMemoryWithinLimit"]
# /.well-known/security.txt: until when the contact is good (a deploy check warns 30 days before); empty: half a year
# from the day on which somebody asks.
SECURITY_TXT_EXPIRES = env.str("SECURITY_TXT_EXPIRES", default="")

# Key rings of the identity code: encryption (first key encrypts, all decrypt) and keyed-hash search.
IDENTITY_KEYS: list[str] = env.list("IDENTITY_KEYS", default=[])
IDENTITY_INDEX_KEY = env.str("IDENTITY_INDEX_KEY", default="")
# Former keys of the search, only until `manage.py rotate_identity_keys` has written every hash anew.
IDENTITY_INDEX_FORMER_KEYS: list[str] = env.list("IDENTITY_INDEX_FORMER_KEYS", default=[])
# Words of searches for people stand in the access log as hashes with this key.
ACCESS_LOG_KEY = env.str("ACCESS_LOG_KEY", default="")
# Seals over the access log are made with the last of these, held against the one of their number. Only added to.
ACCESS_LOG_SEAL_KEYS: list[str] = env.list("ACCESS_LOG_SEAL_KEYS", default=[])
# Proofs and marks of deletions are made with the first of these, and held against all of them.
RETENTION_KEYS: list[str] = env.list("RETENTION_KEYS", default=[])

# --- Files -----------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
# Static files are for our own pages (Cross-Origin-Resource-Policy says the same).
WHITENOISE_ALLOW_ALL_ORIGINS = False
STATICFILES_DIRS = [BASE_DIR / "static", ("bootstrap", bootstrap_wrapper.get_bootstrap_dir())]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = BASE_DIR / "media"

# --- Mail ------------------------------------------------------------------------------------------------------
vars().update(env.email_url("EMAIL_URL", default="consolemail://"))
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="kohtaanto@localhost")
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", default=20)
# Who carries messages (portal.outbox.adapters); text messages are off until an adapter is named.
OUTBOX_MAIL_ADAPTER = env.str("OUTBOX_MAIL_ADAPTER", default="portal.outbox.adapters.mail.MailAdapter")
OUTBOX_SMS_ADAPTER = env.str("OUTBOX_SMS_ADAPTER", default="")
SMS_URL = env.str("SMS_URL", default="")
SMS_TOKEN = env.str("SMS_TOKEN", default="")
SMS_SENDER = env.str("SMS_SENDER", default="")
# The provider's own names of the fields from, to, text and reference, and of the identifier in its answer.
SMS_FIELDS: dict[str, str] = env.dict("SMS_FIELDS", default={})
SMS_ID_FIELD = env.str("SMS_ID_FIELD", default="id")
# Where people write about the portal; shown on the feedback page and in the accessibility statement.
CONTACT_EMAIL = env.str("CONTACT_EMAIL", default="palaute@kohtaanto.example")
SECURITY_CONTACTS: list[str] = env.list("SECURITY_CONTACTS", default=[f"mailto:{CONTACT_EMAIL}"])

# --- Parts -----------------------------------------------------------------------------------------------------
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
DJANGO_TABLES2_TEMPLATE = "ui/table.html"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
IMPORT_EXPORT_USE_TRANSACTIONS = True
# Formulas are escaped by our own formats, which leave numbers numbers (portal.ui.spreadsheets.formats).
IMPORT_EXPORT_ESCAPE_ILLEGAL_CHARS_ON_EXPORT = True

# --- What a lower floor needs from a higher one (docs/adr/0002-floors.md) ----------------------------------------
# Slot on a page -> callables (request, object) -> template name and context, or None.
PAGE_PANELS: dict[str, list[str]] = {
    "vacancy.page": ["jobmatching.nightly.panels.candidates"],
    "vacancy.row": ["jobmatching.nightly.panels.counts_of_vacancies"],
    "seeker.page": ["jobmatching.nightly.panels.matches_of_seeker"],
    "seeker.row": ["jobmatching.nightly.panels_seekers.new_matches"],
    "seeker.match_count": ["jobmatching.nightly.panels_seekers.match_count"],
    "run.row": ["jobmatching.nightly.panels_run.counts_of_runs"],
    "run.list": ["jobmatching.nightly.stopping.panels.way_to_switch"],
    "run.page": [
        "jobmatching.nightly.panels_run.result_of_run",
        "portal.privacy.access.panels.result_of_run",
        "jobmatching.nightly.fairness.panels.result_of_run",
        "portal.privacy.retention.panels.result_of_run",
    ],
    "run.progress": ["jobmatching.nightly.panels_run.steps_of_run", "portal.privacy.retention.panels.steps_of_run"],
}
# Kind of recipient -> asked before each message whether somebody (by key) may still be written to.
OUTBOX_RECIPIENTS: dict[str, str] = {"jobseeker": "jobmatching.seekers.contact.services.may_be_written_to"}
# Event -> services run on commit with the ids of the changed rows.
STATE_EFFECTS: dict[str, list[str]] = {
    "search.measured": ["jobmatching.nightly.measuring.storing.store_search"],
    "classifications.imported": ["jobmatching.nightly.rules_versions.draft_after_import"],
    "jobseekers.hidden": [
        "jobmatching.nightly.hiding.sweep_soon",
        "jobmatching.seekers.contact.services.stop_messages_to_hidden",
    ],
    "accounts.way_opened": ["portal.privacy.access.rights_given.note"],
    "run.failed": ["jobmatching.nightly.alarm.tell_of_failure"],
}
# The jobs of the night, in order: name of the job, and what starts it: callable (day, user or None) -> JobRun.
NIGHT_STEPS: list[tuple[str, str]] = [
    ("matching", "jobmatching.nightly.night.start"),
    ("fairness", "jobmatching.nightly.fairness.night.start"),
    ("access_log", "portal.privacy.access.night.start"),
    ("retention", "portal.privacy.retention.night.start"),
]
# Whether triggers of the history may be switched off for invented people (portal.privacy.history.without_history).
HISTORY_MAY_REST = False
# Per app: table of personal fields, what has a history, exporters, retention classes. What goes with an object goes in
# reverse order: the history of all that went before goes last.
PRIVACY_SOURCES: list[str] = [
    "portal.privacy.history.personal_data",
    "portal.privacy.ground_floor",
    "portal.privacy.messages",
    "portal.privacy.access.personal_data",
    "portal.privacy.retention.personal_data",
    "employers.privacy",
    "jobmatching.privacy",
]

# --- The night (Europe/Helsinki); 01:15 stays clear of the hour that daylight saving moves -----------------------
NIGHT_HOUR, NIGHT_MINUTE = 1, 15
# A run that has not succeeded this many hours after its time raises the alarm on /readyz and on the run page.
NIGHT_GRACE_HOURS = env.int("NIGHT_GRACE_HOURS", default=3)
MATCHING_THREADS = env.int("MATCHING_THREADS", default=2)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "portal.runs.logs.LineFormatter",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        # Its own handler would write addresses as they are.
        "django.server": {"level": "WARNING", "handlers": ["stderr"], "propagate": False},
        "fontTools": {"level": "WARNING"},
    },
}
