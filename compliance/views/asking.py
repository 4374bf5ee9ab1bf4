"""Ask the gate: what would be decided, about whom, when, and what if. Nothing is recorded and nobody is bound."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from compliance import gate, loading, reasons
from compliance.dossier import Dossier
from compliance.forms import AskForm
from compliance.ideal import ideal
from compliance.judging import Judgement, judge
from compliance.jurisdictions import asked_on, day_under
from compliance.models.decision import Purpose
from compliance.supposing import suppose
from compliance.views.people import find
from config.lib.clock import utcnow
from config.lib.http import requires
from config.lib.money import exponent
from config.lib.pages import page
from players.models import Licence, Player

_CURRENCY = {"GB": "GBP", "SE": "SEK", "DK": "DKK", "ON": "CAD"}  # of a made-up player; elsewhere EUR


@requires("compliance.view")
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    form = AskForm(request.POST or None, initial={"purpose": "promotional", "player": request.GET.get("player", "")})
    context: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        data, wanted = form.cleaned_data, form.cleaned_data["player"].strip()
        player, now = find(request, wanted), data["moment"] or utcnow()
        if wanted and player is None:
            form.add_error("player", "No player with this id at your brands.")
        else:
            context |= _asked(player, data, now)
    return page(request, "compliance/ask.html", context, status=422 if form.errors else 200)


def _asked(player: Player | None, data: dict[str, Any], now: datetime) -> dict[str, Any]:
    known = _known(player, data, now)
    minor = {name: _minor(data[name], known.currency) for name in ("limit_amount", "limit_left")}
    supposed = suppose(known, data | minor, now)
    question = _question(supposed, data)
    judgement = judge(supposed, question, now)
    return {
        "player": player, "place": Licence.Jurisdiction(known.jurisdiction).label, "answer": judgement, "at": now, "sentence": reasons.sentence(judgement.code, "compliance"),
        "supposed": supposed != known, **_rules(supposed, question, judgement, now),
    }  # fmt: skip


def _known(player: Player | None, data: dict[str, Any], now: datetime) -> Dossier:
    if player is None:
        licence = data["licence"] or "GB"
        return ideal(licence, _CURRENCY.get(licence, "EUR"), now)
    return Dossier.from_snapshot(loading.load([player.pk], now=now)[player.pk])


def _minor(amount: Decimal | None, currency: str) -> int | None:
    return None if amount is None else int(amount * 10 ** exponent(currency))


def _question(dossier: Dossier, data: dict[str, Any]) -> gate.Request:
    currency, products = dossier.currency, frozenset(data["product"])
    asked, offer = None, None
    if data["ask_kind"]:
        asked = gate.Ask(data["ask_kind"], _minor(data["ask_amount"], currency) or 0, currency)
    if data["bonus_type"]:
        offer = gate.Incentive(
            data["bonus_type"], _minor(data["bonus_value"], currency) or 0, currency, wagering=data["wagering"],
            days=data["days"], products=products, on_winnings=data["on_winnings"],
            stake=_minor(data["stake"], currency), least_share=data["least_share"],
        )  # fmt: skip
    return gate.Request(
        dossier.player_id, Purpose(data["purpose"]), data["channel"], products,
        frozenset({data["criteria"] or "manual"}), "what-if", asked, offer, audience=data["audience"],
    )  # fmt: skip


def _rules(dossier: Dossier, question: gate.Request, judgement: Judgement, now: datetime) -> dict[str, Any]:
    """What refuses, with the rule's own sentence; what was asked as well and had nothing against it."""
    day = day_under(dossier.jurisdiction, now)
    asked = asked_on(dossier.jurisdiction, day, str(question.purpose)) if day else ()
    by_id = {rule.id: rule for rule in asked}
    refusing = {reason.rule for reason in judgement.reasons}
    return {
        "reasons": [
            (by_id.get(one.rule), one.rule, reasons.sentence(one.code, "compliance")) for one in judgement.reasons
        ],
        "passed": [
            rule for rule in asked if rule.id not in refusing and rule.is_on(dossier.switched_off, dossier.switched_on)
        ],
        "ruleset": judgement.ruleset,
    }
