"""All settings, read from the environment. A value that cannot be understood stops the start with its name.

Set by the environment: ``DATABASE_URL``, ``ZHIJIA_VAR``, ``ZHIJIA_SECRET_KEY``, ``ZHIJIA_DEBUG``,
``ZHIJIA_HOSTS``, ``ZHIJIA_URL``, ``ZHIJIA_JURISDICTION``, ``ZHIJIA_KEYS``, ``ZHIJIA_CIPHER``,
``ZHIJIA_BACKUP_DIR``, ``ZHIJIA_STATEMENT_TIMEOUT`` and ``ZHIJIA_IDLE_TRANSACTION_TIMEOUT`` (seconds),
``ZHIJIA_SECOND_FACTOR``, ``ZHIJIA_CODE_STEPS``, ``ZHIJIA_BREACHED_PASSWORDS``, ``ZHIJIA_IDLE_MINUTES``,
``ZHIJIA_PROXIES``, ``ZHIJIA_PROXY_HTTPS``, ``ZHIJIA_SYSLOG``, ``ZHIJIA_SCANNER``; log-in by other houses
(OIDC, DingTalk, Feishu, Weixin, WeCom): config/doors.py.
"""

import os
import secrets
import sqlite3
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from zhijia.config.areas import AREAS, CARDS  # noqa: F401 - CARDS is read as a setting by the registry
from zhijia.config.doors import outside_doors

HOME = Path(__file__).resolve().parent.parent.parent
VAR = Path(os.environ.get("ZHIJIA_VAR", HOME / "var"))


def env_flag(name: str, *, default: bool) -> bool:
    """Read a switch; anything but 1/0, true/false, yes/no is refused."""
    value = os.environ.get(name, "").strip().lower()
    if value in ("", "1", "true", "yes", "0", "false", "no"):
        return value in ("1", "true", "yes") if value else default
    raise ImproperlyConfigured(f"{name}={value!r}: write 1 or 0.")


def env_number(name: str, *, default: int) -> int:
    """Read a whole number from 0 up; anything else is refused."""
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    if not (value.isascii() and value.isdigit()):
        raise ImproperlyConfigured(f"{name}={value!r}: write a whole number, 0 or more.")
    return int(value)


def env_choice(name: str, *choices: str) -> str:
    """Read one of several words; the first one holds where nothing is said."""
    value = os.environ.get(name, "").strip().lower() or choices[0]
    if value not in choices:
        raise ImproperlyConfigured(f"{name}={value!r}: write one of {', '.join(choices)}.")
    return value


def secret_key() -> str:
    """Return the key from the environment, else the one kept in var/ (made at the first start)."""
    given = os.environ.get("ZHIJIA_SECRET_KEY")
    if given:
        return given
    kept = VAR / "secret_key"
    if not kept.exists():
        VAR.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(50))
    return kept.read_text().strip()


# The WAL-reset bug of SQLite is fixed in these versions; older libraries use the rollback journal.
SQLITE_PATCHED = sqlite3.sqlite_version_info >= (3, 51, 3) or any(
    sqlite3.sqlite_version_info[:2] == fixed[:2] and sqlite3.sqlite_version_info >= fixed
    for fixed in ((3, 50, 7), (3, 44, 6))
)


# The web process sets the first one (wsgi.py): jobs, migrations and backups may take as long as they need.
STATEMENT_SECONDS = env_number("ZHIJIA_STATEMENT_TIMEOUT", default=0)
IDLE_SECONDS = env_number("ZHIJIA_IDLE_TRANSACTION_TIMEOUT", default=600)
POSTGRES_SESSION = (
    "-c datestyle=ISO -c synchronous_commit=on"
    f" -c statement_timeout={STATEMENT_SECONDS}s"
    f" -c idle_in_transaction_session_timeout={IDLE_SECONDS}s"
)


def database(url: str = "") -> dict[str, object]:
    """Describe the database of an address (sqlite:///path or postgresql://...), else of ``DATABASE_URL``."""
    url = url or os.environ.get("DATABASE_URL") or f"sqlite:///{VAR / 'zhijia.sqlite3'}"
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        journal = "WAL" if SQLITE_PATCHED else "DELETE"
        return {
            "ENGINE": "zhijia.kernel.sqlite",
            "NAME": unquote(parts.path[1:] if parts.path.startswith("//") else parts.path),
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": (
                    f"PRAGMA journal_mode={journal}; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;"
                ),
            },
            "TEST": {"NAME": ":memory:"},
        }
    if parts.scheme in ("postgres", "postgresql"):
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path[1:]),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(dict(parse_qsl(parts.query)).get("host", parts.hostname or "")),
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 60,
            "OPTIONS": {"options": POSTGRES_SESSION},
        }
    raise ImproperlyConfigured(f"DATABASE_URL: unknown scheme {parts.scheme!r}; use sqlite or postgresql.")


SECRET_KEY = secret_key()
DEBUG = env_flag("ZHIJIA_DEBUG", default=False)
ALLOWED_HOSTS = os.environ.get("ZHIJIA_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
BASE_URL = os.environ.get("ZHIJIA_URL", "http://127.0.0.1:8000").rstrip("/")
JURISDICTION = os.environ.get("ZHIJIA_JURISDICTION", "cn")

DOORS = outside_doors(os.environ)
INSTALLED_APPS = [
    "zhijia.kernel",
    "zhijia.facts",
    "zhijia.kit",
    *[f"zhijia.areas.{name}" for name in AREAS],
    "zhijia.figures",
    "zhijia.targets",
    "zhijia.summaries",
    "zhijia.web",
    "zhijia.config",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    "django.forms",
    "django_htmx",
    "django_tables2",
    "django_filters",
    "django_tasks",
    "django_tasks_db",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "axes",
    *DOORS.apps,
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "zhijia.areas.accounts.middleware.ActorMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "zhijia.config.urls"
WSGI_APPLICATION = "zhijia.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "zhijia.web.context.shell",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "zhijia.kit.templatetags.kit",
            ],
        },
    },
]
FORM_RENDERER = "zhijia.kit.forms.KitRenderer"
DATABASES = {"default": database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "accounts:login"
STEP_UP_URL = "accounts:step-up"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",  # read and replaced at the next log-in
]
_VALIDATORS = "django.contrib.auth.password_validation."
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": "zhijia.areas.accounts.passwords.LengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": _VALIDATORS + "CommonPasswordValidator"},
    {"NAME": "zhijia.areas.accounts.passwords.GuessableValidator"},
    {
        "NAME": _VALIDATORS + "UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name")},
    },
]

BREACHED = os.environ.get("ZHIJIA_BREACHED_PASSWORDS")  # a file, one password a line, .gz or plain
if BREACHED:
    AUTH_PASSWORD_VALIDATORS.append(
        {"NAME": _VALIDATORS + "CommonPasswordValidator", "OPTIONS": {"password_list_path": BREACHED}}
    )

# What a log-in must show, how long a session lasts, and from where a request comes.
SECOND_FACTOR = env_choice("ZHIJIA_SECOND_FACTOR", "required", "optional")
IDLE_MINUTES = env_number("ZHIJIA_IDLE_MINUTES", default=30)  # 0: no log-out for idleness
SESSION_HOURS = 12  # however busy a session is
SESSION_COOKIE_AGE = SESSION_HOURS * 3600
PROXIES = env_number("ZHIJIA_PROXIES", default=0)  # trusted proxies in front that set X-Forwarded-For

# django-allauth: log-in by user name, second factors, sessions; nothing else of it has an address.
ACCOUNT_ADAPTER = "zhijia.areas.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False  # the cookie goes with the browser; SESSION_HOURS holds on the server
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "20/m/ip,15/15m/key",
    "reauthenticate": "10/m/user",
}
ALLAUTH_TRUSTED_PROXY_COUNT = PROXIES
MFA_ADAPTER = "zhijia.areas.accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "Zhijia"
# A code lives 30 s. A server without NTP may let it live some steps more, and loses ASVS 6.5.5 by that.
MFA_TOTP_TOLERANCE = env_number("ZHIJIA_CODE_STEPS", default=0)
MFA_RECOVERY_CODES_SHOW_ONCE = True
SOCIALACCOUNT_ADAPTER = "zhijia.areas.accounts.adapter.OutsideAdapter"
SOCIALACCOUNT_PROVIDERS = DOORS.providers
SOCIALACCOUNT_STORE_TOKENS = False

# django-axes: five failures of a user name from one address close the door for a quarter of an hour.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # trying on does not prolong it
AXES_RESET_ON_SUCCESS = True
AXES_USERNAME_CALLABLE = "zhijia.areas.accounts.lockout.name_mark"
AXES_CLIENT_IP_CALLABLE = "zhijia.areas.accounts.lockout.address_of"
AXES_LOCKOUT_CALLABLE = "zhijia.areas.accounts.lockout.closed_page"
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "code", "credential", "next"]
AXES_ENABLE_ADMIN = False
AXES_DISABLE_ACCESS_LOG = True  # the audit keeps log-ins
AXES_VERBOSE = False

# The counters of the rate limits and the codes already used must be seen by every process.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "zhijia_cache"},
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("zh-hant", "繁體中文"), ("en", "English")]
LOCALE_PATHS = [HOME / "zhijia" / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "static/"
STATICFILES_DIRS = [HOME / "zhijia" / "static"]
WHITENOISE_USE_FINDERS = True
UPLOADS = VAR / "uploads"
RESULTS = VAR / "results"
JOB_NOTES = VAR / "jobs"
ATTACHMENTS = VAR / "attachments"
UPKEEP = VAR / "backup" / "last.json"
BACKUPS = os.environ.get("ZHIJIA_BACKUP_DIR", "")
BACKUPS_KEPT = 30
SCRATCH = VAR / "tmp"
SCRATCH.mkdir(mode=0o700, parents=True, exist_ok=True)
FILE_UPLOAD_TEMP_DIR = SCRATCH  # swept each hour: a killed request leaves no roster behind
KEYS = Path(os.environ.get("ZHIJIA_KEYS", VAR / "keys"))
CIPHER = os.environ.get("ZHIJIA_CIPHER", "aes-256-gcm")
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
ACTOR_LOADER = "zhijia.areas.accounts.queries.actor_by_id"
DJANGO_TABLES2_TEMPLATE = "kit/table.html"

# Cookies and headers; an https address makes them strict.
IS_HTTPS = BASE_URL.startswith("https://")
_HOST = "__Host-" if IS_HTTPS else ""  # browsers take such a cookie from this very host by https only
SESSION_COOKIE_NAME = f"{_HOST}sessionid"
SESSION_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = f"{_HOST}csrftoken"
CSRF_COOKIE_SECURE = IS_HTTPS
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True  # scripts read the token from the page
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # no cookie of its own
CSRF_TRUSTED_ORIGINS = [BASE_URL] if IS_HTTPS else []
LANGUAGE_COOKIE_NAME = f"{_HOST}language"
LANGUAGE_COOKIE_SECURE = IS_HTTPS
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_HTTPS
SECURE_HSTS_PRELOAD = IS_HTTPS
SECURE_REFERRER_POLICY = "same-origin"
if env_flag("ZHIJIA_PROXY_HTTPS", default=False):  # the proxy sets this header and drops the client's own
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF, *DOORS.hosts],  # browsers hold redirects after a form to it too
    },
}
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "format": "{asctime} {levelname} {name}: {message}",
            "datefmt": "%Y-%m-%dT%H:%M:%S%z",  # with its offset: lines of several machines are compared
            "style": "{",
        },
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"zhijia.audit": {"handlers": [], "level": "INFO", "propagate": False}},
}
SYSLOG = os.environ.get("ZHIJIA_SYSLOG", "")  # host:port of a log server: it gets warnings and audit lines
if SYSLOG:
    _host, _, _port = SYSLOG.rpartition(":")
    if not _host or not _port.isdigit():
        raise ImproperlyConfigured(f"ZHIJIA_SYSLOG={SYSLOG!r}: write host:port.")
    LOGGING["handlers"]["syslog"] = {
        "class": "logging.handlers.SysLogHandler",
        "address": (_host, int(_port)),
        "formatter": "plain",
    }
    LOGGING["root"]["handlers"].append("syslog")
    LOGGING["loggers"]["zhijia.audit"]["handlers"].append("syslog")
SCANNER = os.environ.get("ZHIJIA_SCANNER", "").split()  # e.g. clamdscan --fdpass; a path is added
