"""What a card will tell the gate, in words, beside the form in which it is said."""

from collections.abc import Iterator

from bonuses import linting
from campaigns import asking, reach
from campaigns.models import Step, Version
from campaigns.words import CONTENT
from compliance.asking import Ask, Incentive, Request
from compliance.models.decision import Purpose
from config.lib.money import Money
from config.lib.words import number

_WINNINGS = {True: "winnings too", False: "none on winnings", None: "on winnings: not said"}
_GAMES = dict(Step.AskOn.choices)


def lines(step: Step, version: Version) -> list[tuple[str, str]]:
    """(what, how it is told); `step` with version.campaign.brand.licence and terms.template loaded. Of a card that says
    and gives nothing, none."""
    if step.kind not in (Step.Kind.MESSAGE, Step.Kind.BONUS) or (step.kind == Step.Kind.BONUS and step.terms is None):
        return []
    players = reach.count(step) if step.terms_id else None
    together = asking.worth_together(version) if step.terms_id else None
    audience = asking.Audience(asking.criteria_of(version), players, together=together)
    if step.terms is not None and step.kind == Step.Kind.BONUS:
        return list(_lines(linting.subject(step.terms, "", audience.criteria, players, together).request))
    text = "\n".join(variant.text for variant in step.variants.all() if not variant.silent)
    asked = asking.request(0, step, version, audience=audience, text=text, reference="told")
    return list(_lines(asked))


def _lines(asked: Request) -> Iterator[tuple[str, str]]:
    yield "Purpose", Purpose(asked.purpose).label
    yield "About", ", ".join(_GAMES.get(word, word.capitalize()) for word in sorted(asked.products)) or "no product"
    chosen = sorted(asked.criteria - {"all"})
    yield "Chosen by", ", ".join(word.replace("_", " ") for word in chosen) or "nothing that matters to a rule"
    if asked.incentive is not None:
        yield "Offer", _offer(asked.incentive)
        yield "Made to", f"{number(asked.audience or 0)} players on the same terms, counted now"
    yield "Asks for", _asked(asked.ask)
    done = [CONTENT[word] for word in sorted(asked.content & CONTENT.keys())]
    done += ["sell, which no service message may"] if "selling" in asked.content else []
    missing = ["leave out a notice of the licence"] if "missing_notice" in asked.content else []
    yield "Its words", ", ".join([*done, *missing]) or "do nothing a rule speaks of"


def _offer(offer: Incentive) -> str:
    said = [f"{offer.type.replace('_', ' ')}, up to {Money(offer.value, offer.currency)}"]
    if offer.stake:
        said.append(f"{Money(offer.stake, offer.currency)} a spin")
    if offer.needs:
        said.append(f"for a deposit of {Money(offer.needs, offer.currency)}")
    if offer.wagering:
        times = f"{offer.wagering:.2f}".rstrip("0").rstrip(".")
        said.append(f"wagering {times} × the bonus within {offer.days} days, {_WINNINGS[offer.on_winnings]}")
    else:
        said.append("no wagering")
    return ", ".join(said)


def _asked(ask: Ask | None) -> str:
    return f"a {ask.kind} of at least {Money(ask.amount, ask.currency)}" if ask else "nothing"
