"""What compliance does when it hears of a fact, inside the transaction that records it.

The PAM gets its 2xx only after this has committed: the answer means that the gate already knows.
Idempotent: a measure is folded anew from every word its source ever said about it (`compliance.measures`).
"""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q

from compliance import ahead, measures, standings
from compliance.models import Consent, Measure, RegisterCheck
from compliance.persons import arriving
from players.models import Fact

_HOW_ASKED = ("by", "reference", "detail", "asked_with", "took_ms")  # told only of what we asked ourselves


def open_standing(facts: Sequence[Fact], now: datetime) -> None:
    """Registered by a PAM that states 'no restrictions'; silence leaves the person unknown, which means no."""
    declared = [fact.player_id for fact in facts if fact.data.get("restrictions") == "none"]
    standings.open_declared(_people(declared).values(), now=now)


def note_change(facts: Sequence[Fact], now: datetime) -> None:
    standings.note_change(_people([fact.player_id for fact in facts]).values(), now=now)


_JUDGED_BY = {"birth_date", "country", "email", "phone"}


def note_profile(facts: Sequence[Fact], now: datetime) -> None:
    """What a decision was made by, or where it was going to, is another now: whoever has one asks again."""
    note_change([fact for fact in facts if _JUDGED_BY & set(fact.data.get("fields", ()))], now)


def doubt(facts: Sequence[Fact], now: datetime) -> None:
    """A restriction of theirs could not be read."""
    standings.doubt(_people([fact.player_id for fact in facts]).values(), now=now)


def announce_restrictions(facts: Sequence[Fact], now: datetime) -> None:
    """Something about their restrictions changed and is not told yet. Opens again what was stated since."""
    people = set(_people([fact.player_id for fact in facts]).values())
    standings.doubt(people, now=now)
    standings.open_declared(people, now=now)


def apply_restrictions(facts: Sequence[Fact], now: datetime) -> None:
    held_by = measures.holders(fact.player_id for fact in facts)
    measures.write(facts, held_by, now=now)
    declared = [fact.player_id for fact in facts if fact.kind == "rg.baseline" and not fact.data.get("restrictions")]
    standings.open_declared((held_by[pk].person_id for pk in declared), now=now)


def note_limits_reached(facts: Sequence[Fact], now: datetime) -> None:
    """Nothing is left of a limit: of one over all operators only its source can tell."""
    people = _people([fact.player_id for fact in facts])
    for fact in sorted(facts, key=lambda fact: people[fact.player_id]):
        named = {"ref": fact.data["measure_id"]} if fact.data.get("measure_id") else {"period": fact.data.get("period")}
        Measure.objects.filter(
            Q(reached_at=None) | Q(reached_at__lt=fact.occurred_at), player_id=fact.player_id,
            kind=fact.data.get("kind"), **named,
        ).update(reached_at=fact.occurred_at)  # fmt: skip


def record_consents(facts: Sequence[Fact], now: datetime) -> None:
    """Append-only: the newest row rules, so a repeated or late word changes nothing it should not."""
    refusals = [fact.player_id for fact in facts if not fact.data.get("granted")]
    standings.lock_players(refusals)
    held = ahead.moments(
        facts, now, about=lambda data: (data["product"], data["channel"]), opens=lambda data: bool(data.get("granted"))
    )
    Consent.objects.bulk_create(
        [
            Consent(
                player_id=fact.player_id, product=fact.data["product"], channel=fact.data["channel"],
                granted=bool(fact.data["granted"]), wording=fact.data.get("wording", ""),
                screen=fact.data.get("screen", ""), origin=fact.data.get("origin", ""), occurred_at=held[fact.key], recorded_at=now, key=fact.key,
            )
            for fact in facts
        ],
        ignore_conflicts=True,
    )  # fmt: skip


def announce_consents(facts: Sequence[Fact], now: datetime) -> None:
    """Their consents changed and are not told yet: from that moment no cell of the matrix is known."""
    standings.lock_players([fact.player_id for fact in facts])
    Consent.objects.bulk_create(
        [
            Consent(
                player_id=fact.player_id, product=product, channel=channel, granted=None, occurred_at=min(fact.occurred_at, now),
                recorded_at=now, key=f"{fact.key}:{product}:{channel}"[:160],
            )
            for fact in facts
            for product in Consent.Product.values
            for channel in Consent.Channel.values
        ],
        ignore_conflicts=True,
    )  # fmt: skip


def record_register_checks(facts: Sequence[Fact], now: datetime) -> None:
    people = _people([fact.player_id for fact in facts])
    held = ahead.moments(
        facts, now, about=lambda data: data["register"], opens=lambda data: data["result"] == RegisterCheck.Result.CLEAR
    )
    RegisterCheck.objects.bulk_create(
        RegisterCheck(
            person_id=people[fact.player_id], player_id=fact.player_id, register=fact.data["register"],
            result=fact.data["result"], purpose=fact.data.get("purpose", "marketing"), asked_at=held[fact.key], received_at=now,
            **{name: fact.data[name] for name in _HOW_ASKED if name in fact.data},
        )
        for fact in facts
    )  # fmt: skip


def look_for_twins(facts: Sequence[Fact], now: datetime) -> None:
    """Name, birth date or a contact changed: who else has these?"""
    arriving.look({fact.player_id for fact in facts}, now=now)


def _people(player_ids: Sequence[int]) -> dict[int, int]:
    """player -> person, locked: what is written about the account reaches the person it belongs to by then."""
    return standings.lock_players(player_ids)
