"""Tags, and bonuses as the PAM tells of them. Per tag and per bonus the newest word counts, whatever order they
come in; of two of one instant always the same one."""

from collections.abc import Iterable, Sequence

from config.lib import prepared
from config.lib.clock import NEVER_SQL
from config.lib.prepared import bigints
from players.folding.claim import Claimed, reach
from players.models import PlayerBonus

_MINE = """
    SELECT player_id, kind, occurred_at AS at, body AS p FROM players_event
    WHERE id = ANY(%(ids)s::bigint[]) AND received_at BETWEEN %(first)s AND %(last)s
"""

_TAGS = f"""
WITH mine AS MATERIALIZED ({_MINE})
INSERT INTO players_playertag AS t (player_id, tag, is_on, at)
SELECT DISTINCT ON (player_id, tag) player_id, tag, is_on, at
FROM (SELECT player_id, at, tag, true AS is_on
      FROM mine, jsonb_array_elements_text(coalesce(p -> 'add', '[]')) AS tag
      UNION ALL
      SELECT player_id, at, tag, false
      FROM mine, jsonb_array_elements_text(coalesce(p -> 'remove', '[]')) AS tag) AS said
ORDER BY player_id, tag, at DESC, is_on DESC
ON CONFLICT (player_id, tag) DO UPDATE SET is_on = excluded.is_on, at = excluded.at
    WHERE (excluded.at, excluded.is_on) > (t.at, t.is_on)
"""

_TAKEN = "('claimed', 'active', 'completed', 'lost')"
_BONUS = "player_id, p ? 'grant_ref' AS is_ours, coalesce(p ->> 'grant_ref', p ->> 'bonus_ref') AS ref, at"


def _rank(status: str) -> str:
    """SQL: the place of a status in the course of a bonus."""
    words = ", ".join(f"'{word}'" for word in PlayerBonus.Status.values)
    return f"coalesce(array_position(ARRAY[{words}], {status}), 0)"


# What a bonus is (type, product, amount) does not change; should two events say different things, the greater word
# stands, so that it is the same one every time.
_STATUSES = f"""
INSERT INTO players_playerbonus AS b (player_id, is_ours, ref, status, status_at, taken_at, type, product, amount,
                                      wagered_at, wagering_required, wagering_done)
SELECT player_id, is_ours, ref, (array_agg(status ORDER BY at DESC, {_rank("status")} DESC))[1], max(at),
       min(at) FILTER (WHERE status IN {_TAKEN}), coalesce(max(type), ''), coalesce(max(product), ''), max(amount),
       {NEVER_SQL}, 0, 0
FROM (SELECT {_BONUS}, coalesce(p ->> 'status', split_part(kind, '.', 2))::text AS status,
             p ->> 'type' AS type, p ->> 'product' AS product, (p ->> 'amount')::bigint AS amount
      FROM ({_MINE}) AS mine) AS said
GROUP BY player_id, is_ours, ref ORDER BY player_id, is_ours, ref
ON CONFLICT (player_id, is_ours, ref) DO UPDATE SET
    status = CASE WHEN (excluded.status_at, {_rank("excluded.status::text")}) > (b.status_at, {_rank("b.status::text")})
                  THEN excluded.status ELSE b.status END,
    status_at = greatest(b.status_at, excluded.status_at), taken_at = least(b.taken_at, excluded.taken_at),
    type = greatest(b.type, excluded.type), product = greatest(b.product, excluded.product),
    amount = greatest(b.amount, excluded.amount)
"""

_WAGERED = f"""
INSERT INTO players_playerbonus AS b (player_id, is_ours, ref, status, status_at, type, product,
                                      wagered_at, wagering_required, wagering_done)
SELECT DISTINCT ON (player_id, is_ours, ref) player_id, is_ours, ref, '', {NEVER_SQL}, '', '', at, required, done
FROM (SELECT {_BONUS}, (p ->> 'required')::bigint AS required, (p ->> 'done')::bigint AS done
      FROM ({_MINE}) AS mine) AS said
ORDER BY player_id, is_ours, ref, at DESC, done DESC, required DESC
ON CONFLICT (player_id, is_ours, ref) DO UPDATE SET
    wagered_at = excluded.wagered_at, wagering_required = excluded.wagering_required,
    wagering_done = excluded.wagering_done
    WHERE (excluded.wagered_at, excluded.wagering_done, excluded.wagering_required)
        > (b.wagered_at, b.wagering_done, b.wagering_required)
"""

OFFERED = """
    SELECT count(*) AS offered, count(taken_at) AS taken FROM players_playerbonus b
    WHERE b.player_id = {player} AND b.status <> ''
"""
_COUNT = f"""
    UPDATE players_playerstate s SET bonuses_offered = o.offered, bonuses_taken = o.taken
    FROM unnest(%(players)s::bigint[]) AS t(player_id) CROSS JOIN LATERAL ({OFFERED.format(player="t.player_id")}) AS o
    WHERE s.player_id = t.player_id AND (s.bonuses_offered, s.bonuses_taken) <> (o.offered, o.taken)
"""

STATUS_KINDS = frozenset({"bonus.status", "bonus.claimed", "bonus.forfeited", "bonus.expired"})


def apply(events: Sequence[Claimed]) -> set[int]:
    """Returns the players of whose bonuses something was told."""
    tagged = [event for event in events if event.kind == "player.tagged"]
    statuses = [event for event in events if event.kind in STATUS_KINDS]
    wagered = [event for event in events if event.kind == "bonus.wagered"]
    for mine, statement in ((tagged, _TAGS), (statuses, _STATUSES), (wagered, _WAGERED)):
        if mine:
            prepared.run(statement, reach(mine))
    players = {event.player_id for event in statuses}
    if players:
        count(players)
    return players


def count(player_ids: Iterable[int]) -> None:
    """How many bonuses they were offered and took, on their state row."""
    prepared.run(_COUNT, {"players": bigints(sorted(set(player_ids)))})
