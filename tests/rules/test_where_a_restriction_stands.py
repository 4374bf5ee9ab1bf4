"""Regulation §2: the life of a restriction, for whom it holds, and how its periods run; both sides of each instant."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from compliance import countdowns, lifecycle, turning
from compliance.limits import Said, fold, period_for, period_start, zone_for
from compliance.models import Measure, Standing
from config.lib.clock import utcnow
from players.models import Payment, Player
from tests import cast
from tests.spec.test_4_the_gate import clear, promo

DAY, HOUR, TICK = timedelta(days=1), timedelta(hours=1), timedelta(microseconds=1)
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
EXCLUDED = {"kind": "self_exclusion", "effective_at": NOW - 200 * DAY}
LIMIT = {"kind": "deposit_limit", "effective_at": NOW - 9 * DAY, "amount": 50_00}
ENDED = {"status": "ended", "ended_at": NOW - HOUR, "ended_by": "player"}
BREAK = {"kind": "time_out", "effective_at": NOW - 9 * DAY}


@pytest.mark.parametrize(
    ("row", "reopens", "word"),
    [
        (EXCLUDED | {"effective_at": NOW + TICK}, None, "requested"),
        (EXCLUDED | {"effective_at": NOW}, None, "active"),
        (EXCLUDED | {"ends_at": NOW + TICK}, None, "active"),
        (EXCLUDED | {"ends_at": NOW}, None, "expired_awaiting_return"),
        (EXCLUDED | {"ends_at": NOW, "auto_renew": True}, None, "active"),
        (EXCLUDED | ENDED, NOW + TICK, "pending_removal"),
        (EXCLUDED | ENDED, NOW, "expired"),
        (EXCLUDED | ENDED | {"ended_by": "authority"}, NOW, "revoked_by_authority"),
        (EXCLUDED | ENDED | {"ended_by": "superseded"}, NOW, "superseded"),
        (BREAK | {"ends_at": NOW + TICK}, NOW + DAY + TICK, "active"),
        (BREAK | {"ends_at": NOW}, NOW + DAY, "pending_removal"),
        (BREAK | {"ends_at": NOW - DAY}, NOW, "expired"),
        (LIMIT | {"pending_from": NOW + TICK, "pending_amount": 90_00}, None, "pending_relaxation"),
        (LIMIT | {"pending_from": NOW, "pending_amount": 90_00}, None, "active"),
        (
            LIMIT | {"pending_from": NOW, "pending_amount": 90_00, "needs_confirmation": True},
            None,
            "pending_relaxation",
        ),
        (LIMIT | {"pending_from": NOW + TICK}, None, "pending_relaxation"),
        (LIMIT | {"pending_from": NOW}, None, "expired"),
        (LIMIT | {"ends_at": NOW + TICK}, None, "active"),
        (LIMIT | {"ends_at": NOW}, None, "expired"),
    ],
)
def test_each_phase_begins_at_its_instant(row: dict[str, Any], reopens: datetime | None, word: str) -> None:
    assert lifecycle.of(Measure(**row), reopens, now=NOW).word == word


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("licence", "kind", "ends_at", "least"),
    [
        ("GB", "self_exclusion", NOW + 400 * DAY, NOW + 400 * DAY),  # what was chosen is held whole
        ("GB", "national_exclusion", NOW + 5 * 365 * DAY, NOW + 5 * 365 * DAY),
        ("ON", "self_exclusion", NOW + 5 * 365 * DAY, NOW + 5 * 365 * DAY),
        ("GB", "self_exclusion", NOW + 30 * DAY, datetime(2027, 5, 23, 10, tzinfo=UTC)),
        ("ON", "self_exclusion", None, datetime(2027, 5, 23, 10, tzinfo=UTC)),
        ("DE", "self_exclusion", NOW + 30 * DAY, datetime(2027, 2, 23, 10, tzinfo=UTC)),
        ("DE", "third_party", NOW + 30 * DAY, datetime(2027, 11, 23, 10, tzinfo=UTC)),
        ("DK", "national_exclusion", NOW + 180 * DAY, NOW + 180 * DAY),
        ("SE", "national_exclusion", NOW + 30 * DAY, NOW + 30 * DAY),
        ("SE", "national_exclusion", None, datetime(2027, 11, 23, 10, tzinfo=UTC)),
        ("DK", "national_exclusion", None, datetime(2027, 11, 30, 10, tzinfo=UTC)),
    ],
)
def test_an_exclusion_holds_its_least_time_and_the_wait_after_the_return(
    licence: str, kind: str, ends_at: datetime | None, least: datetime
) -> None:
    wait = 7 * DAY if ends_at is None else DAY

    def opens(returned: datetime, by: str = "player") -> datetime:
        with connection.cursor() as db:
            db.execute("SELECT compliance_reopens_at(%s, 'ended', %s, %s, %s, %s, %s)",
                       [kind, NOW, ends_at, returned, by, licence])  # fmt: skip
            found: datetime = db.fetchone()[0]
            return found

    assert opens(NOW + DAY) == max(least, NOW + DAY + wait), "too early: the least time counts"
    assert opens(least - wait) == least
    assert opens(least - wait + TICK) == least + TICK
    assert opens(NOW + DAY, by="authority") == NOW + DAY + wait


@pytest.mark.django_db
def test_in_malta_the_wait_is_a_day_or_seven() -> None:
    ada, ben = (cast.make_player(cast.azura()) for _ in range(2))
    for player, ends_at, ago, verdict in (
        (ada, utcnow() + 90 * DAY, DAY - HOUR, "time_out"), (ben, None, 7 * DAY - HOUR, "time_out"),
    ):  # fmt: skip
        cast.exclude(player, at=utcnow() - 30 * DAY, ends_at=ends_at)
        cast.lift(player, "excl", 2, at=utcnow() - ago)
        assert standing(player).verdict == verdict
        [clock] = countdowns.of_person(player.person_id, now=utcnow())
        assert abs(clock.at - utcnow() - HOUR) < timedelta(minutes=1), "the tab's clock is the gate's"
    eve = cast.make_player(cast.azura())
    cast.exclude(eve, at=utcnow() - 30 * DAY)
    cast.lift(eve, "excl", 2, at=utcnow() - 7 * DAY - HOUR)
    assert standing(eve).verdict == "open"


def standing(player: Player) -> Standing:
    return Standing.objects.get(person_id=player.person_id)


@pytest.mark.django_db
def test_asked_for_and_not_begun_closes_already() -> None:
    ada = cast.make_player(cast.azura())
    cast.exclude(ada, effective_from=(utcnow() + DAY).isoformat())
    row = lifecycle.told(Measure.objects.all()).get()
    assert lifecycle.of(row, row.reopens_at, now=utcnow()) is lifecycle.REQUESTED
    assert standing(ada).verdict == "excluded"
    assert countdowns.of_person(ada.person_id, now=utcnow())[0].what.endswith("begins; it closes already")


@pytest.mark.django_db
def test_what_renews_itself_waits_for_no_return(anna: Player) -> None:
    cast.exclude(anna, at=utcnow() - 200 * DAY, ends_at=utcnow() - DAY, register="gamstop", auto_renew=True)
    turning.turn(now=utcnow())
    assert (standing(anna).verdict, Measure.objects.get().status) == ("excluded", "active")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("licence", "scope", "closed"),
    [
        ("GB", "brand", {"own", "sister", "other"}),  # company or group
        ("SE", "brand", {"own", "sister"}),  # all accounts at the licensee
        ("SE", "group", {"own", "sister", "other"}),
        ("SE", None, {"own", "sister", "other"}),
        ("MT", "brand", {"own"}),  # what the player answered
        ("MT", "licensee", {"own", "sister"}),
        ("MT", None, {"own", "sister", "other"}),
    ],
)
def test_for_whom_an_exclusion_holds(licence: str, scope: str | None, closed: set[str]) -> None:
    make = {"GB": cast.northlight, "SE": cast.bjork, "MT": cast.azura}[licence]
    own = make()
    sister = cast.make_brand("sister", "Sister", licence, own.currency, own.timezone)
    other = cast.make_brand("other", "Other", "NL", "EUR", "Europe/Amsterdam")
    mine = cast.make_player(own)
    accounts = {"own": mine, **{
        brand.slug: cast.make_player(brand, person=mine.person) for brand in (sister, other)
    }}  # fmt: skip

    said: dict[str, Any] = {"scope": scope} if scope else {}
    cast.exclude(mine, ends_at=utcnow() + 300 * DAY, **said)

    answers = dict(zip(accounts, clear(*[promo(player) for player in accounts.values()]), strict=True))
    shut = {"DENY_SELF_EXCLUDED", "DENY_LINKED_ACCOUNT_EXCLUDED"}
    assert {name for name, answer in answers.items() if answer.code in shut} == closed
    now_is = standing(mine)
    assert {name for name, player in accounts.items() if now_is.at(player.brand_id) == "excluded"} == closed
    assert forged(*accounts.values()) == [name in closed for name in accounts], "the database holds it by itself"


def forged(*players: Player, products: tuple[str, ...] = ("casino",)) -> list[bool]:
    """An allow that no rule gave, of which everything else is right: was it turned into a no for an exclusion?"""
    rows = [
        {"player_id": player.pk, "purpose": "promotional", "channel": "onsite", "outcome": "allow", "code": "ALLOW",
         "reasons": [], "reference": "x", "ruleset": "none", "inputs": {}, "products": products,
         "generation": standing(player).generation}
        for player in players
    ]  # fmt: skip
    with transaction.atomic(), connection.cursor() as db:
        db.execute("SELECT code FROM compliance_decide(%s::jsonb)", [json.dumps(rows)])
        codes = [code for (code,) in db.fetchall()]
    assert set(codes) <= {"ALLOW", "DENY_SELF_EXCLUDED"}
    return [code == "DENY_SELF_EXCLUDED" for code in codes]


@pytest.mark.django_db
def test_an_exclusion_from_one_product_is_held_by_the_database_too(anna: Player) -> None:
    cast.exclude(anna, product="bingo")
    assert standing(anna).partly == {"product:bingo": "excluded"}
    assert forged(anna) == [False]
    assert forged(anna, products=("bingo",)) == forged(anna, products=("casino", "bingo")) == [True]
    assert forged(anna, products=()) == [True], "what names no product is about every one"


@pytest.mark.django_db
def test_nobody_makes_a_restriction_narrower_by_hand(anna: Player) -> None:
    from django.db import DatabaseError

    cast.exclude(anna, ends_at=utcnow() + 300 * DAY)
    for change in ({"scope": "brand"}, {"ended_by": "authority"}, {"effective_at": utcnow() - 400 * DAY}):
        with pytest.raises(DatabaseError, match="its source|has no end"), transaction.atomic():
            Measure.objects.update(**change)


def test_a_calendar_month_begins_by_the_laws_own_clock_and_a_rolling_one_never() -> None:
    berlin = zone_for("DE", "America/New_York")
    assert berlin == ZoneInfo("Europe/Berlin")
    first = datetime(2026, 12, 1, tzinfo=berlin).astimezone(UTC)
    assert period_start(first - TICK, "month", berlin) == datetime(2026, 11, 1, tzinfo=berlin)
    assert period_start(first, "month", berlin) == first
    assert period_start(first, "month_rolling", berlin) == first - 30 * DAY
    assert zone_for("GB", "America/New_York") == ZoneInfo("America/New_York")
    assert period_for("cross_operator_limit", "month_rolling") == "month"
    assert period_for("deposit_limit", "month_rolling") == "month_rolling"


def test_a_swedish_raise_of_a_rolling_limit_waits_until_nothing_of_today_counts() -> None:
    words = [Said("rg.limit_set", n, NOW + n * TICK, "deposit_limit", amount, "SEK", "month_rolling")
             for n, amount in enumerate((50_00, 90_00))]  # fmt: skip
    assert fold(words, jurisdiction="SE", zone=ZoneInfo("Europe/Stockholm")).pending_from == NOW + TICK + 30 * DAY


@pytest.mark.django_db
@pytest.mark.parametrize(("ago", "left"), [(30 * DAY - HOUR, 400_00), (30 * DAY + HOUR, 1_000_00)])
def test_a_rolling_month_forgets_a_deposit_after_30_days(anna: Player, ago: timedelta, left: int) -> None:
    from compliance import loading

    now = cast.noon()
    cast.set_limit(anna, 1_000_00, "month_rolling", at=now - 60 * DAY)
    Payment.objects.create(player=anna, payment_id="d", direction="deposit", status="approved", amount=600_00,
                           occurred_at=now - ago, recorded_at=now - ago)  # fmt: skip
    [limit] = loading.load([anna.pk], now=now)[anna.pk]["limits"]
    assert limit["left"] == left


@pytest.mark.django_db
def test_the_protection_tab_says_where_each_stands_and_for_whom_it_holds(client: Client) -> None:
    ada = cast.make_player(cast.azura())
    cast.exclude(ada, at=utcnow() - 30 * DAY, scope="brand", ends_at=utcnow() + DAY)
    cast.lift(ada, "excl", 2, at=utcnow() - HOUR)
    client.force_login(cast.olivia())
    for url in (reverse("compliance:player-panel", args=[ada.pk]), reverse("compliance:restrictions")):
        text = client.get(url).content.decode()
        assert lifecycle.PENDING_REMOVAL.label in text
        assert "for this brand" in text
