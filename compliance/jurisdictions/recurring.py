"""What several packs say in the same words."""

from datetime import date

from compliance.rules import Rule
from compliance.rules.consent import not_opted_out, opted_in, opted_in_since_return
from compliance.rules.protecting import no_strong_indicator
from compliance.rules.standing import awaiting_return
from compliance.vocabulary import ADDRESSED

DIRECT = ADDRESSED | {"onsite"}
_FIRST = date(2019, 1, 1)


def consent() -> tuple[Rule, ...]:
    """The opt-in, and the objection that GDPR makes absolute. No statute of a country is named: none was read."""
    return (
        Rule("PD-01", "Direct marketing needs consent for this product on this channel.",
             "ePrivacy rules and GDPR art. 7(1), as read in RTM v Bonne Terre [2025] EWHC 111 (KB)", "A",
             opted_in("PD-01", "PD-01", ADDRESSED)),
        Rule("PD-01s", "What is aimed at a player on the site needs consent for this product, too.",
             "Whether it is direct marketing was not seen", "C", opted_in("PD-01s", "PD-01s", frozenset({"onsite"}))),
        Rule("PD-03o", "Nothing after an opt-out.", "GDPR art. 21(3)", "B", not_opted_out("PD-03o")),
    )  # fmt: skip


def returning(
    rule: str, source: str, confidence: str, since: date = _FIRST, *, fresh: tuple[str, str] | None = None
) -> tuple[Rule, ...]:
    """An exclusion's term being over opens nothing, and consent has to be given anew after the return. `fresh`: source
    and confidence of the latter, where the licence's own text says it; elsewhere it is the operator's policy."""
    return (
        Rule(rule, "An exclusion whose term is over still holds until the player asks to return.", source, confidence,
             awaiting_return(rule), effective_from=since, held=True),
        _fresh(f"{rule}b", *fresh, since) if fresh else
        _fresh("POL-06o", "Operator policy, safe default: no source for this licence", "A", since),
    )  # fmt: skip


def _fresh(rule: str, source: str, confidence: str, since: date) -> Rule:
    return Rule(rule, "After a return: no marketing until a fresh opt-in.", source, confidence,
                opted_in_since_return(rule), effective_from=since)  # fmt: skip


def no_promotion_to_harm(since: date = _FIRST) -> Rule:
    """Where the law asks for watching and acting, and what is done about promotions is our consequence."""
    return Rule("POL-14", "No promotion and no bonus for a player with strong signs of harm. Held by the database as well.",
                "Operator policy, safe default: the law asks to act on signs of harm, not for this", "A",
                no_strong_indicator("POL-14"), effective_from=since, held=True)  # fmt: skip
