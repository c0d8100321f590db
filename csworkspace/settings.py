"""Settings, all from the environment; the table in docs/operations.md names each one."""

from pathlib import Path
from typing import Any

import environ
import structlog
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from csworkspace.embedded.paths import state_dir
from csworkspace.embedded.services import urls as embedded_urls
from csworkspace.web.fonts import font_dirs
from csworkspace.web.local_secret import local_secret

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# --- where the services are -------------------------------------------------
STATE_DIR = state_dir()
EMBEDDED = not env.str("DATABASE_URL", "")
_embedded = embedded_urls(STATE_DIR)


def database(url: str) -> dict[str, Any]:
    """Connection settings for one URL; sessions never carry state between transactions."""
    return {
        **env.db_url_config(url),
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": env.int("DATABASE_CONN_MAX_AGE", 60),
        "CONN_HEALTH_CHECKS": True,
        # Works behind PgBouncer in transaction mode.
        "DISABLE_SERVER_SIDE_CURSORS": True,
        "ATOMIC_REQUESTS": False,
    }


DATABASES = {"default": database(env.str("DATABASE_URL", "") or _embedded.database_url)}
# What migrations grant to; the connection itself is pointed at the owner meanwhile.
APP_ROLE = str(DATABASES["default"]["USER"])
OWNER_DATABASE = database(env.str("OWNER_DATABASE_URL", "") or _embedded.owner_database_url)
BROKER_URL = env.str("BROKER_URL", "") or _embedded.broker_url
CACHE_URL = env.str("CACHE_URL", "") or _embedded.cache_url

# --- how careful to be ------------------------------------------------------
PRODUCTION = env.bool("PRODUCTION", default=not EMBEDDED)
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", "")
if not SECRET_KEY:
    if PRODUCTION:
        raise ImproperlyConfigured("Set SECRET_KEY to a long random text, the same for every process.")
    SECRET_KEY = local_secret(STATE_DIR)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
SITE_URL = env.str("SITE_URL", f"http://localhost:{env.int('PORT', 8000)}").rstrip("/")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[SITE_URL])
HTTPS = env.bool("HTTPS", default=PRODUCTION)
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
# How many proxies of our own stand in front; each adds one entry to X-Forwarded-For.
PROXY_COUNT = env.int("PROXY_COUNT", 1 if env.bool("BEHIND_PROXY", default=False) else 0)
if PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = env.int("MAX_REQUEST_BYTES", 20 * 1024 * 1024)
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
MAX_UPLOAD_BYTES = env.int("MAX_UPLOAD_BYTES", 50 * 1024 * 1024)
MAX_UNPACKED_BYTES = env.int("MAX_UNPACKED_BYTES", 20 * 1024**3)
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# --- the parts --------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "csworkspace",
    "accounts",
    "playbooks",
    "reports",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "csworkspace.tenancy.middleware.TransactionMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "csworkspace.people.middleware.AccessMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "csworkspace.urls"
WSGI_APPLICATION = "csworkspace.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "csworkspace.web.context.shell",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": CACHE_URL}}
SESSION_ENGINE = "django.contrib.sessions.backends.db"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = False

# --- static files -----------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = STATE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static", *font_dirs()]
# Served by whitenoise straight from the source folders; nothing needs to be collected.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG

# --- people -----------------------------------------------------------------
AUTH_USER_MODEL = "csworkspace.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
AUTH_PASSWORD_VALIDATORS[1]["OPTIONS"] = {"min_length": 10}  # type: ignore[assignment]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
# The first page of a workspace, by URL name.
LANDING = {"staff": "book", "executive": "curve", "customer": "portal"}
ACCOUNT_ADAPTER = "csworkspace.people.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "CS Workspace"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
MFA_REQUIRED_ROLES = env.list("MFA_REQUIRED_ROLES", default=["admin"] if PRODUCTION else [])
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_CALLABLE = "csworkspace.people.lockout.typed_name"
AXES_CLIENT_IP_CALLABLE = "csworkspace.people.addresses.client_address"
AXES_USERNAME_FORM_FIELD = "login"
# Trying again while locked out does not make it longer.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_DISABLE_ACCESS_LOG = True
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False
AXES_LOCKOUT_CALLABLE = "csworkspace.people.lockout.locked_out"
AXES_VERBOSE = False
INVITATION_DAYS = 14

# --- mail -------------------------------------------------------------------
MAIL_CONFIGURED = bool(env.str("EMAIL_URL", ""))
if MAIL_CONFIGURED:
    vars().update(env.email_url("EMAIL_URL"))
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = STATE_DIR / "mail"
# Seconds to wait for the mail server at each step of the conversation.
EMAIL_TIMEOUT = env.float("EMAIL_TIMEOUT", 20)
# After the text: a server may look at it for minutes before it says that it has it.
EMAIL_DATA_TIMEOUT = env.float("EMAIL_DATA_TIMEOUT", 180)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "CS Workspace <csworkspace@localhost>")

# --- webhooks ---------------------------------------------------------------
# Let webhooks reach addresses of private networks and of this machine.
# Plays write to one contact at most once in so many days; a later e-mail waits.
CONTACT_REST_DAYS = env.int("CONTACT_REST_DAYS", 2)
WEBHOOK_ALLOW_PRIVATE = env.bool("WEBHOOK_ALLOW_PRIVATE", default=False)

# --- jobs -------------------------------------------------------------------
JOB_LEASE_SECONDS = env.float("JOB_LEASE_SECONDS", 60)
# Jobs that ended well are removed after so many days.
JOB_KEEP_DAYS = env.int("JOB_KEEP_DAYS", 90)
JOB_BACKOFF_SECONDS = env.float("JOB_BACKOFF_SECONDS", 2)
# Run jobs in the process that starts them; for tests and single shell commands.
JOBS_INLINE = env.bool("JOBS_INLINE", default=False)
JOB_REAP_SECONDS = env.float("JOB_REAP_SECONDS", 15)

# --- API --------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["csworkspace.api.keys.ApiKeyAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["csworkspace.api.keys.HasApiKey"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "CS Workspace API",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PUBLIC": True,
    "SERVE_PERMISSIONS": [],
    "SERVE_AUTHENTICATION": [],
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "WARNING")},
}
# Plain tracebacks: the default would print local variables, and with them secrets, into the log.
structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.format_exc_info,
        structlog.stdlib.render_to_log_kwargs,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.stdlib.BoundLogger,
)
SILENCED_SYSTEM_CHECKS: list[str] = []
