"""What must hold for anybody and any question, not only for those somebody thought of (regulation §4, a to h)."""

import json
import random
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from compliance.asking import Incentive, Request
from compliance.dossier import Dossier, Limit, Rate
from compliance.judging import judge, run
from compliance.jurisdictions import PACKS
from compliance.models.decision import PROMOTIONS, Purpose
from compliance.rules import Rule
from compliance.vocabulary import NEUTRAL_CONTENT, PRECEDENCE
from tests.rules import anybody
from tests.rules.people import NOW, ask, open_dossier, promo

CASES = 1500


def cases(name: str) -> Iterator[tuple[random.Random, Dossier, Request]]:
    """Always the same ones, other ones per property; a failure names its number."""
    for number in range(CASES):
        die = random.Random(f"{name}:{number}")
        yield die, anybody.dossier(die), anybody.request(die)


TIGHTER: list[dict[str, Any]] = [
    {"verdict": "excluded", "promotions_ok": False, "bonuses_ok": False}, {"verdict": "unknown"},
    {"verdict": "time_out", "promotions_ok": False, "bonuses_ok": False}, {"promotions_ok": False}, {"status": "closed"},
    {"bonuses_ok": False}, {"feed_stale": True}, {"brand_stopped": True}, {"valid_until": NOW}, {"returned_at": NOW}, {"paused_until": NOW}, {"conditions": {"most": 0, "times": 0}},
    {"suppressed": ("email", "onsite", "sms")}, {"first_played": True}, {"bonuses_before": ("z",)},
    {"recent_promotions": ("x", "y", "z")}, {"risk": "strong"}, {"in_session": True}, {"net_loss": 600_00},
    {"net_month": 700_01}, {"intervened_at": NOW}, {"withdrawal_pending": True}, {"flags": ("deposit_block",)},
    {"flags": ("check_adverse",)}, {"excluded_products": ("casino", "betting", "bingo", "lottery")},
    {"vip_cleared": False}, {"vip": True}, {"rates": None}, {"registered_at": NOW}, {"birth_date": date(2004, 1, 1)}, {"site": ""},
    {"switched_on": ("POL-11", "DE-10")}, {"switched_off": ()}, {"consents": None}, {"registers": None},
]  # fmt: skip


def test_adding_a_restriction_never_turns_a_no_into_a_yes() -> None:
    for die, dossier, request in cases("monotone"):
        if judge(dossier, request, NOW).outcome != "allow":
            more = die.choice(TIGHTER)
            if "birth_date" in more and (dossier.birth_date or date.max) >= more["birth_date"]:
                continue  # of unknown age, or younger: that birthday is no restriction
            if "flags" in more:
                more = {"flags": (*dossier.flags, *more["flags"])}  # beside what there was
            assert judge(replace(dossier, **more), request, NOW).outcome != "allow", (dossier, request, more)


def test_adding_a_limit_never_turns_a_no_into_a_yes() -> None:
    for die, dossier, request in cases("limit"):
        more = replace(dossier, limits=(*dossier.limits, anybody.limit(die)))
        if judge(dossier, request, NOW).outcome != "allow" and not needs_a_limit(dossier):
            assert judge(more, request, NOW).outcome != "allow", (more, request)


def needs_a_limit(dossier: Dossier) -> bool:
    """In Germany nobody plays without a cross-operator limit: to have one is no restriction but a proof."""
    return dossier.jurisdiction == "DE"


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


def test_the_order_of_the_rules_does_not_matter() -> None:
    for die, dossier, request in cases("order"):
        rules = list(PACKS[die.choice(list(PACKS))].on(NOW.date()))
        shuffled = die.sample(rules, len(rules))
        assert set(run(rules, dossier, request, NOW)) == set(run(shuffled, dossier, request, NOW))


def test_a_decision_can_be_replayed_from_its_snapshot() -> None:
    for _, dossier, request in cases("replay"):
        stored = json.loads(json.dumps({"dossier": dossier.snapshot(), "request": request.snapshot()}))
        again = Dossier.from_snapshot(stored["dossier"]), Request.from_snapshot(stored["request"])
        assert again == (dossier, request)
        assert judge(*again, NOW) == judge(dossier, request, NOW)


def test_every_field_of_the_dossier_survives_the_snapshot() -> None:
    full = open_dossier(
        valid_until=NOW, returned_at=NOW, paused_until=NOW, limits=(Limit("deposit_limit", "day", 1, "GBP", "player", 1, NOW, NOW, NOW),),
        suppressed=("sms",), exclusions=("self_exclusion/own",), bonuses_before=("a",), recent_promotions=("b",),
        switched_off=("POL-09",), switched_on=("POL-11",), flags=("check_due",), excluded_products=("bingo",),
        rates={"GBP": Rate(Decimal("1.15"), NOW.date())}, intervened_at=NOW, vip_cleared=True,
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
    exact = Incentive("free_spins", 10_00, "GBP", Decimal("10.0"), products=frozenset({"casino"}), stake=10)
    assert ask(open_dossier(), promo(incentive=exact)).code == "ALLOW"


def test_no_rule_fails_on_anything_and_every_code_has_its_place() -> None:
    for die, dossier, request in cases("whole"):
        pack = PACKS[die.choice(list(PACKS))]
        fired = {reason.code for reason in run(pack.on(NOW.date()), dossier, request, NOW)}
        assert "DENY_RULE_ERROR" not in fired, (pack.jurisdiction, dossier, request)
        assert fired <= set(PRECEDENCE)


def test_a_service_message_never_carries_a_promotion() -> None:
    for _, dossier, request in cases("service"):
        promotional = (
            request.ask or request.incentive or request.content - NEUTRAL_CONTENT or request.channel == "bonus"
        )
        if request.purpose != Purpose.PROMOTIONAL and promotional:
            expected = (
                {"deny"} if request.purpose not in PROMOTIONS else {"deny", "reroute_rg"}
            )  # a survey is no service
            assert judge(dossier, request, NOW).outcome in expected, (dossier, request)


def test_a_change_of_the_clock_changes_no_elapsed_time() -> None:
    """Everything an hour later, as a clock change would show it: what counts elapsed time says the same."""
    timed = {
        "POL-04",
        "POL-05",
        "POL-06",
        "GB-02",
        "SE-01",
        "DK-01",
        "ES-04",
        "ES-05",
        "NL-06",
        "NL-06d",
        "DE-02",
        "ON-05",
    }
    for die, dossier, request in cases("clock"):
        by = timedelta(hours=die.choice([-1, 1]))
        pack = PACKS[die.choice(list(PACKS))]
        rules = [rule for rule in pack.on(NOW.date()) if rule.id in timed]
        before = [reason.code for reason in run(rules, dossier, request, NOW)]
        assert before == [reason.code for reason in run(rules, shifted(dossier, by), request, NOW + by)]


def shifted(dossier: Dossier, by: timedelta) -> Dossier:
    """Every instant in it moved."""

    def move(thing: Any) -> Any:
        changes = {
            field.name: getattr(thing, field.name) + by
            for field in fields(thing)
            if isinstance(getattr(thing, field.name), datetime)
        }
        return replace(thing, **changes)

    return replace(
        move(dossier), limits=tuple(map(move, dossier.limits)),
        registers=dossier.registers and {name: move(answer) for name, answer in dossier.registers.items()},
        consents=dossier.consents and {name: move(word) for name, word in dossier.consents.items()},
    )  # fmt: skip


def test_the_cases_are_worth_asking_about() -> None:
    """A fair share of everything: yes, no, later, to protection; every licence; most codes."""
    said = [judge(dossier, request, NOW) for _, dossier, request in cases("mix")]
    outcomes = {
        outcome: sum(one.outcome == outcome for one in said) for outcome in ("allow", "deny", "defer", "reroute_rg")
    }
    assert outcomes["allow"] > CASES / 20
    assert min(outcomes.values()) > 0
    assert len({reason.code for one in said for reason in one.reasons}) > 35
