"""What an operator sets up by hand before the first event arrives. Safe to run again at any time."""

import json
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction

from compliance import rates
from compliance.models import Operator, RegisterAccess, Seat
from config.casino import announcing, asking, desk, keys_file, newsletters, registers
from config.casino.houses import HOUSES, House
from config.casino.people import OPERATORS, PASSWORD
from players.models import Brand, Feed, FeedKey, Licence, OperatorApi, Origin
from reporting.definitions import ensure_defaults


@transaction.atomic
def seed(data: Path, *, now: datetime) -> None:
    brands = [_brand(house) for house in HOUSES]
    # The admin is the last of them: while there is none, whoever comes may sit down.
    operators = {person.first: _operator(person.email, person.name, person.role) for person in OPERATORS}
    _keys(data)
    _operator_api()
    _register_accesses()
    ensure_defaults()
    for brand in brands:
        desk.set_up(brand, operators["carla"], operators["conrad"], now=now)
    asking.ask(brands[0], operators["carla"], operators["oskar"], now=now)
    if not rates.newest(now=now):
        lines = [(currency, str(now.date()), value) for currency, value in _RATES.items()]
        rates.record(lines, source="Figures of the demo, no market's", actor=operators["olivia"], now=now)


_RATES = {"GBP": "1.1490", "SEK": "0.0915", "DKK": "0.1340", "CAD": "0.6180", "USD": "0.8620", "NOK": "0.0855"}


def _brand(house: House) -> Brand:
    licence, _ = Licence.objects.get_or_create(
        jurisdiction=house.jurisdiction, number=house.number, defaults={"licensee": house.licensee}
    )
    brand, _ = Brand.objects.get_or_create(
        slug=house.slug,
        defaults={
            "name": house.name,
            "licence": licence,
            "currency": house.currency,
            "timezone": house.timezone,
            "support_email": f"support@{house.slug}.example",
            "site_url": f"https://{house.slug}.example",
        },
    )
    return brand


def _operator(email: str, name: str, role: str) -> Operator:
    operator = Operator.objects.filter(email=email).first()
    if operator is None:
        operator = Operator.objects.create_user(email, name, PASSWORD, is_staff=role == "admin")
    Seat.objects.get_or_create(operator=operator, role=role, brand=None)
    return operator


def _operator_api() -> None:
    """Where Azura's announcements are followed up; its address is another one at every start."""
    feed = Feed.objects.filter(brand__slug=announcing.BRAND, name="pam").first()
    if feed is None or not settings.OPERATOR_API_HOSTS:
        return
    Origin.objects.get_or_create(entry=feed, origin=announcing.ORIGIN, feed=feed)
    OperatorApi.objects.update_or_create(
        feed=feed,
        defaults={
            "base_url": f"http://{settings.OPERATOR_API_HOSTS[0]}/operator", "key_name": announcing.KEY_NAME,
            "products": ["casino", "betting"], "wording": announcing.WORDING,
        },
    )  # fmt: skip


def _register_accesses() -> None:
    """Own ways to Spelpaus and ROFUS; the address is another one at every start. At Northlight the PAM asks GAMSTOP."""
    if not settings.REGISTER_HOSTS:
        return
    host = f"http://{settings.REGISTER_HOSTS[0]}"
    for brand, register, address, actor in _ASKED_BY_US:
        RegisterAccess.objects.update_or_create(
            licence=Licence.objects.get(brands__slug=brand), register=register,
            defaults={
                "base_url": host + address, "key_name": registers.KEY_NAMES[register], "actor": actor,
                "ask_again_after": timedelta(minutes=30), "paused_until": None, "leased_until": None,
            },
        )  # fmt: skip


# brand, register, path of its address, who we are there
_ASKED_BY_US = (("bjork", "spelpaus", "/spelpaus", "1234"), ("havblik", "rofus", "", "DK-18-0650512"))


def _keys(data: Path) -> None:
    """The simulator's keys, in a file only we can read: the database keeps none that could be read back."""
    path = keys_file(data)
    keys: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    for brand in Brand.objects.filter(slug__in=[house.slug for house in HOUSES]):
        feed, _ = Feed.objects.get_or_create(brand=brand, name="pam")
        _key(keys, brand.slug, f"{brand.name} PAM", feed, [FeedKey.Scope.EVENTS])
        if brand.slug == newsletters.BRAND:
            scopes = [FeedKey.Scope.CLEARANCES, FeedKey.Scope.SUPPRESSIONS]
            _key(keys, newsletters.NAME, newsletters.NAME, feed, scopes)
    path.touch(mode=0o600)
    path.write_text(json.dumps(keys))


def _key(keys: dict[str, str], holder: str, name: str, feed: Feed, scopes: list[FeedKey.Scope]) -> None:
    if holder in keys and FeedKey.objects.get_usable_keys().filter(feed=feed, name=name).exists():
        return
    FeedKey.objects.filter(feed=feed, name=name, revoked=False).update(revoked=True)
    _, keys[holder] = FeedKey.objects.create_key(name=name, feed=feed, scopes=scopes)
