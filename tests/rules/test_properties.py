"""What must hold for any dossier, not only for those somebody thought of."""

import json
from dataclasses import fields, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from compliance.asking import Ask, Incentive, Request
from compliance.dossier import Dossier, Limit, Opinion, RegisterAnswer
from compliance.judging import judge, run
from compliance.jurisdictions import PACKS
from compliance.models.decision import Purpose
from compliance.rules import Rule
from tests.rules.people import NOW, ask, open_dossier, promo

instants = st.integers(-60 * 24, 60 * 24).map(lambda hours: NOW + timedelta(hours=hours))
maybe = st.none() | instants
limits = st.builds(
    Limit, st.sampled_from(["deposit_limit", "loss_limit", "stake_limit", "session_limit"]),
    st.sampled_from(["day", "week", "month"]), st.integers(0, 10_000), st.sampled_from(["GBP", "EUR"]),
    st.sampled_from(["player", "onboarding", "operator", "removed"]), st.none() | st.integers(-100, 10_000),
    maybe, maybe, maybe,
)  # fmt: skip
opinions = st.builds(Opinion, st.booleans(), instants, st.sampled_from(["", "v3"]), st.just("registration"))
cells = st.dictionaries(st.sampled_from(["casino/email", "casino/onsite", "betting/email", "betting/sms"]), opinions)
answers = st.dictionaries(
    st.sampled_from(["gamstop/marketing", "spelpaus/marketing", "spelpaus/login"]),
    st.builds(RegisterAnswer, st.sampled_from(["clear", "listed", "unavailable"]), instants),
)
dossiers = st.builds(
    Dossier, player_id=st.just(1), jurisdiction=st.sampled_from(["GB", "SE", "MT", "FR", ""]),
    timezone=st.sampled_from(["Europe/London", "Europe/Stockholm", "Pacific/Chatham"]),
    birth_date=st.none() | st.dates(date(1940, 1, 1), date(2012, 1, 1)),
    kyc=st.sampled_from(["none", "pending", "verified", "verified"]), status=st.sampled_from(["active", "closed"]),
    verdict=st.sampled_from(["open", "open", "unknown", "excluded", "awaiting_return", "time_out", "blocked"]),
    promotions_ok=st.booleans(), bonuses_ok=st.booleans(), valid_until=maybe, feed_stale=st.booleans(),
    brand_stopped=st.booleans(), limits=st.lists(limits, max_size=3).map(tuple), returned_at=maybe,
    consents=st.none() | cells, registers=st.none() | answers, first_played=st.booleans(),
    bonuses_before=st.sampled_from([(), ("a",), ("c1",)]), recent_promotions=st.sampled_from([(), ("a", "b", "c")]),
    switched_off=st.sampled_from([(), ("POL-02",), ("POL-08", "POL-09")]),
)  # fmt: skip
incentives = st.builds(
    Incentive, st.sampled_from(["deposit_match", "free_spins"]), st.integers(1, 10_000), st.just("GBP"),
    st.none() | st.decimals(0, 40, places=1), st.sampled_from(["bonus", "deposit_bonus"]),
    st.none() | st.integers(1, 90), st.frozensets(st.sampled_from(["casino", "slots", "betting", "any"])),
)  # fmt: skip
requests = st.builds(
    Request, st.just(1), st.sampled_from(list(Purpose)), st.sampled_from(["email", "onsite", "sms", "bonus", "pigeon"]),
    st.frozensets(st.sampled_from(["casino", "betting", "slots"])), st.just(frozenset({"all"})), st.just("c1"),
    st.none() | st.builds(Ask, st.sampled_from(["deposit", "stake"]), st.integers(1, 10_000), st.just("GBP")),
    st.none() | incentives,
)  # fmt: skip

TIGHTER: list[dict[str, Any]] = [
    {"verdict": "excluded", "promotions_ok": False, "bonuses_ok": False}, {"verdict": "unknown"},
    {"verdict": "time_out", "promotions_ok": False, "bonuses_ok": False}, {"promotions_ok": False}, {"status": "closed"},
    {"bonuses_ok": False}, {"feed_stale": True}, {"brand_stopped": True}, {"valid_until": NOW}, {"returned_at": NOW},
    {"suppressed": ("email", "onsite", "sms")}, {"first_played": True}, {"bonuses_before": ("z",)},
    {"recent_promotions": ("x", "y", "z")},
]  # fmt: skip


@given(dossiers, requests, st.sampled_from(TIGHTER))
@settings(max_examples=300, deadline=None)
def test_adding_a_restriction_never_turns_a_no_into_a_yes(dossier: Dossier, request: Request, more: dict) -> None:
    if judge(dossier, request, NOW).outcome != "allow":
        assert judge(replace(dossier, **more), request, NOW).outcome != "allow"


@given(dossiers, requests, limits)
@settings(max_examples=200, deadline=None)
def test_adding_a_limit_never_turns_a_no_into_a_yes(dossier: Dossier, request: Request, limit: Limit) -> None:
    if judge(dossier, request, NOW).outcome != "allow":
        assert judge(replace(dossier, limits=(*dossier.limits, limit)), request, NOW).outcome != "allow"


# What an allow rests on, and what its absence looks like: the default of the field.
PROOFS = ("birth_date", "kyc", "status", "verdict", "promotions_ok", "feed_stale", "brand_stopped", "consents",
          "registers", "jurisdiction")  # fmt: skip


def test_no_proof_no_allow() -> None:
    unknown = Dossier(player_id=1)
    assert ask(open_dossier()).code == "ALLOW"
    for name in PROOFS:
        assert ask(replace(open_dossier(), **{name: getattr(unknown, name)})).code != "ALLOW", name


def test_a_dossier_of_which_nothing_is_known_gets_nothing() -> None:
    assert ask(Dossier(player_id=1)).outcome == "deny"


@given(dossiers, requests, st.randoms())
@settings(max_examples=150, deadline=None)
def test_the_order_of_the_rules_does_not_matter(dossier: Dossier, request: Request, dice: Any) -> None:
    rules = list(PACKS["GB"].on(NOW.date()))
    shuffled = list(rules)
    dice.shuffle(shuffled)
    assert set(run(rules, dossier, request, NOW)) == set(run(shuffled, dossier, request, NOW))


@given(dossiers, requests)
@settings(max_examples=300, deadline=None)
def test_a_decision_can_be_replayed_from_its_snapshot(dossier: Dossier, request: Request) -> None:
    stored = json.loads(json.dumps({"dossier": dossier.snapshot(), "request": request.snapshot()}))
    again = Dossier.from_snapshot(stored["dossier"]), Request.from_snapshot(stored["request"])
    assert again == (dossier, request)
    assert judge(*again, NOW) == judge(dossier, request, NOW)


def test_every_field_of_the_dossier_survives_the_snapshot() -> None:
    full = open_dossier(
        valid_until=NOW, returned_at=NOW, limits=(Limit("deposit_limit", "day", 1, "GBP", "player", 1, NOW, NOW, NOW),),
        suppressed=("sms",), exclusions=("self_exclusion/own",), bonuses_before=("a",), recent_promotions=("b",),
        switched_off=("POL-09",),
    )  # fmt: skip
    assert Dossier.from_snapshot(json.loads(json.dumps(full.snapshot()))) == full
    assert {field.name for field in fields(full)} == set(full.snapshot()) | {
        field.name for field in fields(full) if getattr(full, field.name) == field.default
    }


def test_a_rule_that_fails_is_a_no() -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    reasons = run([Rule("POL-99", "", "", "A", broken)], open_dossier(), promo(), NOW)
    assert [str(reason) for reason in reasons] == ["DENY_RULE_ERROR POL-99"]


def test_every_rule_says_where_it_comes_from_and_names_are_unique() -> None:
    for pack in PACKS.values():
        rules = pack.on(NOW.date())
        assert len({rule.id for rule in rules}) == len(rules)
        for rule in rules:
            assert rule.source
            assert rule.sentence.endswith((".", ")")), rule
            assert set(rule.confidence) <= set("ABCG/")
            assert not (rule.switchable and rule.is_law)


def test_wagering_is_compared_exactly() -> None:
    exact = Incentive("free_spins", 10_00, "GBP", Decimal("10.0"), products=frozenset({"casino"}))
    assert ask(open_dossier(), promo(incentive=exact)).code == "ALLOW"
