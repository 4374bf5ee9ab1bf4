"""Values of the attributes a brand has declared. Per player and attribute the newest word counts, as in the feed; a line
without a time is of now."""

import json
from datetime import datetime
from decimal import Decimal
from typing import Any

from config.lib import prepared
from players.folding.own import KEEP, Misfit, columns
from players.imports import values
from players.imports.fields import Row
from players.imports.into import Job, Outcome, known, look_again
from players.imports.values import Reading, Wrong
from players.models import CustomAttribute, PlayerAttribute

Kind = CustomAttribute.Kind
_READING = Reading()


def bring(job: Job, rows: list[Row]) -> Outcome:
    outcome = Outcome()
    declared = {one.key: one for one in CustomAttribute.objects.filter(brand=job.brand)}
    found = known(job, rows, outcome)
    there = _there([player.id for _, player in found])
    kept: list[dict[str, Any]] = []
    for row, player in found:
        try:
            attribute = _attribute(declared, row)
            told = _worth(attribute.kind, row.values["value"])
        except Wrong as why:
            outcome.refused.append((row, str(why)))
            continue
        at: datetime = row.values.get("told_at", job.now)
        before = there.get((player.id, attribute.pk))
        if before is not None and (before[0] >= at or before[1] == told):
            outcome.unchanged += 1
            continue
        outcome.changed, outcome.new = outcome.changed + (before is not None), outcome.new + (before is None)
        there[player.id, attribute.pk] = (at, told)
        kept.append(told | {"player_id": player.id, "attribute_id": attribute.pk, "at": at.isoformat()})
    if kept and not job.dry:
        prepared.run(KEEP, {"rows": json.dumps(kept)})
        look_again(job, {one["player_id"] for one in kept})
    return outcome


def _there(player_ids: list[int]) -> dict[tuple[int, int], tuple[datetime, dict[str, Any]]]:
    return {
        (one.player_id, one.attribute_id): (
            one.at, {"number": one.number, "word": one.word, "day": one.day.isoformat() if one.day else None},
        )
        for one in PlayerAttribute.objects.filter(player__in=player_ids)
    }  # fmt: skip


def _attribute(declared: dict[str, CustomAttribute], row: Row) -> CustomAttribute:
    if found := declared.get(row.values["key"]):
        return found
    listed = ", ".join(sorted(declared)) or "none yet: Settings, Your own attributes"
    raise Wrong(f"Attribute: nobody has declared “{row.values['key']}”. Declared: {listed}.")


def _worth(kind: str, cell: str) -> dict[str, Any]:
    """The cell as the attribute's kind has it. Raises Wrong."""
    value: Any = cell
    try:
        if kind == Kind.NUMBER:
            number: Decimal = values.number(cell, _READING)
            value = int(number) if number == number.to_integral_value() else cell
        elif kind == Kind.YES_NO:
            value = values.flag(cell, _READING)
        elif kind == Kind.DATE:
            value = values.day(cell, _READING).isoformat()
        return columns(kind, value)
    except (Wrong, Misfit) as why:
        word = str(Kind(kind).label).lower()
        raise Wrong(f"Value: “{cell}” is no {word}. {why if isinstance(why, Wrong) else ''}".strip()) from None
