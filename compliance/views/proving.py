"""Was anything sent since? On a page, and on paper for whoever asked."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_safe

from compliance import audit, reasons, wall
from compliance.models import AuditEntry, Decision, Measure
from compliance.models.decision import PROMOTIONS
from compliance.sealing import state as sealing
from config.lib.clock import utcnow
from config.lib.http import requires
from config.lib.pages import page
from config.lib.paper import pdf
from players.access import player_for
from players.models import Player

MOST = 500


@requires("compliance.view")
@require_safe
def proof(request: HttpRequest, pk: int) -> HttpResponse:
    """Nothing after T: every question asked about the player since, and what became of it."""
    player = player_for(request, pk)
    since = _instant(request.GET.get("since", "")) or _newest_restriction(player)
    context: dict[str, Any] = {"player": player, "since": since}
    if since is not None:
        context |= _found(player, since)
        _note(request, player, since)
    return page(request, "compliance/proof.html", context)


@requires("compliance.view")
@require_safe
def proof_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    player = player_for(request, pk)
    since = _instant(request.GET.get("since", "")) or _newest_restriction(player)
    if since is None:
        raise Http404("since when?")
    now = utcnow()
    context = {"player": player, "since": since, "now": now, "seal": sealing.state(now=now), "asked_by": request.user}
    _note(request, player, since)
    answer = HttpResponse(
        pdf("compliance/proof_pdf.html", context | _found(player, since)), content_type="application/pdf"
    )
    answer["Content-Disposition"] = f'attachment; filename="sent-since-{player.pk}-{since:%Y-%m-%dT%H%M%SZ}.pdf"'
    return answer


def _note(request: HttpRequest, player: Player, since: datetime) -> None:
    audit.record(request.user, "proof.read", f"player:{player.pk}", brand=player.brand_id,  # type: ignore[arg-type]
                 after={"since": since})  # fmt: skip


def _found(player: Player, since: datetime) -> dict[str, Any]:
    """At every brand of the person: what was asked, and what left."""
    mine = Decision.objects.filter(player__person_id=player.person_id)
    later = mine.filter(decided_at__gte=since)
    promotional, allow = later.filter(purpose__in=PROMOTIONS), Decision.Outcome.ALLOW
    rows = later.select_related("player__brand").order_by("decided_at", "pk")[:MOST]
    before = mine.filter(purpose__in=PROMOTIONS, outcome=allow, decided_at__lt=since)
    return {
        "allowed": promotional.filter(outcome=allow).count(),
        "breaches": wall.breaches(later).count(),
        "refused": promotional.exclude(outcome=allow).count(),
        "service": later.exclude(purpose__in=PROMOTIONS).filter(outcome=allow).count(),
        "handed": handed_over(player, since).count(),
        "rows": [
            (row, reasons.sentence(row.code, "compliance"), [reason.partition(" ")[2] for reason in row.reasons])
            for row in rows
        ],
        "left_out": max(0, later.count() - MOST),
        "before": before.order_by("-decided_at").first(),
    }


def handed_over(player: Player, since: datetime) -> QuerySet[AuditEntry]:
    """Promotional messages that a provider took, as the trail tells it: written with the message, sealed since."""
    accounts = Player.objects.filter(person_id=player.person_id).values_list("pk", flat=True)
    sent = AuditEntry.objects.filter(
        subject__in=[f"player:{pk}" for pk in accounts], kind="message.sent", at__gte=since
    )
    return sent.filter(payload__regex='"purpose":"({})"'.format("|".join(sorted(PROMOTIONS))))


def _newest_restriction(player: Player) -> datetime | None:
    newest = Measure.objects.filter(person_id=player.person_id, kind__in=wall.CLOSING).order_by("-received_at").first()
    return newest.received_at if newest else None


def _instant(text: str) -> datetime | None:
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    if moment is None:
        return None
    # A browser's own field for a moment says no zone: it means the one the page is written in.
    return moment if moment.tzinfo else timezone.make_aware(moment)
