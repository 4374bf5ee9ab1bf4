"""Spain (DGOJ): Royal Decrees 958/2020 and 176/2023, as read in November 2026. Much of it conflicts between
sources and courts; what does is configuration on the safe side."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from compliance.jurisdictions.recurring import consent, returning
from compliance.rules import Rule
from compliance.rules.protecting import consent_is_free, no_strong_indicator, not_intensive
from compliance.rules.register import checked
from compliance.rules.selection import no_personal_offer_after_raise
from compliance.rules.standing import account_old_enough, no_gifts_when_young

VERSION = "2026.11"
SINCE = date(2020, 11, 5)  # Royal Decree 958/2020
_DECREE = date(2023, 3, 15)  # Royal Decree 176/2023
YOUNG = 26
_MADRID = ZoneInfo("Europe/Madrid")

RULES: tuple[Rule, ...] = (
    Rule("ES-01", "An RGIAJ answer of the last 24 hours must say 'not registered'.",
         "vademecumlegal.es art. 3; that sends are forbidden is unverified", "B/G",
         checked("ES-01", "rgiaj", ttl=timedelta(hours=24)), SINCE),
    *returning("ES-01r", "Not seen", "G", SINCE),
    Rule("ES-02", "Net losses of EUR 600 in three weeks (EUR 200 under 26): no promotion. The stricter reading, the "
         "total of the three weeks.", "RD 176/2023 art. 3(h); vixio.com; advennt.com reads it per week", "C",
         not_intensive("ES-02", 600_00, 200_00, YOUNG, _MADRID), _DECREE),
    Rule("ES-02w", "An intensive player is warned and, without an answer in 72 hours, suspended.", "larazon.es 14 Mar 2024",
         "C", None, _DECREE, acts="Cases with their deadline; the platform suspends."),
    Rule("ES-03", "Under 26: no VIP treatment and no gifts that are no gambling.", "PwC, 17 Mar 2023; the press says 25",
         "B/C", no_gifts_when_young("ES-03", YOUNG, _MADRID), _DECREE),
    Rule("ES-04", "No promotion for accounts younger than 30 days.", "RD 958/2020 art. 13.2; ecija.com 2020", "B/C",
         account_old_enough("ES-04", 30), SINCE),
    Rule("ES-05", "A deposit limit raised in the last 30 days: general promotions only.", "cuatrecasas.com 2020; check "
         "against the annulled art. 13.3", "C", no_personal_offer_after_raise("ES-05", 30), SINCE),
    Rule("ES-06", "No promotion for a player at risk by the operator's mechanism.", "advennt.com", "B",
         no_strong_indicator("ES-06"), _DECREE),
    Rule("ES-07", "A raised or removed limit waits 7 days and for the player's second word: as long as under the strictest "
         "licence, for the law's own wait was not seen.", "Not verified", "G", None, SINCE,
         acts="Held by the database as well, so that no answer makes it shorter."),
    Rule("PD-02c", "The consent of a player in trouble counts for nothing.", "GDPR art. 4(11), 7(4)", "B",
         consent_is_free("PD-02c"), SINCE),
    *consent(),
)  # fmt: skip
