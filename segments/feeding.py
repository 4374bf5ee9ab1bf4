"""What must keep arriving for a rule to stay true, and whether it does: the dots of the catalogue, the lines under
the result."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from players.families import FAMILIES, families_named
from players.models import Brand, Feed, FeedFamily

_RANK = {Feed.Freshness.FRESH: 0, Feed.Freshness.LATE: 1, Feed.Freshness.STALE: 2}
WORDS = {"": "not connected", "fresh": "up to date", "late": "late", "stale": "not to be relied on"}
_USUAL = ("rounds", "profile")  # said where nothing of several was ever sent
TONES = {"": "off", "fresh": "fresh", "late": "late", "stale": "stale"}


@dataclass(frozen=True)
class Flow:
    """One family of events of a brand. `state` "": never sent."""

    label: str
    state: str
    newest: datetime | None

    @property
    def words(self) -> str:
        return WORDS[self.state]

    @property
    def tone(self) -> str:
        return TONES[self.state]


def flows(brand: Brand) -> dict[str, Flow]:
    """Every family; of several feeds that send it, the best. One query."""
    found = {key: Flow(family.label, "", None) for key, family in FAMILIES.items()}
    rows = FeedFamily.objects.filter(feed__brand=brand, family__in=found).exclude(last_event_at=None)
    for row in rows.order_by("last_event_at"):
        known = found[row.family]
        if not known.state or _RANK[Feed.Freshness(row.freshness)] <= _RANK[Feed.Freshness(known.state)]:
            found[row.family] = Flow(known.label, str(row.freshness), row.last_event_at)
    return found


def needed(known: dict[str, Flow], names: Iterable[str]) -> list[Flow]:
    """Those behind the names an attribute gives. "play" is rounds, sessions and sports: who sends one need not send all,
    so of several behind one name those never sent are left out unless none is."""
    keys: list[str] = []
    for name in sorted(names):
        families = sorted(families_named([name]))
        usual = sorted(families, key=lambda key: key not in _USUAL)
        keys += [key for key in families if known[key].state] or usual[:1]
    return [known[key] for key in FAMILIES if key in keys]


def worst(used: Iterable[Flow]) -> Flow | None:
    """The one that decides the dot: never sent before anything else."""
    order = {"": 3, "stale": 2, "late": 1, "fresh": 0}
    return max(used, key=lambda flow: order[flow.state], default=None)
