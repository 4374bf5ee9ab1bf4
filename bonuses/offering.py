"""An offer as the gate is told of it: when it is given, when a message promises it, and at its largest when it is made."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal

from bonuses.models import Template, Terms
from compliance.gate import Ask, Incentive, Request
from compliance.models.decision import Purpose
from players.models import Brand
from segments.stating import Offer


def gate_request(
    player_id: int, terms: Terms, amount: int, wagering: int, reference: str, criteria: Iterable[str], *,
    deposit: int = 0, audience: int | None = None, together: int | None = None,
) -> Request:  # fmt: skip
    """A grant. `deposit`: the one it is given on; `audience`: how many players are given the same terms; `together`: what
    the promotion is worth with all its parts."""
    return Request(
        player_id=player_id,
        purpose=Purpose.PROMOTIONAL,
        channel="bonus",
        products=frozenset({terms.product}),
        criteria=frozenset(criteria),
        reference=reference,
        incentive=replace(incentive(terms, amount, wagering, deposit), together=together),
        audience=audience,
    )


def incentive(terms: Terms, amount: int, wagering: int, deposit: int) -> Incentive:
    """Wagering goes as so many times the bonus, whatever the terms count it on: that is what laws limit."""
    counted = {game: int(share) for game, share in terms.contributions.items() if share}
    return Incentive(
        type=terms.kind,
        value=amount,
        currency=terms.currency,
        wagering=Decimal(wagering) / amount if wagering else None,
        days=terms.expiry_days,
        products=frozenset({terms.product}),
        stake=terms.spin_value or None,
        on_winnings=terms.wagers_winnings,
        deposit=deposit,
        needs=terms.deposit_for(amount),
        counts=frozenset(counted) if wagering else frozenset(),
        least_share=min(counted.values(), default=0) if wagering else None,
    )


def promised(terms: Terms, *, given: str = "", together: int | None = None) -> Incentive:
    """As a message about it promises it: at its largest. `given`: the reference under which the player has it already;
    `together`: what the promotion is worth with all its parts."""
    deposit = terms.largest_deposit
    amount = max(terms.bonus_for(deposit), 1)
    return replace(
        incentive(terms, amount, terms.wagering_for(amount, deposit), deposit), given=given, together=together
    )


def asked(terms: Terms) -> Ask | None:
    """The smallest deposit that earns any of it; None where none is needed."""
    if terms.kind != Template.Kind.DEPOSIT_MATCH:
        return None
    return Ask("deposit", max(terms.min_deposit, 1), terms.currency)


def offers(brand: Brand) -> Iterator[Offer]:
    """What the brand can offer now, at its largest."""
    running = Template.objects.filter(brand=brand, archived_at=None, current__isnull=False)
    for template in running.select_related("current__template"):
        terms = template.current
        assert terms is not None
        yield Offer(f"terms:{terms.pk}", f"{template.name} ({template.get_kind_display().lower()})", promised(terms),
                    asked(terms))  # fmt: skip
