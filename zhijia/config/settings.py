"""All settings, read from the environment. A value that cannot be understood stops the start with its name.

Set by the environment: ``DATABASE_URL``, ``ZHIJIA_VAR``, ``ZHIJIA_SECRET_KEY``, ``ZHIJIA_DEBUG``,
``ZHIJIA_HOSTS``, ``ZHIJIA_URL``, ``ZHIJIA_JURISDICTION``, ``ZHIJIA_KEYS``, ``ZHIJIA_CIPHER``.
"""

import os
import secrets
import sqlite3
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from zhijia.config.areas import AREAS, CARDS  # noqa: F401 - CARDS is read as a setting by the registry

HOME = Path(__file__).resolve().parent.parent.parent
VAR = Path(os.environ.get("ZHIJIA_VAR", HOME / "var"))


def env_flag(name: str, *, default: bool) -> bool:
    """Read a switch; anything but 1/0, true/false, yes/no is refused."""
    value = os.environ.get(name, "").strip().lower()
    if value in ("", "1", "true", "yes", "0", "false", "no"):
        return value in ("1", "true", "yes") if value else default
    raise ImproperlyConfigured(f"{name}={value!r}: write 1 or 0.")


def secret_key() -> str:
    """Return the key from the environment, else the one kept in var/ (made at the first start)."""
    given = os.environ.get("ZHIJIA_SECRET_KEY")
    if given:
        return given
    kept = VAR / "secret_key"
    if not kept.exists():
        VAR.mkdir(parents=True, exist_ok=True)
        handle = os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(50))
    return kept.read_text().strip()


# The WAL-reset bug of SQLite is fixed in these versions; older libraries use the rollback journal.
SQLITE_PATCHED = sqlite3.sqlite_version_info >= (3, 51, 3) or any(
    sqlite3.sqlite_version_info[:2] == fixed[:2] and sqlite3.sqlite_version_info >= fixed
    for fixed in ((3, 50, 7), (3, 44, 6))
)


def database() -> dict[str, object]:
    """Describe the database of ``DATABASE_URL`` (sqlite:///path or postgresql://...)."""
    url = os.environ.get("DATABASE_URL") or f"sqlite:///{VAR / 'zhijia.sqlite3'}"
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        journal = "WAL" if SQLITE_PATCHED else "DELETE"
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(parts.path[1:] if parts.path.startswith("//") else parts.path),
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": f"PRAGMA journal_mode={journal}; PRAGMA synchronous=FULL;",
            },
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
            "OPTIONS": {"options": "-c datestyle=ISO"},
        }
    raise ImproperlyConfigured(f"DATABASE_URL: unknown scheme {parts.scheme!r}; use sqlite or postgresql.")


SECRET_KEY = secret_key()
DEBUG = env_flag("ZHIJIA_DEBUG", default=False)
ALLOWED_HOSTS = os.environ.get("ZHIJIA_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
BASE_URL = os.environ.get("ZHIJIA_URL", "http://127.0.0.1:8000").rstrip("/")
JURISDICTION = os.environ.get("ZHIJIA_JURISDICTION", "cn")

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
    "zhijia.areas.accounts.middleware.ActorMiddleware",
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
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

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
KEYS = Path(os.environ.get("ZHIJIA_KEYS", VAR / "keys"))
CIPHER = os.environ.get("ZHIJIA_CIPHER", "aes-256-gcm")
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
ACTOR_LOADER = "zhijia.areas.accounts.queries.actor_by_id"
DJANGO_TABLES2_TEMPLATE = "kit/table.html"
SESSION_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    },
}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
