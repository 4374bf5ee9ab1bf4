"""The two verbs: accounts become one person's, or part. Nothing else moves an account to another person.

Each holds the exclusive locks of everybody concerned until the caller's transaction ends: a send or a grant in
flight is waited for, a later one meets the stricter state, and what was decided before about any of them is void.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from compliance import audit, standings
from compliance.models import Operator, PersonLink
from players import facts, looking_again
from players.models import Player


def join(
    one: Player, other: Player, *, now: datetime, evidence: Iterable[str] = (), actor: Operator | None = None,
    reason: str = "",
) -> int:  # fmt: skip
    """Every account of both is one person's from here on. Returns that person. Without an actor: certain keys."""
    with transaction.atomic():
        before = _people(one, other)
        person = _call("compliance_join", one.pk, other.pk, sorted(evidence), actor and actor.pk, reason, now)
        moved = sorted(pk for pk, was in before.items() if was != person)
        shared = {"accounts": sorted(before), "evidence": sorted(evidence)}
        for player in (one, other):
            audit.record(
                actor, "player.joined", f"player:{player.pk}", brand=player.brand_id, reason=reason, after=shared
            )
        _tell("rg.person_joined", moved, person, now)
        looking_again.soon(before, now=now)
        return int(person)


def separate(leaving: Player, staying: Iterable[Player], actor: Operator, reason: str, *, now: datetime) -> int:
    """`leaving` is another human than whoever has `staying`: parts them if they were one, closes the question if it
    was open. Restrictions go with the account they were told of. Returns the person of `leaving`."""
    others = list(staying)
    with transaction.atomic():
        before = _people(leaving, *others)
        # First the signature: the database parts nobody without one.
        audit.record(
            actor, "player.kept_apart", f"player:{leaving.pk}", brand=leaving.brand_id, reason=reason,
            after={"from": sorted(player.pk for player in others)},
        )  # fmt: skip
        for player in others:
            audit.record(actor, "player.kept_apart", f"player:{player.pk}", brand=player.brand_id, reason=reason,
                         after={"from": [leaving.pk]})  # fmt: skip
        person = _call("compliance_part", leaving.pk, [p.pk for p in others], actor.pk, reason, now)
        if before[leaving.pk] != person:
            _tell("rg.person_separated", [leaving.pk], person, now)
        looking_again.soon(before, now=now)
        return int(person)


def propose(one: int, other: int, evidence: Iterable[str], *, now: datetime) -> str:
    """What the link is now: 'open', 'joined' or 'apart'. While open the stricter state holds for both. Inside atomic."""
    found = sorted(evidence)
    status = str(_call("compliance_propose", one, other, found, now))
    if status == PersonLink.Status.OPEN:
        both = Player.objects.filter(pk__in=(one, other)).order_by("pk")
        for player in both:
            audit.record(None, "player.link_proposed", f"player:{player.pk}", brand=player.brand_id,
                         after={"accounts": sorted((one, other)), "evidence": found})  # fmt: skip
        looking_again.soon((one, other), now=now)
    return status


def accounts(person_id: int) -> list[Player]:
    return list(Player.objects.filter(person_id=person_id).select_related("brand").order_by("pk"))


def _people(*players: Player) -> dict[int, int]:
    """account -> person, of all accounts of their people, locked."""
    # Read in a statement of its own: the one that waits for the locks sees what was before them.
    people = set(standings.lock_players(player.pk for player in players).values())
    return dict(Player.objects.filter(person_id__in=people).values_list("pk", "person_id"))


def _call(function: str, *arguments: Any) -> Any:
    holes = ", ".join(
        "%s::bigint[]" if _are_ids(one) else "%s::text[]" if isinstance(one, list) else "%s" for one in arguments
    )
    with connection.cursor() as db:
        db.execute(f"SELECT {function}({holes})", arguments)  # noqa: S608
        return db.fetchone()[0]


def _are_ids(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, int) for one in value) and bool(value)


def _tell(kind: str, players: Iterable[int], person: int, now: datetime) -> None:
    """Above us rows name the person as well: who keeps some follows. Kinds of responsible gambling: compliance sees it."""
    facts.record(
        [facts.NewFact(kind, pk, now, f"{kind}:{pk}:{person}:{now.timestamp():.6f}", {"person": person}) for pk in players],
        now=now,
    )  # fmt: skip
