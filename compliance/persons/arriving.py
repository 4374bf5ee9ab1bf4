"""What the PAM tells about who somebody is, taken before it gets its answer; and keys of accounts that have none yet."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from compliance.models import Erasure, Identity, IdentityKey, Keyed
from compliance.persons import matching
from compliance.persons.keys import MAY_BE_PUBLIC, Profile, of_identity, of_profile
from compliance.persons.sealing import keys_of, seal, unseal
from players.models import Contact, Player

KEPT = ("national_id", "national_id_country", "person_ref", "postcode", "street", "city", "birth_name", "birth_place")
_BATCH = 500
_WITHOUT = """
    SELECT p.id FROM players_player p LEFT JOIN compliance_keyed k ON k.player_id = p.id
     WHERE k.player_id IS NULL ORDER BY p.id LIMIT %s
"""


def take(told: Sequence[tuple[int, datetime, Mapping[str, Any]]], *, now: datetime) -> None:
    """(account, when, properties of `player.identified`). Inside atomic; whoever turns out to be known is joined."""
    told = sorted(told, key=lambda one: one[:2])
    players = {player_id for player_id, _, _ in told}
    _keep_all(told)
    profiles = _profiles(players)
    for player_id, at, said in told:
        if "email_verified" in said:
            email = Contact.objects.filter(player_id=player_id, channel=Contact.Channel.EMAIL)
            email.update(verified_at=at if said["email_verified"] else None)
        if many := of_identity(profiles[player_id], {name: said[name] for name in said.keys() - set(KEPT)}):
            _insert({player_id: many}, at)
    rekey(players, now=now)
    matching.match(players, now=now)


def catch_up(*, now: datetime, limit: int = _BATCH) -> int:
    """Accounts that have no keys yet: imported, from a baseline or the past. Returns how many got theirs."""
    with connection.cursor() as db:
        db.execute(_WITHOUT, [limit])
        players = [pk for (pk,) in db.fetchall()]
    look(players, now=now)
    return len(players)


def look(player_ids: Iterable[int], *, now: datetime) -> None:
    """Makes these accounts' keys anew and matches those that changed."""
    with transaction.atomic():
        changed = rekey(player_ids, now=now)
    if changed:
        matching.match(changed, now=now)


def rekey(player_ids: Iterable[int], *, now: datetime) -> set[int]:
    """What follows from name, birth date, contacts and identity as they are now. Returns accounts with new keys."""
    profiles = _profiles(player_ids)
    identities = _opened(Identity.objects.filter(player__in=profiles))
    wanted = {pk: of_profile(who) | of_identity(who, identities.get(pk, {})) for pk, who in profiles.items()}
    there: dict[int, set[tuple[str, bytes]]] = defaultdict(set)
    # Of an erased account nothing is left to make keys of; the ones it has still recognise who comes back.
    erased = set(Erasure.objects.filter(player__in=profiles).values_list("player_id", flat=True))
    stale: list[int] = []
    rows = IdentityKey.objects.filter(player__in=profiles).exclude(kind__in=MAY_BE_PUBLIC)
    for pk, player_id, kind, digest in rows.values_list("pk", "player_id", "kind", "digest"):
        key = (kind, bytes(digest))
        if key in wanted[player_id]:
            there[player_id].add(key)
        elif player_id not in erased:
            stale.append(pk)
    IdentityKey.objects.filter(pk__in=stale).delete()
    new = {pk: keys - there[pk] for pk, keys in wanted.items() if keys - there[pk]}
    _insert(new, now)
    Keyed.objects.bulk_create(
        [Keyed(player_id=pk, at=now) for pk in sorted(profiles)],
        update_conflicts=True, unique_fields=["player"], update_fields=["at"],
    )  # fmt: skip
    return set(new)


def _keep_all(told: Sequence[tuple[int, datetime, Mapping[str, Any]]]) -> None:
    """Per property the newest word counts; a late one only fills what nobody has said."""
    ids = sorted({player_id for player_id, _, _ in told})
    # The account's own row, so that two words of one account do not both find none here.
    list(Player.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk").values_list("pk"))
    rows = Identity.objects.in_bulk(ids)
    known = _opened(rows.values())
    newest = {pk: row.told_at for pk, row in rows.items()}
    for pk, at, said in told:
        own = {name: said[name] for name in KEPT if name in said}
        if own:
            before = known.get(pk, {})
            known[pk] = before | own if at >= newest.get(pk, at) else own | before
            newest[pk] = max(at, newest.get(pk, at))
    keys = keys_of(known)  # who was erased has none, and nothing of them is kept
    Identity.objects.bulk_create(
        [
            Identity(player_id=pk, sealed=seal(json.dumps(said), keys[pk], f"identity:{pk}"), told_at=newest[pk])
            for pk, said in known.items()
            if pk in keys
        ],
        update_conflicts=True, unique_fields=["player"], update_fields=["sealed", "told_at"],
    )  # fmt: skip


def _opened(rows: Iterable[Identity]) -> dict[int, dict[str, Any]]:
    found = list(rows)
    keys = keys_of(row.player_id for row in found)
    return {
        row.player_id: json.loads(unseal(bytes(row.sealed), keys.get(row.player_id), f"identity:{row.player_id}"))
        for row in found
    }


def _insert(keys: Mapping[int, Iterable[tuple[str, bytes]]], at: datetime) -> None:
    IdentityKey.objects.bulk_create(
        [
            IdentityKey(player_id=pk, kind=kind, digest=digest, told_at=at)
            for pk, own in sorted(keys.items())
            for kind, digest in sorted(own)
        ],
        ignore_conflicts=True,
    )


def _profiles(player_ids: Iterable[int]) -> dict[int, Profile]:
    players = Player.objects.filter(pk__in=set(player_ids)).select_related("brand__licence")
    contacts = Contact.objects.filter(player__in=players)
    at: dict[tuple[int, str], Contact] = {(row.player_id, row.channel): row for row in contacts}
    found = {}
    for player in players:
        email, phone = at.get((player.pk, Contact.Channel.EMAIL)), at.get((player.pk, Contact.Channel.SMS))
        found[player.pk] = Profile(
            player.first_name, player.last_name, player.birth_date,
            email.normal if email and email.verified_at else "", phone.normal if phone else "",
            player.country, player.brand.licence.licensee,
        )  # fmt: skip
    return found
