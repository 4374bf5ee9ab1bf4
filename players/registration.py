"""Creating players from `player.registered`, set-based: a person, an account, a way to reach them."""

import json
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from config.lib import prepared
from players.models import Brand, Contact, Player

CHUNK = 200
# Advisory lock namespace: registrations of one brand queue up, so that no person is left without an account.
_LOCK = 7010
PROFILE = (
    "first_name", "last_name", "birth_date", "country", "language", "timezone", "affiliate",
    "acquisition_channel", "is_test",
)  # fmt: skip
_CREATE = """
    INSERT INTO players_player (brand_id, person_id, external_id, first_name, last_name, birth_date, country,
        language, timezone, currency, registered_at, status, kyc, vip_tier, affiliate, acquisition_channel,
        is_test, created_at)
    SELECT %(brand)s, person_id, external_id, first_name, last_name, birth_date, country, language, timezone,
        currency, registered_at, 'active', 'none', 0, affiliate, acquisition_channel, is_test, %(now)s
    FROM jsonb_to_recordset(%(rows)s::jsonb) AS new(person_id bigint, external_id text, first_name text,
        last_name text, birth_date date, country text, language text, timezone text, currency text,
        registered_at timestamptz, affiliate text, acquisition_channel text, is_test boolean)
    ORDER BY person_id
    RETURNING external_id, id, person_id, currency
"""
_KNOWN = """
    SELECT external_id, id, person_id, currency FROM players_player
    WHERE brand_id = %(brand)s::bigint AND external_id = ANY(%(ids)s::text[])
"""


@dataclass(frozen=True, slots=True)
class Known:
    """What the intake needs of a player."""

    id: int
    person_id: int
    currency: str


@dataclass(frozen=True, slots=True)
class NewPlayer:
    external_id: str
    registered_at: datetime
    profile: dict[str, Any]  # properties of player.registered, checked


def known_players(brand_id: int, external_ids: Iterable[str]) -> dict[str, Known]:
    found = prepared.run(_KNOWN, {"brand": brand_id, "ids": list(external_ids)})
    return {external_id: Known(*rest) for external_id, *rest in found}


def create(brand: Brand, new: Sequence[NewPlayer], *, now: datetime) -> dict[str, Known]:
    """Creates those that do not exist yet, in transactions of `CHUNK`; returns the created."""
    created: dict[str, Known] = {}
    for start in range(0, len(new), CHUNK):
        with transaction.atomic():
            created |= _create(brand, {one.external_id: one for one in new[start : start + CHUNK]}, now)
    return created


def _create(brand: Brand, new: dict[str, NewPlayer], now: datetime) -> dict[str, Known]:
    with connection.cursor() as db:
        db.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, brand.id])
        for external_id in known_players(brand.id, new):
            del new[external_id]
        if not new:
            return {}
        db.execute(
            "INSERT INTO players_person (created_at) SELECT %s FROM generate_series(1, %s) RETURNING id",
            [now, len(new)],
        )
        people = sorted(row[0] for row in db.fetchall())
        rows = [_row(one, person) for one, person in zip(new.values(), people, strict=True)]
        db.execute(_CREATE, {"brand": brand.id, "now": now, "rows": json.dumps(rows)})
        created = {external_id: Known(*rest) for external_id, *rest in db.fetchall()}
    Contact.objects.bulk_create(
        contact for external_id, known in created.items() for contact in contacts(known.id, new[external_id].profile)
    )
    return created


def _row(new: NewPlayer, person_id: int) -> dict[str, Any]:
    empty = dict.fromkeys(PROFILE, "") | {"birth_date": None, "language": "en", "is_test": False}
    given = {name: value for name, value in new.profile.items() if name in PROFILE}
    own = {"person_id": person_id, "external_id": new.external_id, "registered_at": new.registered_at.isoformat()}
    return empty | given | own | {"currency": new.profile["currency"]}


def contacts(player_id: int, profile: dict[str, Any]) -> list[Contact]:
    """Unsaved contact points for the addresses a profile names."""
    found = []
    if profile.get("email"):
        email = profile["email"]
        found.append(Contact(player_id=player_id, channel="email", address=email, normal=normal_email(email)))
    if profile.get("phone"):
        phone = profile["phone"]
        found.append(Contact(player_id=player_id, channel="sms", address=phone, normal=phone))
    return found


def normal_email(address: str) -> str:
    """One form for all spellings of an address: lower() alone keeps the Kelvin sign apart from k."""
    return unicodedata.normalize("NFKC", address.strip()).casefold()[:254]


def save_profile(player_id: int, changes: dict[str, Any]) -> None:
    """Writes changed profile properties to the account and its contact points."""
    fields = {name: value for name, value in changes.items() if name in PROFILE}
    if fields:
        Player.objects.filter(id=player_id).update(**fields)
    addresses = contacts(player_id, changes)
    if addresses:
        # A new address has neither bounced nor been verified; the same address keeps what is known of it.
        for contact in addresses:
            Contact.objects.filter(player_id=player_id, channel=contact.channel).exclude(normal=contact.normal).delete()
        Contact.objects.bulk_create(
            addresses, update_conflicts=True, unique_fields=["player", "channel"], update_fields=["address", "normal"]
        )


# Words of the present status since the last word of another one; told from all of them, so their order does not matter.
_KYC_SINCE = """
    UPDATE players_player p SET kyc_at = told.at
    FROM (
        SELECT f.player_id, min(f.occurred_at) AS at
        FROM players_fact f JOIN players_player p ON p.id = f.player_id
        WHERE f.player_id = ANY(%(players)s::bigint[]) AND f.kind = 'player.kyc' AND f.data ->> 'status' = p.kyc
          AND f.occurred_at >= coalesce((
              SELECT max(o.occurred_at) FROM players_fact o
              WHERE o.player_id = f.player_id AND o.kind = 'player.kyc' AND o.data ->> 'status' <> p.kyc), '-infinity')
        GROUP BY f.player_id
    ) AS told
    WHERE p.id = told.player_id AND p.kyc_at IS DISTINCT FROM told.at
"""


def tell_kyc_since(player_ids: Iterable[int]) -> None:
    """Since when the identity check of these players stands where it does; after its words are recorded."""
    if players := sorted(set(player_ids)):
        prepared.run(_KYC_SINCE, {"players": prepared.bigints(players)})
