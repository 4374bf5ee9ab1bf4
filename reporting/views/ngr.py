"""The NGR statement: page, PDF, CSV, and where each amount comes from."""

from dataclasses import replace
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from bonuses import books
from compliance import audit
from config.lib.http import requires
from config.lib.pages import page
from reporting import definitions, exports, pdf
from reporting.models import NgrDefinition
from reporting.questions import drill
from reporting.questions.scope import Period
from reporting.rows import rows
from reporting.statements import Statement, build
from reporting.views.asked import Asked, asked

LONGEST_LIST = 500


@requires("reports.view")
@require_safe
def ngr(request: HttpRequest) -> HttpResponse:
    wanted = asked(request)
    if wanted is None:
        return page(request, "reporting/ngr_none.html", {"definitions": NgrDefinition.objects.exists()})
    statement = _built(wanted)
    context = {
        "asked": wanted,
        "form": wanted.form,
        "statement": statement,
        "rows": rows(statement.waterfall, statement.previous),
        "drillable": drill.LABELS,
    }
    return page(request, "reporting/ngr.html", context, partials={"statement"})


@requires("reports.finance")
@require_POST
def start_definitions(request: HttpRequest) -> HttpResponse:
    definitions.ensure_defaults()
    audit.record(
        request.user,  # type: ignore[arg-type]
        "definitions.started",
        "ngr-definitions",
        brand=None,
        reason="standard definitions put in place",
    )
    return redirect("reports:ngr")


@requires("reports.view")
@require_safe
def ngr_pdf(request: HttpRequest) -> HttpResponse:
    wanted = _or_404(request)
    statement = _built(wanted)
    return _file(wanted, pdf.render(statement), "pdf", "application/pdf")


@requires("reports.view")
@require_safe
def ngr_csv(request: HttpRequest) -> HttpResponse:
    wanted = _or_404(request)
    return _file(wanted, exports.statement_csv(_built(wanted)).encode(), "csv", "text/csv; charset=utf-8")


@requires("reports.view")
@require_safe
def ngr_drill(request: HttpRequest, key: str) -> HttpResponse:
    """By day; with ?day= by player; with ?player= the entries."""
    wanted = _or_404(request)
    if key not in drill.LABELS:
        raise Http404
    day, player = _day(request), request.GET.get("player", "")
    scope = wanted.scope.on(Period(day, day)) if day else wanted.scope
    level, pieces = "day", list[Any]()
    if day and player.isdecimal():
        visible = scope.players().filter(pk=player).first()
        if visible is None:
            raise Http404
        level, pieces = "entry", drill.entries(replace(scope, player_id=visible.pk), key)
    elif day:
        level, pieces = "player", drill.by_player(scope, key)
    else:
        pieces = drill.by_day(scope, key)
    context = {
        "asked": wanted, "key": key, "label": drill.LABELS[key], "labels": books.LABELS, "day": day, "level": level,
        "player": visible if level == "entry" else None, "total": sum(p.amount for p in pieces),
        "pieces": pieces[:LONGEST_LIST], "left_off": max(0, len(pieces) - LONGEST_LIST),
        "rest": sum(p.amount for p in pieces[LONGEST_LIST:]), "booked": key in drill.BOOKED,
    }  # fmt: skip
    return page(request, "reporting/ngr_drill.html", context)


def _built(wanted: Asked) -> Statement:
    return build(wanted.brand, wanted.period, wanted.definition, wanted.now, wanted.currency)


def _or_404(request: HttpRequest) -> Asked:
    wanted = asked(request)
    if wanted is None:
        raise Http404
    return wanted


def _day(request: HttpRequest) -> date | None:
    text = request.GET.get("day", "")
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Http404 from None


def _file(wanted: Asked, content: bytes, kind: str, mime: str) -> HttpResponse:
    response = HttpResponse(content, content_type=mime)
    name = f"ngr-{wanted.brand.slug}-{wanted.period.first}-{wanted.period.last}-{wanted.currency}.{kind}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
