"""A bonus given by hand: through the gate, and where a self-exclusion register has no usable answer, deferred until it has.

As messages are (campaigns.waiting): a definite answer ends the wait at once, and "registered" is final.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from bonuses.grants import GrantRequest, GrantResult, grant_many
from bonuses.models import Gift, Grant, Terms
from compliance import audit
from compliance.models import Operator
from compliance.registers.catalogue import of_jurisdiction
from players.models import Player

WAITS = timedelta(hours=48)  # as long as a message does
PERMISSION = "bonuses.grant"
_OURS = "Whoever gave it may not give bonuses any more."


@dataclass(frozen=True)
class Given:
    """`gift`: it waits. Else `result`: the bonus, or why there is none."""

    result: GrantResult | None = None
    gift: Gift | None = None

    @property
    def grant(self) -> Grant | None:
        return self.result.grant if self.result else None


def give(player: Player, terms: Terms, amount: int, actor: Operator, reason: str, *, once: str, now: datetime) -> Given:
    """`once`: sent twice it is still one gift. `player` with brand loaded."""
    reference = f"goodwill:{once}"
    with transaction.atomic():
        if there := Gift.objects.filter(reference=reference, player=player).select_related("grant").first():
            return Given(gift=there)
        result = grant_many([_request(player, terms.pk, amount, actor, reason, reference)], now=now)[0]
        answer, over = result.answer, now + WAITS
        again = answer.asked_again(now, over, now) if answer and not result.grant and not result.refusal else None
        if answer is None or again is None:
            _note(actor, "given" if result.grant else "refused", player, reason, amount, result.grant)
            return Given(result)
        waits = {"player": player, "terms": terms, "amount": amount, "reason": reason, "actor": actor, "asked_at": now,
                 "due_at": again, "over_at": over, "code": answer.code}  # fmt: skip
        gift, is_new = Gift.objects.get_or_create(reference=reference, defaults=waits)
        if is_new:
            _note(actor, "deferred", player, reason, amount, None, gift)
        return Given(gift=gift)


def work(*, now: datetime, limit: int = 100) -> int:
    """Asks again for those whose time has come; how many."""
    due = Gift.objects.filter(state=Gift.State.WAITING, due_at__lte=now).order_by("due_at")
    return sum(_ask_again(pk, now) for pk in due.values_list("pk", flat=True)[:limit])


def hear(player_ids: Iterable[int], *, now: datetime) -> int:
    """A register has answered about them: what waits is due now. How many."""
    waiting = Gift.objects.filter(player_id__in=set(player_ids), state=Gift.State.WAITING, due_at__gt=now)
    return waiting.update(due_at=now)


def withdraw(gift: Gift, actor: Operator, *, now: datetime) -> bool:
    """False: it was given or refused by then."""
    with transaction.atomic():
        row = _locked(gift.pk)
        if row is None:
            return False
        _settle(row, Gift.State.WITHDRAWN, now)
        _note(actor, "withdrawn", row.player, row.reason, row.amount, None, row)
        return True


def waits_for(player: Player) -> str:
    """'GAMSTOP': whose answer it is."""
    return " or ".join(one.name for one in of_jurisdiction(player.brand.licence.jurisdiction)) or "the register"


def _ask_again(pk: int, now: datetime) -> int:
    with transaction.atomic():
        gift = _locked(pk)
        if gift is None:
            return 0
        if not gift.actor.may(PERMISSION, gift.player.brand_id):
            _end(gift, GrantResult(_asked(gift), refusal=_OURS), now)
            return 1
        result = grant_many([_asked(gift)], now=now)[0]
        again = None
        if result.answer and not result.grant and not result.refusal:
            gift.code, again = result.answer.code, result.answer.asked_again(gift.asked_at, gift.over_at, now)
        if again:
            gift.due_at = again
            gift.save(update_fields=["due_at", "code"])
        else:
            _end(gift, result, now)
        return 1


def _locked(pk: int) -> Gift | None:
    rows = Gift.objects.select_for_update(of=("self",), skip_locked=True).filter(state=Gift.State.WAITING)
    return rows.select_related("player__brand", "actor").filter(pk=pk).first()


def _end(gift: Gift, result: GrantResult, now: datetime) -> None:
    gift.grant, gift.refusal = result.grant, result.refusal[:200]
    _settle(gift, Gift.State.GIVEN if result.grant else Gift.State.REFUSED, now)
    _note(None, "given" if result.grant else "refused", gift.player, gift.reason, gift.amount, result.grant, gift)


def _settle(gift: Gift, state: Gift.State, now: datetime) -> None:
    gift.state, gift.settled_at = state, now
    gift.save(update_fields=["state", "settled_at", "grant", "refusal", "code"])


def _asked(gift: Gift) -> GrantRequest:
    return _request(gift.player, gift.terms_id, gift.amount, gift.actor, gift.reason, gift.reference)


def _request(player: Player, terms_id: int, amount: int, actor: Operator, reason: str, reference: str) -> GrantRequest:
    return GrantRequest(
        player_id=player.pk,
        terms_id=terms_id,
        reference=reference,
        criteria=frozenset({"manual"}),
        audience=1,  # chosen by a person, for this one player
        amount=amount,
        actor_id=actor.pk,
        reason=reason,
    )


def _note(
    actor: Operator | None, what: str, player: Player, reason: str, amount: int, grant: Grant | None,
    gift: Gift | None = None,
) -> None:  # fmt: skip
    after: dict[str, object] = {"amount": amount, "currency": player.currency, "grant": grant.pk if grant else None}
    if gift is not None:
        after |= {"gift": gift.pk, "asked_by": gift.actor.name}
    audit.record(actor, f"goodwill.{what}", f"player:{player.pk}", reason=reason, brand=player.brand_id, after=after)
