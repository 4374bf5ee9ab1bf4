"""Reads the markers of up to 500 players of one brand: a handful of statements whatever their number."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from compliance.markers import amounts, bets, days, payments, sessions, tools
from compliance.markers.catalogue import DISCLOSURES
from compliance.markers.definitions import Definitions, of_brand
from compliance.models import MarkerNorm, MarkerSource
from compliance.vocabulary import EXCLUSIONS, LIMITS
from config.lib.money import exponent
from players.folding.gaming_day import day_of
from players.models import Brand

MOST = 500
_STATEMENTS = (payments.STATEMENT, bets.STATEMENT, days.STATEMENT, sessions.STATEMENT, tools.STATEMENT)


@dataclass(frozen=True)
class Seen:
    """A marker that was met, with the figures it was told from and the moment of its newest evidence."""

    player_id: int
    marker: str
    version: int
    at: datetime
    found: dict[str, Any]


@dataclass(frozen=True)
class Readings:
    seen: list[Seen]
    unknown: dict[int, list[str]]  # player -> markers nobody can tell
    person: dict[int, int]
    long_known: set[int]  # players watched for a month at least: nothing seen means something


def read(brand: Brand, player_ids: Sequence[int], *, now: datetime) -> Readings:
    """Writes nothing but the balances seen at the end of sessions."""
    if len(player_ids) > MOST:
        raise ValueError(f"at most {MOST} players at once, not {len(player_ids)}")
    definitions = of_brand(brand)
    told = _ask(brand, player_ids, definitions, now)
    subjects = _subjects(player_ids)
    sources = dict(MarkerSource.objects.filter(brand=brand).values_list("kind", "first_at"))
    seen = [
        Seen(player, marker, definitions.of[marker].version, at, found)
        for (player, marker), (hit, at, found) in told.items()
        if hit and definitions.of[marker].is_on and _together(player, marker, told, definitions)
    ]
    unknown = {one.player_id: _unknown(one, told, definitions, sources, now) for one in subjects}
    month = now - timedelta(days=30)
    long_known = {one.player_id for one in subjects if one.since <= month and (one.rounds or one.deposits)}
    return Readings(seen, unknown, {one.player_id: one.person_id for one in subjects}, long_known)


Told = dict[tuple[int, str], tuple[bool | None, datetime, dict[str, Any]]]


def _ask(brand: Brand, player_ids: Sequence[int], definitions: Definitions, now: datetime) -> Told:
    told: Told = {}
    with transaction.atomic(), connection.cursor() as db:
        db.execute("SET LOCAL jit = off")
        db.execute(f"SELECT {day_of('%s::timestamptz')} FROM players_brand b WHERE b.id = %s", [now, brand.pk])  # noqa: S608
        parameters = _parameters(brand, definitions, now) | {
            "players": list(player_ids),
            "now": now,
            "today": db.fetchone()[0],
        }
        db.execute(sessions.SEE_BALANCES, parameters)
        for statement in _STATEMENTS:
            db.execute(statement, parameters)
            for player, marker, hit, at, found in db.fetchall():
                told[player, marker] = (hit, at, json.loads(found) if isinstance(found, str) else found)
    return told


def _parameters(brand: Brand, definitions: Definitions, now: datetime) -> dict[str, Any]:
    norms = dict(MarkerNorm.objects.filter(brand=brand).values_list("name", "p95"))
    plain = {
        name: json.dumps(value) if isinstance(value, dict) else value
        for name, value in (definitions.parameters() | amounts.parameters(definitions.of, now=now)).items()
    }
    kinds = {"limits": sorted(LIMITS), "exclusions": sorted(EXCLUSIONS), "said": list(DISCLOSURES)}
    return plain | kinds | {"norms": json.dumps(norms), "unit": 10 ** exponent(brand.currency)}


def _together(player: int, marker: str, told: Told, definitions: Definitions) -> bool:
    """Some signs mean something only beside others."""
    return all(told.get((player, other), (False,))[0] for other in definitions.of[marker].marker.only_with)


@dataclass(frozen=True)
class _Subject:
    player_id: int
    person_id: int
    since: datetime
    rounds: int
    sessions: int
    deposits: int


def _subjects(player_ids: Iterable[int]) -> list[_Subject]:
    with connection.cursor() as db:
        db.execute(
            """SELECT p.id, p.person_id, GREATEST(p.registered_at, p.known_since), COALESCE(s.rounds, 0),
                      COALESCE(s.sessions, 0), COALESCE(s.deposits + s.declined_deposits, 0)
               FROM players_player p LEFT JOIN players_playerstate s ON s.player_id = p.id
               WHERE p.id = ANY(%s) ORDER BY p.id""",
            [list(player_ids)],
        )
        return [_Subject(*row) for row in db.fetchall()]


def _unknown(
    one: _Subject, told: Told, definitions: Definitions, sources: Mapping[str, datetime], now: datetime
) -> list[str]:
    """A marker that was not met is a no only if all it looks at was there to be seen."""
    return [
        key
        for key, definition in definitions.of.items()
        if definition.is_on and not _can_tell(one, definition.marker.needs, definition.marker.window, sources, now, told.get((one.player_id, key)))
    ]  # fmt: skip


def _can_tell(one: _Subject, needs: str, window: int, sources: Mapping[str, datetime], now: datetime,
              answer: tuple[bool | None, datetime, Mapping[str, Any]] | None) -> bool:  # fmt: skip
    if answer is not None:
        if answer[0] is not False:
            return bool(answer[0])  # met, or the statement says that it cannot tell
    elif not _has(one, needs, sources):
        return False
    # One call that came in last week does not make silence of a month a no.
    since = max(one.since, sources.get(needs, one.since))
    return since <= now - timedelta(days=min(window, 62))


def _has(one: _Subject, needs: str, sources: Mapping[str, datetime]) -> bool:
    if needs == "sessions":
        return one.sessions > 0 or one.rounds == 0
    if needs == "balance.changed":
        return False  # no session end with a balance was seen; see sessions.SEE_BALANCES
    return needs not in ("rg.tool_viewed", "rg.contact") or needs in sources
