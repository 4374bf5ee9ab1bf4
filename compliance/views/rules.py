from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from compliance import rates, rulebook, wall
from compliance.forms import RatesForm, RulesFilter
from compliance.jurisdictions import PACKS, pack_for
from compliance.jurisdictions.timing import timing
from compliance.views.home import brands_of
from config.lib.clock import utcnow
from config.lib.http import requires
from config.lib.pages import page


@requires("compliance.view")
@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """What is in force, per licence and day; the switches are per brand."""
    now, brands = utcnow(), brands_of(request)
    own = sorted(set(brands.values_list("licence__jurisdiction", flat=True)))
    chosen = RulesFilter(request.GET).chosen()
    licence = chosen.get("licence") or (own[0] if own else "GB")
    day: date = chosen.get("day") or now.date()
    pack, here = pack_for(licence, day), brands.filter(licence__jurisdiction=licence)
    coming, over = rulebook.changes(PACKS[licence], day)
    chapters = rulebook.chapters(pack, day, here, dict(wall.refused_by_rule(here, now=now))) if pack else []
    context = {
        "licence": licence, "day": day, "pack": pack, "book": PACKS[licence], "brands": here, "chapters": chapters,
        "licences": [(code, pack.place, code in own) for code, pack in PACKS.items()],
        "count": sum(len(chapter.lines) for chapter in chapters), "timing": timing(licence),
        "waiting": wall.waiting_switches(here), "coming": coming, "over": over,
    }  # fmt: skip
    return page(request, "compliance/rules.html", context)


@requires("compliance.view")
@require_safe
def exchange_rates(request: HttpRequest) -> HttpResponse:
    """What amounts in different currencies are compared at; where one is missing the answer is no."""
    return page(request, "compliance/rates.html", {"rows": rates.table(now=utcnow())})


@requires("compliance.edit")
@require_http_methods(["GET", "POST"])
def record_rates(request: HttpRequest) -> HttpResponse:
    form = RatesForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            count = rates.record(data["lines"], source=data["source"], actor=request.user, now=utcnow())  # type: ignore[arg-type]
        except rates.WrongRate as wrong:
            form.add_error("lines", str(wrong))
        else:
            messages.success(request, f"Recorded {count} rates.")
            return redirect("compliance:rates")
    return page(request, "compliance/record_rates.html", {"form": form}, status=422 if form.errors else 200)
