"""A player stops messages with one click: consent for every product on that channel is withdrawn."""

from datetime import datetime

from django.db import transaction

from campaigns.links import Stop
from compliance.models import Consent
from players.facts import NewFact, record


def stop(link: Stop, *, now: datetime, screen: str) -> None:
    """The gate knows before this returns. Pressing twice withdraws once; pressing again after having agreed anew
    withdraws again, also from an old message."""
    with transaction.atomic():
        refused = _refused(link)
        record(
            [
                NewFact(
                    kind="consent.changed",
                    player_id=link.player_id,
                    occurred_at=now,
                    key=f"consent.stopped:{link.player_id}:{product}:{link.channel}:{now.isoformat()}",
                    data={
                        "product": product,
                        "channel": link.channel,
                        "granted": False,
                        "wording": "Stop these messages",
                        "screen": screen,
                    },
                )
                for product in Consent.Product.values
                if product not in refused
            ],
            now=now,
        )


def _refused(link: Stop) -> set[str]:
    """Products whose newest word on this channel is a no already."""
    rows = Consent.objects.filter(player_id=link.player_id, channel=link.channel)
    newest = {row.product: row.granted for row in rows.order_by("occurred_at", "-granted", "id")}
    return {product for product, granted in newest.items() if granted is False}
