"""Uploaded lists as a reason to choose players: who states by what they were chosen, and what follows.

A list says who, not why, and some licences forbid an offer on some grounds. So the gate hears "by hand" of it until
somebody who has not uploaded it states the ground; it is read afresh at every decision (`reading.criteria_now`), and
one more upload takes the statement away in the same transaction. Versions of segments that ask for the list are
appended with the criteria of the new statement, so that what was said when stays readable.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import connection

from compliance import audit
from compliance.models import Operator
from players.models import PlayerList
from players.models.imports import Import
from segments import building
from segments.language.criteria import CONSEQUENCES
from segments.language.parse import RuleError
from segments.language.tree import leaves
from segments.models import Segment
from segments.reading import criteria_now, rule_of

STATABLE = [key for key in CONSEQUENCES if key != "manual"]
PERMISSION = "segments.state_lists"


# Looked at by segments at the next tick; locked in id order.
_DUE = """
    UPDATE players_playerstate s SET next_check_at = %(now)s
    FROM (SELECT player_id FROM players_playerstate
          WHERE player_id IN (SELECT player_id FROM players_listmember WHERE list_id = %(list)s)
          ORDER BY player_id FOR NO KEY UPDATE) AS mine
    WHERE s.player_id = mine.player_id AND (s.next_check_at IS NULL OR s.next_check_at > %(now)s)
"""


class CannotState(ValueError):
    """The message says why, to whoever tried."""


class NameTaken(ValueError):
    """The brand has a list of this name."""


def uploaders(one: PlayerList) -> list[Operator]:
    """Everybody who has uploaded, or begun to upload, a file to it."""
    imports = Import.objects.filter(brand=one.brand_id, kind=Import.Kind.LIST, list_name=one.name)
    return list(Operator.objects.filter(pk__in=imports.values("created_by")).order_by("name", "pk"))


def why_not(one: PlayerList, operator: Operator) -> str:
    """Why this person cannot state it; "" if they can."""
    if not operator.may(PERMISSION, one.brand_id):
        return "Your role does not state what lists were chosen by."
    people = uploaders(one)
    if operator in people:
        return "You have uploaded it yourself: somebody else has to state what it was chosen by."
    if not people:
        return "Nobody is known to have uploaded it, so nobody can be the second person."
    running = Import.objects.filter(
        brand=one.brand_id, kind=Import.Kind.LIST, list_name=one.name, status=Import.Status.IMPORTING
    )
    return "A file is being added to it right now: wait until it is in." if running.exists() else ""


def state(
    one: PlayerList, criteria: Collection[str], words: str, operator: Operator, *, seen: int, now: datetime
) -> None:
    """What the players on it were chosen by. `seen`: how many were on it when the operator looked.

    Inside atomic. Raises CannotState.
    """
    one = _locked(one)
    if reason := why_not(one, operator):
        raise CannotState(reason)
    if not criteria or set(criteria) - set(STATABLE) or ("all" in criteria and len(set(criteria)) > 1):
        raise CannotState("Choose what they were chosen by: one or several, or that it was nothing special.")
    if one.members.count() != seen:
        raise CannotState("The list has changed since you looked: look again.")
    before = {"criteria": one.criteria, "statement": one.statement}
    one.criteria, one.statement = sorted(set(criteria)), " ".join(words.split())[:300]
    one.stated_by, one.stated_at = operator, now
    one.save(update_fields=["criteria", "statement", "stated_by", "stated_at"])
    _tell(one, "list.stated", operator, one.statement, before, now)


def withdraw(one: PlayerList, operator: Operator, reason: str, *, now: datetime) -> None:
    """By hand again. Whoever may state may take it back, and whoever uploaded it. Inside atomic. Raises CannotState."""
    one = _locked(one)
    if operator not in uploaders(one) and not operator.may(PERMISSION, one.brand_id):
        raise CannotState("Your role does not state what lists were chosen by.")
    before = {"criteria": one.criteria, "statement": one.statement}
    one.unstate()
    _tell(one, "list.unstated", operator, reason, before, now)


def freeze(segment: Segment, name: str, operator: Operator, *, now: datetime) -> PlayerList:
    """Who is in the segment now, as a list of that name, chosen by what the segment chooses by.

    Inside atomic. Raises NameTaken.
    """
    name = " ".join(name.split())[:80]
    version = segment.current
    if version is None:
        raise ValueError("a draft has no members")
    made, is_new = PlayerList.objects.get_or_create(
        brand=segment.brand, name=name,
        defaults={
            "created_at": now, "stated_at": now, "criteria": sorted(criteria_now([segment])[segment.pk]),
            "statement": f"Members of “{segment.name}”, version {version.number}, at that moment.",
        },
    )  # fmt: skip
    if not is_new:
        raise NameTaken(f"There is already a list called “{name}”.")
    with connection.cursor() as db:
        db.execute(
            "INSERT INTO players_listmember (list_id, player_id)"
            " SELECT %s, player_id FROM segments_membership WHERE segment_id = %s AND left_at IS NULL",
            [made.pk, segment.pk],
        )
        size = db.rowcount
        if asking_for(made):  # a rule may name a list before there is one
            db.execute(_DUE, {"list": made.pk, "now": now})
    after = {"list": made.pk, "name": name, "players": size, "criteria": made.criteria}
    audit.record(operator, "segment.frozen", f"segment:{segment.pk}", brand=segment.brand_id, after=after)
    return made


def asking_for(one: PlayerList) -> list[Segment]:
    """Live segments whose rule names it, through other segments too."""
    rows = Segment.objects.filter(brand=one.brand_id, status=Segment.Status.LIVE, current__isnull=False)
    return [segment for segment in rows.select_related("current", "brand").order_by("pk") if _asks(segment, one.name)]


def _asks(segment: Segment, name: str) -> bool:
    try:
        found = [leaf.value for leaf in leaves(rule_of(segment)) if leaf.attribute == "lists"]
    except RuleError:
        return False
    return any(name == value or (isinstance(value, tuple) and name in value) for value in found)


def _locked(one: PlayerList) -> PlayerList:
    building.exclusively(one.brand_id)
    return PlayerList.objects.select_for_update(no_key=True).get(pk=one.pk)


def _tell(one: PlayerList, kind: str, operator: Operator, reason: str, before: dict[str, Any], now: datetime) -> None:
    after = {"criteria": one.criteria, "statement": one.statement}
    audit.record(operator, kind, f"list:{one.pk}", brand=one.brand_id, reason=reason[:300], before=before, after=after)
    said = "was stated" if one.is_stated else "is no longer stated"
    for segment in asking_for(one):
        building.restate(segment, operator, f"What “{one.name}” was chosen by {said}.", now=now)
