"""Erasing who an account belonged to, and keeping what protects them.

Name, birth date, addresses, identity and own words go, and with them the account's own key: what was sealed under it,
above all the birth date in decisions, is read by nobody any more, here or in a copy (see persons.sealing). What was
decided, given and paid stays under the account's number, because the law wants it kept and the trail holds it. Addresses stay on the list of those nobody may
write to, as keyed hashes: an exclusion must hold also for somebody we no longer know. Journals of events lose them by
themselves within two weeks, uploaded files within one. Upper apps hear `player.erased` and do their part.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from compliance import audit, standings, suppression
from compliance.models import Consent, Decision, Erasure, Identity, LegalHold, Measure, Operator, SubjectKey
from players import facts
from players.models import Contact, Fact, Player, PlayerAttribute, Quarantine

KIND = "player.erased"
_PERSONAL = {"first_name": "", "last_name": "", "birth_date": None}


class MayNot(ValueError):
    """The message says why nothing may be erased."""


def hold(player: Player, actor: Operator, reason: str, *, now: datetime) -> LegalHold:
    """Inside atomic. Raises MayNot when there is nothing left to hold; holding twice changes nothing."""
    standings.lock_players([player.pk])
    if Erasure.objects.filter(player=player).exists():
        raise MayNot("This player has been erased already.")
    row, made = LegalHold.objects.get_or_create(
        player=player, lifted_at=None, defaults={"reason": reason, "set_by": actor, "set_at": now}
    )
    if made:
        audit.record(actor, "player.held", f"player:{player.pk}", brand=player.brand_id, reason=reason)
    return row


def lift(player: Player, actor: Operator, reason: str, *, now: datetime) -> bool:
    """Inside atomic."""
    running = LegalHold.objects.filter(player=player, lifted_at=None)
    if not running.exists():
        return False
    # First the signature: the database lifts nothing without one.
    audit.record(actor, "player.hold_lifted", f"player:{player.pk}", brand=player.brand_id, reason=reason)
    running.update(lifted_at=now, lifted_by=actor)
    return True


def erase(player: Player, actor: Operator | None, reason: str, *, now: datetime) -> Erasure:
    """Inside atomic. Raises MayNot while a hold runs; erasing twice changes nothing. Without `actor`: its time is over."""
    standings.lock_players([player.pk])
    if done := Erasure.objects.filter(player=player).first():
        return done
    if held := LegalHold.objects.filter(player=player, lifted_at=None).first():
        raise MayNot(f"A legal hold is running: {held.reason}")
    for contact in player.contacts.select_related("player__brand"):
        suppression.suppress(contact, player.brand, "erased", now=now)
    erased = blank([player.pk])
    kept = _kept(player)
    row = Erasure.objects.create(player=player, operator=actor, reason=reason, at=now, erased=erased, kept=kept)
    audit.record(
        actor, KIND, f"player:{player.pk}", brand=player.brand_id, reason=reason, after={**erased, "kept": kept}
    )
    facts.record(
        [facts.NewFact(KIND, player.pk, now, f"{KIND}:{player.pk}", actor_id=actor.pk if actor else None)], now=now
    )
    return row


def blank(player_ids: Iterable[int]) -> dict[str, int]:
    """Takes out what names them; {what: how many}."""
    ids = list(player_ids)
    named = Player.objects.filter(pk__in=ids).exclude(first_name="", last_name="", birth_date=None)
    waiting = Quarantine.objects.filter(_about(ids)).exclude(raw=b"")
    return {
        "names": named.update(**_PERSONAL),
        "addresses": Contact.objects.filter(player__in=ids).delete()[0],
        "identity": Identity.objects.filter(player__in=ids).delete()[0],
        "keys": SubjectKey.objects.filter(player__in=ids).delete()[0],
        "own_attributes": PlayerAttribute.objects.filter(player__in=ids).exclude(word="", day=None).delete()[0],
        "unread_events": waiting.update(raw=b"", detail="Erased at the player's request."),
    }


def _about(player_ids: list[int]) -> Q:
    """Events that could not be read: of these accounts, or told before they were known."""
    by_name = Q(pk__in=[])
    for brand, name in Player.objects.filter(pk__in=player_ids).values_list("brand", "external_id"):
        by_name |= Q(feed__brand=brand, external_id=name)
    return Q(player__in=player_ids) | by_name


def _kept(player: Player) -> dict[str, Any]:
    return {
        "decisions": Decision.objects.filter(player=player).count(),
        "consents": Consent.objects.filter(player=player).count(),
        "restrictions": Measure.objects.filter(player=player).count(),
    }


def stay_erased(told: Sequence[Fact], now: datetime) -> None:
    """The PAM told of the account again: what it said goes where the first went, in the same transaction."""
    blank(Erasure.objects.filter(player__in={fact.player_id for fact in told}).values_list("player_id", flat=True))


def keep(*, now: datetime) -> int:
    """Whatever way something about an erased account came back, it goes again; of how many accounts."""
    back = Q(player__contacts__isnull=False) | ~Q(player__first_name="") | ~Q(player__last_name="") | Q(
        player__birth_date__isnull=False
    ) | Q(player__identity__isnull=False)  # fmt: skip
    ids = sorted(set(Erasure.objects.filter(back).values_list("player_id", flat=True)[:500]))
    if ids:
        with transaction.atomic():
            blank(ids)
    return len(ids)
