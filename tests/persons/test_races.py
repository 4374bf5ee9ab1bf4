"""Joining and parting people while others exclude, decide and write to them: real connections, real locks."""

import random
import threading
import time
from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, connections, transaction

from compliance import gate
from compliance.models import Decision, Measure, Standing
from compliance.models.decision import Purpose
from compliance.persons import joining
from config.lib.clock import utcnow
from players.models import Player
from tests import cast

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], None]) -> list[Exception]:
    """Each in a thread with a connection of its own; what any of them raised."""
    raised: list[Exception] = []

    def run(act: Callable[[], None]) -> None:
        try:
            act()
        except Exception as error:  # noqa: BLE001
            raised.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return raised


def test_joining_waits_for_a_message_that_is_on_its_way_and_the_next_one_meets_the_stricter_state():
    anna, bo = cast.anna(), cast.bo()
    request = gate.Request(anna.pk, Purpose.PROMOTIONAL, "email", frozenset({"casino"}), frozenset({"all"}), "m")
    with transaction.atomic():
        [answer] = gate.clear_many([request], now=cast.noon())
    assert answer.decision_id is not None
    log: list[str] = []
    calling = threading.Event()

    def send() -> None:
        with transaction.atomic():
            assert gate.still_allowed([answer.decision_id], now=cast.noon())
            calling.set()
            time.sleep(0.4)
            log.append("sent")

    def join() -> None:
        calling.wait(10)
        joining.join(anna, bo, now=utcnow())
        log.append("joined")

    assert at_once(send, join) == []

    assert log == ["sent", "joined"]
    with transaction.atomic():
        assert gate.still_allowed([answer.decision_id], now=cast.noon()) == set()


def test_an_exclusion_told_while_the_account_is_being_moved_lands_on_the_person_it_is_of_then():
    anna, twin = cast.anna(), cast.make_player(cast.azura())
    holding, told = threading.Event(), threading.Event()

    def join() -> None:
        with transaction.atomic():
            joining.join(anna, twin, now=utcnow())
            holding.set()
            told.wait(0.5)  # the exclusion is waiting for our lock

    def exclude() -> None:
        holding.wait(10)
        cast.exclude(twin)
        told.set()

    assert at_once(join, exclude) == []

    assert Measure.objects.get(kind="self_exclusion").person_id == anna.person_id
    assert Standing.objects.get(person=anna.person_id).verdict == "excluded"


def violations(players: list[Player]) -> list[str]:
    """What may never be: a restriction away from its account, an excluded human who may be written to."""
    found = []
    for measure in Measure.objects.filter(player__in=players).select_related("player"):
        if measure.person_id != measure.player.person_id:
            found.append(f"measure {measure.pk} is with {measure.person_id}")
    for player in Player.objects.filter(pk__in=[player.pk for player in players]):
        with connection.cursor() as db:
            db.execute("SELECT source FROM compliance_reach(ARRAY[%s]::bigint[])", [player.person_id])
            family = [row[0] for row in db.fetchall()]
        excluded = Measure.objects.filter(person__in=family, kind="self_exclusion", status="active").exists()
        standing = Standing.objects.get(person=player.person_id)
        if excluded != (standing.verdict == "excluded") or (excluded and standing.promotions_ok):
            found.append(f"player {player.pk}: {standing.verdict} although excluded={excluded}")
    return found


def storm(players: list[Player], seconds: float, seed: int) -> tuple[dict[str, int], list[Exception]]:
    officer, done = cast.olivia(), {"joined": 0, "parted": 0, "excluded": 0, "proposed": 0, "decided": 0}
    until = time.monotonic() + seconds

    def some(number: int) -> Callable[[], None]:
        rng = random.Random(seed + number)

        def act() -> None:
            while time.monotonic() < until:
                one, other = rng.sample(players, 2)
                what = ("joined", "parted", "excluded", "proposed", "decided")[(number + rng.randrange(2)) % 5]
                if what == "joined":
                    joining.join(one, other, now=utcnow(), actor=officer, reason="storm")
                elif what == "parted":
                    joining.separate(one, [other], officer, "storm and calm", now=utcnow())
                elif what == "excluded":
                    if rng.random() < 0.5:
                        cast.exclude(one, measure_id="storm", sequence=time.monotonic_ns())
                    else:
                        cast.lift(one, "storm", time.monotonic_ns())
                elif what == "proposed":
                    with transaction.atomic():
                        joining.propose(one.pk, other.pk, [rng.choice(["phone", "device"])], now=utcnow())
                else:
                    ask = [
                        gate.Request(
                            p.pk, Purpose.PROMOTIONAL, "onsite", frozenset({"casino"}), frozenset({"all"}), "s"
                        )
                        for p in players
                    ]
                    with transaction.atomic():
                        gate.clear_many(ask, now=cast.noon())
                done[what] += 1

        return act

    return done, at_once(*(some(number) for number in range(5)))


@pytest.mark.parametrize("seconds", [1.5, pytest.param(20, marks=pytest.mark.slow)])
def test_in_a_storm_of_joining_parting_excluding_and_asking_nobody_is_left_behind_and_nobody_deadlocks(seconds):
    players = [cast.make_player(brand) for brand in (cast.northlight(), cast.azura(), cast.bjork()) for _ in range(4)]

    done, raised = storm(players, seconds, seed=5)

    deadlocks = [error for error in raised if isinstance(error, DatabaseError)]
    assert deadlocks == [], deadlocks[:2]
    assert raised == []
    assert min(done.values()) > 0, done
    assert violations(players) == []
    # An allow was given under the state of its moment: its generation has been bumped by whatever closed since.
    for decision in Decision.objects.filter(outcome="allow").order_by("-pk")[:200]:
        standing = Standing.objects.get(person=decision.person_id)
        assert standing.verdict != "excluded" or standing.generation > decision.generation
