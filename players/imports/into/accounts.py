"""Players and their addresses: new ones are created, known ones get what the file says otherwise."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection

from players.facts import NewFact, record
from players.imports.fields import Row
from players.imports.into import Job, Outcome, identity, known, look_again, runs
from players.imports.opening import import_players
from players.models import Contact, Player
from players.registration import PROFILE, Known, contacts, known_players, tell_kyc_since

_UPDATE = """
    UPDATE players_player p SET {sets} FROM jsonb_to_recordset(%s::jsonb) AS new({types}) WHERE p.id = new.id
"""
_TYPES = {"birth_date": "date", "is_test": "boolean"}


def bring(job: Job, rows: list[Row]) -> Outcome:
    outcome = Outcome()
    for stretch in runs(rows):
        here = known_players(job.brand.pk, [row.values["external_id"] for row in stretch])
        _create(job, [row for row in stretch if row.values["external_id"] not in here], outcome)
        both = [(row, here[row.values["external_id"]]) for row in stretch if row.values["external_id"] in here]
        _change(job, both, outcome)
    return outcome


def bring_contacts(job: Job, rows: list[Row]) -> Outcome:
    outcome = Outcome()
    for stretch in runs(rows):
        _change(job, known(job, stretch, outcome), outcome)
    return outcome


def _create(job: Job, rows: list[Row], outcome: Outcome) -> None:
    fine = []
    for row in rows:
        if "registered_at" not in row.values:
            outcome.refused.append((row, "Registered: is empty, and this player is new here."))
        else:
            fine.append(row)
    if not job.dry and fine:
        given = [{"currency": job.brand.currency} | _as_profile(row.values) for row in fine]
        refused = dict(import_players(job.brand, given, now=job.now).refused)
        bad = [row for row in fine if row.values["external_id"] in refused]
        outcome.refused += [(row, refused[row.values["external_id"]]) for row in bad]
        fine = [row for row in fine if row.values["external_id"] not in refused]
        _set_kyc(job, fine)
    outcome.new += len(fine)


def _as_profile(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value.isoformat() if type(value) is date else value for key, value in values.items()}


def _set_kyc(job: Job, rows: list[Row]) -> None:
    """A new player's identity check as the file has it, told as a fact like the feed's. The feed may have made the
    player in between: then its word counts as for anybody known."""
    told = [row for row in rows if "kyc" in row.values]
    if told:
        ids = known_players(job.brand.pk, [row.values["external_id"] for row in told])
        accounts = _accounts(job, [known.id for known in ids.values()])
        pairs = [(row, ids[row.values["external_id"]]) for row in told]
        heard = identity.words(job, [(row, accounts[known.id]) for row, known in pairs])
        _write(job, [(row, known, {}, {}) for row, known in pairs if known.id in heard], heard)


def _accounts(job: Job, ids: Sequence[int]) -> dict[int, Player]:
    """Held until the end of the transaction, as the feed holds whom it says something of."""
    found = Player.objects.filter(pk__in=ids).order_by("pk")
    return {player.pk: player for player in (found if job.dry else found.select_for_update(no_key=True))}


def _change(job: Job, rows: list[tuple[Row, Known]], outcome: Outcome) -> None:
    accounts = _accounts(job, [player.id for _, player in rows])
    heard = identity.words(job, [(row, accounts[player.id]) for row, player in rows])
    addresses: dict[tuple[int, str], str] = {
        (contact.player_id, contact.channel): contact.normal
        for contact in Contact.objects.filter(player_id__in=accounts)
    }
    changed = []
    for row, player in rows:
        if row.values.get("currency", player.currency) != player.currency:
            outcome.refused.append((row, f"Currency: the account is kept in {player.currency}; that never changes."))
            continue
        fields = {
            name: row.values[name]
            for name in PROFILE
            if name in row.values and getattr(accounts[player.id], name) != row.values[name]
        }
        moved = {
            contact.channel: contact
            for contact in contacts(player.id, row.values)
            if addresses.get((player.id, contact.channel)) != contact.normal
        }
        if fields or moved or player.id in heard:
            changed.append((row, player, fields, moved))
        else:
            outcome.unchanged += 1
    outcome.changed += len(changed)
    if not job.dry and changed:
        _write(job, changed, heard)


def _write(
    job: Job, changed: list[tuple[Row, Known, dict[str, Any], dict[str, Contact]]], heard: dict[int, NewFact]
) -> None:
    """One statement per set of columns that changes, in id order. `heard`: words on identity checks."""
    together: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for _, player, fields, _ in changed:
        own = _as_profile(fields) | ({"kyc": heard[player.id].data["status"]} if player.id in heard else {})
        if own:
            together.setdefault(tuple(sorted(own)), []).append({"id": player.id} | own)
    with connection.cursor() as db:
        for names, given in sorted(together.items()):
            types = ", ".join(["id bigint", *(f"{name} {_TYPES.get(name, 'text')}" for name in names)])
            sets = ", ".join(f"{name} = new.{name}" for name in names)
            db.execute(_UPDATE.format(sets=sets, types=types), [json.dumps(sorted(given, key=lambda one: one["id"]))])
    moved = [contact for *_, contacts_ in changed for contact in contacts_.values()]
    if moved:
        # A new address has neither bounced nor been verified.
        Contact.objects.bulk_create(
            sorted(moved, key=lambda contact: (contact.player_id, contact.channel)),
            update_conflicts=True,
            unique_fields=["player", "channel"],
            update_fields=["address", "normal", "verified_at", "bounced_at"],
        )
    look_again(job, [player.id for _, player, _, _ in changed])
    facts = [_fact(job, row, player, fields, moved) for row, player, fields, moved in changed if fields or moved]
    record([*facts, *(heard[player.id] for _, player, _, _ in changed if player.id in heard)], now=job.now)
    tell_kyc_since(heard)


def _fact(job: Job, row: Row, player: Known, fields: dict[str, Any], moved: dict[str, Contact]) -> NewFact:
    """Which fields changed, never what to: facts are no second place for addresses."""
    key = f"import:{job.id}:{row.line.number}"
    at: datetime = job.now
    names = sorted([*fields, *moved])
    return NewFact("player.updated", player.id, at, key, {"fields": names, "import": job.id}, is_replay=True)
