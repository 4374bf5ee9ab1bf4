"""What compliance does when it hears of a fact, inside the transaction that records it.

The PAM gets its 2xx only after this has committed: the answer means that the gate already knows.
Idempotent: a measure is folded anew from every word its source ever said about it.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils.dateparse import parse_datetime

from compliance import standings
from compliance.limits import Said, Story, fold, period_for, zone_for
from compliance.models import Consent, Measure, RegisterCheck
from compliance.persons import arriving
from players.models import Fact, Player

_HOW_ASKED = ("by", "reference", "detail", "asked_with", "took_ms")  # told only of what we asked ourselves
_RESTRICTIONS = ("rg.limit_set", "rg.limit_removed", "rg.time_out", "rg.self_excluded", "rg.blocked", "rg.lifted")


def open_standing(facts: Sequence[Fact], now: datetime) -> None:
    """Registered by a PAM that states 'no restrictions'; silence leaves the person unknown, which means no."""
    declared = [fact.player_id for fact in facts if fact.data.get("restrictions") == "none"]
    standings.open_declared(_people(declared).values(), now=now)


def note_change(facts: Sequence[Fact], now: datetime) -> None:
    standings.note_change(_people([fact.player_id for fact in facts]).values(), now=now)


def doubt(facts: Sequence[Fact], now: datetime) -> None:
    """A restriction of theirs could not be read."""
    standings.doubt(_people([fact.player_id for fact in facts]).values(), now=now)


def announce_restrictions(facts: Sequence[Fact], now: datetime) -> None:
    """Something about their restrictions changed and is not told yet. Opens again what was stated since."""
    people = set(_people([fact.player_id for fact in facts]).values())
    standings.doubt(people, now=now)
    standings.open_declared(people, now=now)


def apply_restrictions(facts: Sequence[Fact], now: datetime) -> None:
    people = _people([fact.player_id for fact in facts])
    players = _players(people)
    touched = {(fact.player_id, str(fact.data["measure_id"])) for fact in facts if "measure_id" in fact.data}
    if touched:
        _write_measures(_stories(touched, players), players, now)
    declared = [fact.player_id for fact in facts if fact.kind == "rg.baseline" and not fact.data.get("restrictions")]
    standings.open_declared((people[pk] for pk in declared), now=now)


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
    Consent.objects.bulk_create(
        [
            Consent(
                player_id=fact.player_id, product=fact.data["product"], channel=fact.data["channel"],
                granted=bool(fact.data["granted"]), wording=fact.data.get("wording", ""),
                screen=fact.data.get("screen", ""), origin=fact.data.get("origin", ""), occurred_at=fact.occurred_at, recorded_at=now, key=fact.key,
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
                player_id=fact.player_id, product=product, channel=channel, granted=None, occurred_at=fact.occurred_at,
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
    RegisterCheck.objects.bulk_create(
        RegisterCheck(
            person_id=people[fact.player_id], player_id=fact.player_id, register=fact.data["register"],
            result=fact.data["result"], purpose=fact.data.get("purpose", "marketing"), asked_at=fact.occurred_at, received_at=now,
            **{name: fact.data[name] for name in _HOW_ASKED if name in fact.data},
        )
        for fact in facts
    )  # fmt: skip


def look_for_twins(facts: Sequence[Fact], now: datetime) -> None:
    """Name, birth date or a contact changed: who else has these?"""
    arriving.look({fact.player_id for fact in facts}, now=now)


def _players(ids: Iterable[int]) -> dict[int, Player]:
    return Player.objects.select_related("brand__licence").in_bulk(set(ids))


def _people(player_ids: Sequence[int]) -> dict[int, int]:
    """player -> person, locked: what is written about the account reaches the person it belongs to by then."""
    return standings.lock_players(player_ids)


def _stories(touched: set[tuple[int, str]], players: dict[int, Player]) -> dict[tuple[int, str], Story]:
    said: dict[tuple[int, str], list[Said]] = {}
    history = Fact.objects.filter(
        player_id__in={pk for pk, _ in touched},
        kind__in=_RESTRICTIONS,
        data__measure_id__in=list({ref for _, ref in touched}),
    ).order_by("pk")  # of two words with one sequence the later told counts, here as in the database
    for fact in history:
        key = (fact.player_id, str(fact.data["measure_id"]))
        if key in touched:
            said.setdefault(key, []).append(_said(fact))
    return {
        key: fold(words, jurisdiction=players[key[0]].brand.licence.jurisdiction, zone=zone_of(players[key[0]]))
        for key, words in said.items()
    }


_FLAGGED = {
    "bonus": "bonus_block", "marketing": "marketing_block", "deposits": "deposit_block",
    "vulnerability": "vulnerability", "check_due": "check_due", "check_adverse": "check_adverse",
}  # fmt: skip


def _kind(fact: Fact) -> str:
    """What the source calls a restriction -> Measure.Kind. What is blocked in words we do not know closes entirely."""
    data = fact.data
    if fact.kind == "rg.self_excluded":
        if data.get("product"):
            return "product_exclusion"
        if data.get("by") == "third_party":
            return "third_party"
        return "national_exclusion" if data.get("register") else "self_exclusion"
    if fact.kind == "rg.blocked":
        return _FLAGGED.get(data.get("what", ""), "marketing_block")
    return {"rg.time_out": "time_out", "rg.limit_set": data.get("kind", "")}.get(fact.kind, "")


def _said(fact: Fact) -> Said:
    data = fact.data
    return Said(
        kind=fact.kind, sequence=int(data.get("sequence", 0)), at=fact.occurred_at, measure=_kind(fact),
        amount=data.get("amount"), currency=data.get("currency", ""),
        period=period_for(data.get("kind", ""), data.get("period", "")),
        origin=data.get("origin") or ("register" if data.get("register") else _origin(fact.kind)),
        effective_from=_instant(data.get("effective_from")), ends_at=_instant(data.get("ends_at") or data.get("expires_at")),
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


def _origin(kind: str) -> str:
    return "operator" if kind == "rg.blocked" else "player"


def _instant(value: str | None) -> datetime | None:
    return parse_datetime(value) if value else None


def zone_of(player: Player) -> ZoneInfo:
    """The clock of the player's limits."""
    return zone_for(player.brand.licence.jurisdiction, player.timezone or player.brand.timezone)


def _write_measures(stories: dict[tuple[int, str], Story], players: dict[int, Player], now: datetime) -> None:
    rows = []
    for (player_id, ref), story in sorted(stories.items(), key=lambda item: players[item[0][0]].person_id):
        player = players[player_id]
        fields = {**vars(story), "effective_at": story.effective_at or now}
        rows.append(
            Measure(
                person_id=player.person_id, player=player, source=player.brand.slug, ref=ref, received_at=now, **fields
            )
        )
    changed = [name for name in Story.__dataclass_fields__]
    Measure.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["player", "source", "ref"], update_fields=changed
    )
