"""The people of the tests. Anna may be contacted, Bo is self-excluded, Cleo gave no consent, …

Everything about them came in the way it comes in life: as facts, through the reactions of compliance.
Each name is a function and a fixture; a function may be called twice and returns the same person.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from django.db import transaction

from compliance import audit
from compliance.models import Operator, Seat
from compliance.roles import Role
from config.lib.clock import utcnow
from players import facts
from players.models import Brand, Contact, Fact, Feed, Licence, Person, Player, PlayerState

_numbers = count(1)
PASSWORD = "Not-so-secret-in-tests-1"


def noon() -> datetime:
    """Today, 12:00 UTC: outside everybody's quiet hours, whenever the tests run."""
    return utcnow().replace(hour=12, minute=0, second=0, microsecond=0)


def daylight() -> str:
    """A zone in which it is about noon right now, for what must be sent on the real clock."""
    offset = utcnow().hour - 12
    return f"Etc/GMT{offset:+d}" if offset else "Etc/GMT"


# --- brands --------------------------------------------------------------------------------------


def make_brand(slug: str, name: str, jurisdiction: str, currency: str, timezone: str, **fields: Any) -> Brand:
    if known := Brand.objects.select_related("licence").filter(slug=slug).first():
        return known
    licence, _ = Licence.objects.get_or_create(
        jurisdiction=jurisdiction, number=f"{jurisdiction}-1", defaults={"licensee": f"{name} Ltd"}
    )
    brand = Brand.objects.create(
        slug=slug, name=name, licence=licence, currency=currency, timezone=timezone, **fields
    )  # fmt: skip
    now = utcnow()
    Feed.objects.create(brand=brand, freshness=Feed.Freshness.FRESH, freshness_since=now, heartbeat_at=now,
                        last_event_at=now)  # fmt: skip
    return brand


def northlight() -> Brand:
    return make_brand("northlight", "Northlight", "GB", "GBP", "Europe/London")


def bjork() -> Brand:
    return make_brand("bjork", "Björk Spel", "SE", "SEK", "Europe/Stockholm")


def azura() -> Brand:
    return make_brand("azura", "Azura", "MT", "EUR", "Europe/Malta")


REGISTERS = {"GB": "gamstop", "SE": "spelpaus"}

# --- players -------------------------------------------------------------------------------------


def make_player(
    brand: Brand,
    external_id: str = "",
    *,
    consents: Sequence[str] = ("casino/email", "casino/onsite"),
    restrictions: str | None = "none",
    register: str | None = "clear",
    person: Person | None = None,
    now: datetime | None = None,
    **fields: Any,
) -> Player:
    """A verified adult with an address, known to have no restriction, asked for at the register a moment ago.

    consents: "product/channel" cells said yes to. restrictions=None: the PAM has not stated them (unknown).
    register=None: never asked.
    """
    number = next(_numbers)
    external_id = external_id or f"p{number}"
    now = now or utcnow()
    player = Player.objects.create(
        brand=brand, person=person or Person.objects.create(), external_id=external_id,
        **({
            "first_name": external_id.capitalize(), "last_name": "Test", "birth_date": date(1985, 5, 17),
            "country": brand.licence.jurisdiction, "currency": brand.currency, "kyc": Player.Kyc.VERIFIED,
            "registered_at": now - timedelta(days=30), "acquisition_channel": "direct",
        } | fields),
    )  # fmt: skip
    Contact.objects.create(
        player=player,
        channel="email",
        address=f"{external_id}@example.test",
        normal=f"{external_id}@example.test".lower(),
    )
    PlayerState.objects.create(
        player=player, brand_id=player.brand_id, registered_at=player.registered_at, stage_since=player.registered_at
    )
    said = [_said(player, "player.registered", player.registered_at or now,
                  {"restrictions": restrictions} if restrictions else {})]  # fmt: skip
    said += [_said(player, "consent.changed", now - timedelta(days=20), _yes_or_no(cell)) for cell in consents]
    if register and brand.licence.jurisdiction in REGISTERS:
        answer = {"register": REGISTERS[brand.licence.jurisdiction], "result": register, "purpose": "marketing"}
        said.append(_said(player, "rg.register_checked", min(now, noon()) - timedelta(hours=1), answer))
    with transaction.atomic():
        facts.record(said, now=now)  # at once, as a feed sends them
    return player


def tell(player: Player, kind: str, /, *, now: datetime | None = None, at: datetime | None = None, key: str = "",
         **data: Any) -> list[Fact]:  # fmt: skip
    """Record a fact about the player, as the feed does."""
    now = now or utcnow()
    with transaction.atomic():
        return facts.record([_said(player, kind, at or now, data, key)], now=now)


def _said(player: Player, kind: str, at: datetime, data: dict[str, Any], key: str = "") -> facts.NewFact:
    return facts.NewFact(kind, player.pk, at, key or f"cast:{kind}:{next(_numbers)}", data)


def consent(player: Player, cell: str, granted: bool = True, *, at: datetime | None = None,
            now: datetime | None = None, wording: str = "v3", screen: str = "registration") -> None:  # fmt: skip
    tell(player, "consent.changed", now=now, at=at, **_yes_or_no(cell, granted, wording, screen))


def _yes_or_no(cell: str, granted: bool = True, wording: str = "v3", screen: str = "registration") -> dict[str, Any]:
    product, channel = cell.split("/")
    return {"product": product, "channel": channel, "granted": granted, "wording": wording, "screen": screen}


def register_answer(player: Player, result: str = "clear", *, register: str = "", purpose: str = "marketing",
                    at: datetime | None = None, now: datetime | None = None) -> None:  # fmt: skip
    register = register or REGISTERS[player.brand.licence.jurisdiction]
    tell(player, "rg.register_checked", now=now, at=at, register=register, result=result, purpose=purpose)


def exclude(player: Player, *, ends_at: datetime | None = None, at: datetime | None = None, sequence: int = 1,
            measure_id: str = "excl", **data: Any) -> None:  # fmt: skip
    tell(player, "rg.self_excluded", at=at, measure_id=measure_id, sequence=sequence,
         ends_at=ends_at.isoformat() if ends_at else None, **data)  # fmt: skip


def take_time_out(player: Player, ends_at: datetime, *, at: datetime | None = None, sequence: int = 1,
                  measure_id: str = "break") -> None:  # fmt: skip
    tell(player, "rg.time_out", at=at, measure_id=measure_id, sequence=sequence, ends_at=ends_at.isoformat())


def set_limit(player: Player, amount: int, period: str = "week", *, kind: str = "deposit_limit",
              at: datetime | None = None, sequence: int = 1, measure_id: str = "", origin: str = "player",
              ) -> None:  # fmt: skip
    tell(player, "rg.limit_set", at=at, measure_id=measure_id or f"{kind}-{period}", sequence=sequence, kind=kind,
         period=period, amount=amount, currency=player.currency, origin=origin)  # fmt: skip


def lift(player: Player, measure_id: str, sequence: int, *, at: datetime | None = None) -> None:
    tell(player, "rg.lifted", at=at, measure_id=measure_id, sequence=sequence)


def _one(brand: Brand, external_id: str) -> Player | None:
    return (
        Player.objects.select_related("brand__licence", "person").filter(brand=brand, external_id=external_id).first()
    )


def anna() -> Player:
    """May be contacted: casino by e-mail and on site."""
    return _one(northlight(), "anna") or make_player(northlight(), "anna", first_name="Anna", last_name="Archer")


def bo() -> Player:
    """Self-excluded this morning, for six months."""
    if player := _one(northlight(), "bo"):
        return player
    player = make_player(northlight(), "bo", first_name="Bo", last_name="Baker")
    exclude(player, ends_at=utcnow() + timedelta(days=182))
    return player


def cleo() -> Player:
    """Gave no consent."""
    return _one(northlight(), "cleo") or make_player(
        northlight(), "cleo", first_name="Cleo", last_name="Cole", consents=()
    )


def dev() -> Player:
    """Has just set a deposit limit of 20 GBP a week."""
    if player := _one(northlight(), "dev"):
        return player
    player = make_player(northlight(), "dev", first_name="Dev", last_name="Desai")
    set_limit(player, 20_00, "week")
    return player


def kaja() -> Player:
    """A Swede who has played."""
    if player := _one(bjork(), "kaja"):
        return player
    player = make_player(bjork(), "kaja", first_name="Kaja", last_name="Karlsson")
    PlayerState.objects.filter(player=player).update(
        rounds=12, last_play_at=utcnow() - timedelta(days=3), last_real_at=utcnow() - timedelta(days=3)
    )
    return player


# --- operators -----------------------------------------------------------------------------------


def seat(operator: Operator, role: str, brand: Brand | None = None) -> Seat:
    """Given by an admin, from the moment there is one."""
    admin = Operator.objects.filter(seats__role=Role.ADMIN).first()
    if admin is not None:
        audit.record(admin, "operator.created", f"operator:{operator.pk}", brand=None, after={"role": role})
    return Seat.objects.create(operator=operator, role=role, brand=brand)


def make_operator(name: str, role: Role, brand: Brand | None = None, **fields: Any) -> Operator:
    email = f"{name.lower()}@operator.test"
    operator = Operator.objects.filter(email=email).first()
    if operator is None:
        operator = Operator.objects.create_user(email, name, PASSWORD, **fields)
        seat(operator, role, brand)
    return operator


def carla() -> Operator:
    return make_operator("Carla", Role.CRM_MANAGER)


def olivia() -> Operator:
    return make_operator("Olivia", Role.COMPLIANCE_OFFICER)


def fiona() -> Operator:
    return make_operator("Fiona", Role.FINANCE)


def rolf() -> Operator:
    return make_operator("Rolf", Role.ANALYST)


EVERYBODY = (northlight, bjork, azura, anna, bo, cleo, dev, kaja, carla, olivia, fiona, rolf)


def as_fixture(make: Any) -> Any:
    def person(db: None) -> Any:
        return make()

    person.__doc__ = make.__doc__
    return pytest.fixture(name=make.__name__)(person)
