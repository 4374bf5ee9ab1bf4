"""How many of the found could be written to, channel by channel. A hint for planning: the gate decides again for each
of them. Who is protected is told as a class only, in tens (see `segments.sizes`), and a small class not at all."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.db.models import Q

from compliance.models import Consent, Standing
from players.models import Contact
from segments.preview import Sample
from segments.sizes import SMALL, in_tens

LOOKED_AT = 10_000
_KEPT_AS = {"phone": "sms", "ads": "email", "affiliate": "email"}  # one number, to call and to text
_ADDRESSED = {str(channel) for channel in Contact.Channel} | set(_KEPT_AS)


@dataclass(frozen=True)
class Channel:
    """Found players on one channel. `addressed` is the same as `consented` where no address is needed. `marks`: the
    same for the same players. `exact`: for whoever may count the protected."""

    name: str
    matched: int
    consented: int
    addressed: int
    open: int
    marks: str
    exact: bool
    is_about: bool = False
    needs_address: bool = True

    @property
    def told(self) -> int | None:
        """How many can be reached; None: fewer than ten. The exact number taken from those with an address would be
        that of the protected, and of two rules the one player between them."""
        if self.exact:
            return self.open
        closed = in_tens(self.addressed - self.open, self.addressed, self.marks).count or 0
        left = self.addressed - closed if closed else self.addressed // SMALL * SMALL
        return left if left >= SMALL else None

    @property
    def reachable(self) -> str:
        if self.addressed == 0:
            return "0"
        if self.told is None:
            return f"< {SMALL}"
        return f"{self.told:,}" if self.exact and not self.is_about else f"about {self.told:,}"

    @property
    def share(self) -> float:
        """Of the matched, as drawn: a bar is a number too."""
        return round((self.told or 0) / self.matched * 100, 1) if self.matched else 0.0


@dataclass(frozen=True)
class Reach:
    matched: int
    closed: int
    channels: list[Channel]
    is_about: bool
    marks: str
    exact: bool

    @property
    def protected(self) -> str:
        if not self.exact:
            return in_tens(self.closed, self.matched, self.marks).words
        return f"about {self.closed:,}" if self.is_about else f"{self.closed:,}"


def reach(sample: Sample, *, now: datetime, exact: bool) -> Reach:
    """`exact`: for whoever may count the protected; in tens for everybody else. Four queries, whatever the rule. Consent: the newest answer per product rules, any product will do here."""
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
                marks=_marks(held),
                exact=exact,
                is_about=times > 1,
                needs_address=channel.value in _ADDRESSED,
            )
        )
    closed = (len(ids) - len(open_ids)) * times
    return Reach(len(ids) * times, closed, channels, times > 1, _marks(ids), exact)


def _marks(ids: Iterable[int]) -> str:
    return sha256(",".join(map(str, sorted(ids))).encode()).hexdigest()


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
