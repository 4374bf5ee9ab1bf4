"""All settings, one file, from the environment. A value that makes no sense refuses to start."""

import secrets
import sys
from datetime import timedelta
from pathlib import Path

import structlog
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from config.embedded import addresses
from config.lib import env, redaction

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env.text("PITBOSS_DATA", str(BASE_DIR / "var")))
DEBUG = env.flag("DEBUG")
DEMO = env.flag("PITBOSS_DEMO")  # shows the tour and the cast; never set it beside real players
TESTING = "pytest" in sys.modules

# --- who we are -------------------------------------------------------------------------------
_is_tool = Path(sys.argv[0]).name == "manage.py" or "mypy" in sys.modules
SECRET_KEY = env.text("SECRET_KEY")
if not SECRET_KEY:
    # Tools work with a key of the moment; a web or worker process must share one with its siblings.
    if not (DEBUG or DEMO or TESTING or _is_tool):
        raise ImproperlyConfigured("SECRET_KEY is not set.")
    SECRET_KEY = secrets.token_urlsafe(50)
# Keys the hashes of addresses nobody may write to. Not the one above: that may be changed, this one never, or the list
# is empty and nobody notices.
SUPPRESSION_KEY = env.text("SUPPRESSION_KEY")
if not SUPPRESSION_KEY and (DEBUG or DEMO or TESTING):
    SUPPRESSION_KEY = SECRET_KEY
if not SUPPRESSION_KEY and not _is_tool:
    raise ImproperlyConfigured("SUPPRESSION_KEY is not set.")
# Signs the newest hash of the audit trail (64 hex digits: `manage.py audit key`), and the folder it is written to each
# minute: best one on another machine, where what was written cannot be changed. Never in the database.
AUDIT_SIGNING_KEY = env.text("AUDIT_SIGNING_KEY")
AUDIT_ANCHOR_DIR = Path(env.text("AUDIT_ANCHOR_DIR", str(DATA_DIR / "anchor")))
# Seals national ids and keys the hashes two accounts are told to be one person's by. Never changed either.
IDENTITY_KEY = env.text("IDENTITY_KEY") or SUPPRESSION_KEY
ALLOWED_HOSTS = env.names("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
PUBLIC_URL = env.text("PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/")
CSRF_TRUSTED_ORIGINS = env.names("CSRF_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "config",
    "compliance",  # before auth: it owns the user model
    "players",
    "segments",
    "bonuses",
    "campaigns",
    "reporting",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "servestatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "channels",
    "django_celery_beat",
    "django_filters",
    "django_htmx",
    "template_partials",
    "django_tables2",
    "crispy_forms",
    "crispy_bootstrap5",
    "rest_framework",
    "rest_framework_api_key",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "drf_standardized_errors",
    "csp",
    "django_structlog",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "servestatic.middleware.ServeStaticMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",  # deny by default: a public view says so
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "config.lib.http.HtmxAnswers",
    "config.middleware.BrandZone",
    "django_structlog.middlewares.RequestMiddleware",
]

ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
FLOW = "config.flow"
PANELS = "config.panels"

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
                "config.frame.frame",
            ],
            "builtins": [
                "django.templatetags.static",
                "config.templatetags.ui",
                "template_partials.templatetags.partials",
                "crispy_forms.templatetags.crispy_forms_filters",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"
DJANGO_TABLES2_TEMPLATE = "ui/table.html"

# --- where the truth lives ----------------------------------------------------------------------
# Two roles: the owner migrates, the application runs and owns nothing. The owner's address belongs
# to whoever migrates; web and workers do without it. No address given = the embedded servers.
_embedded = addresses(DATA_DIR)
DATABASE_URL = env.text("DATABASE_URL") or _embedded.database_url
DATABASE_OWNER_URL = env.text("DATABASE_OWNER_URL") or (
    "" if env.text("DATABASE_URL") else _embedded.database_owner_url
)
REDIS_URL = env.text("REDIS_URL") or _embedded.redis_url

DATABASES = {"default": env.database(DATABASE_URL)}
DATABASES["default"] |= {"CONN_HEALTH_CHECKS": True, "TEST": {"MIRROR": "owner"}}
if env.flag("PITBOSS_POOL"):  # web processes only: in a forked Celery worker a pool is shared and breaks
    DATABASES["default"]["OPTIONS"] = {"pool": {"min_size": 2, "max_size": 12, "timeout": 10}}
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
if DATABASE_OWNER_URL:
    DATABASES["owner"] = env.database(DATABASE_OWNER_URL)
else:
    DATABASES["default"]["TEST"] = {}
DATABASE_ROUTERS: list[str] = []
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

_redis_base = REDIS_URL.split("?", 1)[0]
_unix = _redis_base.startswith("unix://")


def redis_url(number: int) -> str:
    """The same server, logical database `number` (0 broker, 2 cache, 3 channels)."""
    return f"{_redis_base}?db={number}" if _unix else f"{_redis_base.rstrip('/')}/{number}"


CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": redis_url(2)}}
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.core.RedisChannelLayer",
        # redis-py 8 times idle sockets out after 5 s, channels_redis blocks for 5 s: never a timeout here.
        "CONFIG": {"hosts": [{"address": redis_url(3), "socket_timeout": None}]},
    }
}

CELERY_BROKER_URL = f"redis+socket://{_redis_base.removeprefix('unix://')}?virtual_host=0" if _unix else redis_url(0)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 120
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_TASK_DEFAULT_QUEUE = "ingest"
# One queue per app's work: one never waits behind another.
CELERY_TASK_ROUTES = {
    # What follows from an event must not wait behind a backlog of events.
    "players.tasks.settle_owed": {"queue": "journeys"},
    "players.tasks.settle_stages": {"queue": "segments"},
    "players.tasks.redraw_stages": {"queue": "segments"},  # minutes long for a large brand
    "players.tasks.run_imports": {"queue": "reports"},  # minutes long: the fold must not wait behind it
    "players.tasks.fetch_details": {"queue": "feeds"},  # waits for other people's servers
    "players.tasks.take_drops": {"queue": "feeds"},  # minutes long
    "players.*": {"queue": "ingest"},
    "compliance.tasks.make_exports": {"queue": "reports"},  # seconds long: a time-out's end must not wait behind it
    "compliance.tasks.verify_trail": {"queue": "reports"},
    "compliance.tasks.ask_registers": {"queue": "feeds"},  # waits for other people's servers
    "compliance.tasks.look_for_twins": {"queue": "segments"},
    "compliance.*": {"queue": "compliance"},
    "segments.tasks.run_exports": {"queue": "reports"},  # a minute long: members must not wait behind it
    "segments.*": {"queue": "segments"},
    "bonuses.*": {"queue": "bonuses"},
    "campaigns.tasks.count_reach": {"queue": "reports"},  # a second per offer: messages must not wait behind it
    "campaigns.tasks.advance*": {"queue": "journeys"},
    "campaigns.*": {"queue": "dispatch"},
    "reporting.*": {"queue": "reports"},
}

# --- who may come in ------------------------------------------------------------------------------
AUTH_USER_MODEL = "compliance.Operator"
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/login/"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # a slow hash is half of a page test
SECURE_COOKIES = env.flag("SECURE_COOKIES", default=not (DEBUG or DEMO or TESTING))
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_COOKIES
SESSION_COOKIE_NAME = "__Host-session" if SECURE_COOKIES else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE_COOKIES else "csrf"
SESSION_COOKIE_AGE = 12 * 3600
SECURE_SSL_REDIRECT = SECURE_COOKIES
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("BEHIND_TLS_PROXY") else None
SECURE_HSTS_SECONDS = 31_536_000 if SECURE_COOKIES else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE_COOKIES
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-src": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}

# --- the API -------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["players.api.keys.HasFeedKey"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_standardized_errors.openapi.AutoSchema",
    # Requests of one key. Counting is what singles people out if it may be done without end.
    "DEFAULT_THROTTLE_RATES": {
        "segments": "600/min",
        "segments_counting": "60/min",
        "segments_checking": "12000/min",
        "clearances": "6000/min",
        "suppressions": "600/min",
    },
    "EXCEPTION_HANDLER": "drf_standardized_errors.handler.exception_handler",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Pitboss API",
    "DESCRIPTION": "Post what your PAM already emits; ask the gate before you send.",
    "VERSION": "1",
    "SERVE_PERMISSIONS": [],
    "APPEND_COMPONENTS": {
        "securitySchemes": {
            "FeedKey": {
                "type": "apiKey",
                "in": "header",
                "name": "Authorization",
                "description": "`Api-Key <key of the feed>`",
            }
        }
    },
    "SECURITY": [{"FeedKey": []}],
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "defaultModelsExpandDepth": -1, "docExpansion": "list"},
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "ENUM_NAME_OVERRIDES": {
        "ValidationErrorEnum": "drf_standardized_errors.openapi_serializers.ValidationErrorEnum.choices",
        "ClientErrorEnum": "drf_standardized_errors.openapi_serializers.ClientErrorEnum.choices",
        "ServerErrorEnum": "drf_standardized_errors.openapi_serializers.ServerErrorEnum.choices",
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024

# --- words, time and money -------------------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English")]
TIME_ZONE = "UTC"  # civil time lives at the edges: brand zone on pages, player's zone in quiet hours
USE_TZ = True
USE_I18N = True
# Off: it would write ids into links and hidden fields as "1,234". Figures for people go through {% number %}.
USE_THOUSAND_SEPARATOR = False
EXTRA_CURRENCIES = {"BIT": 2}  # units of an operator's own: code -> digits after the point

# --- files and mail ---------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "servestatic.storage.CompressedManifestStaticFilesStorage"
        if not (DEBUG or DEMO or TESTING)
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
SERVESTATIC_USE_FINDERS = DEBUG or DEMO or TESTING
IMPORT_MAX_BYTES = env.number("IMPORT_MAX_MB", 256) * 1_048_576
IMPORT_KEEP = timedelta(days=env.number("IMPORT_KEEP_DAYS", 7))  # how long an uploaded file stays on the disk
EMAIL_HOST = env.text("EMAIL_HOST", "127.0.0.1")
EMAIL_PORT = env.number("EMAIL_PORT", 1025)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS")
# At once, of each process that sends; ask your mail server.
EMAIL_CONNECTIONS = env.number("EMAIL_CONNECTIONS", 8, least=1)
PAM_CREDIT_URL = env.text("PAM_CREDIT_URL")  # where bonuses are credited; empty: the PAM learns of them elsewhere
# host[:port] of operators' own APIs we may call; what is not here is not called, whatever an address says
OPERATOR_API_HOSTS = env.names("OPERATOR_API_HOSTS")
# host[:port] of self-exclusion registers we may ask; keys come as REGISTER_KEY_…
REGISTER_HOSTS = env.names("REGISTER_HOSTS")
# Where files with events are put, one folder per brand and in it one per feed; empty: nobody drops files
DROPS_DIR = env.text("DROPS_DIR")

LOG_LEVEL = env.text("LOG_LEVEL", "WARNING").upper()
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"class": "config.lib.redaction.Formatter", "format": "%(asctime)s %(levelname)s %(name)s %(message)s"}
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
}
structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso"),
        structlog.processors.format_exc_info,
        redaction.redact,
        structlog.processors.JSONRenderer(),
    ],
    wrapper_class=structlog.make_filtering_bound_logger(LOG_LEVEL),
    logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    cache_logger_on_first_use=True,
)
