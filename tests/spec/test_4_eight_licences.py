"""What a licence asks for is found in the database: sums, sessions, limits over all accounts, rates, sites, flags."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from compliance import gate, loading, rates
from compliance.dossier import Dossier
from compliance.gate import Ask, Incentive, Request
from compliance.models import Case, Interaction, Rate
from compliance.models.decision import Purpose
from config.lib.clock import utcnow
from players.models import Brand, DailyActivity, LiveSession, Payment, Player, PlayerState, PlayerTag
from tests import cast

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

HOUSES = {
    "GB": ("GBP", "Europe/London", "gamstop", "marketing"), "SE": ("SEK", "Europe/Stockholm", "spelpaus", "marketing"),
    "DE": ("EUR", "Europe/Berlin", "oasis", "marketing"), "NL": ("EUR", "Europe/Amsterdam", "cruks", "login"),
    "DK": ("DKK", "Europe/Copenhagen", "rofus", "marketing"), "ES": ("EUR", "Europe/Madrid", "rgiaj", "marketing"),
    "ON": ("CAD", "America/Toronto", "betguard", "marketing"), "MT": ("EUR", "Europe/Malta", "", ""),
}  # fmt: skip


def house(licence: str) -> Brand:
    currency, zone, _, _ = HOUSES[licence]
    return cast.make_brand(f"house-{licence.lower()}", f"House {licence}", licence, currency, zone)


def player_of(licence: str, **fields: Any) -> Player:
    """May be contacted: consent given on this site, the register asked an hour before noon."""
    brand = house(licence)
    player = cast.make_player(brand, consents=(), register=None, registered_at=utcnow() - 200 * DAY, **fields)
    for product in ("casino", "betting"):
        cast.tell(player, "consent.changed", at=utcnow() - 20 * DAY, product=product, channel="email", granted=True,
                  wording="v3", screen="registration", origin=brand.slug)  # fmt: skip
    _, _, register, purpose = HOUSES[licence]
    if register:
        cast.register_answer(player, register=register, purpose=purpose, at=noon() - HOUR)
    return player


def noon() -> Any:
    return cast.noon()


def known(player: Player, *currencies: str) -> Dossier:
    return Dossier.from_snapshot(loading.load([player.pk], now=noon(), currencies=currencies)[player.pk])


def ask(player: Player, **changes: Any) -> gate.Answer:
    fields = {
        "player_id": player.pk, "purpose": Purpose.PROMOTIONAL, "channel": "email", "products": frozenset({"casino"}),
        "criteria": frozenset({"all"}), "reference": "test:1",
    } | changes  # fmt: skip
    switched = player.brand.licence.jurisdiction == "ON"  # noon UTC is early in Toronto
    moment = noon() + 4 * HOUR if switched else noon()
    with transaction.atomic():
        return gate.clear_many([Request(**fields)], now=moment)[0]


def deposit(amount: int, currency: str) -> dict[str, Ask]:
    return {"ask": Ask("deposit", amount, currency)}


def told_rate(currency: str, value: str, day: date | None = None) -> None:
    rates.record([(currency, str(day or noon().date()), value)], source="test", actor=None, now=utcnow() + DAY)


def paid(player: Player, amount: int, *, at: Any = None, direction: str = "deposit", status: str = "approved",
         payment_id: str = "") -> None:  # fmt: skip
    at = at or noon() - timedelta(minutes=5)
    Payment.objects.create(
        player=player, payment_id=payment_id or f"{direction}{amount}{at}", direction=direction, status=status,
        amount=amount, occurred_at=at, recorded_at=at,
    )  # fmt: skip


@pytest.mark.parametrize("licence", sorted(HOUSES))
def test_under_every_licence_somebody_may_be_contacted(licence: str) -> None:
    answer = ask(player_of(licence))
    assert answer.code == "ALLOW", answer


@pytest.mark.parametrize("licence", sorted(set(HOUSES) - {"MT"}))
def test_20_without_a_definite_answer_of_the_register_nobody_is(licence: str) -> None:
    player = player_of(licence)
    register, purpose = HOUSES[licence][2:]
    cast.register_answer(player, "unavailable", register=register, purpose=purpose, at=noon() - HOUR / 2)
    assert ask(player).code == "DENY_REGISTER_UNAVAILABLE"
    assert ask(player, purpose=Purpose.RG_OUTREACH).code == "ALLOW_NOTICE"


def test_a_dutch_player_at_play_gets_no_bonus() -> None:
    player = player_of("NL")
    bonus = {"channel": "bonus", "incentive": Incentive("free_cash", 5_00, "EUR", products=frozenset({"casino"}))}
    assert ask(player, **bonus).code == "ALLOW"
    session = LiveSession.objects.create(player=player, session_id="s", category=1, started_at=noon() - HOUR)
    assert ask(player, **bonus, reference="b").code == "DENY_IN_SESSION"
    session.delete()
    PlayerState.objects.filter(player=player).update(last_play_at=noon() - timedelta(minutes=29))
    assert ask(player, **bonus, reference="c").code == "DENY_IN_SESSION"
    PlayerState.objects.filter(player=player).delete()
    assert ask(player, **bonus, reference="d").code == "DENY_IN_SESSION"  # nobody knows


def test_a_dutch_player_is_asked_for_no_deposit_above_700_net_in_a_month() -> None:
    player = player_of("NL")
    first = noon().replace(day=1)
    paid(player, 900_00, at=first)
    paid(player, 200_00, at=first, direction="withdrawal")
    assert known(player).net_month == 700_00
    assert ask(player, **deposit(10_00, "EUR")).code == "ALLOW"
    paid(player, 1, at=first)
    assert ask(player, **deposit(10_00, "EUR")).code == "DENY_DEPOSIT_BLOCKED"
    paid(player, 9_000_00, at=first - 33 * DAY)  # another month
    assert known(player).net_month == 700_01


def test_a_dutch_player_we_have_talked_to_gets_no_bonus() -> None:
    player = player_of("NL")
    case = Case.objects.create(person=player.person, player=player, level="medium", rule="NL-08", why="6 hours",
                               opened_at=noon() - DAY, due_at=noon())  # fmt: skip
    Interaction.objects.create(case=case, at=noon() - DAY, kind=Interaction.Kind.CALL)
    bonus = Incentive("free_cash", 5_00, "EUR", products=frozenset({"casino"}))
    assert ask(player, incentive=bonus).code == "DENY_POST_INTERVENTION"
    assert ask(player).code == "ALLOW"


_BLOCK = {"measure_id": "b", "sequence": 1, "what": "deposits"}
_LIMIT = {
    "measure_id": "l",
    "sequence": 1,
    "kind": "deposit_limit",
    "period": "month",
    "amount": 500_00,
    "currency": "EUR",
}
_SENT = {"channel": "email", "campaign": "Care"}


@pytest.mark.parametrize(("kind", "said", "days", "code"), [
    ("rg.blocked", _BLOCK, 90, "DENY_POST_INTERVENTION"),  # it lasts
    ("rg.limit_set", _LIMIT | {"origin": "operator"}, 29, "DENY_POST_INTERVENTION"),
    ("rg.limit_set", _LIMIT | {"origin": "operator"}, 31, "ALLOW"),
    ("rg.limit_set", _LIMIT | {"origin": "player"}, 29, "ALLOW"),
    ("message.sent", _SENT | {"purpose": "rg_outreach"}, 29, "DENY_POST_INTERVENTION"),  # no case was open
    ("message.sent", _SENT | {"purpose": "rg_outreach"}, 31, "ALLOW"),
    ("message.sent", _SENT | {"purpose": "promotional"}, 29, "ALLOW"),
])  # fmt: skip
def test_what_is_imposed_on_a_dutch_player_or_written_to_protect_them_is_an_intervention(
    kind: str, said: dict[str, Any], days: int, code: str
) -> None:
    player = player_of("NL")
    cast.tell(player, kind, at=noon() - days * DAY, **said)
    gift = Incentive("free_cash", 5_00, "EUR", products=frozenset({"casino"}))
    assert ask(player, incentive=gift).code == code


def test_a_spanish_players_losses_of_three_weeks_are_summed_in_euros() -> None:
    player = player_of("ES", currency="SEK")
    for days, stake, win in ((2, 5_000_00, 0), (20, 3_000_00, 1_000_00), (40, 90_000_00, 0)):
        DailyActivity.objects.create(player=player, day=noon().date() - days * DAY, category=1, stake_real=stake,
                                     win_real=win)  # fmt: skip
    assert known(player).net_loss is None
    assert ask(player).code == "DENY_STATE_UNAVAILABLE"  # no rate: nobody knows
    told_rate("SEK", "0.09")
    assert known(player).net_loss == 630_00
    assert ask(player).code == "DENY_INTENSIVE_PLAYER"


def test_38_in_ontario_only_a_consent_of_the_own_site_carries_an_offer() -> None:
    player = player_of("ON")
    offer = {"incentive": Incentive("free_cash", 5_00, "CAD", products=frozenset({"casino"}))}
    assert ask(player, **offer).code == "ALLOW"
    cast.tell(player, "consent.changed", at=utcnow() - DAY, product="casino", channel="email", granted=True,
              wording="v3", screen="registration", origin="northlight-com")  # fmt: skip
    assert ask(player, **offer).code == "DENY_CONSENT_ORIGIN"
    assert ask(player).code == "ALLOW"


def test_a_limit_over_all_operators_is_used_up_when_its_source_says_so() -> None:
    player = player_of("DE")
    assert ask(player, **deposit(10_00, "EUR")).code == "DENY_STATE_UNAVAILABLE"  # no limit, no play
    cast.set_limit(player, 1_000_00, "month", kind="cross_operator_limit", origin="register", at=noon() - 40 * DAY)
    paid(player, 300_00, at=noon().replace(day=1, hour=10))
    assert known(player).limits[0].left == 700_00
    assert ask(player, **deposit(10_00, "EUR")).code == "ALLOW"
    cast.tell(player, "rg.limit_reached", at=noon() - 40 * DAY, kind="cross_operator_limit", period="month")
    assert known(player).limits[0].left == 700_00  # last month's
    cast.tell(player, "rg.limit_reached", at=noon() - HOUR, kind="cross_operator_limit", period="month")
    assert known(player).limits[0].left == 0
    assert ask(player, **deposit(10_00, "EUR")).code == "DENY_LIMIT_EXHAUSTED"


@pytest.mark.parametrize(("kind", "left"), [
    ("deposit_limit", 40_00), ("net_deposit_limit", 90_00), ("loss_limit", 30_00), ("wager_limit", 10_00),
    ("stake_limit", None), ("session_limit", None),
])  # fmt: skip
def test_each_kind_of_limit_is_used_by_its_own_sum(kind: str, left: int | None) -> None:
    player = player_of("GB")
    cast.set_limit(player, 100_00, "day", kind=kind, at=noon() - 40 * DAY)
    midnight = noon().replace(hour=1)
    paid(player, 60_00, at=midnight)
    paid(player, 50_00, at=midnight, direction="withdrawal")
    paid(player, 500_00, at=midnight - DAY)
    DailyActivity.objects.create(player=player, day=noon().date(), category=1, stake_real=90_00, win_real=20_00)
    DailyActivity.objects.create(player=player, day=noon().date() - DAY, category=1, stake_real=900_00)
    assert [limit.left for limit in known(player).limits] == [left]


def test_deposits_of_another_account_count_at_the_rate_of_these_days() -> None:
    here = player_of("GB")
    there = cast.make_player(cast.azura(), person=here.person, currency="EUR")
    cast.set_limit(here, 100_00, "week", at=noon() - 40 * DAY)
    paid(there, 46_00)
    assert known(here).limits[0].rate_missing
    assert ask(here, **deposit(1_00, "GBP")).code == "DENY_RATE_MISSING"
    told_rate("GBP", "1.15", noon().date() - 8 * DAY)
    assert known(here).limits[0].rate_missing  # too old
    told_rate("GBP", "1.15", noon().date() - 7 * DAY)
    assert known(here).limits[0].left == 60_00
    assert ask(here, **deposit(1_00, "GBP")).code == "ALLOW"


def test_an_ask_in_another_currency_than_the_limit_waits_for_a_rate() -> None:
    player = player_of("GB")
    cast.set_limit(player, 100_00, "week", at=noon() - 40 * DAY)
    assert ask(player, **deposit(20_00, "EUR")).code == "DENY_RATE_MISSING"
    told_rate("GBP", "1.15")
    answer = ask(player, **deposit(20_00, "EUR"))
    assert answer.code == "ALLOW"
    assert gate.replay(gate.Decision.objects.get(pk=answer.decision_id)).code == "ALLOW"
    assert ask(player, **deposit(29_00, "EUR"), reference="x").code == "DENY_HIGH_STAKES_VS_LIMIT"


def test_of_one_day_the_rate_told_last_counts_and_nobody_can_change_one() -> None:
    told_rate("SEK", "0.09")
    told_rate("SEK", "0.10")
    assert Decimal(rates.newest(now=noon())["SEK"]["value"]) == Decimal("0.10")
    for change in (lambda: Rate.objects.update(value=1), lambda: Rate.objects.all().delete()):
        with pytest.raises(Exception, match="permission denied"), transaction.atomic():
            change()


@pytest.mark.parametrize("line", [("XXZ", "2026-11-23", "1"), ("EUR", "2026-11-23", "1"), ("SEK", "soon", "1"),
                                  ("SEK", "2026-11-20", "0"), ("SEK", "2026-11-20", "NaN"), ("SEK", "2999-01-01", "1")])  # fmt: skip
def test_what_is_no_rate_is_refused_and_nothing_of_its_file_is_kept(line: tuple[str, str, str]) -> None:
    with pytest.raises(rates.WrongRate, match="Line 2"):
        rates.record([("SEK", "2026-11-20", "0.09"), line], source="test", actor=None, now=utcnow())
    assert not Rate.objects.exists()


@pytest.mark.parametrize("waits", [HOUR, 31 * DAY, 400 * DAY])
def test_a_withdrawal_that_waits_keeps_promotions_away_until_it_is_paid(waits: timedelta) -> None:
    player = player_of("MT")
    paid(player, 50_00, direction="withdrawal", status="requested", payment_id="w1", at=noon() - waits)
    assert ask(player).code == "DENY_WITHDRAWAL_PENDING"
    paid(player, 50_00, direction="withdrawal", payment_id="w1")
    assert ask(player).code == "ALLOW"


@pytest.mark.parametrize(("what", "code"), [
    ("deposits", "DENY_DEPOSIT_BLOCKED"), ("vulnerability", "DENY_CONSENT_UNRELIABLE"),
    ("check_due", "DENY_ACCOUNT_RESTRICTED"), ("check_adverse", "DENY_ACCOUNT_RESTRICTED"),
])  # fmt: skip
def test_what_the_operator_imposed_holds_until_it_is_lifted(what: str, code: str) -> None:
    player = player_of("GB")
    cast.tell(player, "rg.blocked", at=noon() - HOUR, measure_id="b", sequence=1, what=what)
    assert ask(player, **deposit(10_00, "GBP")).code == code
    cast.lift(player, "b", 2)
    assert ask(player, **deposit(10_00, "GBP"), reference="later").code == "ALLOW"


def test_an_exclusion_from_betting_leaves_the_casino_open() -> None:
    player = player_of("MT")
    cast.exclude(player, at=noon() - HOUR, product="betting")
    assert ask(player).code == "ALLOW"
    assert ask(player, products=frozenset({"sports"})).code == "DENY_SELF_EXCLUDED"
    assert ask(player, products=frozenset({"casino", "betting"})).code == "DENY_SELF_EXCLUDED"


def test_an_exclusion_by_somebody_else_closes_like_ones_own() -> None:
    player = player_of("DE")
    cast.exclude(player, at=noon() - HOUR, by="third_party")
    assert ask(player).code == "DENY_NATIONAL_REGISTER"


def test_a_high_value_customer_gets_a_benefit_once_the_platform_says_they_were_checked() -> None:
    player = player_of("GB", vip_tier=3)
    offer = {"criteria": frozenset({"vip"}),
             "incentive": Incentive("free_cash", 5_00, "GBP", products=frozenset({"casino"}))}  # fmt: skip
    assert ask(player, **offer).code == "DENY_VIP_NOT_CLEARED"
    PlayerTag.objects.create(player=player, tag="vip_cleared", is_on=True, at=noon())
    assert ask(player, **offer).code == "ALLOW"
