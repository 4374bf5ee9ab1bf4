"""How many of the found could be written to, channel by channel. A hint for planning: the gate decides again for each
of them. Who is protected is told as a class only, and a small class not at all."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from compliance.models import Consent, Standing
from players.models import Contact
from segments.preview import Sample

SMALL = 10
LOOKED_AT = 10_000
_KEPT_AS = {"phone": "sms", "ads": "email", "affiliate": "email"}  # one number, to call and to text
_ADDRESSED = {str(channel) for channel in Contact.Channel} | set(_KEPT_AS)


@dataclass(frozen=True)
class Channel:
    """Found players on one channel. `addressed` is the same as `consented` where no address is needed."""

    name: str
    matched: int
    consented: int
    addressed: int
    open: int
    is_about: bool = False
    needs_address: bool = True

    @property
    def reachable(self) -> str:
        """Rounded down where the exact number would give the small class of the protected away."""
        if self.addressed == 0:
            return "0"
        if self.addressed - self.open >= SMALL:
            return f"about {self.open:,}" if self.is_about else f"{self.open:,}"
        return f"about {self.addressed // SMALL * SMALL:,}" if self.addressed >= SMALL else f"< {SMALL}"

    @property
    def share(self) -> float:
        """Of the matched, as drawn."""
        return round(min(self.addressed, self.open) / self.matched * 100, 1) if self.matched else 0.0


@dataclass(frozen=True)
class Reach:
    matched: int
    closed: int
    channels: list[Channel]
    is_about: bool

    @property
    def protected(self) -> str:
        if self.closed < SMALL:
            return f"< {SMALL}"
        return f"about {self.closed:,}" if self.is_about else f"{self.closed:,}"


def reach(sample: Sample, *, now: datetime) -> Reach:
    """Four queries, whatever the rule. Consent: the newest answer per product rules, any product will do here."""
    rows = sample.found.order_by().values_list("pk", "player__person_id", "player__brand_id")
    people: dict[int, tuple[int, int]] = {player: (person, brand) for player, person, brand in rows}
    ids, times = list(people), sample.one_in
    consents, addresses = _consents(ids), _addresses(ids)
    standing = Standing.objects.filter(person__in={person for person, _ in people.values()}, promotions_ok=True)
    standing = standing.filter(Q(valid_until=None) | Q(valid_until__gt=now))
    may = {pk: partly or {} for pk, partly in standing.values_list("pk", "partly")}
    open_ids = {player for player, (person, brand) in people.items() if person in may and str(brand) not in may[person]}
    channels = []
    for channel in Consent.shown(consents):
        said_yes = consents[channel.value]
        held = (
            said_yes & addresses[_KEPT_AS.get(channel.value, channel.value)]
            if channel.value in _ADDRESSED
            else said_yes
        )
        channels.append(
            Channel(
                name=str(channel.label),
                matched=len(ids) * times,
                consented=len(said_yes) * times,
                addressed=len(held) * times,
                open=len(held & open_ids) * times,
                is_about=times > 1,
                needs_address=channel.value in _ADDRESSED,
            )
        )
    return Reach(len(ids) * times, (len(ids) - len(open_ids)) * times, channels, times > 1)


def _consents(ids: Sequence[int]) -> dict[str, set[int]]:
    newest = Consent.objects.filter(player__in=ids).order_by("player_id", "product", "channel", "-occurred_at")
    found: dict[str, set[int]] = defaultdict(set)
    for player, channel, granted in newest.distinct("player_id", "product", "channel").values_list(
        "player_id", "channel", "granted"
    ):
        if granted:
            found[channel].add(player)
    return found


def _addresses(ids: Sequence[int]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = defaultdict(set)
    for player, channel in Contact.objects.filter(player__in=ids, bounced_at=None).values_list("player_id", "channel"):
        found[channel].add(player)
    return found
