"""All settings, all from the environment; a missing or wrong value stops the start.

Every variable is named and explained in .env.example.
"""

import base64
import sys
from datetime import timedelta
from pathlib import Path

import environ
from celery.schedules import crontab
from django.core.exceptions import ImproperlyConfigured

from .unfold import UNFOLD  # noqa: F401 (read by the admin's theme)

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()


def one_of(name: str, allowed: tuple[str, ...], default: str) -> str:
    """A variable with a short list of values; anything else stops the start."""
    value = env.str(name, default)
    if value not in allowed:
        raise ImproperlyConfigured(f"{name} is {value!r}, must be one of {', '.join(allowed)}")
    return value


def field_keys(text: str) -> dict[str, bytes]:
    """FIELD_KEYS is `id:base64,id:base64`; the first key writes, all of them read."""
    keys = {}
    for part in text.split(","):
        key_id, _, encoded = part.strip().partition(":")
        try:
            key = base64.b64decode(encoded, validate=True)
        except ValueError:
            key = b""
        if not key_id or len(key) != 32:
            raise ImproperlyConfigured("FIELD_KEYS must be id:base64 of 32 bytes, comma separated")
        keys[key_id] = key
    return keys


# -- Who we are --------------------------------------------------------------------------------
DEBUG = env.bool("DEBUG", False)
SECRET_KEY = env.str("SECRET_KEY")
if len(SECRET_KEY) < 50:
    raise ImproperlyConfigured("SECRET_KEY must have at least 50 characters")
FIELD_KEYS = field_keys(env.str("FIELD_KEYS"))
FIELD_CIPHER = one_of("FIELD_CIPHER", ("aesgcm", "sm4gcm"), "aesgcm")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[".localhost", "127.0.0.1", "[::1]"])
# A congress with the key `gulou` answers at gulou.<BASE_DOMAIN>, besides its own hosts.
BASE_DOMAIN = env.str("BASE_DOMAIN", "localhost")
ROOT_URLCONF = "congress.urls"
WSGI_APPLICATION = "congress.wsgi.application"
AUTH_USER_MODEL = "congress.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SITE_ID = None

INSTALLED_APPS = [
    # The apps stand in one line: each may use those below it.
    "reports",
    "suggestions",
    "activities",
    "performance",
    "deputies",
    "deadlines",
    "notices",
    "congress",
    "unfold",
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "django_filters",
    "django_htmx",
    "drf_spectacular",
    "guardian",
    "rest_framework",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "congress.middleware.CongressMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "congress.middleware.MemberMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "congress.context.house",
                "notices.context.unread",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# -- Database: three logins (see docs/OPERATIONS.md) ------------------------------------------
USE_POOL = env.bool("DATABASE_POOL", False)


def database(name: str, pool: bool = False) -> dict:
    """One login as Django wants it, with the statement cache off for poolers."""
    config = env.db_url(name)
    if config["ENGINE"] != "django.db.backends.postgresql":
        raise ImproperlyConfigured(f"{name} must be a postgres:// address")
    options = config.setdefault("OPTIONS", {})
    options["prepare_threshold"] = None
    if pool:
        options["pool"] = {"min_size": 1, "max_size": env.int("DATABASE_POOL_SIZE", 12)}
    return config


DATABASES = {
    "default": database("DATABASE_URL", pool=USE_POOL),
    "platform": database("DATABASE_PLATFORM_URL"),
}
if env.str("DATABASE_OWNER_URL", ""):  # known to `migrate` alone; web and worker do without
    DATABASES["owner"] = database("DATABASE_OWNER_URL")
DATABASE_ROUTERS = ["congress.tenancy.OwnerMigrates"]

# -- Time and words ---------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LOCALE_PATHS = [BASE_DIR / "congress" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# -- Files ------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", str(BASE_DIR / "var" / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", str(BASE_DIR / "var" / "files")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage",
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
FILE_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024

# -- Sign-in ----------------------------------------------------------------------------------
PASSWORD_PROFILE = one_of("PASSWORD_PROFILE", ("dengbao", "asvs"), "dengbao")
PASSWORD_HISTORY = 5
STAFF_TOTP = one_of("STAFF_TOTP", ("required", "optional"), "required")
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"congress.passwords.{name}"}
    for name in (
        "LengthValidator",
        "ThreeClassesValidator",
        "WidelyKnownValidator",
        "NotTheLoginNameValidator",
        "HistoryValidator",
    )
]
# Five failures lock an account for 15 minutes; the same answer whether it exists or not.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_USERNAME_CALLABLE = "congress.signin.account_key"
AXES_LOCKOUT_CALLABLE = "congress.signin.locked_out"
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True  # the congress's own log has it
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "login", "code", "next"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = "login_name"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "congress.signin.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "congress.signin.LoginForm",
    "change_password": "congress.signin.ChangePasswordForm",
}
ACCOUNT_RATE_LIMITS = False  # counted in the database, by account and by address, not per process
ACCOUNT_SESSION_REMEMBER = True
MFA_ADAPTER = "congress.signin.MfaAdapter"
MFA_FORMS = {
    "authenticate": "congress.signin.SecondFactorForm",
    "reauthenticate": "congress.signin.SecondFactorAgainForm",
    "activate_totp": "congress.signin.FirstCodeForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "first_screen"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "congress.signin.AccountBackend",
    "guardian.backends.ObjectPermissionBackend",
]
GUARDIAN_MONKEY_PATCH_USER = False
ANONYMOUS_USER_NAME = None
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 7 * 86400  # at most; congress.sessions ends them earlier
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"

# -- Behind TLS -------------------------------------------------------------------------------
HTTPS = env.bool("HTTPS", False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
TRUST_PROXY = env.bool("TRUST_PROXY", False)
if TRUST_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"
# Accounts are locked, addresses are slowed down beside it (congress.signin).
SILENCED_SYSTEM_CHECKS = ["security.W019", "axes.W006"]

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'self'"],
        "frame-src": ["'self'"],
        "frame-ancestors": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'self'"],
    },
}

# Mail and SMS servers are named by a congress, so they must be out in the internet and speak TLS;
# hosts named here may be inside our own network (notices.outgoing).
OUTGOING_PRIVATE_HOSTS = env.list("OUTGOING_PRIVATE_HOSTS", default=[])

# -- Queue ------------------------------------------------------------------------------------
REDIS_URL = env.str("REDIS_URL")
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
}
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0.1, "interval_max": 0.2}
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE = {
    "relay": {"task": "congress.relay", "schedule": 1.0, "options": {"expires": 5}},
    "deadlines": {"task": "deadlines.sweep", "schedule": 300.0, "options": {"expires": 300}},
    "promises": {"task": "suggestions.sweep", "schedule": 3600.0, "options": {"expires": 3600}},
    "exports": {"task": "congress.sweep", "schedule": crontab(hour=3, minute=40)},
    "limits": {"task": "suggestions.mend_limits", "schedule": crontab(hour=3, minute=10)},
    "notices": {"task": "notices.sweep", "schedule": 15.0, "options": {"expires": 15}},
}
CELERY_BEAT_SCHEDULE_FILENAME = env.str("BEAT_SCHEDULE", "/tmp/celerybeat-schedule")

# -- Programs ---------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "congress.api.refuse",
    "DEFAULT_AUTHENTICATION_CLASSES": ["congress.api.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["congress.api.IsMember"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_PAGINATION_CLASS": "congress.api.Pages",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "PAGE_SIZE": 50,
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "人大代表工作平台接口",
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "DEFAULT_GENERATOR_CLASS": "congress.api.openapi.Description",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "ActivityState": "activities.models.Activity.State",
        "AttendanceOutcome": "performance.models.DutyRecord.AttendanceOutcome",
        "LeaveState": "activities.models.LeaveRequest.State",
        "MandateEventKind": "deputies.models.MandateEvent.Kind",
        "MandateLevel": "deputies.models.Mandate.Level",
        "MandateStart": "deputies.models.Mandate.Start",
        "ObjectionKind": "performance.models.Objection.Kind",
        "ObjectionState": "performance.models.Objection.State",
        "PeriodKind": "performance.models.Period.Kind",
        "PeriodState": "performance.models.Period.State",
        "ReportState": "performance.models.SelfReport.State",
        "SuggestionState": "suggestions.models.Suggestion.State",
    },
}

# -- Log --------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler", "stream": sys.stderr}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "WARNING")},
}
