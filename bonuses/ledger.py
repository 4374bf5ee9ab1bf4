"""The only writer of transfers.

An entry moves a positive whole number of one unit between two accounts, so an unbalanced one cannot
even be written down. The same key with the same request changes nothing; with another request it is
an error, because even the answer to a COMMIT can get lost and every writer must be able to ask again.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db import IntegrityError, connection, transaction


class Pot(NamedTuple):
    """Names an account; the ledger opens it on first use."""

    owner_kind: str
    owner_id: int
    code: str
    unit: str
    bounded: bool = False


@dataclass(frozen=True)
class Entry:
    key: str
    code: str
    debit: Pot
    credit: Pot
    amount: int
    effective_at: datetime
    grant_id: int | None = None
    player_id: int | None = None
    source: str = ""

    @property
    def request_hash(self) -> str:
        """Of what is asked, not of when: the same request may come again later."""
        asked = [*self.debit, *self.credit, self.amount, self.code, self.grant_id, self.player_id]
        return hashlib.sha256(json.dumps(asked).encode()).hexdigest()


class LedgerError(Exception):
    pass


class KeyReused(LedgerError):
    """The key already stands for another request."""


class Overdraft(LedgerError):
    """A bounded account does not hold that much."""


def post(entries: Sequence[Entry], *, now: datetime) -> set[str]:
    """Write all of them or none; returns the keys that were new. Raises KeyReused, Overdraft, ValueError."""
    if not entries:
        return set()
    _check(entries)
    try:
        with transaction.atomic():
            ids = _open_and_lock({pot for entry in entries for pot in (entry.debit, entry.credit)})
            written = _insert(entries, ids, now)
            _move(entries, written, ids)
    except IntegrityError as error:
        if "no_overdraft" in str(error):
            raise Overdraft(str(error)) from error
        raise
    return written


def grant_pot(grant_id: int, currency: str) -> Pot:
    """The bonus money of one grant."""
    return Pot("grant", grant_id, "bonus", f"{currency}.BONUS", bounded=True)


def wagering_pot(grant_id: int, currency: str) -> Pot:
    """The wagering one grant still asks for: a requirement, not money."""
    return Pot("grant", grant_id, "wagering", f"{currency}.WAGER", bounded=True)


def budget_pot(template_id: int, currency: str) -> Pot:
    return Pot("template", template_id, "budget", f"{currency}.BUDGET", bounded=True)


def house(brand_id: int, code: str, unit: str) -> Pot:
    return Pot("brand", brand_id, code, unit)


def balances(pots: Sequence[Pot]) -> dict[Pot, int]:
    """What bounded accounts hold; an account never used holds nothing."""
    if not pots:
        return {}
    with connection.cursor() as db:
        db.execute(
            "SELECT a.owner_kind, a.owner_id, a.code, a.unit, a.bounded, a.credits - a.debits"
            " FROM bonuses_account a JOIN jsonb_to_recordset(%s::jsonb) AS w(owner_kind text, owner_id bigint,"
            " code text, unit text) USING (owner_kind, owner_id, code, unit)",
            [_pots_json(pots)],
        )
        found = {Pot(*row[:5]): int(row[5]) for row in db.fetchall()}
    return {pot: found.get(pot, 0) for pot in pots}


def _check(entries: Sequence[Entry]) -> None:
    for entry in entries:
        # bool is an int in Python, and a silent 1-cent transfer is worse than an error.
        if isinstance(entry.amount, bool) or not isinstance(entry.amount, int) or entry.amount <= 0:
            raise ValueError(f"{entry.key}: a transfer moves a positive whole number, not {entry.amount!r}.")
        if entry.debit.unit != entry.credit.unit:
            raise ValueError(f"{entry.key}: {entry.debit.unit} cannot become {entry.credit.unit}.")
        if entry.debit == entry.credit:
            raise ValueError(f"{entry.key}: from an account to itself.")


def _pots_json(pots: Sequence[Pot] | set[Pot]) -> str:
    return json.dumps([pot._asdict() for pot in pots])


def _open_and_lock(pots: set[Pot]) -> dict[Pot, int]:
    """Opened in name order and locked in id order, so that two batches can wait but never embrace."""
    ordered = sorted(pots)
    with connection.cursor() as db:
        db.execute(
            "INSERT INTO bonuses_account (owner_kind, owner_id, code, unit, bounded, debits, credits)"
            " SELECT w.*, 0, 0 FROM jsonb_to_recordset(%s::jsonb)"
            " AS w(owner_kind text, owner_id bigint, code text, unit text, bounded boolean)"
            " WHERE NOT EXISTS (SELECT 1 FROM bonuses_account a WHERE (a.owner_kind, a.owner_id, a.code, a.unit)"
            " = (w.owner_kind, w.owner_id, w.code, w.unit)) ON CONFLICT DO NOTHING",
            [_pots_json(ordered)],
        )
        db.execute(
            "SELECT a.owner_kind, a.owner_id, a.code, a.unit, a.bounded, a.id FROM bonuses_account a"
            " JOIN jsonb_to_recordset(%s::jsonb) AS w(owner_kind text, owner_id bigint, code text, unit text)"
            " USING (owner_kind, owner_id, code, unit)",
            [_pots_json(ordered)],
        )
        ids = {Pot(*row[:5]): int(row[5]) for row in db.fetchall()}
        bounded = [number for pot, number in ids.items() if pot.bounded]
        db.execute("SELECT id FROM bonuses_account WHERE id = ANY(%s) ORDER BY id FOR UPDATE", [bounded])
    if missing := pots - ids.keys():
        raise LedgerError(f"Bounded and unbounded accounts of one name: {sorted(missing)}")
    return ids


def _insert(entries: Sequence[Entry], ids: dict[Pot, int], now: datetime) -> set[str]:
    asked: dict[str, Entry] = {}
    for entry in entries:
        if (twin := asked.setdefault(entry.key, entry)).request_hash != entry.request_hash:
            raise KeyReused(twin.key)
    rows = [
        {
            "key": e.key, "hash": e.request_hash, "debit": ids[e.debit], "credit": ids[e.credit], "amount": e.amount,
            "unit": e.debit.unit, "code": e.code, "grant_id": e.grant_id, "player_id": e.player_id,
            "source": e.source, "effective_at": e.effective_at.isoformat(),
        }
        for e in asked.values()
    ]  # fmt: skip
    with connection.cursor() as db:
        db.execute(
            "INSERT INTO bonuses_transfer (key, request_hash, debit_id, credit_id, amount, unit, code, grant_id,"
            " player_id, source, effective_at, recorded_at)"
            " SELECT key, decode(hash, 'hex'), debit, credit, amount, unit, code, grant_id, player_id, source,"
            " effective_at, %s FROM jsonb_to_recordset(%s::jsonb) AS e(key text, hash text, debit bigint,"
            " credit bigint, amount bigint, unit text, code text, grant_id bigint, player_id bigint, source text,"
            " effective_at timestamptz) ON CONFLICT (key) DO NOTHING RETURNING key",
            [now, json.dumps(rows)],
        )
        written = {row[0] for row in db.fetchall()}
        db.execute(
            "SELECT key, encode(request_hash, 'hex') FROM bonuses_transfer WHERE key = ANY(%s)",
            [sorted(asked.keys() - written)],
        )
        for key, digest in db.fetchall():
            if asked[key].request_hash != digest:
                raise KeyReused(key)
    return written


def _move(entries: Sequence[Entry], written: set[str], ids: dict[Pot, int]) -> None:
    moved: dict[int, list[int]] = {}
    for entry in {e.key: e for e in entries if e.key in written}.values():
        for side, pot in enumerate((entry.debit, entry.credit)):
            if pot.bounded:
                moved.setdefault(ids[pot], [0, 0])[side] += entry.amount
    rows = [{"id": number, "debits": sums[0], "credits": sums[1]} for number, sums in sorted(moved.items())]
    with connection.cursor() as db:
        db.execute(
            "UPDATE bonuses_account a SET debits = a.debits + m.debits, credits = a.credits + m.credits"
            " FROM jsonb_to_recordset(%s::jsonb) AS m(id bigint, debits bigint, credits bigint) WHERE a.id = m.id",
            [json.dumps(rows)],
        )
