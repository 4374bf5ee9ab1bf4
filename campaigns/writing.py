"""From an intention to the words of one attempt: which variant, to which address, filled with what."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape

from bonuses.models import Grant
from campaigns import content, footers, links
from campaigns.models import Attempt, Delivery, Step, Variant
from campaigns.outcome import Outcome
from compliance.models.decision import PROMOTIONS
from config.lib.money import Money
from players.models import Contact, Fact
from segments.membership import is_member


@dataclass(frozen=True, slots=True)
class Draft:
    delivery: Delivery
    variant: Variant
    address: str
    words: content.Words


def prepare(deliveries: Sequence[Delivery], *, now: datetime) -> tuple[list[Draft], list[Outcome]]:
    """Drafts for those that can be written; for the others what became of them, with the reason."""
    variants = _variants({d.step_id for d in deliveries})
    inside = _memberships(deliveries, variants)
    addresses = _addresses(deliveries)
    events = Fact.objects.in_bulk({d.enrolment.fact_id for d in deliveries if d.enrolment.fact_id})
    grants = _grants(deliveries)
    drafts: list[Draft] = []
    outcomes: list[Outcome] = []
    for delivery in deliveries:
        variant = choose(variants.get(delivery.step_id, ()), delivery, inside)
        if variant is None or variant.silent:
            outcomes.append(
                Outcome(delivery, Delivery.Status.DROPPED, "no_variant", "nothing is meant for this player")
            )
            continue
        address = addresses.get(delivery.player_id, "")
        if delivery.channel == Step.Channel.EMAIL and not address:
            outcomes.append(Outcome(delivery, Delivery.Status.REFUSED, "no_address", "no usable e-mail address"))
            continue
        event = events.get(delivery.enrolment.fact_id or 0)
        known = content.fields(delivery.player, event.data if event else {}, grants.get(delivery.enrolment_id))
        try:
            drafts.append(Draft(delivery, variant, address, content.write(variant, known)))
        except content.Hole as hole:
            outcomes.append(Outcome(delivery, Delivery.Status.REFUSED, "hole", str(hole), variant_id=variant.id))
    return drafts, outcomes


def choose(variants: Iterable[Variant], delivery: Delivery, inside: set[tuple[int, int]]) -> Variant | None:
    """First match wins."""
    for variant in variants:
        if variant.jurisdiction and variant.jurisdiction != delivery.player.brand.licence.jurisdiction:
            continue
        if variant.segment_id is None or (variant.segment_id, delivery.player_id) in inside:
            return variant
    return None


def attempt(draft: Draft, decision_id: int, *, now: datetime, lease: timedelta) -> Attempt:
    """The row that is the evidence; its words are exactly what will be handed over."""
    delivery, words = draft.delivery, draft.words
    brand = delivery.player.brand
    promotional = delivery.purpose in PROMOTIONS
    stop = links.stop_url(delivery.player_id, delivery.channel, delivery.id) if promotional else ""
    email = delivery.channel == Step.Channel.EMAIL
    return Attempt(
        delivery=delivery,
        person_id=delivery.player.person_id,  # as the gate knows it: the account may have moved since
        player=delivery.player,
        decision_id=decision_id,
        channel=delivery.channel,
        purpose=delivery.purpose,
        number=delivery.tries + 1,
        address=draft.address if email else "",
        subject=words.subject,
        html=words.html + (_button(words) if email else "") + footers.as_html(brand, stop),
        text="\n\n".join(filter(None, [words.text, _button_text(words), footers.as_text(brand, stop)])),
        button=words.button,
        url=words.url,
        created_at=now,
        lease_until=now + lease,
    )


def _button(words: content.Words) -> str:
    return f'<p><a href="{escape(words.url)}">{escape(words.button)}</a></p>' if words.button and words.url else ""


def _button_text(words: content.Words) -> str:
    return f"{words.button}: {words.url}" if words.button and words.url else ""


def _variants(step_ids: set[int]) -> dict[int, list[Variant]]:
    found: dict[int, list[Variant]] = {}
    for variant in Variant.objects.filter(step_id__in=step_ids).order_by("step_id", "position"):
        found.setdefault(variant.step_id, []).append(variant)
    return found


def _memberships(deliveries: Sequence[Delivery], variants: dict[int, list[Variant]]) -> set[tuple[int, int]]:
    segments = sorted({v.segment_id for rows in variants.values() for v in rows if v.segment_id})
    return is_member(segments, sorted({d.player_id for d in deliveries})) if segments else set()


def _addresses(deliveries: Sequence[Delivery]) -> dict[int, str]:
    players = {d.player_id for d in deliveries if d.channel == Step.Channel.EMAIL}
    usable = Contact.objects.filter(player_id__in=players, channel=Contact.Channel.EMAIL, bounced_at=None)
    return dict(usable.values_list("player_id", "address"))


def _grants(deliveries: Sequence[Delivery]) -> dict[int, dict[str, str]]:
    """Bonuses these runs gave, by enrolment: `reference` is how a bonus step names its grant."""
    prefix = {f"enrolment:{d.enrolment_id}:": d.enrolment_id for d in deliveries}
    found: dict[int, dict[str, str]] = {}
    grants = Grant.objects.filter(player_id__in={d.player_id for d in deliveries}, reference__startswith="enrolment:")
    for grant in grants.order_by("id"):
        run = prefix.get(grant.reference.rpartition(":")[0] + ":")
        if run:
            still = grant.wagering_required - grant.wagering_done
            found[run] = {
                "amount": str(Money(grant.amount, grant.currency)),
                "wagering": str(Money(still, grant.currency)),
            }
    return found
