"""Senders and givers against exclusions: real processes, a real database, the real tables of attempts and grants.

What counts as a violation is chosen so that it cannot be a false alarm: all processes read one system-wide
monotonic clock. The excluder notes it after its COMMIT has returned and again before it re-opens the person; a
sender notes it immediately before it issues its COMMIT and when that returns. A send whose whole COMMIT lies in
a closed stretch was certainly committed after the exclusion. The same holds for a hand-over to the provider.
It may miss some; the control, the same run without the lock, shows that it does not miss them all.
"""

import json
import random
import time
from bisect import bisect_right
from collections import Counter, defaultdict
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing import get_context
from typing import Any, NamedTuple

import psycopg

Stretch = tuple[int, float, float]  # person, start, end


class Target(NamedTuple):
    """Somebody to be written to and given bonuses: ids of rows that exist."""

    person: int
    player: int
    delivery: int
    terms: int


People = list[Target]

GATED = ("campaigns_attempt", "bonuses_grant")
NUMBERS = 4000  # tries of one delivery per sender: `number` is a smallint, shared by at most 8 senders


@dataclass(frozen=True)
class Result:
    sends: int = 0
    exclusions: int = 0
    violations: int = 0  # sends committed after an exclusion
    late: int = 0  # hand-overs finished after an exclusion
    stopped: int = 0  # had an allow in hand and were refused


def build(owner: psycopg.Connection, app: str) -> None:
    """For the control: twins of the gated tables whose trigger reads Standing without the lock."""
    drop(owner)
    function = owner.execute("SELECT pg_get_functiondef('compliance_enforce'::regproc)").fetchone()
    assert function is not None
    assert "FOR SHARE" in function[0]
    owner.execute(function[0].replace("compliance_enforce", "hammer_unlocked").replace("FOR SHARE", ""))
    for table in GATED:
        owner.execute(
            f"CREATE TABLE hammer_{table} (LIKE {table} INCLUDING ALL);"
            f"CREATE TRIGGER gate BEFORE INSERT ON hammer_{table} FOR EACH ROW EXECUTE FUNCTION hammer_unlocked();"
            f'GRANT SELECT, INSERT, UPDATE ON hammer_{table} TO "{app}"'
        )


def drop(owner: psycopg.Connection) -> None:
    twins = ", ".join(f"hammer_{table}" for table in GATED)
    owner.execute(f"DROP TABLE IF EXISTS {twins}; DROP FUNCTION IF EXISTS hammer_unlocked()")


def run(
    app: str, owner: str, people: People, *, seconds: float, seed: int, locked: bool, senders: int = 6, closers: int = 2
) -> Result:
    """`app` and `owner` are libpq connection strings. Prints nothing; the seed decides who is picked when."""
    with ProcessPoolExecutor(senders + closers, mp_context=get_context("spawn")) as pool:
        sending = [pool.submit(_send, app, people, seconds, seed, n, locked) for n in range(senders)]
        shares = [people[n::closers] for n in range(closers)]
        closing = [pool.submit(_close, app, owner, share, seconds, seed + 100 + n) for n, share in enumerate(shares)]
        sent = [future.result(timeout=seconds + 120) for future in sending]
        stretches = [stretch for future in closing for stretch in future.result(timeout=seconds + 120)]
    sends = [stretch for one in sent for stretch in one["sends"]]
    handed = [stretch for one in sent for stretch in one["handed"]]
    return Result(
        len(sends), len(stretches), _inside(sends, stretches), _inside(handed, stretches),
        sum(one["stopped"] for one in sent),
    )  # fmt: skip


def _inside(events: list[Stretch], closed: list[Stretch]) -> int:
    """How many events lie wholly inside a closed stretch of their person."""
    by_person: dict[int, list[tuple[float, float]]] = defaultdict(list)
    for person, start, end in sorted(closed):
        by_person[person].append((start, end))
    found = 0
    for person, start, end in events:
        stretches = by_person.get(person, [])
        place = bisect_right(stretches, (start, float("inf"))) - 1
        found += place >= 0 and stretches[place][0] < start and end < stretches[place][1]
    return found


def _send(dsn: str, people: People, seconds: float, seed: int, sender: int, locked: bool) -> dict[str, Any]:
    dice, stop_at = random.Random(seed + sender), time.monotonic() + seconds
    out: dict[str, Any] = {"sends": [], "handed": [], "stopped": 0}
    numbers: Counter[int] = Counter()
    with psycopg.connect(dsn, autocommit=True) as db:
        while time.monotonic() < stop_at:
            group = dice.sample(people, dice.randint(1, 4))
            spent = any(numbers[target.delivery] >= NUMBERS for target in group)
            channel = "bonus" if spent else dice.choice(("email", "bonus"))
            allowed = _decide(db, group, channel, dice)
            rows = [_row(target, decision, channel, sender, numbers) for decision, target in allowed]
            try:
                _hand_over(db, _commit(db, rows, dice, locked, out), dice, locked, out)
            except psycopg.errors.DatabaseError as refused:
                if refused.sqlstate != "RG004":
                    raise
                out["stopped"] += len(allowed)
    return out


def _decide(db: psycopg.Connection, group: People, channel: str, dice: random.Random) -> list[tuple[int, Target]]:
    """Allows of the group, committed: only the trigger stands after this."""
    generations = dict(
        db.execute(
            "SELECT person_id, generation FROM compliance_standing WHERE person_id = ANY (%s)",
            [[target.person for target in group]],
        ).fetchall()
    )
    asked = [
        {"player_id": target.player, "purpose": "promotional", "channel": channel, "outcome": "allow",
         "code": "ALLOW", "reasons": [], "reference": f"h{dice.random()}", "ruleset": "hammer", "inputs": {},
         "generation": generations[target.person], "products": ["casino"]}
        for target in group
    ]  # fmt: skip
    rows = db.execute("SELECT id, outcome FROM compliance_decide(%s::jsonb)", [json.dumps(asked)]).fetchall()
    return [(row[0], target) for row, target in zip(rows, group, strict=True) if row[1] == "allow"]


def _row(target: Target, decision: int, channel: str, sender: int, numbers: Counter[int]) -> dict[str, Any]:
    """Every column of the gated table that must be filled."""
    now = datetime.now(UTC)
    key = {"person_id": target.person, "player_id": target.player, "decision_id": decision, "channel": channel,
           "purpose": "promotional"}  # fmt: skip
    if channel == "email":
        numbers[target.delivery] += 1
        return key | {
            "delivery_id": target.delivery, "number": sender * NUMBERS + numbers[target.delivery], "address": "",
            "subject": "", "html": "", "text": "", "button": "", "url": "", "status": "accepted", "created_at": now,
            "lease_until": now, "provider_id": "", "error": "",
        }  # fmt: skip
    return key | {
        "terms_id": target.terms, "reference": f"h{decision}", "amount": 1, "deposit": 0, "currency": "GBP",
        "status": "active", "wagering_required": 0, "wagering_done": 0, "reason": "", "criteria": "[]",
        "granted_at": now, "expires_at": now, "credit": "none", "credit_tries": 0, "credit_detail": "",
    }  # fmt: skip


def _commit(
    db: psycopg.Connection, rows: list[dict[str, Any]], dice: random.Random, locked: bool, out: dict[str, Any]
) -> list[tuple[int, int]]:
    db.execute("BEGIN")
    try:
        for row in sorted(rows, key=lambda row: row["person_id"]):
            table = ("" if locked else "hammer_") + GATED[row["channel"] == "bonus"]
            names = ", ".join(row)
            db.execute(f"INSERT INTO {table} ({names}) VALUES ({', '.join(['%s'] * len(row))})", list(row.values()))
        time.sleep(dice.random() * 0.04)  # the rest of the transaction: a whole exclusion must fit in to be missed
        before = time.monotonic()
        db.execute("COMMIT")
        after = time.monotonic()
    except psycopg.Error:
        db.execute("ROLLBACK")
        raise
    out["sends"] += [(row["person_id"], before, after) for row in rows]
    return [(row["decision_id"], row["person_id"]) for row in rows]


def _hand_over(
    db: psycopg.Connection, sent: list[tuple[int, int]], dice: random.Random, locked: bool, out: dict[str, Any]
) -> None:
    """The provider's call, inside the transaction that holds the shared locks (or, in the control, does not)."""
    db.execute("BEGIN")
    going = {decision for decision, _ in sent}
    if locked:
        rows = db.execute("SELECT compliance_still_allowed(%s)", [list(going)]).fetchall()
        going = {row[0] for row in rows}
    out["stopped"] += len(sent) - len(going)
    start = time.monotonic()
    time.sleep(dice.random() * 0.008)
    accepted = time.monotonic()
    out["handed"] += [(person, max(start, accepted - 0.0005), accepted) for d, person in sent if d in going]
    db.execute("COMMIT")


def _close(app: str, owner: str, people: People, seconds: float, seed: int) -> list[Stretch]:
    dice, stop_at = random.Random(seed), time.monotonic() + seconds
    closed: list[Stretch] = []
    with psycopg.connect(app, autocommit=True) as db, psycopg.connect(owner, autocommit=True) as admin:
        while time.monotonic() < stop_at:
            group = sorted(dice.sample(people, min(4, len(people))))
            ids = [target.person for target in group]
            with db.transaction():
                db.execute("SELECT compliance_lock_persons(%s)", [ids])
                for target in group:
                    db.execute(_EXCLUDE, [target.person, target.player, f"h{dice.random()}"])
            start = time.monotonic()
            time.sleep(0.01 + dice.random() * 0.02)
            end = time.monotonic()
            with admin.transaction():
                admin.execute("SELECT compliance_lock_persons(%s)", [ids])
                admin.execute("DELETE FROM compliance_measure WHERE person_id = ANY (%s)", [ids])
                admin.execute("SELECT compliance_derive_standing(%s, clock_timestamp(), true)", [ids])
            closed += [(person, start, end) for person in ids]
    return closed


_EXCLUDE = (
    "INSERT INTO compliance_measure (person_id, player_id, kind, source, ref, sequence, status, origin, received_at,"
    " effective_at, currency, period, product, needs_confirmation) VALUES (%s, %s, 'self_exclusion', 'hammer', %s, 1, 'active',"
    " 'player', clock_timestamp(), clock_timestamp(), '', '', '', false)"
)
