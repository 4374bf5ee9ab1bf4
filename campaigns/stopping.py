"""A player stops messages with one click: consent for every product on that channel is withdrawn."""

from datetime import datetime

from django.db import transaction

from campaigns.links import Stop
from compliance.models import Consent
from players.facts import NewFact, record


def stop(link: Stop, *, now: datetime, screen: str) -> None:
    """Pressing twice withdraws once. The gate knows before this returns."""
    with transaction.atomic():
        record(
            [
                NewFact(
                    kind="consent.changed",
                    player_id=link.player_id,
                    occurred_at=now,
                    key=f"consent.stopped:{link.delivery_id}:{link.player_id}:{product}:{link.channel}",
                    data={
                        "product": product,
                        "channel": link.channel,
                        "granted": False,
                        "wording": "Stop these messages",
                        "screen": screen,
                    },
                )
                for product in Consent.Product.values
            ],
            now=now,
        )
