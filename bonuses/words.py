"""Terms as sentences a player and an auditor would both accept."""

from collections.abc import Iterator
from decimal import Decimal

from bonuses.models import Template, Terms
from config.lib.money import Money
from players.models import Category

HOUSE_EDGE = 4  # per cent, of slots; what a stake costs a player on average
_EXAMPLE_DEPOSIT = 100_00


_WINNINGS = {
    True: "What is won with it must be played through too.",
    False: "What is won with it need not be played through.",
    None: "Whether winnings must be played through too is not said: where the law asks, nobody gets it.",
}


def terms_in_words(terms: Terms) -> list[str]:
    return list(_sentences(terms))


def in_short(terms: Terms) -> tuple[str, str]:
    """What is given and what is asked for it."""
    words = terms_in_words(terms)
    return words[0], next(sentence for sentence in words if sentence.startswith(("Wagering", "Turns real")))


def cost_hint(terms: Terms) -> str:
    """What one such bonus may be expected to cost. No allowance for going broke on the way: the true cost is higher."""
    deposit = _EXAMPLE_DEPOSIT if terms.kind == Template.Kind.DEPOSIT_MATCH else 0
    bonus = terms.bonus_for(max(deposit, terms.min_deposit) if deposit else 0)
    if not bonus:
        return ""
    required = terms.wagering_for(bonus, max(deposit, terms.min_deposit) if deposit else 0)
    weight = max([0, *terms.contributions.values()])
    given = Money(bonus, terms.currency)
    if not required:
        return f"{given} turns real at once: it costs {given}."
    if not weight:
        return "No game counts towards the wagering, so it can never turn real."
    stakes = required * 100 // weight
    loss = stakes * HOUSE_EDGE // 100
    left = bonus - loss
    if left <= 0:
        return (
            f"{Money(stakes, terms.currency)} must be staked to free {given}. At a house edge of {HOUSE_EDGE} % that"
            f" loses {Money(loss, terms.currency)} on average, so most players lose it before; it costs what the lucky"
            " ones keep."
        )
    return (
        f"{Money(stakes, terms.currency)} must be staked to free {given}. At a house edge of {HOUSE_EDGE} % that loses"
        f" {Money(loss, terms.currency)} on average, so about {Money(left, terms.currency)} of it is expected to turn real."
    )


def _plain(number: Decimal) -> str:
    """10.00 as 10, 2.50 as 2.5."""
    return f"{Decimal(number).normalize():f}"


def _sentences(terms: Terms) -> Iterator[str]:
    def money(minor: int) -> str:
        return str(Money(minor, terms.currency))

    if terms.kind == Template.Kind.DEPOSIT_MATCH:
        yield f"{_plain(terms.percent)} % of a deposit, at most {money(terms.cap)}."
        if terms.min_deposit:
            yield f"The deposit is at least {money(terms.min_deposit)}."
    elif terms.kind == Template.Kind.FREE_SPINS:
        yield f"{terms.spins} free spins of {money(terms.spin_value)} each, {money(terms.amount)} in all, no deposit needed."
    elif terms.kind == Template.Kind.GOODWILL:
        yield f"An amount chosen by whoever gives it, at most {money(terms.amount)}."
    else:
        yield f"{money(terms.amount)}, no deposit needed."
    if not terms.wagering_multiplier:
        yield "Turns real at once, without wagering."
        return
    base = "the bonus" if terms.wagering_base == Terms.Base.BONUS else "deposit and bonus together"
    yield f"Wagering: {_plain(terms.wagering_multiplier)} × {base}."
    yield _WINNINGS[terms.wagers_winnings]
    shares = [
        f"{Category.from_key(key).label} {share} %"
        for key, share in sorted(terms.contributions.items(), key=lambda item: -item[1])
        if share
    ]
    yield f"Stakes count: {', '.join(shares) or 'nowhere'}; everything else 0 %."
    if terms.max_bet:
        yield f"A bet above {money(terms.max_bet)} does not count and is flagged."
    if terms.max_release:
        yield f"At most {money(terms.max_release)} turns real; the rest is forfeited."
    yield f"It ends after {terms.expiry_days} full days; what is left then is forfeited."


def origin(reference: str) -> str:
    """Where a bonus or an entry comes from, as people say it: 'enrolment:484:10' -> 'Journey, run 484, card 10'."""
    kind, _, rest = reference.partition(":")
    run, _, card = rest.partition(":")
    if kind == "past":
        return "Taken over from before"
    return f"Journey, run {run}, card {card}" if kind == "enrolment" and card else reference
