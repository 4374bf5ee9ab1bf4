"""Swedish players who must be spoken to: they raised a deposit limit, or set one above 10 000 SEK a month (SE-07).

Counted from the word that raised or set it, as its source tells it; each such word asks for a contact of its own. What
ends the duty is a contact that goes both ways: a call or a chat, or a message with the player's answer in the log. A
mail by itself, or a pop-up, is none.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import QuerySet

from compliance.vocabulary import DEPOSIT_LIMITS
from players.models import Brand, Player

RULE = "SE-07"
_HIGH_A_YEAR = 12 * 10_000_00
# A year's worth, so that limits of different periods compare: 52 weeks are more than twelve times four.
_YEAR = "CASE {period} WHEN 'day' THEN 365 WHEN 'week' THEN 52 ELSE 12 END"
_WAITING = f"""
WITH held AS (
    SELECT DISTINCT m.player_id, m.source, m.ref,
           (SELECT max(i.at) FROM compliance_case c JOIN compliance_interaction i ON i.case_id = c.id
             WHERE c.person_id = p.person_id AND (i.kind = 'call' OR i.kind = 'outreach' AND i.answered <> '')) AS spoken_at
    FROM compliance_measure m JOIN players_player p ON p.id = m.player_id
    JOIN players_brand b ON b.id = p.brand_id JOIN players_licence l ON l.id = b.licence_id
    WHERE l.jurisdiction = 'SE' AND b.id = ANY(%(brands)s::bigint[]) AND p.status = %(active)s AND NOT p.is_test
      AND m.kind = ANY(%(kinds)s::text[])
      -- One that is over counts while another has taken its place: it was that one's lower self.
      AND (m.status = 'active' OR EXISTS (
           SELECT 1 FROM compliance_measure o WHERE o.player_id = m.player_id AND o.source = m.source AND o.ref = m.ref
              AND o.status = 'active' AND o.kind = ANY(%(kinds)s::text[])))
      AND (m.pending_from IS NOT NULL OR m.relaxed_at IS NOT NULL OR m.amount * {_YEAR.format(period="m.period")} > %(high)s)
), word AS (
    SELECT h.player_id, h.spoken_at, f.occurred_at AS at, f.kind = 'rg.limit_removed' AS removed, y.worth,
           lag(y.worth) OVER (PARTITION BY h.player_id, h.source, h.ref ORDER BY (f.data ->> 'sequence')::bigint, f.id) AS before
    FROM held h JOIN players_fact f ON f.player_id = h.player_id AND f.data ->> 'measure_id' = h.ref
    CROSS JOIN LATERAL (SELECT (f.data ->> 'amount')::bigint * {_YEAR.format(period="f.data ->> 'period'")} AS worth) AS y
    WHERE f.kind = 'rg.limit_removed' OR f.kind = 'rg.limit_set' AND f.data ->> 'kind' = ANY(%(kinds)s::text[])
)
SELECT DISTINCT ON (player_id) player_id, at, removed OR before IS NOT NULL AS raised FROM word
WHERE (removed OR worth > before OR before IS NULL AND worth > %(high)s) AND (spoken_at IS NULL OR at > spoken_at)
ORDER BY player_id, at
"""  # noqa: S608 - constants only


@dataclass(frozen=True)
class Duty:
    player: Player
    text: str
    since: datetime


def waiting(brands: QuerySet[Brand]) -> list[Duty]:
    """Of each player the first word nobody has spoken to them about, the longest ago first."""
    with connection.cursor() as db:
        db.execute(_WAITING, {"brands": list(brands.values_list("pk", flat=True)), "kinds": sorted(DEPOSIT_LIMITS),
                              "active": Player.Status.ACTIVE.value, "high": _HIGH_A_YEAR})  # fmt: skip
        found = {pk: (at, raised) for pk, at, raised in db.fetchall()}
    players = Player.objects.select_related("brand").in_bulk(found)
    duties = [
        Duty(players[pk], f"Contact the player: deposit limit {'raised' if raised else 'above 10 000 SEK a month'}", at)
        for pk, (at, raised) in found.items()
    ]
    return sorted(duties, key=lambda duty: duty.since)
