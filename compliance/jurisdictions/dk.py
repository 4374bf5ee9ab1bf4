"""Denmark (Spillemyndigheden): gaming orders and guides, as read in November 2026."""

from datetime import date, timedelta
from decimal import Decimal

from compliance.jurisdictions.recurring import consent, no_promotion_to_harm, returning
from compliance.rules import Rule
from compliance.rules.bonus import (
    counts_in_full,
    deposit_equals_value,
    enough_time,
    no_wagering_on_winnings,
    value_at_most,
    wagering_at_most_with_deposit,
)
from compliance.rules.protecting import consent_is_free
from compliance.rules.register import checked
from compliance.rules.selection import clean_words, no_offer_for_inactivity, same_terms_for

VERSION = "2026.11"
SINCE = date(2020, 1, 1)  # BEK 1276/2019
_GUIDE = "skat.dk guide on BEK 1276/2019; orders 682/684 of 2025"

RULES: tuple[Rule, ...] = (
    Rule("DK-01", "A ROFUS answer of the last 24 hours must say 'not registered'.", f"{_GUIDE}, s. 19(5)", "A",
         checked("DK-01", "rofus", ttl=timedelta(hours=24)), SINCE),
    Rule("DK-02", "Nobody on ROFUS is advertised to, not even during the 24-hour break.", "lotteryinsider.com Jan 2020",
         "A/B", None, SINCE, acts="A listing closes the person when it arrives (X-01)."),
    *returning("DK-02r", "A permanent one not before 1 year and 7 days", "B", SINCE),
    Rule("DK-03", "A promotion is worth at most DKK 1,000, all parts together, when it is given.", _GUIDE, "A",
         value_at_most("DK-03", 1_000_00, "DKK"), SINCE),
    Rule("DK-04", "Wagering of at most 10 times the deposit (or stake) and the bonus together.", _GUIDE, "A",
         wagering_at_most_with_deposit("DK-04", Decimal(10)), SINCE),
    Rule("DK-04g", "A game that counts towards the wagering counts with the whole stake.", _GUIDE, "A",
         counts_in_full("DK-04g"), SINCE),
    Rule("DK-04w", "No wagering on what is won from it.", _GUIDE, "A", no_wagering_on_winnings("DK-04w"), SINCE),
    Rule("DK-05", "At least 60 days to meet a bonus's conditions.", _GUIDE, "A", enough_time("DK-05", 60), SINCE),
    Rule("DK-05d", "A deposit needed to get it equals what it is worth.", _GUIDE, "A", deposit_equals_value("DK-05d"),
         SINCE),
    Rule("DK-06", "The same offer on the same terms to at least 100 players.", f"{_GUIDE}; 100: ice365.com 2019", "A/B",
         same_terms_for("DK-06", 100), SINCE, offering=True),
    Rule("DK-07", "No offer to players chosen by inactivity.", "Guides v5.0 and 3.0, 15 Jul 2025; rule since late 2022",
         "B", no_offer_for_inactivity("DK-07"), date(2022, 12, 9), offering=True),
    Rule("DK-08", "A player who asks for a bonus is a sign of harm, not a lead.", "igamingbusiness.com 2025", "B", None,
         date(2025, 7, 15), acts="Markers of harm."),
    no_promotion_to_harm(SINCE),
    Rule("DK-09", "A deposit limit is set before play and binds; a changed one takes effect after 24 hours.",
         "egr.global 2020; paymentexpert.com 9 Dec 2022; one source says lowering too", "C", None, SINCE,
         acts="Lowering counts at once, raising after 24 hours; POL-02 and POL-03 refuse what asks for more."),
    Rule("DK-10", "Every marketing message shows 18+, ROFUS, StopSpillet and the Authority's label.",
         "kphilander/Playbook, Jun 2026", "B", clean_words("DK-10", "missing_notice"), SINCE),
    Rule("PD-02c", "The consent of a player in trouble counts for nothing.", "GDPR art. 4(11), 7(4)", "B",
         consent_is_free("PD-02c"), SINCE),
    *consent(),
)  # fmt: skip
