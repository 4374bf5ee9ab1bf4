"""What campaigns do when something happens: let players in, and take them out, also mid-wait."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from campaigns import admission, leaving, waiting
from config.lib.wake import wake_on_commit
from players.models import Fact

TOO_OLD = timedelta(days=1)  # a trigger that comes later than this is history and starts nothing


class Batch(Protocol):
    """What the fold hands its stages."""

    player_ids: list[int]
    facts: list[Fact]
    now: datetime
    is_replay: bool


def enrol(facts: Sequence[Fact], now: datetime) -> None:
    """Lets players in where a live version starts with one of these facts. Twice is as good as once."""
    fresh = [fact for fact in facts if not fact.is_replay and fact.occurred_at > now - TOO_OLD]
    if admission.admit(fresh, now=now):
        wake_on_commit("campaigns.tasks.advance")


def interrupt(batch: Batch) -> None:
    """A stage of the fold: goals, exits and awaited events end waits in the transaction that folds them."""
    notice(batch.facts, batch.now)


def notice(facts: Sequence[Fact], now: datetime) -> None:
    """The same for facts that lower apps recorded on the way: stage changes, segments left."""
    if leaving.interrupt(facts, now=now):
        wake_on_commit("campaigns.tasks.advance")


def withdraw(facts: Sequence[Fact], now: datetime) -> None:
    """A restriction: every promotional journey of that human ends for good, open cards are recalled."""
    leaving.withdraw(facts, now=now)


def follow_person(facts: Sequence[Fact], now: datetime) -> None:
    """Accounts that turned out to be another person's: what is still under way competes with the rest of theirs."""
    leaving.follow_person({fact.player_id for fact in facts})


def hear_registers(facts: Sequence[Fact], now: datetime) -> None:
    """A self-exclusion register has answered: messages that wait for it need not wait any longer."""
    definite = {fact.player_id for fact in facts if fact.data.get("result") in ("clear", "listed")}
    if definite and waiting.end(definite, now=now):
        wake_on_commit("campaigns.tasks.advance")
