from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from compliance import reasons, replaying, wall, withholding
from compliance.forms import DecisionFilter
from compliance.models import Decision, Measure
from compliance.persons.sealing import Unreadable
from compliance.rules.standing import age_on
from compliance.sealing import state as sealing
from compliance.views.home import brands_of
from compliance.vocabulary import PRECEDENCE, criterion
from config.lib.http import requires
from config.lib.money import Money
from config.lib.pages import page
from config.lib.words import said
from players.access import brands_for


@requires("compliance.view")
@require_safe
def decisions(request: HttpRequest) -> HttpResponse:
    form = DecisionFilter(request.GET)
    found = _search(Decision.objects.filter(player__brand__in=brands_of(request)), form.chosen())
    newest = found.select_related("player__brand").order_by("-decided_at", "-pk")
    rows = Paginator(newest, 50).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "rows": [(row, reasons.sentence(row.code, "compliance")) for row in rows],
        "pages": rows,
    }
    return page(request, "compliance/decisions.html", context, partials={"rows"})


def _search(found: QuerySet[Decision], chosen: dict[str, Any]) -> QuerySet[Decision]:
    text = chosen.get("q", "").strip()
    if text:
        match = Q(player__external_id=text) | Q(reference=text)
        found = found.filter(match | Q(pk=int(text)) | Q(player_id=int(text)) if text.isdecimal() else match)
    if "outcome" in chosen:
        found = found.filter(outcome=chosen["outcome"])
    if "since" in chosen:
        found = found.filter(decided_at__gte=start_of(chosen["since"]))
    if "until" in chosen:
        found = found.filter(decided_at__lt=start_of(chosen["until"] + timedelta(days=1)))
    if "purpose" in chosen:
        found = found.filter(purpose=chosen["purpose"])
    if chosen.get("restricted"):
        found = wall.breaches(found)
    if "rule" in chosen:
        rule = chosen["rule"].upper()
        found = found.filter(reasons__overlap=[f"{code} {rule}" for code in PRECEDENCE])
    return found


def start_of(day: date) -> datetime:
    """Midnight where the page is read."""
    return timezone.make_aware(datetime.combine(day, time.min))


@requires("compliance.view")
@require_safe
def decision(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(
        Decision.objects.select_related("player__brand").filter(player__brand__in=brands_for(request)), pk=pk
    )
    context = {
        "row": row,
        "sentence": reasons.sentence(row.code, "compliance"),
        "reasons": _explained(row),
        "passed": _passed(row),
        "inputs": _inputs(row),
        **_question(row),
        "sealed": sealing.of_row("decision", row),
    }
    if "replay" in request.GET:
        context["replay"] = replaying.again(row)
    return page(request, "compliance/decision.html", context, partials={"replay"})


def _question(row: Decision) -> dict[str, object]:
    """What was asked, in words, and the message it was asked for."""
    asked = row.inputs.get("request", {})
    kind, _, number = row.reference.partition(":")
    return {
        "asked": asked,
        "products": [said(name) for name in asked.get("products", ())],
        "criteria": [criterion(name) for name in asked.get("criteria", ())],
        "message": _address("campaigns:message", row.player_id, number) if kind == "delivery" else "",
    }


def _address(name: str, *args: object) -> str:
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def _explained(row: Decision) -> list[tuple[str, str, str]]:
    """(rule, sentence of the reason, sentence of the rule)"""
    rules = wall.sentences()
    split = [reason.partition(" ") for reason in row.reasons]
    return [
        (rule, reasons.sentence(code, "compliance"), rules.get(rule, "Held by the database itself." if rule == "DB" else ""))
        for code, _, rule in split
    ]  # fmt: skip


def _passed(row: Decision) -> list[tuple[str, str, bool]]:
    """(rule, its sentence, whether it was asked): in force, with nothing against it, or switched off at the brand."""
    from compliance.jurisdictions import pack_for

    try:
        day, known = datetime.fromisoformat(row.inputs["now"]).date(), row.inputs["dossier"]
        pack = pack_for(known.get("jurisdiction", ""), day)
    except KeyError:
        return []
    refused = {reason.partition(" ")[2] for reason in row.reasons}
    rules = pack.on(day) if pack else ()
    return [
        (rule.id, rule.sentence, rule.is_on(known.get("switched_off", ()), known.get("switched_on", ())))
        for rule in rules
        if rule.check and row.purpose in rule.purposes and rule.id not in refused
    ]


_ANSWERS = {"clear": "not registered", "listed": "registered", "unavailable": "no answer"}


def _inputs(row: Decision) -> list[tuple[str, str, str]]:
    """(what, value, how old it was at that second)"""
    if "dossier" not in row.inputs:
        return []
    known, now = withholding.without_birth(row), datetime.fromisoformat(row.inputs["now"])
    rows = [
        ("May be contacted", "yes" if known.promotions_ok else "no", ""),
        ("Licence", known.jurisdiction, row.ruleset),
        ("Identity check", known.kyc.replace("_", " "), ""),
        ("Age on that day", _age_then(row, now), ""),
        ("Player's zone", known.timezone, f"{now:%-d %b %Y %H:%M:%S} UTC"),
        ("Feed", "stale" if known.feed_stale else "fresh", ""),
    ]
    for name, answer in sorted((known.registers or {}).items()):
        register, _, purpose = name.partition("/")
        asked = f"{said(register)} register{f', asked for {purpose}' if purpose else ''}"
        rows.append((asked, _ANSWERS.get(answer.result, answer.result), _age(now - answer.asked_at)))
    for cell, word in sorted((known.consents or {}).items()):
        answered = {True: "yes", False: "no", None: "changed, not told yet"}[word.granted]
        product, _, channel = cell.partition("/")
        about = f"Consent, {product}, {said(channel)}"
        rows.append((about, answered, f"“{word.wording}”, {_age(now - word.at)}"))
    for limit in known.limits:
        period = f" per {Measure.Period(limit.period).label}" if limit.period else ""
        value = f"{Money(limit.amount, limit.currency)}{period}"
        left = "" if limit.left is None else f"{Money(limit.left, limit.currency)} left"
        rows.append((f"{limit.kind.replace('_', ' ').capitalize()} ({limit.origin})", value, left))
    for exclusion in known.exclusions:
        rows.append(("Exclusion", exclusion.replace("_", " ").replace("/", ", at this account: "), ""))
    rows.append(("Promotions in 7 days", str(len(known.recent_promotions)), "all brands of the person"))
    return rows


def _age_then(row: Decision, now: datetime) -> str:
    """What the rules ask for; the birth date itself is on nobody's screen."""
    try:
        born = withholding.dossier_of(row).birth_date
        return str(age_on(born, now.date())) if born else "not known"
    except Unreadable:
        return "birth date erased since"


def _age(gap: Any) -> str:
    hours = gap.total_seconds() / 3600
    if abs(hours) < 1:
        return f"{hours * 60:.0f} min old"
    return f"{hours:.1f} h old" if abs(hours) < 48 else f"{hours / 24:.0f} days old"
