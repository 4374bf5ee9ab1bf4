"""Senders and givers against everything that closes or moves a person: real processes, a real database, the real
tables of attempts and grants.

What counts as a violation is chosen so that it cannot be a false alarm: all processes read one system-wide
monotonic clock. Whoever changes a person (see `changing`) notes it after its COMMIT has returned, with the generation
the person has since; a sender notes it immediately before it issues its COMMIT, with the generation its decision was
made under. A send of an older generation whose COMMIT was issued after the change had returned was certainly committed
after it. The same holds for a hand-over to the provider.
It may miss some; the control, the same run without the lock, shows that it does not miss them all.
"""

import json
import random
import time
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from multiprocessing import get_context
from typing import Any, NamedTuple

import psycopg

from tests.hammer import changing
from tests.hammer.changing import Change, People, Target

GATED = ("campaigns_attempt", "bonuses_grant")
NUMBERS = 3200  # tries of one delivery per sender: `number` is a smallint, shared by at most 10 senders


class Sent(NamedTuple):
    """A row written, or a message handed over: of whom, decided under which generation, when at the earliest."""

    person: int
    generation: int
    before: float


@dataclass(frozen=True)
class Result:
    sends: int = 0
    changes: Counter[str] = field(default_factory=Counter)
    violations: int = 0  # sends committed after a change they knew nothing of
    late: int = 0  # hand-overs finished after one
    stopped: int = 0  # had an allow in hand and were refused
    deadlocks: int = 0

    @property
    def sentence(self) -> str:
        told = ", ".join(f"{count} {what}" for what, count in sorted(self.changes.items()))
        return (
            f"{self.violations} sends and {self.late} hand-overs after a change, of {self.sends} sends against"
            f" {self.changes.total()} changes ({told}); {self.stopped} stopped with an allow in hand,"
            f" {self.deadlocks} deadlocks"
        )


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
    app: str, owner: str, people: People, officer: int, *, seconds: float, seed: int, locked: bool, senders: int = 6
) -> Result:
    """`app` and `owner` are libpq connection strings, `officer` signs. Prints nothing; the seed decides who is picked."""
    acts: list[Callable[..., list[Change]]] = [changing.exclude, changing.exclude, changing.limit, changing.merge]
    with ProcessPoolExecutor(senders + len(acts), mp_context=get_context("spawn")) as pool:
        sending = [pool.submit(_send, app, people, seconds, seed, n, locked) for n in range(senders)]
        doing = [
            pool.submit(changing.repeat, act, app, owner, people[n :: len(acts)] if act is changing.exclude else people,
                        officer, seconds, seed + 100 + n)
            for n, act in enumerate(acts)
        ]  # fmt: skip
        sent = [future.result(timeout=seconds + 120) for future in sending]
        told = [future.result(timeout=seconds + 120) for future in doing]
    changes = [change for done, _ in told for change in done]
    sends = [one for each in sent for one in each["sends"]]
    handed = [one for each in sent for one in each["handed"]]
    return Result(
        len(sends), Counter(change.what for change in changes), _after(sends, changes), _after(handed, changes),
        sum(each["stopped"] for each in sent),
        sum(each["deadlocks"] for each in sent) + sum(deadlocks for _, deadlocks in told),
    )  # fmt: skip


def _after(sends: list[Sent], changes: list[Change]) -> int:
    """How many sends were issued after a change of their person that their decision did not know."""
    known: dict[int, list[tuple[float, int]]] = defaultdict(list)
    for change in sorted(changes, key=lambda change: change.done):
        newest = known[change.person][-1][1] if known[change.person] else 0
        known[change.person].append((change.done, max(newest, change.generation)))
    found = 0
    for send in sends:
        mine = known.get(send.person, [])
        place = bisect_left(mine, (send.before, 0)) - 1
        found += place >= 0 and mine[place][1] > send.generation
    return found


def _send(dsn: str, people: People, seconds: float, seed: int, sender: int, locked: bool) -> dict[str, Any]:
    dice = random.Random(seed + sender)
    out: dict[str, Any] = {"sends": [], "handed": [], "stopped": 0, "deadlocks": 0}
    numbers: Counter[int] = Counter()
    with psycopg.connect(dsn, autocommit=True) as db:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            group = dice.sample(people, dice.randint(1, 4))
            spent = any(numbers[target.delivery] >= NUMBERS for target in group)
            channel = "bonus" if spent else dice.choice(("email", "bonus"))
            try:
                rows = [_row(one, channel, sender, numbers) for one in _decide(db, group, channel, dice)]
            except psycopg.errors.DeadlockDetected:
                out["deadlocks"] += 1
                continue
            try:
                _hand_over(db, _commit(db, rows, dice, locked, out), dice, locked, out)
            except psycopg.errors.DeadlockDetected:
                out["deadlocks"] += 1
            except psycopg.errors.DatabaseError as refused:
                if refused.sqlstate != "RG004":
                    raise
                out["stopped"] += len(rows)
    return out


class _Allowed(NamedTuple):
    target: Target
    decision: int
    person: int  # of the account at that moment: it may be another one's since
    generation: int
    reference: str


def _decide(db: psycopg.Connection, group: People, channel: str, dice: random.Random) -> list[_Allowed]:
    """Allows of the group, committed: only the trigger stands after this."""
    generations = dict(
        db.execute(
            "SELECT p.id, s.generation FROM players_player p JOIN compliance_standing s USING (person_id)"
            " WHERE p.id = ANY (%s)", [[target.player for target in group]],
        ).fetchall()
    )  # fmt: skip
    offer = {"request": {"incentive": {"value": 1, "currency": "GBP"}}} if channel == "bonus" else {}
    asked = [
        {"player_id": target.player, "purpose": "promotional", "channel": channel, "outcome": "allow",
         "code": "ALLOW", "reasons": [], "ruleset": "hammer", "inputs": offer,
         "reference": f"h{dice.random()}" if channel == "bonus" else f"delivery:{target.delivery}",
         "generation": generations[target.player], "products": ["casino"]}
        for target in group
    ]  # fmt: skip
    rows = db.execute("SELECT id, outcome FROM compliance_decide(%s::jsonb)", [json.dumps(asked)]).fetchall()
    allowed = {row[0]: target for row, target in zip(rows, group, strict=True) if row[1] == "allow"}
    found = db.execute(
        "SELECT id, person_id, generation, reference FROM compliance_decision WHERE id = ANY (%s)", [list(allowed)]
    ).fetchall()
    return [_Allowed(allowed[id_], id_, *rest) for id_, *rest in found]


def _row(one: _Allowed, channel: str, sender: int, numbers: Counter[int]) -> dict[str, Any]:
    """Every column of the gated table that must be filled."""
    now, target = datetime.now(UTC), one.target
    key = {"person_id": one.person, "player_id": target.player, "decision_id": one.decision, "channel": channel,
           "purpose": "promotional"}  # fmt: skip
    if channel == "email":
        numbers[target.delivery] += 1
        return {"generation": one.generation} | key | {
            "delivery_id": target.delivery, "number": sender * NUMBERS + numbers[target.delivery], "address": "",
            "subject": "", "html": "", "text": "", "button": "", "url": "", "status": "accepted", "created_at": now,
            "lease_until": now, "provider_id": "", "error": "",
        }  # fmt: skip
    return {"generation": one.generation} | key | {
        "terms_id": target.terms, "reference": one.reference, "amount": 1, "deposit": 0, "currency": "GBP",
        "status": "active", "wagering_required": 0, "wagering_done": 0, "reason": "", "criteria": "[]",
        "granted_at": now, "expires_at": now, "credit": "none", "credit_tries": 0, "credit_detail": "",
    }  # fmt: skip


def _commit(
    db: psycopg.Connection, rows: list[dict[str, Any]], dice: random.Random, locked: bool, out: dict[str, Any]
) -> list[tuple[int, int, int]]:
    db.execute("BEGIN")
    try:
        for row in sorted(rows, key=lambda row: row["person_id"]):
            table = ("" if locked else "hammer_") + GATED[row["channel"] == "bonus"]
            names = [name for name in row if name != "generation"]
            db.execute(
                f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join(['%s'] * len(names))})",
                [row[name] for name in names],
            )
        time.sleep(dice.random() * 0.04)  # the rest of the transaction: a whole exclusion must fit in to be missed
        before = time.monotonic()
        db.execute("COMMIT")
    except psycopg.Error:
        db.execute("ROLLBACK")
        raise
    out["sends"] += [Sent(row["person_id"], row["generation"], before) for row in rows]
    return [(row["decision_id"], row["person_id"], row["generation"]) for row in rows]


def _hand_over(
    db: psycopg.Connection, sent: list[tuple[int, int, int]], dice: random.Random, locked: bool, out: dict[str, Any]
) -> None:
    """The provider's call, inside the transaction that holds the shared locks (or, in the control, does not)."""
    db.execute("BEGIN")
    going = {decision for decision, _, _ in sent}
    if locked:
        rows = db.execute("SELECT compliance_still_allowed(%s)", [list(going)]).fetchall()
        going = {row[0] for row in rows}
    out["stopped"] += len(sent) - len(going)
    time.sleep(dice.random() * 0.008)
    accepted = time.monotonic()
    out["handed"] += [Sent(person, generation, accepted) for d, person, generation in sent if d in going]
    db.execute("COMMIT")
