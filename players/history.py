"""How far back what we know reaches, per brand and family of events."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db.models import Min

from players.families import families_named
from players.models import FeedFamily


def known_since(brand_id: int) -> dict[str, datetime]:
    """Family -> event time of the oldest event told about; a family nobody ever sent is not there."""
    rows = FeedFamily.objects.filter(feed__brand=brand_id).exclude(family="").exclude(first_occurred_at=None)
    return dict(rows.order_by().values_list("family").annotate(at=Min("first_occurred_at")))


def reaches_back_to(since: Mapping[str, datetime], names: Iterable[str]) -> datetime | None:
    """Of several families of one name (play is rounds, sessions and sports) the one known longest; of several
    names the one known for the shortest time. None: something it needs was never sent."""
    starts = [
        min((since[key] for key in families_named([name]) if key in since), default=None) for name in sorted(names)
    ]
    known = [start for start in starts if start is not None]
    return max(known) if known and len(known) == len(starts) else None
