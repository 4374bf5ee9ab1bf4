"""Two accounts side by side: what they share and what differs, in words, without showing any of it."""

from dataclasses import dataclass

from compliance.models import IdentityKey, PersonLink
from compliance.persons.keys import CERTAIN
from players.models import Contact

SAME, DIFFERENT, UNKNOWN = "same", "different", "not known of both"


@dataclass(frozen=True)
class Point:
    what: str
    verdict: str
    is_certain: bool = False

    @property
    def tone(self) -> str:
        return {SAME: "yellow", DIFFERENT: "green"}.get(self.verdict, "muted")


def compare(link: PersonLink) -> list[Point]:
    """What a human looks at first, then the keys."""
    low, high = link.low, link.high
    contacts = {(c.player_id, c.channel): c.normal for c in Contact.objects.filter(player__in=(low.pk, high.pk))}
    points = [
        _point("First name", low.first_name.casefold(), high.first_name.casefold()),
        _point("Last name", low.last_name.casefold(), high.last_name.casefold()),
        _point("Birth date", low.birth_date, high.birth_date),
        _point("Country", low.country, high.country),
        _point("E-mail address", contacts.get((low.pk, "email")), contacts.get((high.pk, "email"))),
    ]
    keys: dict[str, dict[int, set[bytes]]] = {}
    rows = IdentityKey.objects.filter(player__in=(low.pk, high.pk)).values_list("player_id", "kind", "digest")
    for player_id, kind, digest in rows:
        keys.setdefault(kind, {}).setdefault(player_id, set()).add(bytes(digest))
    for kind in IdentityKey.Kind:
        mine, theirs = (keys.get(kind.value, {}).get(player.pk, set()) for player in (low, high))
        verdict = UNKNOWN if not (mine and theirs) else SAME if mine & theirs else DIFFERENT
        points.append(Point(kind.label, verdict, kind.value in CERTAIN))
    return points


def _point(what: str, one: object, other: object) -> Point:
    return Point(what, UNKNOWN if not one or not other else SAME if one == other else DIFFERENT)
