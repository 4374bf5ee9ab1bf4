"""A message as any player would read it, before anybody gets it."""

from dataclasses import dataclass

from django.http import HttpRequest

from campaigns import content, footers
from campaigns.models import Step, Variant
from compliance.models.decision import PROMOTIONS
from players.access import visible

_EXAMPLE_EVENT = {"amount": 20_00, "period": "week", "kind": "deposit_limit"}
_EXAMPLE_BONUS = {"amount": "10.00", "wagering": "350.00"}


@dataclass(frozen=True, slots=True)
class Shown:
    asked: str
    player: str = ""
    words: content.Words | None = None
    footer: str = ""
    problem: str = ""


def preview(variant: Variant, asked: str, request: HttpRequest) -> Shown:
    """`asked`: a player's id at the PAM; empty: the newest player of the brand."""
    brand = variant.step.version.campaign.brand
    players = visible(request).filter(brand=brand).select_related("brand__licence", "state")
    player = players.filter(external_id=asked.strip()[:64]).first() if asked else players.order_by("-id").first()
    if player is None:
        return Shown(
            asked, problem="No such player at this brand." if asked else "There is no player to show it for yet."
        )
    known = content.fields(player, _EXAMPLE_EVENT | {"currency": player.currency}, _EXAMPLE_BONUS)
    try:
        words = content.write(variant, known)
    except content.Hole as hole:
        return Shown(asked, player.external_id, problem=f"Would not be sent to this player: {hole}.")
    stop = "#stop" if variant.step.purpose in PROMOTIONS and variant.step.channel == Step.Channel.EMAIL else ""
    return Shown(asked, player.external_id, words, footers.as_html(brand, stop))
