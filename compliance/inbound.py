"""What players answer by SMS: one word stops everything promotional on that channel at that brand."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from compliance import suppression
from compliance.models import Consent
from players.facts import NewFact, record
from players.models import Brand, Contact, Fact

_KIND, _KEY = "consent.changed", "consent.sms_stop"
# Beginning of the answer, in the languages of the licences we know. Whoever writes more after it still means it.
STOP = frozenset({
    "stop", "stopall", "unsubscribe", "cancel", "end", "quit", "optout", "opt-out",
    "stopp", "avsluta", "avregistrera", "stoppen", "abmelden", "afmelden", "afmeld", "stopnu", "baja", "alto",
    "arret", "desabonner", "waqqaf",
})  # fmt: skip
WORDING = "STOP by SMS"
REPEATS = timedelta(days=1)  # for so long a provider tells a message again that it heard no answer for


@dataclass(frozen=True, slots=True)
class Stopped:
    """`players` at the brand with that number; without one the number itself goes on the list."""

    understood: bool
    players: int = 0
    listed: bool = False


def means_stop(text: str) -> bool:
    """'Stop!', ' STOPP  tack', 'arrêt': yes. 'Do not stop', '?': no; nothing is guessed from a sentence."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(letter for letter in folded if not unicodedata.combining(letter))
    first = re.match(r"\W*([\w-]+)", plain)
    return bool(first) and first[1].strip("-_") in STOP  # type: ignore[index]


def take(brand: Brand, number: str, text: str, message_id: str, *, now: datetime) -> Stopped:
    """`number` in international form. The same message again changes nothing. In force when this returns."""
    if not means_stop(text):
        return Stopped(understood=False)
    with transaction.atomic():
        contacts = Contact.objects.filter(player__brand=brand, channel=Contact.Channel.SMS, normal=number)
        players = sorted(contacts.values_list("player_id", flat=True))
        if not players:
            new = suppression.add(brand, [(Contact.Channel.SMS, number)], now=now)
            return Stopped(understood=True, listed=bool(new))
        refused = _refused(players) | _heard(players, message_id, now)
        record(
            [
                _no(player, product, message_id, now)
                for player in players
                for product in Consent.Product.values
                if (player, product) not in refused
            ],
            now=now,
        )
        return Stopped(understood=True, players=len(players))


def _refused(players: list[int]) -> set[tuple[int, str]]:
    """Whose newest word on this channel is a no already: a provider that numbers its messages anew is heard as well."""
    rows = Consent.objects.filter(player__in=players, channel=Contact.Channel.SMS)
    rows = rows.order_by("occurred_at", "-granted", "id")
    newest = {(row.player_id, row.product): row.granted for row in rows}
    return {cell for cell, granted in newest.items() if granted is False}


def _heard(players: list[int], message_id: str, now: datetime) -> set[tuple[int, str]]:
    """Who has said this no in this very message: told again behind a later yes, it takes nothing back."""
    told = Fact.objects.filter(
        player__in=players, kind=_KIND, recorded_at__gt=now - REPEATS, key__startswith=f"{_KEY}:{message_id}:"
    )
    return {(player, data["product"]) for player, data in told.values_list("player_id", "data")}


def _no(player_id: int, product: str, message_id: str, now: datetime) -> NewFact:
    return NewFact(
        kind=_KIND,
        player_id=player_id,
        occurred_at=now,
        key=f"{_KEY}:{message_id}:{player_id}:{product}:{now.timestamp():.0f}",
        data={"product": product, "channel": "sms", "granted": False, "wording": WORDING, "screen": "sms"},
    )
