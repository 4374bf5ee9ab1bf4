"""How fast waiting events become state."""

from collections.abc import Iterator
from datetime import timedelta

from django.db import connection

from config.lib.clock import utcnow
from players import partitions
from players.folding import born, fold_backlog, fold_pending
from players.models import Brand, Event, Feed, Licence, Person, Player
from tests.bench import Figure, Run, bench

_PEOPLE = """
    WITH people AS (INSERT INTO players_person (created_at) SELECT now() FROM generate_series(2, %(count)s) RETURNING id)
    INSERT INTO players_player
    SELECT copy.* FROM people, players_player p, jsonb_populate_record(p, jsonb_build_object(
        'id', nextval('players_player_id_seq'), 'person_id', people.id, 'external_id', 'x' || people.id)) AS copy
    WHERE p.id = %(first)s
"""
_STATES = """
    INSERT INTO players_playerstate
    SELECT copy.* FROM players_playerstate s, players_player p,
                       jsonb_populate_record(s, jsonb_build_object('player_id', p.id)) AS copy
    WHERE s.player_id = %(first)s AND p.id <> %(first)s
"""
# 80 % rounds, 15 % sessions, 3 % deposits, 1 % rollbacks, 1 % logins, by players drawn at random.
_EVENTS = """
    WITH event AS (INSERT INTO players_event (feed_id, event_id, kind, player_id, occurred_at, received_at, digest, body, is_replay)
    SELECT %(feed)s, %(prefix)s || n, kind, player, at, %(now)s, '', jsonb_build_object(
        'round_id', 'r' || CASE WHEN kind = 'round.rolled_back' THEN n - 7 ELSE n END, 'category', 1 + n %% 4,
        'stake_real', 100 + n %% 900, 'stake_bonus', 0, 'win_real', n %% 700, 'win_bonus', 0,
        'session_id', 's' || n, 'started_at', at - interval '20 minutes', 'device', 'mobile',
        'payment_id', 'p' || n, 'amount', 5000, 'method', 'card'), false
    FROM (SELECT n, %(first)s + floor(random() * %(count)s)::bigint AS player,
                 %(now)s::timestamptz - random() * interval '20 hours' AS at,
                 CASE WHEN n %% 100 < 80 THEN 'round.settled' WHEN n %% 100 < 95 THEN 'session.ended'
                      WHEN n %% 100 < 98 THEN 'deposit.approved' WHEN n %% 100 < 99 THEN 'round.rolled_back'
                      ELSE 'player.login' END AS kind
          FROM generate_series(1, %(events)s) AS n) AS drawn
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
_BATCHES = 60


@bench("ingest.fold")
def fold(run: Run) -> Iterator[Figure]:
    """Everything the fold does, both appliers in batches of 1 000, against inserting the same number of bare facts."""
    first = casino(run.players)
    _receive(first, run.players, "warm", 2_000)
    fold_backlog(clock=utcnow)
    _receive(first, run.players, "measured", _BATCHES * 1_000)
    with run.measure(items=_BATCHES * 1_000) as ours:
        fold_backlog(clock=utcnow, seconds=600)
    ids = list(Event.objects.order_by("-id").values_list("id", flat=True)[: _BATCHES * 1_000])
    with run.measure(items=len(ids)) as bare, connection.cursor() as db:
        for start in range(0, len(ids), 1_000):
            db.execute(_FACTS_ONLY, [ids[start : start + 1_000]])
    rate = ours.items / ours.seconds
    yield Figure(rate, "events/s", "facts only, INSERT … SELECT", bare.seconds / ours.seconds, ours)
    _receive(first, run.players, "single", 200)
    with run.measure(items=200) as single:
        while fold_pending(now=utcnow(), limit=1):
            pass
    yield Figure(single.seconds * 1000 / 200, "ms per batch of one", meter=single, name="ingest.fold.one")


def casino(players: int) -> int:
    """A brand with that many players; returns the id of the first, the others follow it."""
    now = utcnow()
    licence = Licence.objects.create(jurisdiction="MT", number="bench", licensee="Bench")
    brand = Brand.objects.create(slug="bench", name="Bench", licence=licence, currency="EUR", timezone="Europe/Malta")
    Feed.objects.create(brand=brand)
    partitions.ensure(now=now)
    first = Player.objects.create(
        brand=brand, person=Person.objects.create(), external_id="first", currency="EUR",
        registered_at=now - timedelta(days=100),
    )  # fmt: skip
    born([first.pk])
    with connection.cursor() as db:
        for statement in (_PEOPLE, _STATES):
            db.execute(statement, {"count": players, "first": first.pk})
        db.execute("ANALYZE")
    return first.pk


def _receive(first: int, players: int, prefix: str, events: int) -> None:
    feed = Feed.objects.get(brand__slug="bench").pk
    values = {"feed": feed, "prefix": prefix, "first": first, "count": players, "events": events, "now": utcnow()}
    with connection.cursor() as db:
        db.execute(_EVENTS, values)
        db.execute("ANALYZE players_event")
