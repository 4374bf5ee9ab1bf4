"""What a player has said yes to, product by channel, to be changed by the player: no login, no nudge.

Opened by the signed address of a message. Saying no works for ever; saying yes only while that message is young, because
an old mail may lie in somebody else's hands. What an answer is proven by is WORDING: whoever changes the sentence on the
page gives it a new name.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from campaigns.links import Stop
from campaigns.models import Delivery
from compliance.models import Consent
from players.facts import NewFact, record
from players.models import Player

WORDING = "preferences-2026-11"
SENTENCE = "{brand} may send me offers and news about {product} by {channel}."
AGREES_FOR = timedelta(days=60)
_BY = {"email": "e-mail", "sms": "SMS", "push": "push message", "onsite": "cards on the site", "phone": "phone call",
       "post": "post", "social": "direct message", "affiliate": "messages of its partners",
       "ads": "ads matched by my address"}  # fmt: skip


def wordings() -> Iterator[tuple[str, str, str]]:
    """For whoever has to prove an opt-in that was given here."""
    how = "On the preference page, opened by the player from a message: one box per product and channel, none ticked for them."
    yield WORDING, SENTENCE, how


@dataclass(frozen=True, slots=True)
class Cell:
    """One box. `is_open`: may be ticked here; whatever is ticked may always be unticked."""

    name: str  # "casino/email"
    label: str
    agreed: bool
    is_open: bool


def may_agree(link: Stop, *, now: datetime) -> bool:
    return Delivery.objects.filter(
        id=link.delivery_id, player_id=link.player_id, created_at__gt=now - AGREES_FOR
    ).exists()


def matrix(player: Player, *, open_to_yes: bool) -> list[tuple[str, list[Cell]]]:
    """(product, a cell per channel). What nobody asked the player, or nobody has told us, is not a yes."""
    said = newest(player)
    channels = Consent.shown({channel for (_, channel), granted in said.items() if granted is not None})
    return [
        (
            product.label,
            [
                Cell(
                    f"{product}/{channel}",
                    SENTENCE.format(brand=player.brand.name, product=product.label.lower(), channel=_BY[channel]),
                    agreed := bool(said.get((product.value, channel.value))),
                    agreed or open_to_yes,
                )
                for channel in channels
            ],
        )
        for product in Consent.Product
    ]


def newest(player: Player) -> dict[tuple[str, str], bool | None]:
    rows = Consent.objects.filter(player=player).order_by("occurred_at", "-granted", "id")
    return {(row.product, row.channel): row.granted for row in rows}


def save(player: Player, wanted: Collection[str], *, open_to_yes: bool, now: datetime) -> tuple[int, int]:
    """Writes what differs; (yes, no) answers written. A no is in force when this returns."""
    with transaction.atomic():
        changes = [
            (cell.name, ticked)
            for _, cells in matrix(player, open_to_yes=open_to_yes)
            for cell in cells
            if (ticked := cell.name in wanted) != cell.agreed and (cell.is_open or not ticked)
        ]
        record([_fact(player, name, ticked, now) for name, ticked in changes], now=now)
    agreed = sum(ticked for _, ticked in changes)
    return agreed, len(changes) - agreed


def _fact(player: Player, cell: str, granted: bool, now: datetime) -> NewFact:
    product, channel = cell.split("/")
    return NewFact(
        kind="consent.changed",
        player_id=player.pk,
        occurred_at=now,
        key=f"consent.chosen:{player.pk}:{cell}:{now.isoformat()}",
        data={"product": product, "channel": channel, "granted": granted, "wording": WORDING,
              "screen": "preference-page"},
    )  # fmt: skip
