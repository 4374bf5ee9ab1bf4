from datetime import date

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from compliance import rulebook, wall
from compliance.forms import RulesFilter
from compliance.jurisdictions import PACKS, pack_for
from compliance.jurisdictions.timing import OPEN, timing
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
    pack, here = pack_for(licence, day), brands.filter(licence__jurisdiction=licence).select_related("licence")
    coming, over = rulebook.changes(PACKS[licence], day)
    chapters = rulebook.chapters(pack, day, here, dict(wall.refused_by_rule(here, now=now))) if pack else []
    context = {
        "licence": licence, "day": day, "pack": pack, "book": PACKS[licence], "brands": here, "chapters": chapters,
        "licences": [(code, pack.place, code in own) for code, pack in PACKS.items()],
        "wait_is_open": any(line.rule.id == OPEN.get(licence) and line.is_open for one in chapters for line in one.lines),
        "count": sum(len(chapter.lines) for chapter in chapters), "timing": timing(licence),
        "waiting": wall.waiting_switches(here), "coming": coming, "over": over,
    }  # fmt: skip
    return page(request, "compliance/rules.html", context)
