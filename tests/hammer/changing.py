"""What closes or moves a person, over and over: exclusions and lifts, limits, people joined and parted."""

import random
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import psycopg


class Target(NamedTuple):
    """Somebody to be written to and given bonuses: ids of rows that exist."""

    player: int
    delivery: int
    terms: int


People = list[Target]


class Change(NamedTuple):
    """The COMMIT has returned at `done`; the person has this generation since."""

    what: str
    person: int
    generation: int
    done: float


Db = psycopg.Connection[Any]
Act = Callable[[Db, Db, People, int, random.Random], list[Change]]


def repeat(
    act: Act, app: str, owner: str, people: People, officer: int, seconds: float, seed: int
) -> tuple[list[Change], int]:
    """(changes, deadlocks)"""
    dice, changes, deadlocks = random.Random(seed), list[Change](), 0
    with psycopg.connect(app, autocommit=True) as db, psycopg.connect(owner, autocommit=True) as admin:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            try:
                changes += act(db, admin, people, officer, dice)
            except psycopg.errors.DeadlockDetected:
                deadlocks += 1
    return changes, deadlocks


def exclude(db: Db, admin: Db, people: People, officer: int, dice: random.Random) -> list[Change]:
    """Up to four are excluded; the owner takes it away again, so that there is somebody to exclude."""
    players = sorted(target.player for target in dice.sample(people, min(4, len(people))))
    named = [(f"h{dice.random()}", player) for player in players]
    changes = _change("exclusions", db, players, *[(_SAID, ["rg.self_excluded", player, f"{ref}:{player}", ref]) for ref, player in named],
                      *[(_EXCLUDE, [ref, player]) for ref, player in named])  # fmt: skip
    time.sleep(0.01 + dice.random() * 0.02)
    away = [("DELETE FROM compliance_measure WHERE player_id = ANY (%s) AND kind = 'self_exclusion'", [players])]
    derive = ("SELECT compliance_derive_standing(ARRAY(SELECT person_id FROM players_player WHERE id = ANY (%s)),"
              " clock_timestamp(), true)", [players])  # fmt: skip
    changes += _change("lifts", admin, players, *away, derive)
    time.sleep(dice.random() * 0.01)
    return changes


def limit(db: Db, admin: Db, people: People, officer: int, dice: random.Random) -> list[Change]:
    """A limit is set or lowered, or the operator blocks promotions and lifts the block, signed."""
    player = dice.choice(people).player
    if dice.random() < 0.7:
        changes = _change("limits", db, [player], (_SAID, ["rg.limit_set", player, f"limit:{player}", "limit"]),
                          (_LIMIT, [10**9, player]))  # fmt: skip
    else:
        changes = _change("blocks", db, [player], (_BLOCK, [player]))
        time.sleep(dice.random() * 0.005)
        changes += _change("blocks lifted", db, [player], (_SIGN, [officer, "player.marketing_block_lifted", player]),
                           (_LIFT, [player]))  # fmt: skip
    time.sleep(dice.random() * 0.02)
    return changes


def merge(db: Db, admin: Db, people: People, officer: int, dice: random.Random) -> list[Change]:
    """Two turn out to be one human, and a moment later they do not."""
    one, other = (target.player for target in dice.sample(people, 2))
    changes = _change("joined", db, [one, other],
                      ("SELECT compliance_join(%s, %s, '{phone}', NULL, 'hammer', clock_timestamp())", [one, other]))  # fmt: skip
    time.sleep(dice.random() * 0.02)
    changes += _change(
        "parted", db, [one, other], (_SIGN, [officer, "player.kept_apart", one]),
        ("SELECT compliance_part(%s, ARRAY[%s]::bigint[], %s, 'hammer', clock_timestamp())", [one, other, officer]),
    )  # fmt: skip
    return changes


def _change(what: str, db: Db, players: list[int], *statements: tuple[str, list[Any]]) -> list[Change]:
    """In one transaction, everybody locked first; whoever it concerned before or concerns after."""
    with db.transaction():
        db.execute("SELECT compliance_lock_players(%s)", [players])
        people = _people(db, players)
        for statement, parameters in statements:
            db.execute(statement, parameters)
        now = db.execute(
            "SELECT person_id, generation FROM compliance_standing WHERE person_id = ANY (%s)",
            [sorted(people | _people(db, players))],
        ).fetchall()
    done = time.monotonic()
    return [Change(what, person, generation, done) for person, generation in now]


def _people(db: Db, players: list[int]) -> set[int]:
    return {row[0] for row in db.execute("SELECT person_id FROM players_player WHERE id = ANY (%s)", [players])}


_COLUMNS = (
    "INSERT INTO compliance_measure (person_id, player_id, kind, source, ref, sequence, status, origin, received_at,"
    " effective_at, currency, period, product, needs_confirmation, amount) "
)
_NOW = "clock_timestamp(), clock_timestamp()"
_SAID = (  # a restriction is there only once its source has spoken of it
    f"INSERT INTO players_fact (kind, player_id, occurred_at, recorded_at, key, data, is_replay) VALUES (%s, %s, {_NOW}, %s,"
    " jsonb_build_object('measure_id', %s::text, 'sequence', 1), false) ON CONFLICT (key) DO NOTHING"
)
_EXCLUDE = _COLUMNS + (
    f"SELECT person_id, id, 'self_exclusion', 'hammer', %s, 1, 'active', 'player', {_NOW}, '', '', '', false, NULL"
    " FROM players_player WHERE id = %s"
)
_LIMIT = _COLUMNS + (
    f"SELECT person_id, id, 'deposit_limit', 'hammer', 'limit', 1, 'active', 'player', {_NOW}, 'GBP', 'week', '', false, %s"
    " FROM players_player WHERE id = %s"
    " ON CONFLICT (player_id, source, ref, form) DO UPDATE SET amount = LEAST(compliance_measure.amount - 1, excluded.amount)"
)
_BLOCK = _COLUMNS + (
    f"SELECT person_id, id, 'marketing_block', 'operator', 'block', 1, 'active', 'operator', {_NOW}, '', '', '', false, NULL"
    " FROM players_player WHERE id = %s"
    " ON CONFLICT (player_id, source, ref, form) DO UPDATE SET status = 'active', ended_at = NULL"
)
_LIFT = (
    "UPDATE compliance_measure SET status = 'ended', ended_at = clock_timestamp()"
    " WHERE player_id = %s AND source = 'operator' AND ref = 'block'"
)
_SIGN = (
    "INSERT INTO compliance_auditentry (at, actor_id, kind, subject, reason, payload)"
    " VALUES (clock_timestamp(), %s, %s, 'player:' || %s, 'hammer', '{}')"
)
