"""Events the operator names himself, and chargebacks: they start journeys, end waits, and are offered by name."""

from datetime import timedelta

import pytest

from campaigns import forms, recipes, words
from campaigns.models import Card, Enrolment, Version
from campaigns.reactions import enrol
from config.lib.clock import utcnow
from players.facts import settle_owed
from players.folding import fold_pending
from players.models import Brand, Fact, Player, SeenName
from tests import cast
from tests.api.conftest import deposit, event, pam_of
from tests.journey import build
from tests.journey.conftest import work

pytestmark = pytest.mark.django_db


def send(brand: Brand, *events: dict) -> None:  # type: ignore[type-arg]
    """As the PAM does, folded and told on."""
    assert pam_of(brand).send(*events)["accepted"] == len(events)
    fold_pending(now=utcnow())
    settle_owed(now=utcnow())


def states() -> list[tuple[str, str, str]]:
    return list(Enrolment.objects.order_by("id").values_list("player__external_id", "state", "reason"))


def test_an_event_of_the_operators_own_lets_its_player_in_and_no_other_event_does(anna: Player, cleo: Player) -> None:
    build.simple(anna.brand, utcnow() - timedelta(minutes=1), trigger_fact="custom.level_up")

    send(anna.brand, event("custom.level_up", level=4), event("custom.level_down", "cleo"))

    assert states() == [("anna", "active", "")]


def test_history_of_such_events_starts_nothing(anna: Player) -> None:
    build.simple(anna.brand, utcnow() - timedelta(days=2), trigger_fact="custom.level_up")

    send(anna.brand, event("custom.level_up", replay=True), event("custom.level_up", at=_ago(days=1, minutes=1)))

    assert states() == []


def _ago(**span: int) -> str:
    return (utcnow() - timedelta(**span)).isoformat()


def test_a_chargeback_lets_its_player_in_once(anna: Player) -> None:
    build.simple(anna.brand, utcnow() - timedelta(minutes=1), trigger_fact="deposit.charged_back", reentry_days=0)
    paid = deposit(payment_id="p1")
    back = event("deposit.charged_back", payment_id="p1", amount=5000)

    send(anna.brand, paid, back)
    enrol(list(Fact.objects.filter(kind="deposit.charged_back")), utcnow())

    assert states() == [("anna", "active", "")]


@pytest.mark.parametrize(
    ("awaited", "happens"),
    [
        ("custom.mission_done", event("custom.mission_done")),
        ("deposit.charged_back", event("deposit.charged_back", payment_id="p1", amount=5000)),
    ],
)
@pytest.mark.parametrize("ends_it", ["wait_fact", "goal_fact", "exit_facts"])
def test_they_end_a_wait_reach_a_goal_or_make_the_player_leave(anna: Player, awaited, happens, ends_it) -> None:
    now = utcnow() - timedelta(minutes=1)
    told = {ends_it: [awaited] if ends_it == "exit_facts" else awaited}
    build.simple(anna.brand, now, wait_minutes=600, **told)
    cast.tell(anna, "player.login", now=now, at=now)
    work(now, rounds=1)
    assert states() == [("anna", "active", "")]

    send(anna.brand, deposit(payment_id="p1"), {**happens, "event_id": "now", "occurred_at": utcnow().isoformat()})

    run = Enrolment.objects.get()
    if ends_it == "wait_fact":
        assert (run.state, run.waits_for) == ("active", "")
        assert run.due_at is not None
        assert run.due_at <= utcnow()
    else:
        assert (run.state, run.reason) == ("exited", "goal" if ends_it == "goal_fact" else awaited)


def test_a_brand_is_offered_the_events_it_has_sent_and_not_those_of_others(anna: Player, kaja: Player) -> None:
    send(anna.brand, event("custom.level_up"), event("custom.level_up"))
    send(kaja.brand, event("custom.spin_wheel", "kaja"))
    draft = recipes.create(anna.brand, "blank", cast.carla(), now=utcnow())

    form = forms.StartForm({"trigger": "fact", "trigger_fact": "custom.level_up"}, instance=draft)
    assert form.is_valid(), form.errors
    assert words.starts(form.save()) == "The player has the event “level up”"
    assert not forms.StartForm({"trigger": "fact", "trigger_fact": "custom.spin_wheel"}, instance=draft).is_valid()
    step = recipes.wait(draft, 0, wait_minutes=60)
    offered = [key for key, _ in forms.WaitForm(instance=step).fields["wait_fact"].choices]  # type: ignore[attr-defined]
    assert "custom.level_up" in offered
    assert "deposit.charged_back" in offered
    assert SeenName.of(kaja.brand, SeenName.What.EVENT) == ["custom.spin_wheel"]


@pytest.mark.parametrize("kind", ["player.blocked", "player.closed"])
def test_an_account_that_is_blocked_or_closed_leaves_its_journeys_and_only_its_own(anna: Player, kind: str) -> None:
    """The other account of the same human is somebody else's to close."""
    now = utcnow() - timedelta(minutes=1)
    other = cast.make_player(cast.azura(), "anna2", person=anna.person)
    for player in (anna, other):
        build.simple(player.brand, now, wait_minutes=600)
        cast.tell(player, "player.login", now=now, at=now)
        work(now, rounds=1)

    send(anna.brand, event(kind))

    assert states() == [("anna", "exited", kind), ("anna2", "active", "")]
    assert not Card.objects.filter(player=anna, recalled_at=None).exists()
    assert "account was" in words.reason(kind, "crm")
    assert Version.objects.count() == 2
