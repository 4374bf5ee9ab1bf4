"""A restriction as its source told it, word by word, folded into the one row that the gate's database reads.

The PAM waits for this: a fixed number of statements, each planned once per connection.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import orjson
from django.utils.dateparse import parse_datetime

from compliance.limits import Said, Story, by_form, fold, period_for, zone_for
from config.lib import prepared
from config.lib.prepared import bigints
from players.models import Fact

_WORDS = ["rg.limit_set", "rg.limit_removed", "rg.time_out", "rg.self_excluded", "rg.blocked", "rg.lifted"]
_HOLDERS = """
    SELECT l.player_id, l.person_id, b.slug, i.jurisdiction, p.timezone, b.timezone
    FROM compliance_lock_players(%(players)s::bigint[]) l JOIN players_player p ON p.id = l.player_id
    JOIN players_brand b ON b.id = p.brand_id JOIN players_licence i ON i.id = b.licence_id
"""
# Of two words with one sequence the later told counts, here as in the database.
_SAID = """
    SELECT player_id, data ->> 'measure_id', kind, occurred_at, data FROM players_fact
    WHERE player_id = ANY (%(players)s::bigint[]) AND kind = ANY (%(words)s::text[])
      AND data ->> 'measure_id' = ANY (%(refs)s::text[])
    ORDER BY id
"""
_TOLD = ", ".join(Story.__dataclass_fields__)
_WRITE = f"""
    INSERT INTO compliance_measure (person_id, player_id, source, ref, form, received_at, {_TOLD})
    SELECT person_id, player_id, source, ref, form, %(now)s, {_TOLD}
    FROM jsonb_populate_recordset(NULL::compliance_measure, %(rows)s::jsonb)
    ON CONFLICT (player_id, source, ref, form) DO UPDATE SET ({_TOLD}) = ROW (excluded.{_TOLD.replace(", ", ", excluded.")})
"""  # noqa: S608 - the fields of Story


class Holder(NamedTuple):
    """Whose restriction it is: the person of the account, locked, and where it was told."""

    person_id: int
    source: str
    jurisdiction: str
    zone: ZoneInfo


def holders(player_ids: Iterable[int]) -> dict[int, Holder]:
    """player -> holder. What is written about the account reaches the person it belongs to by then."""
    rows = prepared.run(_HOLDERS, {"players": bigints(sorted(set(player_ids)))})
    return {
        player_id: Holder(person_id, source, jurisdiction, zone_for(jurisdiction, own or of_brand))
        for player_id, person_id, source, jurisdiction, own, of_brand in rows
    }


def write(facts: Sequence[Fact], held_by: Mapping[int, Holder], *, now: datetime) -> None:
    """Folds anew whatever the sources of these facts ever said of the measures they name."""
    touched = {(fact.player_id, str(fact.data["measure_id"])) for fact in facts if "measure_id" in fact.data}
    if not touched:
        return
    rows = [
        {"person_id": held_by[player_id].person_id, "player_id": player_id, "source": held_by[player_id].source,
         "ref": ref, "form": form, **vars(story), "effective_at": story.effective_at or now}
        for (player_id, ref, form), story in _stories(touched, held_by).items()
    ]  # fmt: skip
    rows.sort(key=lambda row: row["person_id"])
    prepared.run(_WRITE, {"rows": orjson.dumps(rows).decode(), "now": now})


def _stories(touched: set[tuple[int, str]], held_by: Mapping[int, Holder]) -> dict[tuple[int, str, str], Story]:
    players, refs = {player_id for player_id, _ in touched}, sorted({ref for _, ref in touched})
    said: dict[tuple[int, str], list[Said]] = {}
    history = prepared.run(_SAID, {"players": bigints(sorted(players)), "words": _WORDS, "refs": refs})
    for player_id, ref, kind, occurred_at, data in history:
        if (player_id, ref) in touched:
            said.setdefault((player_id, ref), []).append(_said(kind, occurred_at, data))
    return {
        (pk, ref, form): fold(seen, jurisdiction=held_by[pk].jurisdiction, zone=held_by[pk].zone)
        for (pk, ref), words in said.items()
        for form, seen in by_form(words).items()
    }


_FLAGGED = {
    "bonus": "bonus_block", "marketing": "marketing_block", "deposits": "deposit_block",
    "vulnerability": "vulnerability", "check_due": "check_due", "check_adverse": "check_adverse",
}  # fmt: skip


def _kind(word: str, data: Mapping[str, Any]) -> str:
    """What the source calls a restriction -> Measure.Kind. What is blocked in words we do not know closes entirely."""
    if word == "rg.self_excluded":
        if data.get("product"):
            return "product_exclusion"
        if data.get("by") == "third_party":
            return "third_party"
        return "national_exclusion" if data.get("register") else "self_exclusion"
    if word == "rg.blocked":
        return _FLAGGED.get(data.get("what", ""), "marketing_block")
    return {"rg.time_out": "time_out", "rg.limit_set": data.get("kind", "")}.get(word, "")


def _said(word: str, at: datetime, data: Mapping[str, Any]) -> Said:
    return Said(
        kind=word, sequence=int(data.get("sequence", 0)), at=at, measure=_kind(word, data),
        amount=data.get("amount"), currency=data.get("currency", ""),
        period=period_for(data.get("kind", ""), data.get("period", "")),
        origin=data.get("origin") or ("register" if data.get("register") else _origin(word)),
        effective_from=_instant(data.get("effective_from")), requested_at=_instant(data.get("requested_at")),
        ends_at=_instant(data.get("ends_at") or data.get("expires_at")),
        product=data.get("product", ""), scope=_scope(data), auto_renew=bool(data.get("auto_renew")), by=_ending(data),
    )  # fmt: skip


def _scope(data: Mapping[str, Any]) -> str:
    """What nobody narrowed is for the whole group; a register's is the country's."""
    if data.get("product"):
        return "product"
    return data.get("scope") or ("national" if data.get("register") else "group")


def _ending(data: Mapping[str, Any]) -> str:
    if data.get("superseded_by"):
        return "superseded"
    return {"authority": "authority", "operator": "operator"}.get(data.get("by", ""), "player")


def _origin(word: str) -> str:
    return "operator" if word == "rg.blocked" else "player"


def _instant(value: str | None) -> datetime | None:
    return parse_datetime(value) if value else None
