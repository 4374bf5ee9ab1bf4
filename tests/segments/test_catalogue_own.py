"""Attributes a brand declares itself: declared, told by event, asked by rules."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from config.lib import flow
from players.folding import fold_pending
from players.models import Brand, CustomAttribute, Player, PlayerAttribute, SeenName
from segments.language import compile as sql
from segments.language.criteria import criteria
from segments.language.evaluate import holds
from segments.language.parse import RuleError, parse
from segments.language.record import load
from segments.language.sentence import sentence
from segments.language.tree import At
from tests.folding.casino import Sent, brand, player, receive, session

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 10, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
KINDS = {"points": "number", "venue": "text", "member": "yes_no", "card_until": "date"}


@pytest.fixture
def azura(settings: Any) -> Brand:
    settings.FLOW = "tests.folding.flow"
    flow._table.cache_clear()
    made = brand()
    for key, kind in KINDS.items():
        declare(made, key, kind)
    return made


def declare(made: Brand, key: str, kind: str, **more: Any) -> CustomAttribute:
    more = {"label": key.title(), "help": "What it is.", "declared_at": NOW} | more
    return CustomAttribute.objects.create(brand=made, key=key, kind=kind, **more)


def told(who: Player, at: datetime = NOW, **values: Any) -> Sent:
    return Sent("player.attributes", who.pk, at, {"values": values})


def happen(azura: Brand, *events: Sent) -> None:
    receive(azura, events, NOW)
    fold_pending(now=NOW)


def found(azura: Brand, attribute: str, name: str, op: str, value: Any = None) -> set[int]:
    """The members; memory says the same as SQL."""
    leaf = {"attribute": attribute, "params": {"name": name}, "op": op} | ({} if value is None else {"value": value})
    rule, at = parse({"all": [leaf]}), At.brand(azura, NOW)
    by_sql = set(sql.matching(azura, rule, at).values_list("pk", flat=True))
    records = load(Player.objects.filter(brand=azura).values_list("pk", flat=True))
    assert {pk for pk, record in records.items() if holds(rule, record, at)} == by_sql
    assert sentence(rule).startswith("Players ")
    return by_sql


def test_each_kind_is_asked_by_its_own_operators_and_without_a_value_nobody_matches(azura: Brand) -> None:
    anna, bea, nobody = (player(azura, NOW - 9 * HOUR) for _ in range(3))
    happen(azura, told(anna, points=10, venue="Leeds", member=True, card_until="2026-06-30"),
           told(bea, points=-3, venue="York", member=False, card_until="2026-07-01"),
           session(nobody.pk, NOW - HOUR, 5, "s1"))  # fmt: skip

    both = {anna.pk, bea.pk}
    assert found(azura, "custom_number", "points", "more_than", -3) == {anna.pk}
    assert found(azura, "custom_number", "points", "between", [-3, 10]) == both
    assert found(azura, "custom_number", "points", "none") == {nobody.pk}
    assert found(azura, "custom_text", "venue", "is", "Leeds") == {anna.pk}
    assert found(azura, "custom_text", "venue", "is_not", "Leeds") == {bea.pk}
    assert found(azura, "custom_flag", "member", "no") == {bea.pk}
    assert found(azura, "custom_flag", "member", "none") == {nobody.pk}
    assert found(azura, "custom_date", "card_until", "before", "2026-07-01") == {anna.pk}
    assert found(azura, "custom_date", "card_until", "on_or_after", "2026-06-30") == both


def test_the_newest_word_counts_whatever_order_they_come_in_and_null_takes_it_away(azura: Brand) -> None:
    anna = player(azura, NOW - 9 * HOUR)
    happen(azura, told(anna, NOW, points=None), told(anna, NOW - HOUR, points=7, venue="Leeds"))
    assert found(azura, "custom_number", "points", "none") == {anna.pk}

    happen(azura, told(anna, NOW, points=5), told(anna, NOW, points=4), told(anna, NOW - 2 * HOUR, venue="York"))
    assert found(azura, "custom_number", "points", "is", 5) == {anna.pk}  # of two of one instant the greater
    assert found(azura, "custom_text", "venue", "is", "Leeds") == {anna.pk}


def test_what_nobody_declared_or_does_not_fit_is_left_out_and_shown(azura: Brand) -> None:
    anna = player(azura, NOW - 9 * HOUR)
    happen(azura, told(anna, shoe_size=42, points="many", member=1, card_until="2026-02-30", venue="Leeds"))

    assert list(PlayerAttribute.objects.values_list("attribute__key", "word")) == [("venue", "Leeds")]
    seen = set(SeenName.objects.values_list("what", "name"))
    assert seen == {("own", "shoe_size"), ("misfit", "points"), ("misfit", "member"), ("misfit", "card_until")}


def test_the_same_key_at_another_brand_is_another_attribute(azura: Brand) -> None:
    anna = player(azura, NOW - 9 * HOUR)
    elsewhere = brand()
    declare(elsewhere, "points", "text", criterion="vip")
    happen(azura, told(anna, points=7))

    assert found(azura, "custom_number", "points", "is", 7) == {anna.pk}
    assert found(elsewhere, "custom_number", "points", "is", 7) == set()


def test_a_rule_selects_by_what_the_brand_declared_and_by_nobody_knows_what_if_it_did_not(azura: Brand) -> None:
    declare(azura, "spend", "number", criterion="deposit_level")

    def chosen_by(name: str) -> list[str]:
        return criteria(parse({"all": [{"attribute": "custom_number", "params": {"name": name}, "op": "none"}]}))

    assert chosen_by("spend") == ["deposit_level"]
    assert chosen_by("points") == ["all"]
    assert chosen_by("unheard_of") == ["manual"]


@pytest.mark.parametrize(
    ("attribute", "params", "op", "value"),
    [
        ("custom_number", {"name": "Points!"}, "is", 1),
        ("custom_number", {}, "is", 1),
        ("custom_number", {"name": "points"}, "is", "1"),
        ("custom_number", {"name": "points"}, "is", 2**60),
        ("custom_number", {"name": "points"}, "none", 1),
        ("custom_text", {"name": "venue"}, "is", " "),
        ("custom_text", {"name": "venue"}, "is", "x" * 81),
        ("custom_text", {"name": "venue"}, "is", "a\0b"),
        ("custom_flag", {"name": "member"}, "yes", True),
        ("custom_date", {"name": "card_until"}, "on", "2026-02-30"),
        ("custom_date", {"name": "card_until"}, "on", 20260230),
    ],
)
def test_a_wrong_condition_is_refused(attribute: str, params: dict[str, Any], op: str, value: Any) -> None:
    with pytest.raises(RuleError):
        parse({"all": [{"attribute": attribute, "params": params, "op": op, "value": value}]})
