"""How the self-exclusion registers answer, and what each was asked: about whom, why, with what answer, good until when."""

from datetime import datetime, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from compliance.forms import AnswersFilter
from compliance.models import RegisterCheck
from compliance.registers import health
from compliance.registers.catalogue import REGISTERS
from compliance.views.decisions import start_of
from compliance.views.home import brands_of
from config.lib.clock import utcnow
from config.lib.http import requires
from config.lib.pages import page

_DAYS = 7  # shown until somebody chooses; the answers of years are there to be chosen


@requires("compliance.view")
@require_safe
def registers(request: HttpRequest) -> HttpResponse:
    """Which registers the licences have, how long an answer counts, whether they answer."""
    now = utcnow()
    ours = health.of(brands_of(request).select_related("licence"), now=now)
    asked = {one.register.key for one in ours}
    context = {
        "registers": [(one, *one.state(now)) for one in ours],
        "others": [register for key, register in REGISTERS.items() if key not in asked],
        "now": now,
    }
    return page(request, "compliance/registers.html", context)


@requires("compliance.view")
@require_safe
def answers(request: HttpRequest) -> HttpResponse:
    """Each time a register was asked, newest first."""
    now, form = utcnow(), AnswersFilter(request.GET)
    found = _search(RegisterCheck.objects.filter(player__brand__in=brands_of(request)), form.chosen(), now)
    newest = found.select_related("player__brand").order_by("-asked_at", "-pk")
    pages = Paginator(newest, 50).get_page(request.GET.get("page"))
    context = {"form": form, "rows": [(row, *_counted(row, now)) for row in pages], "pages": pages, "days": _DAYS}
    return page(request, "compliance/register_answers.html", context, partials={"rows"})


def _search(found: QuerySet[RegisterCheck], chosen: dict[str, Any], now: datetime) -> QuerySet[RegisterCheck]:
    if text := chosen.get("q", "").replace("\0", "").strip():
        found = found.filter(player__external_id=text)
    for name in ("register", "result", "purpose", "by"):
        if name in chosen:
            found = found.filter(**{name: chosen[name]})
    if "since" in chosen or not text:
        found = found.filter(
            asked_at__gte=start_of(chosen["since"]) if "since" in chosen else now - timedelta(days=_DAYS)
        )
    if "until" in chosen:
        found = found.filter(asked_at__lt=start_of(chosen["until"] + timedelta(days=1)))
    return found


def _counted(row: RegisterCheck, now: datetime) -> tuple[str, datetime | None, bool]:
    """(the register's name, until when its answer counts, whether it still does); nothing definite counts for nothing."""
    register = REGISTERS.get(row.register)
    if register is None or row.result == RegisterCheck.Result.UNAVAILABLE:
        return (register.name if register else row.register), None, False
    until = row.asked_at + register.lasts
    return register.name, until, until > now
