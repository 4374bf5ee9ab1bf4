"""What several packs say in the same words."""

from datetime import date

from compliance.rules import Rule
from compliance.rules.consent import not_opted_out, opted_in, opted_in_since_return
from compliance.rules.standing import awaiting_return
from compliance.vocabulary import ADDRESSED

DIRECT = ADDRESSED | {"onsite"}


def consent(source: str, confidence: str = "A") -> tuple[Rule, ...]:
    """The opt-in of the licence, and the objection that GDPR makes absolute."""
    return (
        Rule("PD-01", "Direct marketing needs consent for this product on this channel.", source, confidence,
             opted_in("PD-01", "PD-01", DIRECT)),
        Rule("PD-03o", "Nothing after an opt-out.", "GDPR art. 21(3)", "A", not_opted_out("PD-03o")),
    )  # fmt: skip


def returning(rule: str, source: str, confidence: str, since: date = date(2019, 1, 1)) -> tuple[Rule, ...]:
    """An exclusion's term being over opens nothing, and consent has to be given anew after the return."""
    return (
        Rule(rule, "An exclusion whose term is over still holds until the player asks to return.", source, confidence,
             awaiting_return(rule), effective_from=since),
        Rule(f"{rule}b", "After a return: no marketing until a fresh opt-in.", source, confidence,
             opted_in_since_return(f"{rule}b"), effective_from=since),
    )  # fmt: skip
