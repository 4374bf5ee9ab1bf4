"""How much promotion really reaches a player: the brand's own caps, and the safety rule that stands above them."""

from dataclasses import dataclass

from campaigns.models import ConflictRules
from compliance import switches
from compliance.rules.pressure import PROMOTIONS_A_WEEK

SAFETY = "POL-09"  # over all brands, for messages that reach out; cards on the site are not among them


@dataclass(frozen=True, slots=True)
class Ceiling:
    """Most messages that reach out to one player of the brand, in 24 hours and in 7 days."""

    per_day: int
    per_week: int
    rule: str = ""  # what lowers the brand's own figure; empty: nothing does


def ceiling(rules: ConflictRules) -> Ceiling:
    if rules.per_week > PROMOTIONS_A_WEEK and switches.is_on(rules.brand, SAFETY):
        return Ceiling(min(rules.per_day, PROMOTIONS_A_WEEK), PROMOTIONS_A_WEEK, SAFETY)
    return Ceiling(min(rules.per_day, rules.per_week), rules.per_week)
