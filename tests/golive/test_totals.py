"""Control totals: what the PAM says a day adds up to, against the same gaming day here."""

import json
import random
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.http import HttpResponse

from config.lib.clock import utcnow
from players import totals
from players.folding import fold_pending
from players.models import Brand, Player, TotalsDay, TotalsDifference
from players.totals import comparing
from tests import cast
from tests.api.conftest import Pam, bet, deposit, event, pam_of

pytestmark = pytest.mark.django_db
DAY = (utcnow() - timedelta(days=2)).date()


@pytest.fixture
def pam(northlight: Brand) -> Pam:
    return pam_of(northlight)


def at(hour: float, day: date = DAY) -> str:
    return (datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=hour)).isoformat()


def put(pam: Pam, body: Any, day: str = "", path: str = "", content_type: str = "application/json") -> HttpResponse:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    address = f"/api/v1/totals/{day or DAY}{path}"
    return pam.client.put(address, raw, content_type=content_type, headers={"Authorization": f"Api-Key {pam.key}"})


def line(kind: str, count: int | None = None, amount: int | None = None, **more: Any) -> dict[str, Any]:
    said = {"kind": kind, "currency": "GBP", "count": count, "amount": amount} | more
    return {name: value for name, value in said.items() if value is not None}


def compared(pam: Pam, *lines: dict[str, Any]) -> TotalsDay:
    if lines:
        answer = put(pam, {"lines": list(lines)})
        assert answer.status_code == 202, answer.content
    while fold_pending(now=utcnow()):
        pass
    totals.compare_due(now=utcnow())
    return TotalsDay.objects.get(brand=pam.feed.brand, day=DAY)


def ids(pam: Pam, *rows: dict[str, Any]) -> HttpResponse:
    raw = b"\n".join(json.dumps(row).encode() for row in rows)
    return put(pam, raw, path="/ids", content_type="application/x-ndjson")


def listed(event: dict[str, Any], kind: str = "deposits") -> dict[str, Any]:
    said = event["properties"]
    return {"kind": kind, "id": said["payment_id"], "player": event["player"], "amount": said["amount"]}


def found(day: TotalsDay) -> list[tuple[str, str, str]]:
    return list(day.differences.values_list("kind", "where", "ref"))


def test_a_day_that_adds_up_matches(pam: Pam, anna: Player, dev: Player) -> None:
    pam.send(
        deposit("anna", 50_00, at=at(10)), deposit("dev", 20_00, at=at(11)),
        bet("anna", at=at(12), win_real=150), bet("dev", at=at(13), category="sports", stake_bonus=5),
        event("withdrawal.approved", "anna", at=at(14), payment_id="w1", amount=10_00),
    )  # fmt: skip

    day = compared(
        pam, line("deposits", 2, 70_00), line("withdrawals", 1, 10_00), line("rounds", 1, category="slots"),
        line("rounds", 1, category="sports"), line("stakes_real", amount=200, category="slots"),
        line("stakes_real", amount=200, category="sports"), line("wins_real", amount=150),
        line("stakes_bonus", amount=5), line("deposits_declined", 0),
    )  # fmt: skip

    assert (day.status, day.due_at) == ("matched", None)
    assert day.matched_at is not None
    assert found(day) == []


def test_half_a_percent_of_a_days_payments_left_out_of_the_feed_are_listed_by_id_and_nothing_else(
    pam: Pam, anna: Player, dev: Player
) -> None:
    rng, names = random.Random(7), [anna.external_id, dev.external_id]
    paid = [deposit(rng.choice(names), rng.randint(1, 500) * 100, at=at(rng.uniform(1, 22))) for _ in range(600)]
    missing = {one["properties"]["payment_id"] for one in rng.sample(paid, 3)}
    pam.send(*(one for one in paid if one["properties"]["payment_id"] not in missing))
    total = sum(one["properties"]["amount"] for one in paid)

    assert compared(pam, line("deposits", len(paid), total)).status == "differs"
    assert ids(pam, *map(listed, paid)).status_code == 202
    day = compared(pam)

    assert {(row.where, row.ref) for row in day.differences.all()} == {("there", ref) for ref in missing}
    assert {row.player_id for row in day.differences.all()} <= {anna.pk, dev.pk}
    assert sum(row.theirs for row in day.differences.all()) == sum(
        one["properties"]["amount"] for one in paid if one["properties"]["payment_id"] in missing
    )

    pam.send(*(one for one in paid if one["properties"]["payment_id"] in missing))
    totals.compare_due(now=utcnow())  # nothing is due yet: a day that differs is looked at again after a while
    TotalsDay.objects.update(due_at=utcnow())
    assert compared(pam).status == "matched"


def test_what_only_we_know_and_what_both_know_differently_are_told_apart(pam: Pam, anna: Player) -> None:
    ours, both, theirs = deposit(amount=10_00, at=at(9)), deposit(amount=20_00, at=at(9)), deposit(amount=30_00)
    pam.send(ours, both)
    compared(pam, line("deposits", 2, 51_00))
    ids(pam, listed(both) | {"amount": 21_00}, listed(theirs))

    day = compared(pam)

    refs = [one["properties"]["payment_id"] for one in (ours, both, theirs)]
    rows = {row.ref: (row.where, row.theirs, row.ours) for row in day.differences.all()}
    assert rows == {
        refs[0]: ("here", None, 10_00), refs[1]: ("amount", 21_00, 20_00), refs[2]: ("there", 30_00, None),
    }  # fmt: skip


def test_a_list_that_is_not_complete_accuses_nobody(pam: Pam, anna: Player) -> None:
    first, second = deposit(at=at(9)), deposit(at=at(9))
    pam.send(first)
    compared(pam, line("deposits", 2, 100_00))

    ids(pam, listed(second))

    assert found(compared(pam)) == []


def test_totals_that_match_by_chance_still_show_the_ids_that_do_not(pam: Pam, anna: Player) -> None:
    here, there = deposit(amount=10_00, at=at(9)), deposit(amount=10_00, at=at(9))
    pam.send(here)
    compared(pam, line("deposits", 1, 10_00))
    ids(pam, listed(there))

    assert sorted(where for _, where, _ in found(compared(pam))) == ["here", "there"]


def test_without_ids_the_hours_that_differ_are_told(pam: Pam, anna: Player) -> None:
    pam.send(bet(at=at(10.5)), bet(at=at(11.5)), bet(at=at(11.6)))
    hours = [{"from": at(10), "count": 1}, {"from": at(11), "count": 3}]

    day = compared(pam, line("rounds", 4, category="slots", hours=hours))

    (row,) = day.differences.all()
    assert (row.where, row.occurred_at.isoformat(), row.their_count, row.our_count) == ("hour", at(11), 3, 2)


def test_rounds_are_told_by_id_as_well(pam: Pam, anna: Player) -> None:
    rounds = [bet(at=at(10)) for _ in range(3)]
    pam.send(*rounds[:2], event("round.rolled_back", "anna", at=at(12), round_id=rounds[1]["properties"]["round_id"]))
    compared(pam, line("rounds", 3))

    ids(pam, *({"kind": "rounds", "id": one["properties"]["round_id"], "player": "anna", "amount": 200}
               for one in rounds))  # fmt: skip

    refs = [one["properties"]["round_id"] for one in rounds[1:]]
    assert sorted(found(compared(pam))) == sorted(("rounds", "there", ref) for ref in refs)


def test_a_sports_bet_is_told_by_the_id_the_pam_gave_it(pam: Pam, anna: Player) -> None:
    stakes = {"stake_real": 500, "stake_bonus": 0}
    for name in ("b:1", "b:2"):
        won = {"bet_id": name, "outcome": "won", "win_real": 900, "win_bonus": 0, "at": at(9)}
        pam.send(event("bet.settled", **won, **stakes))
    compared(pam, line("rounds", 2))
    ids(pam, *({"kind": "rounds", "id": name, "player": "anna", "amount": 500} for name in ("b:1", "b:3")))
    totals.compare_due(now=utcnow())

    told = set(TotalsDifference.objects.values_list("ref", "where"))
    assert told == {("b:2", "here"), ("b:3", "there")}


def test_the_gaming_day_is_the_brands(db: None) -> None:
    brand = cast.make_brand("late", "Late Club", "MT", "EUR", "Europe/Malta", day_start_hour=6)
    cast.make_player(brand, "zoe")
    pam = pam_of(brand)
    midnight = datetime.combine(DAY + timedelta(days=1), datetime.min.time(), ZoneInfo("Europe/Malta"))
    pam.send(
        deposit("zoe", 10_00, at=(midnight + timedelta(hours=5.9)).isoformat()),
        deposit("zoe", 90_00, at=(midnight + timedelta(hours=6)).isoformat()),
    )

    assert compared(pam, line("deposits", 1, 10_00, currency="EUR")).status == "matched"


def test_a_currency_the_pam_says_nothing_of_is_a_difference(pam: Pam, anna: Player) -> None:
    cast.make_player(cast.northlight(), "eve", currency="EUR")
    pam.send(deposit("anna", 10_00, at=at(9)), deposit("eve", 7_00, at=at(9)))

    day = compared(pam, line("deposits", 1, 10_00))

    assert day.status == "differs"
    alone = day.lines.get(currency="EUR")
    assert (alone.their_count, alone.our_count, alone.our_amount) == (0, 1, 7_00)

    assert comparing.compare(day, now=utcnow()).status == "differs"  # made anew, not counted as a word of the PAM's
    assert day.lines.filter(currency="EUR", is_ours_alone=True, hours=[]).count() == 1


def test_a_kind_the_pam_does_not_total_is_not_compared(pam: Pam, anna: Player) -> None:
    pam.send(deposit(amount=10_00, at=at(9)), bet(at=at(9)))

    assert compared(pam, line("deposits", 1, 10_00)).status == "matched"


def test_sending_the_day_again_replaces_it_and_forgets_what_was_listed(pam: Pam, anna: Player) -> None:
    pam.send(deposit(amount=10_00, at=at(9)))
    compared(pam, line("deposits", 2, 20_00))
    ids(pam, listed(deposit()), listed(deposit()))
    assert compared(pam).differences.count() == 3

    day = compared(pam, line("deposits", 1, 10_00))

    assert (day.status, day.ids.count(), day.differences.count()) == ("matched", 0, 0)


def test_totals_come_as_csv_too(pam: Pam, anna: Player) -> None:
    pam.send(deposit(amount=10_00, at=at(9)), bet(at=at(9)))
    text = "kind,currency,category,count,amount\ndeposits,GBP,,1,1000\nrounds,GBP,slots,1,\n"

    assert put(pam, text.encode(), content_type="text/csv").status_code == 202
    assert compared(pam).status == "matched"


def test_the_answer_shows_both_sides(pam: Pam, anna: Player) -> None:
    pam.send(deposit(amount=10_00, at=at(9)))
    compared(pam, line("deposits", 2, 20_00))

    told = pam.client.get(f"/api/v1/totals/{DAY}", headers={"Authorization": f"Api-Key {pam.key}"}).json()

    assert told["status"] == "differs"
    assert told["lines"] == [
        {"kind": "deposits", "currency": "GBP", "category": None, "theirs": {"count": 2, "amount": 20_00},
         "ours": {"count": 1, "amount": 10_00}, "differs": True}
    ]  # fmt: skip


GOOD = {"kind": "deposits", "currency": "GBP", "count": 1}
BAD: list[tuple[str, Any, str]] = [
    ("an array", [], "/"),
    ("no lines", {}, "/lines"),
    ("empty lines", {"lines": []}, "/lines"),
    ("a member nobody knows", {"lines": [GOOD], "brand": 7}, "/brand"),
    ("another zone", {"lines": [GOOD], "zone": "Europe/Malta"}, "/zone"),
    ("another start", {"lines": [GOOD], "day_start_hour": 6}, "/day_start_hour"),
    ("a true for zero", {"lines": [GOOD], "day_start_hour": False}, "/day_start_hour"),
    ("a kind nobody knows", {"lines": [GOOD | {"kind": "tips"}]}, "/lines/0/kind"),
    ("a kind that is a list", {"lines": [GOOD | {"kind": []}]}, "/lines/0/kind"),
    ("no currency", {"lines": [{"kind": "deposits", "count": 1}]}, "/lines/0/currency"),
    ("a currency in small letters", {"lines": [GOOD | {"currency": "gbp"}]}, "/lines/0/currency"),
    ("half a deposit", {"lines": [GOOD | {"count": 0.5}]}, "/lines/0/count"),
    ("a count in quotes", {"lines": [GOOD | {"count": "1"}]}, "/lines/0/count"),
    ("true deposits", {"lines": [GOOD | {"count": True}]}, "/lines/0/count"),
    ("fewer than none", {"lines": [GOOD | {"count": -1}]}, "/lines/0/count"),
    ("more than there is", {"lines": [GOOD | {"amount": 10**16}]}, "/lines/0/amount"),
    ("an amount of rounds", {"lines": [GOOD | {"kind": "rounds", "amount": 1}]}, "/lines/0/amount"),
    ("neither count nor amount", {"lines": [{"kind": "deposits", "currency": "GBP"}]}, "/lines/0/count"),
    ("payments by category", {"lines": [GOOD | {"category": "slots"}]}, "/lines/0/category"),
    ("a category nobody knows", {"lines": [GOOD | {"kind": "rounds", "category": "darts"}]}, "/lines/0/category"),
    ("the same figure twice", {"lines": [GOOD, GOOD]}, "/lines/1"),
    ("whole and split", {"lines": [GOOD | {"kind": "rounds"}, GOOD | {"kind": "rounds", "category": "slots"}]},
     "/lines/1/category"),
    ("half past", {"lines": [GOOD | {"hours": [{"from": at(10.5), "count": 1}]}]}, "/lines/0/hours/0/from"),
    ("an hour twice", {"lines": [GOOD | {"hours": [{"from": at(1), "count": 1}] * 2}]}, "/lines/0/hours/1/from"),
    ("a column nobody knows", b"kind,currency,tips\ndeposits,GBP,1\n", "/1"),
    ("a short line", b"kind,currency,count\ndeposits,GBP\n", "/2"),
    ("a formula", b"kind,currency,count\ndeposits,GBP,=1+1\n", "/2/count"),
    ("a comma for a point", b'kind,currency,amount\ndeposits,GBP,"10,00"\n', "/2/amount"),
    ("a file without a figure", b"kind,currency,count\n", "/lines"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "given", "pointer"), BAD, ids=[what for what, _, _ in BAD])
def test_what_is_wrong_is_refused_with_its_place(pam: Pam, what: str, given: Any, pointer: str) -> None:
    answer = put(pam, given, content_type="text/csv" if isinstance(given, bytes) else "application/json")

    assert (answer.status_code, answer.json()["errors"][0]["attr"]) == (400, pointer), answer.content
    assert not TotalsDay.objects.exists()


@pytest.mark.parametrize(
    "day", ["2026-13-01", "20261121", "yesterday", "0001-01-01", "٢٠٢٦-01-01", f"{utcnow().date()}"]
)
def test_a_day_that_is_none_or_not_over_is_refused(pam: Pam, day: str) -> None:
    answer = put(pam, {"lines": [GOOD]}, day=day)

    assert (answer.status_code, answer.json()["errors"][0]["attr"]) == (400, "/day")


@pytest.mark.parametrize(
    ("row", "pointer"),
    [
        (b"{", "/0"),
        (b"[]", "/0"),
        (b'{"kind": "deposits"}', "/0/id"),
        (b'{"kind": "stakes_real", "id": "1", "player": "a", "amount": 1}', "/0/kind"),
        (b'{"kind": "deposits", "id": "1", "player": "a", "amount": "1"}', "/0/amount"),
        (b'{"kind": "deposits", "id": "", "player": "a", "amount": 1}', "/0/id"),
        (b'{"kind": "deposits", "id": "1", "player": "a", "amount": 1, "occurred_at": "noon"}', "/0/occurred_at"),
        (b'{"kind": "deposits", "id": "1", "player": "a", "amount": 1, "note": ""}', "/0/note"),
        (b'{"kind": "deposits", "id": "1", "player": "a", "amount": 1}\n' * 2, "/1/id"),
        (b"", "/"),
    ],
)
def test_a_wrong_id_is_refused_with_its_line(pam: Pam, row: bytes, pointer: str) -> None:
    put(pam, {"lines": [GOOD]})

    answer = put(pam, row, path="/ids", content_type="application/x-ndjson")

    assert (answer.status_code, answer.json()["errors"][0]["attr"]) == (400, pointer), answer.content


def test_ids_of_a_day_without_totals_and_the_days_of_another_brand_do_not_exist(pam: Pam) -> None:
    assert ids(pam, {"kind": "deposits", "id": "1", "player": "a", "amount": 1}).status_code == 404
    put(pam, {"lines": [GOOD]})
    other = pam_of(cast.bjork())
    answer = other.client.get(f"/api/v1/totals/{DAY}", headers={"Authorization": f"Api-Key {other.key}"})
    assert answer.status_code == 404
    assert not TotalsDifference.objects.exists()
