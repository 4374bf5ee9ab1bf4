"""Timeline: one list, newest first, out of facts, sessions, payments and stage changes."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.dateparse import parse_datetime

from config.lib.clock import utcnow
from config.lib.pages import page
from config.lib.panels import Unseen, unseen
from players.models import Fact, Payment, Player, Session, StageChange
from players.views import running_play
from players.views.masks import without_addresses, without_protection
from players.views.panels import by_session, fragment
from players.views.sentences import GROUPS, Line, fact_line, payment_line, session_line, stage_line

SIZE = 40


@dataclass(frozen=True)
class Sees:
    """What this operator's role may read; a line it may not read does not exist."""

    protection: bool
    money: bool
    unseen: Unseen


@fragment("timeline")
def panel(request: HttpRequest, player: Player) -> HttpResponse:
    until = _before(request)
    group = request.GET.get("group", "")
    sees = Sees(
        protection=request.user.may("compliance.reasons", player.brand_id),  # type: ignore[union-attr]
        money=request.user.may("players.money", player.brand_id),  # type: ignore[union-attr]
        unseen=unseen(request, player),
    )
    groups = {key: label for key, label in GROUPS.items() if getattr(sees, key, True)}
    lines = _lines(player, until, group if group in groups else "", sees)
    shown = _cut(lines)
    context = {
        "player": player,
        "lines": shown,
        "groups": groups,
        "group": group,
        "more": shown[-1].at.isoformat() if len(lines) > len(shown) else "",
        "newest_page": until is None,
        "now": utcnow(),
    }
    return page(request, "players/timeline.html", context)


def _before(request: HttpRequest) -> datetime | None:
    """Where the page before ended; what is no such moment is the start."""
    try:
        until = parse_datetime(request.GET.get("before", ""))
    except ValueError:
        return None
    return until if until and until.tzinfo else None


def _lines(player: Player, until: datetime | None, group: str, sees: Sees) -> list[Line]:
    lines: list[Line] = []
    if sees.money and group in ("", "money"):
        payments = _newest(Payment.objects.filter(player=player), "occurred_at", until)
        lines += [payment_line(_paid(payment, sees), player.currency) for payment in payments]
    if group in ("", "play"):
        sessions = _newest(Session.objects.filter(player=player).select_related("game"), "started_at", until)
        played = by_session(player.pk, sessions) if sees.money else {}
        lines += [session_line(session, played.get(session.id), player.currency) for session in sessions]
        if until is None:
            lines += running_play.lines(player, now=utcnow(), money=sees.money)
    if group in ("", "stage"):
        changes = _newest(StageChange.objects.filter(player=player), "at", until)
        lines += [stage_line(change, sees.money) for change in changes]
    if group not in ("money", "stage"):
        facts = _newest(_facts(player, sees), "occurred_at", until)
        told = [fact_line(_happened(fact, sees), player) for fact in facts]
        lines += [line for line in told if group in ("", line.group)]
    shown = [_masked(line) for line in lines if until is None or line.at < until]
    return sorted(shown, key=lambda line: line.at, reverse=True)


def _paid(payment: Payment, sees: Sees) -> Payment:
    payment.reason = payment.reason if sees.protection else without_protection(payment.reason)
    return payment


def _happened(fact: Fact, sees: Sees) -> Fact:
    """Why an account is closed is most often somebody's protection: whoever may not know of it reads that it is."""
    if not sees.protection and fact.kind in ("player.blocked", "player.closed", "player.unblocked"):
        fact.data = {name: value for name, value in fact.data.items() if name != "reason"}
    return fact


def _masked(line: Line) -> Line:
    """Whatever somebody wrote into a reason or an event of the operator's own: addresses stay masked."""
    return replace(line, text=without_addresses(line.text), extra=without_addresses(line.extra))


def _facts(player: Player, sees: Sees) -> QuerySet[Fact]:
    """Payments and stages have tables of their own. Outside compliance nobody learns which restriction, neither from
    what happened nor from a segment or a message that came of it."""
    facts = Fact.objects.filter(player=player).exclude(kind__startswith="deposit.")
    facts = facts.exclude(kind__startswith="withdrawal.").exclude(kind="stage.changed")
    facts = facts.exclude(kind__startswith="segment.", data__segment_id__in=sees.unseen.segments)
    facts = facts.exclude(kind__startswith="message.", data__campaign_id__in=sees.unseen.campaigns)
    if sees.protection:
        return facts
    return facts.exclude(kind__startswith="rg.").exclude(kind__startswith="message.", data__purpose__startswith="rg_")


def _newest(rows: QuerySet[Any], column: str, until: datetime | None) -> list[Any]:
    if until is not None:
        rows = rows.filter(**{f"{column}__lt": until})
    return list(rows.order_by(f"-{column}")[: SIZE + 1])


def _cut(lines: list[Line]) -> list[Line]:
    """A page of lines, never cut between two of the same instant: the next page starts before the last one."""
    if len(lines) <= SIZE:
        return lines
    last = lines[SIZE - 1].at
    return [line for line in lines if line.at >= last]
