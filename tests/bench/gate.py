"""The gate: decisions a second in batches of 500, dossiers and recording included, and one at a time."""

import json
import time
from collections.abc import Iterator

from django.db import connection, transaction

from compliance import gate
from compliance.gate import Request
from compliance.models import Decision
from compliance.models.decision import Purpose
from config.lib.clock import utcnow
from players import facts
from players.models import Contact, Person, Player, PlayerState
from tests import cast
from tests.bench import Figure, Run, bench

BATCH, BATCHES, SINGLES = 500, 12, 300

# The same rows, written by somebody who asks nothing: what recording alone costs.
_BARE = (
    "INSERT INTO compliance_decision (person_id, player_id, purpose, channel, outcome, code, reasons, reference,"
    " ruleset, inputs, generation, decided_at) SELECT person_id, player_id, purpose, channel, outcome, code,"
    " reasons, reference, ruleset, inputs, generation, now() FROM jsonb_to_recordset(%s::jsonb) AS r (person_id bigint,"
    " player_id bigint, purpose text, channel text, outcome text, code text, reasons text[], reference text,"
    " ruleset text, inputs jsonb, generation bigint)"
)


@bench("gate.batch")
def batch(run: Run) -> Iterator[Figure]:
    """Every step of a launch: load what is known of 500 players, run all rules, record, re-check in the database."""
    players, now = crowd(BATCH * BATCHES), cast.noon()
    groups = [players[start : start + BATCH] for start in range(0, len(players), BATCH)]
    clear(groups[0], "warm", now)
    with run.measure(BATCH * BATCHES) as ours:
        for number, group in enumerate(groups):
            clear(group, f"b{number}", now)
    newest = Decision.objects.order_by("-pk")[:BATCH]
    rows = [
        {name: getattr(row, name) for name in ("person_id", "player_id", "purpose", "channel", "outcome", "code",
                                               "reasons", "reference", "ruleset", "inputs", "generation")}
        for row in newest
    ]  # fmt: skip
    bare = json.dumps(rows)
    from django.db import connections

    with run.measure(BATCH * BATCHES) as theirs:
        for _ in groups:
            with connections["owner"].cursor() as db:
                db.execute(_BARE, [bare])
    rate = BATCH * BATCHES / ours.seconds
    yield Figure(rate, "decisions/s", "bare INSERT of the same rows", theirs.seconds / ours.seconds, ours)


@bench("gate.single")
def single(run: Run) -> Iterator[Figure]:
    """One decision in a transaction of its own, as a card on the site or a triggered message asks for it."""
    players, now = crowd(100), cast.noon()
    clear(players[:1], "warm", now)
    times = []
    with run.measure(SINGLES) as meter:
        for number in range(SINGLES):
            start = time.perf_counter()
            clear([players[number % len(players)]], f"s{number}", now)
            times.append(time.perf_counter() - start)
    times.sort()
    with connection.cursor() as db:
        start = time.perf_counter()
        for _ in range(SINGLES):
            db.execute("SELECT 1")
            db.fetchone()
        roundtrip = (time.perf_counter() - start) / SINGLES
    p95 = times[int(len(times) * 0.95)]
    yield Figure(p95 * 1000, "ms p95", "one round trip to the database", roundtrip / p95, meter)


def clear(players: list[Player], reference: str, now: object) -> None:
    asked = [
        Request(player.pk, Purpose.PROMOTIONAL, "email", frozenset({"casino"}), frozenset({"all"}), reference)
        for player in players
    ]
    with transaction.atomic():
        answers = gate.clear_many(asked, now=now)  # type: ignore[arg-type]
    assert {answer.code for answer in answers} <= {"ALLOW", "DENY_FREQUENCY"}, answers[0]


def crowd(count: int, **fields: object) -> list[Player]:
    """Players of whom everything is known, told through facts in bulk."""
    brand, now = cast.northlight(), utcnow()
    people = Person.objects.bulk_create([Person() for _ in range(count)])
    players = Player.objects.bulk_create([
        Player(brand=brand, person=person, external_id=f"bench{person.pk}", birth_date="1985-05-17", country="GB",
               currency="GBP", kyc="verified", registered_at=now, **fields)
        for person in people
    ])  # fmt: skip
    PlayerState.objects.bulk_create(
        [PlayerState(player=player, brand_id=player.brand_id, registered_at=now) for player in players]
    )
    Contact.objects.bulk_create(
        [Contact(player=p, channel="email", address=f"{p.pk}@x.test", normal=f"{p.pk}@x.test") for p in players]
    )
    told = [
        ("player.registered", {"restrictions": "none"}),
        ("consent.changed", {"product": "casino", "channel": "email", "granted": True, "wording": "v3", "screen": "s"}),
        ("rg.register_checked", {"register": "gamstop", "result": "clear", "purpose": "marketing"}),
    ]
    for kind, data in told:
        for start in range(0, count, 500):
            with transaction.atomic():
                facts.record([
                    facts.NewFact(kind, p.pk, min(now, cast.noon()), f"bench:{kind}:{p.pk}", data)
                    for p in players[start : start + 500]
                ], now=now)  # fmt: skip
    return list(Player.objects.filter(pk__in=[player.pk for player in players]).order_by("pk"))
