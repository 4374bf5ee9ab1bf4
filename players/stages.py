"""The lifecycle: which stage a player is in, since when, and when time alone will move it.

`stage_of` is the specification: a pure function of a player's instants, the brand's thresholds and now.
`_STAGE` is the same in SQL, for any number of players at once; a property test keeps them equal.

  Registered     no approved deposit that stands
  Came back      first real-money activity after a gap of `lapsed` days, for `reactivated` days; then active only
                 if there were at least two active days, else slipping away until the quiet days decide
  First deposit  for `ftd` days, or until the second deposit
  Active         real-money activity within `slipping` days
  Slipping away  none for `slipping` days, Lapsed for `lapsed`, Dormant for `dormant`

Days are elapsed 24 hours. Bonus play alone never makes anyone active: `last_real_at` ignores it. An
exclusion is no stage; it lies across all of them and belongs to compliance.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from config.lib import prepared
from config.lib.clock import NEVER, NEVER_SQL
from config.lib.prepared import bigints
from players.batches import Batch, tell
from players.facts import Cause, NewFact, record
from players.folding.gaming_day import day_of
from players.models import Brand, Stage, StageChange

_TICK = 500


@dataclass(frozen=True, slots=True)
class Instants:
    """What the stage is told from; NEVER where it has not happened."""

    registered_at: datetime
    first_deposit_at: datetime = NEVER
    second_deposit_at: datetime = NEVER
    last_real_at: datetime = NEVER
    streak_from: datetime = NEVER
    spell_from: datetime = NEVER


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Elapsed 24-hour days."""

    ftd: int = 7
    slipping: int = 14
    lapsed: int = 30
    dormant: int = 90
    reactivated: int = 30
    # What makes two active days two: the brand's gaming day.
    zone: str = "UTC"
    day_start: int = 0

    @classmethod
    def of(cls, brand: Brand) -> "Thresholds":
        return cls(
            brand.ftd_days,
            brand.slipping_after_days,
            brand.lapsed_after_days,
            brand.dormant_after_days,
            brand.reactivated_days,
            brand.timezone,
            brand.day_start_hour,
        )

    def day(self, at: datetime) -> date:
        local = at.astimezone(ZoneInfo(self.zone)).replace(tzinfo=None)
        return (local - timedelta(hours=self.day_start)).date()


@dataclass(frozen=True, slots=True)
class Standpoint:
    """A stage, when it began, and when time alone ends it (None = never)."""

    stage: Stage
    since: datetime
    until: datetime | None


def stage_of(player: Instants, brand: Thresholds, now: datetime) -> Standpoint:
    first, last = player.first_deposit_at, player.last_real_at
    if first == NEVER:
        return Standpoint(Stage.REGISTERED, player.registered_at, None)

    came_back = player.spell_from if player.spell_from > first else NEVER
    back_until = came_back + timedelta(days=brand.reactivated) if came_back != NEVER else NEVER
    if now < back_until:
        return Standpoint(Stage.REACTIVATED, came_back, back_until)

    ftd_until = first + timedelta(days=brand.ftd)
    if player.second_deposit_at == NEVER and now < ftd_until:
        return Standpoint(Stage.FTD, first, ftd_until)

    grown_up = ftd_until if player.second_deposit_at == NEVER else min(ftd_until, player.second_deposit_at)
    earliest = max(grown_up, back_until)  # nothing below begins before the two stages above end
    quiet = [last + timedelta(days=days) for days in (brand.slipping, brand.lapsed, brand.dormant)]
    if now >= quiet[2]:
        return Standpoint(Stage.DORMANT, max(quiet[2], earliest), None)
    if now >= quiet[1]:
        return Standpoint(Stage.LAPSED, max(quiet[1], earliest), quiet[2])
    once = came_back != NEVER and brand.day(last) == brand.day(came_back)
    if now >= quiet[0] or once:
        return Standpoint(Stage.AT_RISK, earliest if once else max(quiet[0], earliest), quiet[1])
    return Standpoint(Stage.ACTIVE, max(earliest, player.streak_from), quiet[0])


# The same again, for the rows of alias `s` (state) and `b` (brand). `%(now)s` is the moment.


def told(states: str = "players_playerstate", brands: str = "players_brand") -> str:
    """SQL: the stage of each row of `states`, with the thresholds of its brand in `brands`."""
    return f"""
    SELECT s.player_id, s.stage AS before, n.stage, s.stage_since, s.next_stage_at, s.brand_id,
           s.last_deposit_at = s.last_real_at AS by_deposit, young.once, s.last_real_at,
           CASE n.stage WHEN 0 THEN s.registered_at WHEN 6 THEN s.spell_from WHEN 1 THEN s.first_deposit_at
                        WHEN 2 THEN greatest(young.earliest, s.streak_from)
                        WHEN 3 THEN CASE WHEN young.once THEN young.earliest
                                         ELSE greatest(young.earliest, edge.slips) END
                        WHEN 4 THEN greatest(young.earliest, edge.lapses)
                        WHEN 5 THEN greatest(young.earliest, edge.sleeps) END AS since,
           CASE n.stage WHEN 6 THEN edge.back_until WHEN 1 THEN edge.ftd_until WHEN 2 THEN edge.slips
                        WHEN 3 THEN edge.lapses WHEN 4 THEN edge.sleeps END AS until
    FROM {states} s
    JOIN {brands} b ON b.id = s.brand_id
    CROSS JOIN LATERAL (SELECT
        s.first_deposit_at + b.ftd_days * interval '24 hours' AS ftd_until,
        CASE WHEN s.spell_from > s.first_deposit_at THEN s.spell_from + b.reactivated_days * interval '24 hours'
             ELSE {NEVER_SQL} END AS back_until,
        s.last_real_at + b.slipping_after_days * interval '24 hours' AS slips,
        s.last_real_at + b.lapsed_after_days * interval '24 hours' AS lapses,
        s.last_real_at + b.dormant_after_days * interval '24 hours' AS sleeps) AS edge
    CROSS JOIN LATERAL (SELECT
        greatest(edge.back_until, CASE WHEN s.second_deposit_at = {NEVER_SQL} THEN edge.ftd_until
                                       ELSE least(edge.ftd_until, s.second_deposit_at) END) AS earliest,
        s.spell_from > s.first_deposit_at
            AND {day_of("s.last_real_at")} = {day_of("s.spell_from")} AS once) AS young
    CROSS JOIN LATERAL (SELECT CASE
        WHEN s.first_deposit_at = {NEVER_SQL} THEN 0
        WHEN %(now)s < edge.back_until THEN 6
        WHEN s.second_deposit_at = {NEVER_SQL} AND %(now)s < edge.ftd_until THEN 1
        WHEN %(now)s >= edge.sleeps THEN 5
        WHEN %(now)s >= edge.lapses THEN 4
        WHEN %(now)s >= edge.slips OR young.once THEN 3
        ELSE 2 END AS stage) AS n
    """


# The timer is indexed, and an update of an indexed column costs a new index entry: it is only ever
# lowered. Activity that pushes the instant later leaves it; the player wakes early once and is re-armed.
_MOVE = f"""
WITH told AS MATERIALIZED (
    SELECT told.*, CASE WHEN stage <> before OR next_stage_at <= %(now)s
                          OR until < coalesce(next_stage_at, 'infinity') THEN until ELSE next_stage_at END AS timer
    FROM ({told()} WHERE s.player_id = ANY(%(players)s::bigint[])) AS told
), moved AS (
    UPDATE players_playerstate s SET stage = t.stage, stage_since = t.since, next_stage_at = t.timer
    FROM told t WHERE s.player_id = t.player_id
      AND (t.before, t.stage_since, t.next_stage_at) IS DISTINCT FROM (t.stage, t.since, t.timer)
)
SELECT t.player_id, t.before, t.stage, t.since, t.by_deposit, t.once,
       CASE WHEN NOT t.by_deposit AND t.stage IN (2, 6)
            THEN (SELECT 'round:' || min(r.round_id) FROM players_round r
                  WHERE r.player_id = t.player_id AND r.occurred_at = t.last_real_at AND r.stake_real > 0) END,
       b.ftd_days, b.slipping_after_days, b.lapsed_after_days, b.dormant_after_days, b.reactivated_days
FROM told t JOIN players_brand b ON b.id = t.brand_id
WHERE t.stage <> t.before ORDER BY t.player_id
"""

_DUE = """
    SELECT player_id FROM players_playerstate WHERE next_stage_at <= %s
    ORDER BY next_stage_at LIMIT %s FOR NO KEY UPDATE SKIP LOCKED
"""


@dataclass(frozen=True, slots=True)
class Move:
    player_id: int
    before: Stage
    after: Stage
    at: datetime
    by_deposit: bool
    once: bool  # came back, and then for one day only
    round_key: str | None
    brand: Thresholds


def evaluate(
    player_ids: Sequence[int],
    *,
    now: datetime,
    causes: Mapping[int, Cause] | None = None,
    is_replay: bool = False,
    because: str = "",
) -> list[NewFact]:
    """Brings the stages of `player_ids` up to `now` and keeps what changed; the facts are yours to record.

    `causes`: per player what just happened, where the stage is moved by an event. `because`: what moved them all.
    """
    moves = [
        Move(id_, Stage(before), Stage(after), since, by_deposit, once, round_key, Thresholds(*days))
        for id_, before, after, since, by_deposit, once, round_key, *days in prepared.run(
            _MOVE, {"players": bigints(player_ids), "now": now}
        )
    ]
    if not moves:
        return []
    causes = causes or {}
    told = [(move, Cause(because) if because else _cause(move, causes.get(move.player_id))) for move in moves]
    _keep(told, now)
    return [
        NewFact(
            kind="stage.changed",
            player_id=move.player_id,
            occurred_at=move.at,
            key=f"stage.changed:{move.player_id}:{int(move.after)}:{now.isoformat()}",
            data={"before": int(move.before), "after": int(move.after), "cause": cause.words, "by": cause.fact_key},
            is_replay=is_replay,
        )
        for move, cause in told
    ]


def tick(*, now: datetime) -> int:
    """Moves whom time alone moves; returns how many stages changed. Costs what is due, not what is there."""
    changed = 0
    while True:
        with transaction.atomic():
            with connection.cursor() as db:
                db.execute(_DUE, [now, _TICK])
                due = sorted(row[0] for row in db.fetchall())
            if not due:
                return changed
            facts = record(evaluate(due, now=now), now=now)
            changed += len(facts)
            if facts:
                tell(Batch(sorted({fact.player_id for fact in facts}), [], facts, now))


def _keep(told: Iterable[tuple[Move, Cause]], now: datetime) -> None:
    moves = list(told)
    known = set(
        StageChange.objects.filter(player_id__in=[move.player_id for move, _ in moves]).values_list(
            "player_id", "at", "after"
        )
    )
    StageChange.objects.bulk_create(
        [
            StageChange(
                player_id=move.player_id,
                before=move.before,
                after=move.after,
                # A late event may bring back a stage that has been on record since: it is true again from now.
                at=now if (move.player_id, move.at, move.after) in known else move.at,
                recorded_at=now,
                cause=cause.words[:120],
                fact_key=cause.fact_key,
            )
            for move, cause in moves
        ],
        ignore_conflicts=True,
    )


def _cause(move: Move, event: Cause | None) -> Cause:
    quiet = {
        Stage.AT_RISK: move.brand.slipping,
        Stage.LAPSED: move.brand.lapsed,
        Stage.DORMANT: move.brand.dormant,
    }.get(move.after)
    if quiet is not None:
        if move.after == Stage.AT_RISK and move.once:
            return Cause(f"{move.brand.reactivated} days after coming back, and active on one day only")
        return Cause(f"{quiet} days without real-money play or deposit")
    if move.after == Stage.REGISTERED:
        return Cause("the only deposit was rolled back")
    if event:
        return event
    if move.after == Stage.ACTIVE and move.before == Stage.FTD:
        return Cause(f"{move.brand.ftd} days after the first deposit")
    if move.after == Stage.ACTIVE and move.before == Stage.REACTIVATED:
        return Cause(f"{move.brand.reactivated} days after coming back")
    return Cause("deposit" if move.by_deposit else "real-money play", move.round_key or "")
