"""What this machine needs besides Python packages, each with the command that brings it.

`manage.py doctor` prints all of it; Django's own checks warn about what would silently cost a feature.
"""

import ctypes
import ctypes.util
import locale
import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register

from config.embedded import processes, run_dir

PANGO = ("libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz-subset.so.0")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_APT = "apt-get install -y --no-install-recommends"


@dataclass(frozen=True)
class Finding:
    name: str
    ok: bool
    detail: str
    cure: str = ""  # a command, or what to set
    needed: bool = True  # False: something still works without it


def findings(port: int) -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    cure = f"{_APT} python3.11 python3.11-venv"
    yield Finding("Python", sys.version_info >= (3, 11), f"{version}, 3.11 or newer is needed", cure)
    yield _pango()
    fonts = any(Path(place).is_dir() and any(Path(place).iterdir()) for place in ("/usr/share/fonts", "/Library/Fonts"))
    yield Finding("Fonts", fonts, "for PDF reports", f"{_APT} fonts-dejavu-core", needed=False)
    yield _locale()
    yield _run_dir()
    free = processes.is_free(port)
    yield Finding("Port", free, f"{port} is {'free' if free else 'taken'}", f"make demo ARGS='--port {port + 1}'")
    browser = find_browser()
    detail = f"{browser or 'none found'}; tests that drive one are left out without it"
    yield Finding("Browser", browser is not None, detail, f"{_APT} chromium", needed=False)


def find_browser() -> str | None:
    given = os.environ.get("CHROMIUM")
    return given or next((found for found in map(shutil.which, BROWSERS) if found), None)


def _pango() -> Finding:
    missing = []
    for name in PANGO:
        try:
            ctypes.CDLL(name)
        except OSError:
            if not ctypes.util.find_library(name.removeprefix("lib").split(".so")[0]):
                missing.append(name)
    cure = f"{_APT} libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
    return Finding("Pango", not missing, "draws PDF reports; the rest works without", cure, needed=False)


def _locale() -> Finding:
    name = os.environ.get("LC_ALL") or os.environ.get("LANG") or "C"
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        locale.setlocale(locale.LC_CTYPE, name)
        ok = True
    except locale.Error:
        ok = False
    finally:
        locale.setlocale(locale.LC_CTYPE, before)
    return Finding("Locale", ok, f"{name}{'' if ok else ' is not on this machine'}", "export LC_ALL=C.UTF-8")


def _run_dir() -> Finding:
    places = [settings.DATA_DIR, run_dir(settings.DATA_DIR)]
    closed = [place for place in places if not os.access(_nearest(place), os.W_OK)]
    sockets = len(os.fsencode(run_dir(settings.DATA_DIR))) + len("/.s.PGSQL.5432.lock") <= 107
    detail = f"{', '.join(map(str, places))} {'can' if not closed and sockets else 'cannot'} be written"
    return Finding("Folders", not closed and sockets, detail, "export PITBOSS_DATA=$HOME/pitboss TMPDIR=/tmp")


def _nearest(place: Path) -> Path:
    return place if place.exists() else _nearest(place.parent)


@register(Tags.compatibility)
def pango_is_there(app_configs: Sequence[AppConfig] | None, **kwargs: object) -> list[CheckMessage]:
    found = _pango()
    if found.ok:
        return []
    return [Warning("PDF reports cannot be drawn: Pango is missing.", hint=found.cure, id="pitboss.W001")]


@register(Tags.security, deploy=True)
def no_demo_beside_real_players(app_configs: Sequence[AppConfig] | None, **kwargs: object) -> list[CheckMessage]:
    if not settings.DEMO:
        return []
    return [Error("PITBOSS_DEMO is on: its operators have a known password.", id="pitboss.E001")]


@register(Tags.security, deploy=True)
def suppression_has_a_key_of_its_own(app_configs: Sequence[AppConfig] | None, **kwargs: object) -> list[CheckMessage]:
    key = settings.SUPPRESSION_KEY
    if settings.DEMO or (len(key) >= 32 and key != settings.SECRET_KEY):
        return []
    words = "SUPPRESSION_KEY is to be a secret of 32 characters or more, another than SECRET_KEY, and never changed."
    return [Error(words, id="pitboss.E002")]
