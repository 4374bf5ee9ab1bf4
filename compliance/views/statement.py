"""The coverage statement of a licence, on a page and on paper."""

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from compliance import audit
from compliance.forms import RulesFilter
from compliance.jurisdictions import PACKS
from compliance.statement.covering import Statement, state_of
from compliance.views.home import brands_of
from config.lib.clock import utcnow
from config.lib.http import requires
from config.lib.pages import page
from config.lib.paper import pdf


def _asked(request: HttpRequest) -> tuple[RulesFilter, Statement]:
    now, brands, form = utcnow(), brands_of(request), RulesFilter(request.GET)
    chosen = form.chosen()
    mine = sorted(set(brands.values_list("licence__jurisdiction", flat=True)))
    licence = chosen.get("licence") or next((name for name in mine if name in PACKS), "GB")
    day: date = chosen.get("day") or now.date()
    return form, state_of(licence, day, brands.filter(licence__jurisdiction=licence), now=now)


@requires("compliance.view")
@require_safe
def coverage(request: HttpRequest) -> HttpResponse:
    form, found = _asked(request)
    return page(request, "compliance/coverage.html", {"form": form, "found": found, "licences": PACKS})


@requires("compliance.view")
@require_safe
def coverage_pdf(request: HttpRequest) -> HttpResponse:
    _, found = _asked(request)
    if found.pack is None:
        raise Http404("no rules are known for that day")
    audit.record(request.user, "export.statement", f"licence:{found.jurisdiction}",  # type: ignore[arg-type]
                 brand=audit.only(brand.pk for brand in found.brands), after={"day": found.day})  # fmt: skip
    answer = HttpResponse(pdf("compliance/coverage_pdf.html", {"found": found}), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="coverage-{found.jurisdiction}-{found.day}.pdf"'
    return answer
