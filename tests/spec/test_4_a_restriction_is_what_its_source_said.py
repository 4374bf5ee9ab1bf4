"""What the application's own role could write over a restriction, or before it: less than its source said of it."""

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from compliance import turning
from compliance.jurisdictions import PACKS
from compliance.jurisdictions.timing import timing
from compliance.models import Measure
from config.lib.clock import utcnow
from players import facts
from players.models import Player
from tests import cast
from tests.spec.test_4_nothing_gets_around_the_gate import decide, outcome, run

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
LIFTED = "(SELECT occurred_at FROM players_fact WHERE kind = 'rg.lifted' ORDER BY id DESC LIMIT 1)"


def taken_back(country: str = "GB", **said: Any) -> Callable[[], Player]:
    """An exclusion taken back three days ago, long before its term."""

    def make() -> Player:
        brand = cast.make_brand(f"house-{country.lower()}", "House", country, "EUR", "Europe/London")
        player, now = cast.make_player(brand, "p"), utcnow()
        cast.exclude(player, **{"at": now - 400 * DAY, "ends_at": now + 900 * DAY} | said)
        cast.lift(player, "excl", 2, at=now - 3 * DAY)
        return player

    return make


def running(**said: Any) -> Callable[[], Player]:
    def make() -> Player:
        player = cast.make_player(cast.azura(), "p")
        cast.exclude(player, **{"at": utcnow() - 60 * DAY} | said)
        return player

    return make


def back_again() -> Player:
    player = taken_back(by="third_party")()
    cast.exclude(player, sequence=3, at=utcnow() - DAY)
    return player


def limited(*amounts: int | None, **said: Any) -> Callable[[], Player]:
    """Set to these amounts one after the other, the last one an hour ago; None: removed."""

    def make() -> Player:
        player = cast.make_player(cast.azura(), "p")
        for number, amount in enumerate(amounts, 1):
            at = utcnow() - (len(amounts) - number) * 20 * DAY - timedelta(hours=1)
            if amount is None:
                cast.tell(player, "rg.limit_removed", at=at, now=at, measure_id="l", sequence=number)
            else:
                cast.tell(player, "rg.limit_set", at=at, now=at, measure_id="l", sequence=number, kind="deposit_limit",
                          amount=amount, period="week", currency="EUR", origin="player", **said)  # fmt: skip
        turning.turn(now=utcnow())
        return player

    return make


def used_up() -> Player:
    player = limited(50_00)()
    cast.tell(player, "rg.limit_reached", measure_id="l", kind="deposit_limit", period="week")
    return player


SCENES: dict[str, tuple[Callable[[], Player], list[str]]] = {
    "of an exclusion taken back early": (taken_back(), [
        "kind = 'third_party'",
        "kind = 'unknown', status = 'active', ended_at = NULL",
        "kind = 'unknown'",
        f"kind = 'unknown', status = 'active', ended_at = NULL / status = 'ended', ended_at = {LIFTED}",
        "ended_by = 'authority'", "effective_at = now() - interval '2 years'", "ended_at = now() - interval '1 year'",
    ]),
    "of one that an authority imposed": (taken_back(by="authority"), ["ended_by = 'authority'"]),
    "of one by somebody else": (taken_back("DE", by="third_party"), ["kind = 'self_exclusion'"]),
    "of one by the country's register": (taken_back("SE", register="spelpaus"), [
        "ends_at = NULL", "ends_at = now() + interval '10 years'", "kind = 'self_exclusion'",
    ]),
    "of one that came after another": (back_again, [
        "effective_at = now() - interval '200 days'", "kind = 'third_party'", f"status = 'ended', ended_at = {LIFTED}",
    ]),
    "of one that runs": (running(), [
        "scope = 'brand'", "scope = 'nowhere1'", "scope = 'nowhere1' / scope = 'brand'", "kind = 'national_exclusion'",
        "status = 'foo'", "sequence = 99", "origin = 'operator'", "ended_by = 'somebody'",
    ]),
    "of one that renews itself": (running(ends_at=utcnow() - DAY, auto_renew=True), [
        "auto_renew = false", "status = 'awaiting_return', auto_renew = false",
    ]),
    "of a limit": (limited(50_00), [
        "status = 'foo'", "status = 'awaiting_return'", "origin = 'onboarding'", "sequence = 99",
        "pending_amount = 99999900, pending_from = now() - interval '1 day'", "pending_from = now() - interval '1 day'",
        "ends_at = now() - interval '1 day'",
        "previous_amount = 100", "amount = 5001",
        "period = 'day'", "currency = 'HUF'", "kind = 'loss_limit'", "kind = 'net_deposit_limit'",
    ]),
    "of a limit that was lowered": (limited(500_00, 20_00), [
        "amount = 50000", "amount = 2001", "tightened_at = now() - interval '20 days'",
        "pending_amount = 50000, pending_from = now() - interval '1 hour'", "previous_amount = NULL",
    ]),
    "of a limit that is to rise": (limited(20_00, 500_00), [
        "amount = 50000", "pending_from = now() - interval '1 hour'", "pending_amount = 99999900",
        "pending_amount = NULL", "amount = pending_amount, pending_amount = NULL, pending_from = NULL",
    ]),
    "of a limit that rose": (limited(20_00, 500_00, 500_00), ["relaxed_at = NULL", "relaxed_at = now() - interval '1 year'",
                                                             "relaxed_at = NULL, previous_amount = NULL"]),
    "of a limit set anew": (limited(500_00, None, 20_00), ["status = 'ended', ended_at = now()", "amount = 50000"]),
    "of a limit that is to go": (limited(20_00, None), [
        "status = 'ended', ended_at = now()", "pending_from = now()", "status = 'ended', ended_at = pending_from",
    ]),
    "of a limit that was used up": (used_up, ["reached_at = NULL", "reached_at = now() - interval '1 year'"]),
}  # fmt: skip


@pytest.mark.parametrize("scene", SCENES)
def test_nothing_is_written_over_it(scene: str) -> None:
    make, changes = SCENES[scene]
    player = make()
    before = outcome(decide(player)), Measure.objects.values().get(player=player)
    for change in changes:
        with pytest.raises(DatabaseError) as refused:
            run(
                *(f"UPDATE compliance_measure SET {step} WHERE player_id = {player.pk}" for step in change.split(" / "))
            )
        assert refused.value.__cause__.sqlstate in {"RG005", "23514"}, change
    assert (outcome(decide(player)), Measure.objects.values().get(player=player)) == before


BORN = (
    "INSERT INTO compliance_measure (person_id, player_id, kind, source, ref, sequence, status, origin, received_at,"
    " effective_at, product, currency, period, needs_confirmation, ended_at) SELECT person_id, id, '{kind}', '{source}',"
    " '{ref}', {sequence}, '{status}', 'player', now(), now(), '', '', '', false, {ended_at} FROM players_player WHERE id = {pk}"
)
USUAL = {"kind": "self_exclusion", "source": "northlight", "ref": "excl", "sequence": 999, "status": "ended",
         "ended_at": "now() - interval '2 years'"}  # fmt: skip


@pytest.mark.parametrize("row", [
    USUAL, USUAL | {"kind": "bonus_block", "sequence": 1}, USUAL | {"status": "active", "ended_at": "NULL"},
    USUAL | {"source": "operator"}, USUAL | {"source": "operator", "kind": "bonus_block"},
])  # fmt: skip
def test_no_restriction_is_there_before_its_source_speaks_of_it(anna: Player, row: dict[str, Any]) -> None:
    with pytest.raises(DatabaseError) as refused, transaction.atomic(), connection.cursor() as db:
        db.execute(BORN.format(**row, pk=anna.pk))
    assert refused.value.__cause__.sqlstate == "RG005"
    cast.exclude(anna)
    assert outcome(decide(anna)) == ("deny", "DENY_SELF_EXCLUDED")


def test_a_late_word_of_before_a_limit_went_takes_its_going_back() -> None:
    player, asked = (
        cast.make_player(cast.make_brand("valletta", "Valletta", "MT", "EUR", "Europe/Malta"), "p"),
        utcnow() - 3 * DAY,
    )
    week = {
        "measure_id": "l",
        "kind": "deposit_limit",
        "amount": 50_00,
        "period": "week",
        "currency": "EUR",
        "origin": "player",
    }
    cast.tell(player, "rg.limit_set", at=asked - 9 * DAY, now=asked - 9 * DAY, sequence=1, **week)
    cast.tell(player, "rg.limit_removed", at=asked, now=asked, measure_id="l", sequence=2)
    turning.turn(now=utcnow())
    assert Measure.objects.get(player=player).status == "ended"
    cast.tell(player, "rg.limit_set", at=asked + timedelta(hours=1), sequence=3, **week)
    row = Measure.objects.get(player=player)
    assert (row.status, row.amount, row.relaxed_at, row.ended_at) == ("active", 50_00, None, None)


def test_the_database_knows_how_long_a_limit_waits_under_each_licence() -> None:
    with connection.cursor() as db:
        db.execute(
            "SELECT j, compliance_relax_wait(j), compliance_relax_twice(j) FROM unnest(%s::text[]) AS j", [list(PACKS)]
        )
        assert db.fetchall() == [(one, timing(one).relax, timing(one).second_word) for one in PACKS]


def words_of(dice: Random, limits: bool) -> list[tuple[str, dict[str, Any]]]:
    """What a source may say of one restriction, in its order; the times rise with it."""
    at, said = utcnow() - timedelta(days=dice.randint(20, 90)), []
    for number in range(1, dice.randint(3, 7)):
        kind = dice.choice(["rg.limit_set"] * 4 + ["rg.limit_removed"] if limits else
                           ["rg.self_excluded"] * 3 + ["rg.time_out", "rg.blocked"] + ["rg.lifted"] * 3)  # fmt: skip
        word: dict[str, Any] = {"at": at, "measure_id": "m", "sequence": number}
        if kind == "rg.limit_set":
            word |= {"kind": "deposit_limit", "amount": dice.choice([20_00, 50_00, 500_00]), "period": dice.choice(["week", "week", "day"]), "currency": "EUR",
                     "origin": dice.choice(["player", "operator"])}  # fmt: skip
        if kind in ("rg.limit_set", "rg.limit_removed") and dice.random() < 0.3:
            word["effective_from"] = at.isoformat()
            if dice.random() < 0.7:
                word["requested_at"] = (at - timedelta(hours=dice.choice([1, 30, 200]))).isoformat()
        if kind == "rg.limit_set" and dice.random() < 0.3:
            word["expires_at"] = (at + timedelta(days=dice.randint(1, 40))).isoformat()
        if kind in ("rg.self_excluded", "rg.time_out"):
            endless = kind == "rg.self_excluded" and dice.random() < 0.4
            word["ends_at"] = None if endless else (at + timedelta(days=dice.randint(1, 200))).isoformat()
            word |= dice.choice(
                [{}, {"scope": "brand"}, {"by": "third_party"}, {"register": "spelpaus"}, {"auto_renew": True}]
            )
        if kind == "rg.blocked":
            word["what"] = dice.choice(["bonus", "marketing"])
        if kind == "rg.lifted":
            word |= dice.choice([{}, {"by": "authority"}])
        said.append((kind, word))
        at = min(at + timedelta(hours=dice.choice([1, 30, 200, 400])), utcnow())
    return said


@pytest.mark.slow
@pytest.mark.parametrize("country", ["GB", "SE", "MT", "DE"])
@pytest.mark.parametrize("limits", [True, False])
def test_whatever_a_source_says_in_whatever_order_is_taken(country: str, limits: bool) -> None:
    brand = cast.make_brand(f"house-{country.lower()}", "House", country, "EUR", "Europe/London")
    for seed in range(80):
        dice, player = Random(f"{country}{limits}{seed}"), cast.make_player(brand, f"p{seed}", consents=())
        words = words_of(dice, limits)
        if dice.random() < 0.6:
            dice.shuffle(words)
        while words:
            some = [words.pop(0) for _ in range(min(dice.randint(1, 3), len(words)))]
            now = utcnow()
            with transaction.atomic():
                facts.record([facts.NewFact(kind, player.pk, word["at"], f"{player.pk}:{word['sequence']}",
                                            {name: value for name, value in word.items() if name != "at"})
                              for kind, word in some], now=now)  # fmt: skip
            if dice.random() < 0.5:
                turning.turn(now=now)
