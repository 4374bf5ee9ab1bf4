"""A brand's thresholds, of stages and of runs: what new ones would move, and going through its players once they
are set.

A preview is one statement over the state rows and the daily rows of the weeks that matter. A change is a row
(`Recount`) and a walk over the brand's players in chunks, each a short transaction: folding goes on between.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from config.lib.clock import NEVER_SQL
from players import stages
from players.batches import Batch, tell
from players.facts import record
from players.folding import habits
from players.folding.claim import lock_shards
from players.folding.reread import gaps
from players.models import Brand, Player, PlayerHabits, PlayerState, Recount, Stage

NAMES = ("ftd_days", "slipping_after_days", "lapsed_after_days", "dormant_after_days", "reactivated_days")
RUNS = ("run_rounds", "run_return", "run_stop", "run_cases")
CHUNK = 500
SESSIONS_CHUNK = 100  # all their sessions are read again: no transaction may take long

# Where the newest run without a gap of `lapsed` days begins, told from daily rows since %(since)s: long enough ago
# that whoever was quiet before it was quiet for longer than any gap that matters now.
_SPELLS = """
    SELECT player_id, max(first_real) AS spell_from
    FROM (
        SELECT day.*, lag(last_real) OVER (PARTITION BY player_id ORDER BY first_real) AS before
        FROM (SELECT d.player_id, d.day, min(d.first_real_at) AS first_real, max(d.last_real_at) AS last_real
              FROM players_dailyactivity d JOIN players_playerstate s ON s.player_id = d.player_id
                   JOIN players_player p ON p.id = d.player_id
              WHERE p.brand_id = %(brand)s AND s.last_real_at > %(recent)s AND d.day >= %(since)s::date
                AND d.first_real_at IS NOT NULL
              GROUP BY d.player_id, d.day) AS day
    ) AS gap
    WHERE CASE WHEN before IS NULL THEN first_real >= %(recent)s
               ELSE first_real - before >= %(lapsed_after_days)s * interval '24 hours' END
    GROUP BY player_id
"""
_STATES = f"""(
    SELECT s.player_id, s.brand_id, s.stage, s.stage_since, s.next_stage_at, s.registered_at, s.first_deposit_at,
           s.second_deposit_at, s.last_deposit_at, s.last_real_at, s.streak_from,
           coalesce(spell.spell_from, {NEVER_SQL}) AS spell_from
    FROM players_playerstate s JOIN players_player p ON p.id = s.player_id
         LEFT JOIN ({_SPELLS}) AS spell ON spell.player_id = s.player_id
    WHERE p.brand_id = %(brand)s AND NOT p.is_test)"""  # noqa: S608  our own columns
_BRANDS = f"""(
    SELECT id, timezone, day_start_hour, {", ".join(f"%({name})s::int AS {name}" for name in NAMES)}
    FROM players_brand WHERE id = %(brand)s)"""  # noqa: S608  our own columns
_PREVIEW = f"""
    SELECT before, stage, count(*) FROM ({stages.told(_STATES, _BRANDS)}) AS told GROUP BY before, stage
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Shift:
    before: Stage
    after: Stage
    players: int

    @property
    def moves(self) -> bool:
        return self.before != self.after


def of(brand: Brand) -> dict[str, int]:
    return {name: getattr(brand, name) for name in NAMES}


def preview(brand: Brand, new: Mapping[str, int], *, now: datetime) -> list[Shift]:
    """How many players stand where and would stand where; test accounts left out. Changes nothing."""
    recent = now - timedelta(days=max(new["reactivated_days"], new["slipping_after_days"]))
    params: dict[str, Any] = {name: new[name] for name in NAMES} | {
        "brand": brand.pk, "now": now, "recent": recent, "since": recent - timedelta(days=new["lapsed_after_days"] + 2),
    }  # fmt: skip
    with connection.cursor() as db:
        db.execute(_PREVIEW, params)
        rows = sorted(db.fetchall())
    return [Shift(Stage(before), Stage(after), count) for before, after, count in rows]


def change(brand: Brand, new: Mapping[str, int], *, actor_id: int, tells_journeys: bool, now: datetime) -> Recount:
    """Sets the thresholds; `advance` then goes through the players. Raises IntegrityError while another runs."""
    with transaction.atomic():
        brand = Brand.objects.select_for_update(no_key=True).get(pk=brand.pk)
        recount = Recount.objects.create(
            brand=brand, before=of(brand), after=dict(new), tells_journeys=tells_journeys, asked_by_id=actor_id,
            asked_at=now,
        )  # fmt: skip
        Brand.objects.filter(pk=brand.pk).update(**new)
    return recount


def change_runs(brand: Brand, new: Mapping[str, int], *, actor_id: int, now: datetime) -> Recount:
    """The same for what a bad run is. Raises IntegrityError while another walk runs."""
    with transaction.atomic():
        brand = Brand.objects.select_for_update(no_key=True).get(pk=brand.pk)
        recount = Recount.objects.create(
            brand=brand, what=Recount.What.RUNS, before={name: getattr(brand, name) for name in RUNS}, after=dict(new),
            tells_journeys=False, asked_by_id=actor_id, asked_at=now,
        )  # fmt: skip
        Brand.objects.filter(pk=brand.pk).update(**new)
    return recount


def advance(*, now: datetime, chunks: int = 20) -> int:
    """Goes through up to `chunks` chunks of what is still to do; returns how many players."""
    done = 0
    for _ in range(chunks):
        with transaction.atomic():
            recount = (
                Recount.objects.select_for_update(skip_locked=True, of=("self",))
                .filter(finished_at=None)
                .order_by("pk")
                .first()
            )
            if recount is None:
                break
            done += _advance(recount, now)
    return done


def _advance(recount: Recount, now: datetime) -> int:
    rows = Player.objects.filter(brand_id=recount.brand_id, pk__gt=recount.cursor, state__isnull=False)
    of_runs = recount.what == Recount.What.RUNS
    players = list(rows.order_by("pk").values_list("pk", flat=True)[: SESSIONS_CHUNK if of_runs else CHUNK])
    if not players:
        recount.finished_at = now
        recount.save(update_fields=["finished_at"])
        return 0
    lock_shards(wait=True)
    list(PlayerState.objects.select_for_update(no_key=True).filter(pk__in=players).order_by("pk").values_list("pk"))
    recount.moved += _retell(players, now) if of_runs else _restage(recount, players, now)
    recount.cursor = players[-1]
    recount.players += len(players)
    recount.save(update_fields=["cursor", "players", "moved"])
    return len(players)


def _retell(players: list[int], now: datetime) -> int:
    """How their sessions went, by what a run is now. Returns of how many it says something else."""
    rows = PlayerHabits.objects.filter(pk__in=players)
    columns = ("pk", "bad_runs", "other_runs", "bad_stops", "other_stops")
    before = set(rows.values_list(*columns))
    habits.tell_anew(players)
    tell(Batch(players, [], [], now, True))
    return len(set(rows.values_list(*columns)) - before)


def _restage(recount: Recount, players: list[int], now: datetime) -> int:
    """Their stages, by the thresholds as they are now. Returns how many moved."""
    gaps(players)
    silent = not recount.tells_journeys
    facts = record(stages.evaluate(players, now=now, is_replay=silent, because="the stages were redrawn"), now=now)
    if facts:
        tell(Batch(sorted({fact.player_id for fact in facts}), [], facts, now, silent))
    return len(facts)
