"""Consents, addresses, restrictions, identity, messages: segments follow them although nobody played or paid."""

from datetime import timedelta
from typing import Any

import pytest

from compliance import turning
from compliance.models import Consent
from config.lib.clock import utcnow
from players import batches
from players.facts import settle_owed
from players.models import Contact, Owed, Player
from segments.language import compile as sql
from segments.language import evaluate
from segments.language.parse import parse
from segments.language.record import load
from segments.language.tree import At
from segments.membership import members
from tests import cast
from tests.api.conftest import event, pam_of
from tests.segments.conftest import MakeSegment

pytestmark = pytest.mark.django_db


def found(someone: Player, attribute: str, op: str, value: Any = None, **params: str) -> set[str]:
    """The members at this brand; memory says the same as SQL, and so do the moments at which time changes it."""
    leaf = {"attribute": attribute, "op": op} | ({"params": params} if params else {})
    rule = parse({"all": [leaf if value is None else leaf | {"value": value}]})
    at = At.brand(someone.brand, utcnow())
    records = load(Player.objects.filter(brand=someone.brand, is_test=False).values_list("pk", flat=True))
    by_sql = set(sql.matching(someone.brand, rule, at).values_list("pk", flat=True))
    assert {pk for pk, record in records.items() if evaluate.holds(rule, record, at)} == by_sql
    flips = dict(sql.population(someone.brand).annotate(flip=sql.next_flip([rule], at)).values_list("pk", "flip"))
    assert flips == {pk: evaluate.next_flip([rule], record, at) for pk, record in records.items()}
    return set(Player.objects.filter(pk__in=by_sql).values_list("external_id", flat=True))


def heard() -> None:
    """What is owed is done, as the workers do it."""
    settle_owed(now=utcnow())
    batches.settle(now=utcnow())


def test_consent_is_the_newest_word_and_silence_is_no_consent(anna: Player, cleo: Player) -> None:
    assert found(anna, "consent", "yes", product="casino", channel="email") == {"anna"}
    assert found(anna, "consent", "no", product="casino", channel="email") == {"cleo"}
    assert found(anna, "consent", "yes", product="bingo", channel="sms") == set()


@pytest.mark.parametrize(
    ("said", "agreed"),
    [
        ([(0, False), (0, True)], False),
        ([(0, True), (0, False)], False),
        ([(0, True), (0, None)], True),
        ([(0, True), (1, None)], False),
        ([(0, True), (1, False), (2, True)], True),
        ([(2, False), (1, True), (0, True)], False),
    ],
    ids=["no and yes of one instant", "yes and no of one instant", "a change announced at the same instant",
         "a change announced since", "yes again", "told out of order"],
)  # fmt: skip
def test_the_newest_word_on_consent_counts_and_of_one_instant_the_no(
    anna: Player, said: list[tuple[int, bool | None]], agreed: bool
) -> None:
    start = utcnow() - timedelta(hours=1)
    for number, (minutes, granted) in enumerate(said):
        Consent.objects.create(
            player=anna, product="bingo", channel="sms", granted=granted, key=f"word-{number}",
            occurred_at=start + timedelta(minutes=minutes), recorded_at=start,
        )  # fmt: skip
    assert found(anna, "consent", "yes", product="bingo", channel="sms") == ({"anna"} if agreed else set())


def test_who_takes_consent_back_leaves_the_segment_without_playing(anna: Player, live: MakeSegment) -> None:
    agreed = {"attribute": "consent", "op": "yes", "params": {"product": "casino", "channel": "email"}}
    segment = live(anna.brand, "May hear of casino by e-mail", agreed)
    assert members(segment).count() == 1

    cast.consent(anna, "casino/email", False)
    heard()
    assert members(segment).count() == 0


def test_an_address_that_bounced_is_told_apart(anna: Player, cleo: Player) -> None:
    Contact.objects.filter(player=anna, channel="email").update(bounced_at=utcnow())

    assert found(anna, "address_bounced", "yes", address="email") == {"anna"}
    assert found(anna, "address_known", "no", address="sms") <= {"anna", "cleo"}


def test_limits_in_force_and_restrictions_are_known_of_every_account(anna: Player, bo: Player, dev: Player) -> None:
    assert found(anna, "limit_active", "yes", limit="deposit_limit") == {"dev"}
    assert found(anna, "limit_active", "yes", limit="loss_limit") == set()
    assert "dev" not in found(anna, "limit_active", "no", limit="any")
    assert found(anna, "standing", "is", "excluded") == {"bo"}
    assert found(anna, "days_since_limit", "less_than", 3650, limit="any") == {"dev"}


def test_who_takes_a_break_enters_at_once_with_every_account(anna: Player, live: MakeSegment) -> None:
    paused = live(anna.brand, "On a break", {"attribute": "standing", "op": "is", "value": "time_out"})
    cast.take_time_out(anna, utcnow() + timedelta(hours=1))
    heard()

    assert members(paused).count() == 1


def test_a_limit_whose_wait_is_over_is_looked_at_though_nothing_is_told_of_it() -> None:
    mara = cast.make_player(cast.azura(), "mara")  # under a licence that waits, and asks for no second word
    cast.set_limit(mara, 20_00, at=utcnow() - timedelta(hours=30))
    cast.set_limit(mara, 50_00, sequence=2, at=utcnow() - timedelta(hours=25))
    batches.settle(now=utcnow())
    assert turning.turn(now=utcnow()) == 1

    owed = Owed.objects.get(fact=None)
    assert (owed.reaction, owed.batch["player_ids"]) == ("segments.reactions.refresh_touched", [mara.pk])


def test_an_identity_check_is_pending_since_it_was_first_said_without_a_break(anna: Player) -> None:
    pam, since = pam_of(anna.brand), utcnow() - timedelta(days=6, minutes=1)
    for at, status in (
        (since + timedelta(days=5), "pending"), (since - timedelta(days=3), "pending"), (since, "pending"),
        (since - timedelta(days=1), "none"),
    ):  # fmt: skip
        pam.send(event("player.kyc", at=at.isoformat(), status=status))

    anna.refresh_from_db()
    assert (anna.kyc, anna.kyc_at) == ("pending", since)
    assert found(anna, "days_since_kyc", "at_least", 6) >= {"anna"}
    assert "anna" not in found(anna, "days_since_kyc", "at_least", 7)
