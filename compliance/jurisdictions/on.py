"""Ontario (AGCO, iGaming Ontario): Registrar's Standards for Internet Gaming, as read in November 2026."""

from datetime import date, timedelta

from compliance.jurisdictions.recurring import DIRECT, no_promotion_to_harm, returning
from compliance.rules import Rule
from compliance.rules.consent import given_on_this_site, not_opted_out, opted_in
from compliance.rules.protecting import consent_is_free, not_high_risk
from compliance.rules.register import checked
from compliance.rules.standing import of_age

VERSION = "2026.11"
SINCE = date(2022, 4, 4)  # opening of the market
_AMENDED = date(2026, 5, 14)  # BetGuard

RULES: tuple[Rule, ...] = (
    Rule("ON-00", "No promotion or bonus below 19.", "AGCO Standards; kphilander/Playbook, Jun 2026", "B",
         of_age(19, "ON-00"), SINCE),
    Rule("ON-01", "Nothing is sent to a player known to be at high risk.", "AGCO Standard 2.03", "A", not_high_risk("ON-01"),
         SINCE),
    no_promotion_to_harm(SINCE),
    Rule("ON-02", "A bonus or inducement outside the site needs a consent given on the Ontario site.",
         "AGCO Standard 2.05; canadiangamingbusiness.com; sbcamericas.com 25 Apr 2022", "A/B", given_on_this_site("ON-02"),
         SINCE, offering=True),
    Rule("ON-02n", "A message without inducement needs consent for this product on this channel.", "CASL: not read", "G",
         opted_in("ON-02n", "ON-02n", DIRECT), SINCE),
    Rule("ON-03", "Nothing after an opt-out.", "AGCO Standards 2.06, 2.07", "B", not_opted_out("ON-03"), SINCE),
    Rule("ON-04", "A self-exclusion from the site stops marketing, incentives and promotions for its whole length.",
         "AGCO Standard 2.14, amended May 2026", "A", None, SINCE, acts="Closes the person when it arrives (X-01)."),
    *returning("ON-04r", "Not seen: the standard speaks of the whole period", "G", SINCE),
    Rule("ON-05", "A BetGuard answer of the last 24 hours must say 'not registered'.",
         "AGCO Standard 2.14.1, live 14 May 2026; casinoreviews.net", "B",
         checked("ON-05", "betguard", ttl=timedelta(hours=24)), _AMENDED),
    Rule("ON-06", "A break in play closes promotions and bonuses for its length.", "AGCO Standard 2.13 does not name "
         "marketing", "G", None, SINCE, acts="Arrives as a time-out and closes the person (SYS-06)."),
    Rule("ON-07", "A limit is loosened only on request and after 24 hours; of several the lowest counts.",
         "AGCO Standard 2.24", "A", None, SINCE,
         acts="The limit in force is the one before the raise; POL-02 and POL-03 refuse what asks for more."),
    Rule("ON-08", "Harm is watched for in real time, and help is scaled to it.", "AGCO Standards 2.10, 2.11", "B", None,
         SINCE, acts="Markers of harm and cases."),
    Rule("PD-02c", "The consent of a player in trouble counts for nothing.", "RTM v Bonne Terre [2025] EWHC 111 (KB), by "
         "analogy", "G", consent_is_free("PD-02c"), SINCE),
)  # fmt: skip
