"""What a regulator asks, and where it is answered."""

import csv
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from compliance import audit
from compliance.regulator import reading, tables
from compliance.regulator.asked import QUESTIONS
from compliance.views.home import brands_of
from config.lib.clock import utcnow
from config.lib.forms import FilterForm
from config.lib.http import requires
from config.lib.pages import page
from config.lib.spreadsheet import safe

SHOWN = 20
_LAST = date(9000, 1, 1)  # the calendar of the database goes on, ours does not


class PeriodForm(FilterForm):
    since = forms.DateField(required=False)
    until = forms.DateField(required=False)


def _asked(request: HttpRequest) -> tables.Asked:
    """Without a choice the last 90 days; the last day included."""
    today, chosen = timezone.localdate(utcnow()), PeriodForm(request.GET).chosen()
    since, until = chosen.get("since", today - timedelta(days=90)), min(chosen.get("until", today), _LAST)
    return tables.Asked(brands_of(request), _midnight(since), _midnight(until + timedelta(days=1)))


def _midnight(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


@requires("compliance.view")
@require_safe
def questions(request: HttpRequest) -> HttpResponse:
    return page(request, "compliance/questions.html", {"asked": _asked(request), "questions": QUESTIONS})


@requires("compliance.view")
@require_safe
def answer(request: HttpRequest, key: str) -> HttpResponse:
    asked = _asked(request)
    question = next((one for one in QUESTIONS if one.table == key), None)
    if question is None:
        raise Http404
    header, rows = tables.TABLES[key](asked)
    names = dict(asked.brands.values_list("slug", "name"))
    context = {
        "asked": asked,
        "question": question,
        "columns": reading.columns(header),
        "rows": [list(reading.cells(header, row, names)) for row in rows[:SHOWN]],
        "count": len(rows),
        "key": key,
    }
    if key == "silence":
        context["spread"] = tables.spread(rows, header.index("seconds_to_last"))
    return page(request, "compliance/answer.html", context)


@requires("compliance.view")
@require_safe
def answer_csv(request: HttpRequest, key: str) -> HttpResponse:
    if key not in tables.TABLES:
        raise Http404
    asked = _asked(request)
    header, rows = tables.TABLES[key](asked)
    made = HttpResponse(content_type="text/csv; charset=utf-8")
    made["Content-Disposition"] = f'attachment; filename="{key}-{asked.since:%Y-%m-%d}-{asked.until:%Y-%m-%d}.csv"'
    out = csv.writer(made)
    out.writerow(header)
    out.writerows([_cell(value) for value in row] for row in rows)
    with transaction.atomic():
        audit.record(request.user, "export.table", f"table:{key}", brand=None,  # type: ignore[arg-type]
                     after={"since": asked.since, "until": asked.until, "rows": len(rows)})  # fmt: skip
    return made


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, datetime) else safe(str(value))
