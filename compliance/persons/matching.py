"""Accounts that share keys: certain ones are joined, probable ones proposed."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import connection, transaction

from compliance import standings
from compliance.models import PersonLink
from compliance.persons import joining
from compliance.persons.keys import CERTAIN, MAY_BE_PUBLIC, PUBLIC
from players.models import Player

# Pairs of accounts of different people, with what they share. A device of half a city is nobody's, and what a test
# account was given by way of example proves nothing about a player.
_PAIRS = """
    SELECT LEAST(k.player_id, o.player_id), GREATEST(k.player_id, o.player_id), array_agg(DISTINCT k.kind::text)
      FROM compliance_identitykey k
      JOIN compliance_identitykey o ON o.kind = k.kind AND o.digest = k.digest AND o.player_id <> k.player_id
      JOIN players_player p ON p.id = k.player_id
      JOIN players_player q ON q.id = o.player_id AND q.person_id <> p.person_id AND q.is_test = p.is_test
     WHERE k.player_id = ANY (%(players)s::bigint[])
       AND NOT (k.kind = ANY (%(public)s::text[]) AND (
         SELECT count(*) FROM (SELECT 1 FROM compliance_identitykey z WHERE z.kind = k.kind AND z.digest = k.digest
                                LIMIT %(most)s + 1) few) > %(most)s)
     GROUP BY 1, 2 ORDER BY 1, 2
"""


def match(player_ids: Iterable[int], *, now: datetime) -> int:
    """Joins and proposes whatever these accounts share with others. Returns how many pairs were new."""
    with transaction.atomic():
        pairs = _pairs(player_ids)
        if not pairs:
            return 0
        # Everybody at once and in one order; then again, because somebody may have come while we waited.
        standings.lock_players({pk for low, high, _ in pairs for pk in (low, high)})
        return sum(_settle(low, high, found, now) for low, high, found in _pairs(player_ids))


def _pairs(player_ids: Iterable[int]) -> Sequence[tuple[int, int, list[str]]]:
    with connection.cursor() as db:
        db.execute(_PAIRS, {"players": sorted(set(player_ids)), "public": sorted(MAY_BE_PUBLIC), "most": PUBLIC})
        return db.fetchall()


def _settle(low: int, high: int, found: list[str], now: datetime) -> bool:
    known = PersonLink.objects.filter(low=low, high=high).first()
    decided_apart = known is not None and known.status == PersonLink.Status.APART
    news = known is None or not set(found) <= set(known.evidence)
    if CERTAIN & set(found) and not decided_apart:
        players = Player.objects.in_bulk((low, high))
        joining.join(players[low], players[high], now=now, evidence=found, reason="the same certain keys")
        return True
    if news or (known is not None and known.status == PersonLink.Status.JOINED):
        # Somebody who said "different people" is asked again when there is evidence they have not seen.
        return joining.propose(low, high, found, now=now) == PersonLink.Status.OPEN
    return False
