"""Germany (GGL): Gluecksspielstaatsvertrag 2021, as read in November 2026. Bonus terms sit in each licence's own
conditions and are litigated (DE-11), so no cap stands here."""

from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

from compliance.jurisdictions.recurring import consent, no_promotion_to_harm, returning
from compliance.rules import Rule
from compliance.rules.bonus import stake_within_cap, within_conditions
from compliance.rules.limits import must_have
from compliance.rules.pressure import only_between
from compliance.rules.protecting import consent_is_free
from compliance.rules.register import checked

VERSION = "2026.11"
SINCE = date(2021, 7, 1)
_BERLIN = ZoneInfo("Europe/Berlin")

RULES: tuple[Rule, ...] = (
    Rule("DE-01", "Nobody on OASIS plays or is won over; a block ends only on written request after its term.",
         "GluStV s. 8; rp-darmstadt.hessen.de; gamblejoe.com 2023", "A/B", None,
         acts="A block closes the person when it arrives (X-01) and opens only by its source."),
    Rule("DE-02", "An OASIS answer of the last 24 hours must say 'not registered'.",
         "GluStV s. 5: the wording was not seen", "G", checked("DE-02", "oasis", ttl=timedelta(hours=24))),
    *returning("DE-01r", "Only on written request: rp-darmstadt.hessen.de", "A/B", SINCE),
    Rule("DE-03", "The 24-hour stop closes promotions and bonuses for its length.",
         "GluStV s. 6i; xudunfw.com 2021", "A/B", None, acts="Arrives as a time-out and closes the person (SYS-06)."),
    Rule("DE-04", "Nobody plays without a deposit limit over all operators.",
         "GluStV s. 6c: EUR 1,000 a month unless the player sets another", "A", None,
         acts="Kept by the platform. What we do because of it is POL-15."),
    Rule("POL-15", "No ask for a deposit while the player has no limit over all operators: they cannot play.",
         "Operator policy, safe default: a consequence of GluStV s. 6c", "A", must_have("POL-15", "cross_operator_limit"),
         effective_from=SINCE),
    Rule("DE-04l", "Lowering the limit acts at once, raising it after 7 days.", "GluStV s. 6c; lottosachsenanhalt.de 2021",
         "A/B", None, acts="The limit in force is the one before the raise."),
    Rule("DE-05", "Once the limit of the month is reached nothing is deposited until the first of the next.",
         "Consequence of GluStV s. 6c", "C", None, acts="POL-03 refuses what asks for a deposit, and bonuses for one."),
    Rule("DE-06", "Five minutes of waiting before play at another operator; no play at two at once.", "GluStV s. 6h",
         "A/B", None, acts="Kept by the platform."),
    Rule("DE-07", "A free spin, or a stake a slots message asks for, of at most EUR 1.", "GluStV s. 22a; daskasino.de",
         "B", stake_within_cap("DE-07", 0, 1_00, 1_00, "EUR", _BERLIN)),
    Rule("DE-08", "Signs of addictive play are found by an automated system, and what follows is done.",
         "GluStV s. 6i(1)", "A", None, acts="Markers of harm and cases."),
    no_promotion_to_harm(SINCE),
    Rule("DE-09", "Decisions are complete, unchangeable and at the authority's disposal at once.", "GluStV s. 6i(2)",
         "A", None, acts="Audit trail and exports."),
    Rule("DE-10", "Advertising for slots, poker and casino between 21:00 and 06:00 only. Off unless counsel says that "
         "addressed messages are meant.", "GluStV s. 5(3); sportwelt.news; rechtslupe.de", "C",
         only_between("DE-10", time(21), time(6), _BERLIN), default_on=False),
    Rule("DE-11", "Bonus terms follow the licence's own conditions: what a bonus may be worth, how often it may have to be "
         "played through. Nothing entered, no cap is assumed.", "VG Munchen 14 Nov 2024, M 27 K 23.2236", "C",
         within_conditions("DE-11", "EUR")),
    Rule("DE-12", "Consent is proven by a double opt-in.", "UWG s. 7", "G", None,
         acts="Without wording and screen there is no consent (PD-01). The second step of a double opt-in is the "
         "platform's: it tells of a consent once the player has confirmed it."),
    Rule("PD-02c", "The consent of a player in trouble counts for nothing.", "GDPR art. 4(11), 7(4)", "B",
         consent_is_free("PD-02c")),
    *consent(),
)  # fmt: skip
