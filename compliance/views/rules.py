from datetime import date
from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from compliance import gate, reasons, switches, wall
from compliance.forms import AskForm, RulesFilter
from compliance.jurisdictions import PACKS, pack_for
from compliance.models.decision import Purpose
from compliance.rules import Rule
from compliance.views.home import brands_of
from compliance.views.people import find
from config.lib.clock import utcnow
from config.lib.http import requires
from config.lib.money import exponent
from config.lib.pages import page
from players.models import Brand, Player


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


@requires("compliance.view")
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """What the gate would say now. Records nothing and binds nobody."""
    form = AskForm(request.POST or None, initial={"purpose": "promotional", "player": request.GET.get("player", "")})
    context: dict[str, object] = {"form": form}
    if request.method == "POST" and form.is_valid():
        player = find(request, form.cleaned_data["player"].strip())
        if player is None:
            form.add_error("player", "No player with this id at your brands.")
        else:
            [answer] = gate.preview([_request(player, form.cleaned_data)], now=utcnow())
            sentences = wall.sentences()
            split = [reason.partition(" ") for reason in answer.reasons]
            context |= {
                "player": player, "answer": answer, "sentence": reasons.sentence(answer.code, "compliance"),
                "reasons": [(r, reasons.sentence(c, "compliance"), sentences.get(r, "")) for c, _, r in split],
            }  # fmt: skip
    return page(request, "compliance/ask.html", context, status=422 if form.errors else 200)


def _request(player: Player, data: dict) -> gate.Request:
    def minor(amount: Decimal | None) -> int:
        return int((amount or 0) * 10 ** exponent(player.currency))

    products = frozenset(data["product"])
    wanted = gate.Ask(data["ask_kind"], minor(data["ask_amount"]), player.currency) if data["ask_kind"] else None
    offer = None
    if data["bonus_value"]:
        offer = gate.Incentive(
            "free_cash", minor(data["bonus_value"]), player.currency, wagering=data["wagering"], days=data["days"],
            products=products,
        )  # fmt: skip
    return gate.Request(
        player.pk, Purpose(data["purpose"]), data["channel"], products, frozenset({"manual"}), "what-if", wanted, offer
    )
