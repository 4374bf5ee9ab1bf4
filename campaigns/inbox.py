"""The player's inbox on the site. It is pulled, so every card is decided again each time it is shown."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import structlog
from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import transaction

from campaigns.asking import Audiences, request_for
from campaigns.models import Card
from compliance import gate
from compliance.models.decision import Decision
from players import looking_again

log = structlog.get_logger(__name__)

SHOWN = 20


def group(player_id: int) -> str:
    return f"inbox.{player_id}"


def cards(player_id: int, *, now: datetime) -> list[dict[str, Any]]:
    """What this player may see at this moment, newest first, as JSON-ready dicts."""
    found = list(
        Card.objects.filter(player_id=player_id, recalled_at=None, expires_at__gt=now)
        .select_related(
            "attempt", "delivery__step__terms__template", "delivery__enrolment__version__campaign__brand__licence"
        )
        .order_by("-id")[:SHOWN]
    )
    if not found:
        return []
    audiences = Audiences(now)
    asked = [request_for(card.delivery, audiences, _said(card)) for card in found]
    answers = gate.preview(asked, now=now)
    # Quiet hours keep us from knocking, not from answering: a player who looks may see what is there.
    refused = {Decision.Outcome.DENY, Decision.Outcome.REROUTE_RG}
    may = [card for card, answer in zip(found, answers, strict=True) if answer.outcome not in refused]
    with transaction.atomic():
        if Card.objects.filter(id__in=[card.id for card in may], seen_at=None).update(seen_at=now):
            looking_again.soon([player_id], now=now)
    return [_as_dict(card) for card in may]


def _said(card: Card) -> str:
    return "\n".join((card.attempt.subject, card.attempt.text, card.attempt.button))


def _as_dict(card: Card) -> dict[str, Any]:
    attempt = card.attempt
    return {
        "id": card.id,
        "title": attempt.subject,
        "html": attempt.html,
        "button": attempt.button,
        "url": attempt.url,
        "at": card.created_at.isoformat(),
    }


def tell_on_commit(player_ids: Iterable[int]) -> None:
    """After commit, every open page of these players asks for its cards again (new ones, recalled ones)."""
    players = sorted(set(player_ids))
    if players:
        transaction.on_commit(lambda: tell(players), robust=True)


def tell(player_ids: Iterable[int]) -> None:
    """A lost word costs a delay: the page asks again by itself."""
    layer = get_channel_layer()
    for player_id in player_ids:
        try:
            async_to_sync(layer.group_send)(group(player_id), {"type": "inbox.changed"})
        except (OSError, ConnectionError) as error:
            log.warning("inbox_not_told", player=player_id, error=str(error))
            return
