from datetime import date

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from compliance import switches, wall
from compliance.forms import RulesFilter
from compliance.jurisdictions import PACKS, pack_for
from compliance.rules import Rule
from compliance.views.home import brands_of
from config.lib.clock import utcnow
from config.lib.http import requires
from config.lib.pages import page
from players.models import Brand


@requires("compliance.view")
@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """What is in force, per licence and day; the switches are per brand."""
    now, brands = utcnow(), brands_of(request)
    licences = sorted(set(brands.values_list("licence__jurisdiction", flat=True)))
    form = RulesFilter(request.GET)
    chosen = form.chosen()
    licence = chosen.get("licence") or (licences[0] if licences else "GB")
    day: date = chosen.get("day") or now.date()
    pack = pack_for(licence, day)
    here = brands.filter(licence__jurisdiction=licence)
    tally = dict(wall.refused_by_rule(here, now=now))
    found = pack.on(day) if pack else ()
    context = {
        "licence": licence, "licences": list(PACKS), "day": day, "pack": pack, "brands": here,
        "rows": [(rule, tally.get(rule.id, 0), _states(rule, here)) for rule in found],
        "waiting": wall.waiting_switches(here),
        "coming": [rule for rule in PACKS[licence].rules if rule.effective_from > day],
    }  # fmt: skip
    return page(request, "compliance/rules.html", context)


def _states(rule: Rule, brands: object) -> list[tuple[Brand, bool]]:
    return [(brand, switches.is_on(brand, rule.id)) for brand in brands] if rule.switchable else []  # type: ignore[attr-defined]
