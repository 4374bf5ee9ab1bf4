"""What the players saw when they said yes: the words, and how it was asked, behind the name each consent carries."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from compliance import audit
from compliance.models import Operator, Wording
from config.lib import flow
from players.models import Brand

LOOKED_AT = 20_000  # newest words of players, to tell which names are in use
SHOWN = 200


@dataclass(frozen=True)
class Words:
    """`recorded`: none, where an app of ours asked and brings its own words."""

    text: str
    how: str
    recorded: Wording | None = None


@dataclass(frozen=True)
class Used:
    """A name that consents carry. `words`: None, nobody has said what stood there."""

    brand: Brand
    name: str
    times: int
    screens: str
    words: Words | None


def of(brand: Brand, names: Iterable[str]) -> dict[str, Words]:
    """name -> the newest words, of those that are on record."""
    rows = (
        Wording.objects.filter(brand=brand, name__in=set(names))
        .select_related("recorded_by")
        .order_by("recorded_at", "pk")
    )
    return _own() | {row.name: Words(row.text, row.how, row) for row in rows}


def _own() -> dict[str, Words]:
    return {name: Words(text, how) for name, text, how in flow.gather("WORDINGS")}


def used(brands: Sequence[Brand]) -> list[Used]:
    """Among the newest yeses; what nobody has put into words comes first, then the most used."""
    by_id = {brand.pk: brand for brand in brands}
    with connection.cursor() as db:
        db.execute(_USED, {"brands": sorted(by_id), "most": LOOKED_AT, "shown": SHOWN})
        found = db.fetchall()
    known = {pk: of(brand, [name for where, name, *_ in found if where == pk]) for pk, brand in by_id.items()}
    rows = [Used(by_id[pk], name, times, screens, known[pk].get(name)) for pk, name, times, screens in found]
    return sorted(rows, key=lambda row: (row.words is not None, -row.times, row.name))


_USED = """
SELECT p.brand_id, c.wording, count(*), string_agg(DISTINCT c.screen, ', ' ORDER BY c.screen)
  FROM (SELECT player_id, wording, screen, granted FROM compliance_consent ORDER BY id DESC LIMIT %(most)s) AS c
  JOIN players_player p ON p.id = c.player_id
 WHERE c.granted AND c.wording <> '' AND p.brand_id = ANY(%(brands)s::bigint[])
 GROUP BY 1, 2 ORDER BY 3 DESC LIMIT %(shown)s
"""


def record(brand: Brand, name: str, text: str, how: str, actor: Operator, *, now: datetime) -> Wording:
    """The words go into the trail as well: nobody changes them afterwards."""
    with transaction.atomic():
        row = Wording.objects.create(brand=brand, name=name, text=text, how=how, recorded_by=actor, recorded_at=now)
        digest = hashlib.sha256(text.encode()).hexdigest()
        audit.record(actor, "wording.recorded", f"brand:{brand.pk}", brand=brand.pk,
                     after={"wording": name, "words": text, "how_asked": how, "sha256": digest})  # fmt: skip
    return row
