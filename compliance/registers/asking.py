"""Asking registers before a send is due, and writing the answers down. Never inside a transaction while it waits."""

import json
import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Q

from compliance.models import Identity, RegisterAccess
from compliance.persons.sealing import Unreadable, keys_of, unseal
from compliance.registers import calling
from compliance.registers.catalogue import REGISTERS
from compliance.registers.contract import LOGIN, MARKETING, UNAVAILABLE, Answer, Form, NotAskable, Register, Subject
from config.lib import flow
from players import facts
from players.models import Contact, Player

AHEAD = timedelta(minutes=15)  # of the moment a send is due
LEASE = timedelta(seconds=60)
AGAIN = timedelta(minutes=5)  # after "no definite answer"
MOST = 500
_LONGEST_PAUSE = 600  # seconds

# Accounts without an answer that is young enough, and not asked in vain a moment ago.
_STALE = """
    SELECT p.id FROM players_player p JOIN players_brand b ON b.id = p.brand_id AND b.licence_id = %(licence)s
     WHERE p.id = ANY (%(players)s::bigint[])
       AND NOT EXISTS (
         SELECT 1 FROM compliance_registercheck c
          WHERE c.player_id = p.id AND c.register = %(register)s AND c.purpose = %(purpose)s
            AND c.asked_at > CASE c.result WHEN 'unavailable' THEN %(in_vain)s ELSE %(young)s END)
     ORDER BY p.id LIMIT %(most)s
"""


def ask_before_sends(*, now: datetime) -> int:
    """For every access that is ours to use: whoever is written to soon. Returns how many people were asked about."""
    accesses = list(RegisterAccess.objects.filter(_free(now), is_on=True).select_related("licence").order_by("pk"))
    if not accesses:
        return 0
    due = sorted(set(flow.gather("SENDS_DUE", now + AHEAD, 5000)))
    return sum(_ask_some(access, due, now) for access in accesses) if due else 0


def ask(access: RegisterAccess, player_ids: Sequence[int], purpose: str, *, now: datetime) -> dict[int, Answer]:
    """Asks, and records each answer as a fact. Purposes the register may not be asked for raise NotAskable."""
    register = REGISTERS[access.register]
    if not register.may(purpose):
        raise NotAskable(f"{register.name} may not be asked for {purpose}")
    base, key = calling.address(access), calling.key_of(access)
    askable, answers = _forms(register, player_ids)
    reference = uuid.uuid4().hex
    calls = register.adapter.calls(sorted(askable.items()), purpose, access.actor, key, reference)
    answers |= calling.ask(base, register.adapter, calls)
    with transaction.atomic():
        facts.record([_fact(pk, register, purpose, reference, answers[pk], now) for pk in sorted(answers)], now=now)
    return answers


def _ask_some(access: RegisterAccess, due: Sequence[int], now: datetime) -> int:
    register = REGISTERS.get(access.register)
    # Where mailing lists may not be asked about, only the player's own log-in can bring an answer.
    if register is None or not register.marketing or not _lease(access, now):
        return 0
    players = _stale(access, register, due, now)
    trouble, answers = "", {}
    if players:
        try:
            answers = ask(access, players, MARKETING, now=now)
        except calling.NotConfigured as wrong:
            trouble = str(wrong)
    asked = [answer for answer in answers.values() if answer.took_ms is not None]
    if asked and all(answer.result == UNAVAILABLE for answer in asked):
        trouble = asked[0].detail
    _release(access, trouble, bool(asked), now)
    return len(answers)


def _stale(access: RegisterAccess, register: Register, due: Sequence[int], now: datetime) -> list[int]:
    with connection.cursor() as db:
        db.execute(_STALE, {
            "licence": access.licence_id, "players": list(due), "register": register.key, "purpose": MARKETING,
            "in_vain": now - AGAIN, "young": now - min(access.ask_again_after, register.lasts), "most": MOST,
        })  # fmt: skip
        return [pk for (pk,) in db.fetchall()]


def _forms(register: Register, player_ids: Iterable[int]) -> tuple[dict[int, Form], dict[int, Answer]]:
    """Who can be asked about, and for the others why not."""
    askable: dict[int, Form] = {}
    answers: dict[int, Answer] = {}
    for pk, who in _subjects(player_ids).items():
        try:
            askable[pk] = register.form(who)
        except NotAskable as wrong:
            answers[pk] = Answer(UNAVAILABLE, "", f"not asked: {wrong}"[:200])
    return askable, answers


def _subjects(player_ids: Iterable[int]) -> dict[int, Subject]:
    players = Player.objects.filter(pk__in=set(player_ids))
    contacts = {(row.player_id, row.channel): row.address for row in Contact.objects.filter(player__in=players)}
    keys = keys_of(player_ids)
    rows = Identity.objects.filter(player__in=players)
    identities = {row.player_id: _unsealed(row, keys.get(row.player_id)) for row in rows}
    known = Subject.__dataclass_fields__.keys() - {"first_name", "last_name", "born", "country", "email", "phone"}
    return {
        player.pk: Subject(
            player.first_name, player.last_name, player.birth_date, player.country,
            contacts.get((player.pk, Contact.Channel.EMAIL), ""), contacts.get((player.pk, Contact.Channel.SMS), ""),
            **{name: value for name, value in identities.get(player.pk, {}).items() if name in known},
        )
        for player in players
    }  # fmt: skip


def _unsealed(row: Identity, key: bytes | None) -> dict[str, str]:
    """Sealed under another key it is as if it were not known: no answer, hence no."""
    try:
        told: dict[str, str] = json.loads(unseal(bytes(row.sealed), key, f"identity:{row.player_id}"))
    except Unreadable:
        return {}
    return told


def _fact(pk: int, register: Register, purpose: str, reference: str, answer: Answer, now: datetime) -> facts.NewFact:
    data = {
        "register": register.key, "result": answer.result, "purpose": purpose, "by": "us", "detail": answer.detail,
        "reference": answer.reference or reference, "asked_with": register.asked_with[:40], "took_ms": answer.took_ms,
    }  # fmt: skip
    return facts.NewFact("rg.register_checked", pk, now, f"register:{register.key}:{reference}:{pk}", data)


def _free(now: datetime) -> Q:
    return (Q(leased_until=None) | Q(leased_until__lt=now)) & (Q(paused_until=None) | Q(paused_until__lte=now))


def _lease(access: RegisterAccess, now: datetime) -> bool:
    return bool(RegisterAccess.objects.filter(_free(now), pk=access.pk).update(leased_until=now + LEASE))


def _release(access: RegisterAccess, trouble: str, asked: bool, now: datetime) -> None:
    """A register that does not answer is left alone for longer each time; one answer and it is asked as before."""
    failures = min(access.failures + 1, 100) if trouble else 0 if asked else access.failures
    pause = timedelta(seconds=min(15 * 2 ** min(failures, 10), _LONGEST_PAUSE)) if trouble else None
    RegisterAccess.objects.filter(pk=access.pk).update(
        leased_until=None, failures=failures, paused_until=now + pause if pause else None,
        trouble=trouble[:200] if trouble or asked else access.trouble,
    )  # fmt: skip


__all__ = ["AHEAD", "LOGIN", "MARKETING", "ask", "ask_before_sends"]
