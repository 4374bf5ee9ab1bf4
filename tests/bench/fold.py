"""How fast waiting events become state."""

from collections.abc import Iterator

from django.db import connection, connections

from config.lib.clock import utcnow
from players.folding import fold_backlog, fold_pending
from players.models import Event, Feed
from tests.bench import Figure, Run, bench
from tests.bench.population import populate

# 80 % rounds, 15 % sessions, 3 % deposits, 1 % rollbacks, 1 % logins; by those who played lately, at most a fifth of
# all players, drawn at random: about 970 different ones in a thousand events.
_EVENTS = """
    WITH event AS (INSERT INTO players_event (feed_id, event_id, kind, player_id, occurred_at, received_at, digest, body, is_replay)
    SELECT %(feed)s, %(prefix)s || n, kind, player, at, %(now)s, '', jsonb_build_object(
        'round_id', 'r' || CASE WHEN kind = 'round.rolled_back' THEN n - 7 ELSE n END, 'category', 1 + n %% 4,
        'stake_real', 100 + n %% 900, 'stake_bonus', 0, 'win_real', n %% 700, 'win_bonus', 0,
        'session_id', 's' || n, 'started_at', at - interval '20 minutes', 'device', 'mobile',
        'payment_id', 'p' || n, 'amount', 5000, 'method', 'card'), false
    FROM (SELECT n, active[1 + floor(random() * array_length(active, 1))::int] AS player,
                 %(now)s::timestamptz - random() * interval '20 hours' AS at,
                 CASE WHEN n %% 100 < 80 THEN 'round.settled' WHEN n %% 100 < 95 THEN 'session.ended'
                      WHEN n %% 100 < 98 THEN 'deposit.approved' WHEN n %% 100 < 99 THEN 'round.rolled_back'
                      ELSE 'player.login' END AS kind
          FROM generate_series(1, %(events)s) AS n,
               (SELECT array_agg(player_id) AS active
                FROM (SELECT player_id FROM players_playerstate WHERE player_id >= %(first)s
                      AND last_play_at > %(now)s::timestamptz - interval '14 days'
                      ORDER BY player_id %% 1009, player_id LIMIT %(count)s / 5) AS lately) AS lately) AS drawn
    RETURNING id, received_at, feed_id, player_id)
    INSERT INTO players_waiting (id, received_at, feed_id, player_id) SELECT * FROM event
"""
_FACTS_ONLY = """
    INSERT INTO players_round (player_id, round_id, category, occurred_at, recorded_at, stake_real, stake_bonus,
                               win_real, win_bonus, bets)
    SELECT player_id, 'peer' || id, (body ->> 'category')::smallint, occurred_at, now(),
           (body ->> 'stake_real')::bigint, 0, (body ->> 'win_real')::bigint, 0, 1
    FROM players_event WHERE id = ANY(%s) ON CONFLICT DO NOTHING
"""
_EVENTS_MEASURED = 100_000


@bench("ingest.fold")
def fold(run: Run) -> Iterator[Figure]:
    """Everything the fold does, both appliers, on top of twenty facts per player, against inserting bare facts."""
    first = casino(run.players)
    # The first change of a page after a checkpoint writes the whole page to the log. What is sustained is the rate
    # between two checkpoints, a quarter of an hour apart, so those first changes are made before the clock starts:
    # three events for each player who plays. What they cost is the figure .first.
    before = run.players * 6 // 10
    receive(first, run.players, "warm", before)
    with run.measure(items=before) as warming:
        fold_backlog(clock=utcnow, seconds=600)
    yield Figure(before / warming.seconds, "events/s", meter=warming, name="ingest.fold.first")
    receive(first, run.players, "measured", _EVENTS_MEASURED)
    with run.measure(items=_EVENTS_MEASURED) as ours:
        fold_backlog(clock=utcnow, seconds=600)
    ids = list(Event.objects.order_by("-id").values_list("id", flat=True)[:_EVENTS_MEASURED])
    with run.measure(items=len(ids)) as bare, connection.cursor() as db:
        for start in range(0, len(ids), 1_000):
            db.execute(_FACTS_ONLY, [ids[start : start + 1_000]])
    rate = ours.items / ours.seconds
    yield Figure(rate, "events/s", "facts only, INSERT … SELECT by one", bare.seconds / ours.seconds, ours)
    receive(first, run.players, "single", 200)
    with run.measure(items=200) as single:
        while fold_pending(now=utcnow(), limit=1):
            pass
    yield Figure(single.seconds * 1000 / 200, "ms per batch of one", meter=single, name="ingest.fold.one")


def casino(players: int) -> int:
    """A brand with that many players, ten sessions and ten rounds each; returns the id of the first, the others
    follow it. The player with id n is called "u<n>" at the PAM."""
    made = populate(players, sessions=10, rounds=1, payments=1, brands=1)
    with connections["owner"].cursor() as db:
        db.execute("VACUUM ANALYZE")  # as years of history are; else autovacuum reads all of it while we measure
        db.execute("CHECKPOINT")  # that of the filling ends here, and not in the middle of what is measured
    return made.first


def receive(first: int, players: int, prefix: str, events: int) -> None:
    feed = Feed.objects.get(brand__slug="bench").pk
    values = {"feed": feed, "prefix": prefix, "first": first, "count": players, "events": events, "now": utcnow()}
    with connection.cursor() as db:
        db.execute(_EVENTS, values)
        db.execute("ANALYZE players_event")
