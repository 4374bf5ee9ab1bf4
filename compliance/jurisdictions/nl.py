"""Netherlands (Ksa): Wet Koa and the rules under it, as read in November 2026."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from compliance.jurisdictions.recurring import consent, no_promotion_to_harm, returning
from compliance.rules import Rule
from compliance.rules.bonus import not_for_losses, not_while_playing
from compliance.rules.protecting import (
    consent_is_free,
    means_plausible,
    no_bonus_after_intervention,
)
from compliance.rules.register import checked, logged_in_within
from compliance.rules.selection import clean_words
from compliance.rules.standing import not_young

VERSION = "2026.11"
SINCE = date(2021, 10, 1)  # opening of the market
YOUNG = 24
_AMSTERDAM = ZoneInfo("Europe/Amsterdam")

RULES: tuple[Rule, ...] = (
    Rule("NL-01", "Nobody on CRUKS is advertised to. CRUKS answers no mailing lists, so the check at the last login must "
         "have been negative, and not longer ago than 7 days. The 7 days are ours, the law names none.",
         "casinonieuws.nl 2024; casinoenthusiasts.com 2026", "B",
         checked("NL-01", "cruks", ttl=timedelta(days=7), login_only=True)),
    Rule("POL-10", "The check at the last login was at most 24 hours ago.", "Operator policy, safe default", "A",
         logged_in_within("POL-10", "cruks", timedelta(hours=24))),
    *returning("NL-01r", "Not seen", "G", SINCE),
    Rule("NL-02", "Nothing is advertised or given to anybody under 24.",
         "Ksa on bonuses; fine of EUR 400,000, egr.global Nov 2022", "A", not_young("NL-02", YOUNG, _AMSTERDAM)),
    Rule("NL-03", "Targeted advertising on the internet reaches people of 24 and above.", "Stb. 2023, 120", "A", None,
         date(2023, 7, 1), acts="Of a known player the age is known, so NL-02 holds for every one."),
    Rule("NL-04", "No bonus linked to a loss, in any form.", "Ksa on bonuses; intelligent-profiling.com 2024", "A",
         not_for_losses("NL-04")),
    Rule("NL-05", "No bonus while the player plays.", "Ksa on bonuses", "A", not_while_playing("NL-05")),
    Rule("NL-05u", "No urgency in what is offered.", "Ksa on bonuses", "A", clean_words("NL-05u", "urgency")),
    Rule("NL-06", "No bonus within a day of an intervention.", "Regeling werving, reclame en verslavingspreventie art. 6",
         "B", no_bonus_after_intervention("NL-06", 1), offering=True),
    Rule("NL-06d", "No bonus within 30 days of an intervention. How long is to be read in the Regeling: confirm with counsel.",
         "Length not seen", "C", no_bonus_after_intervention("NL-06d", 30)),
    Rule("NL-07", "Above net deposits of EUR 700 a calendar month (EUR 300 under 24) further ones wait for proof of means.",
         "Ksa on the policy rules, in force 1 Oct 2024", "A", None, date(2024, 10, 1),
         acts="Kept by the platform, which holds the cashier; a marker of harm (M21). What we do because of it is POL-16."),
    Rule("POL-16", "Above the net deposits of NL-07 no deposit is asked for.",
         "Operator policy, safe default: a consequence of the Ksa's policy rules", "A",
         means_plausible("POL-16", 700_00, 300_00, YOUNG, _AMSTERDAM), date(2024, 10, 1)),
    Rule("NL-08", "A sign of immoderate play is acted on within an hour.", "igamingbusiness.com 3 Jun 2024", "B", None,
         acts="Markers of harm and cases."),
    no_promotion_to_harm(),
    Rule("NL-09", "A deposit limit above EUR 350 (EUR 150 under 24) needs a contact before it counts.",
         "Stcrt. 2024, 19648; amounts unverified", "C", None, acts="Kept by the platform, which sets the limit."),
    Rule("NL-11", "A raised or removed limit waits 7 days and for the player's second word: as long as under the strictest "
         "licence, for the law's own wait was not seen.", "Not verified", "G", None,
         acts="Held by the database as well, so that no answer makes it shorter."),
    Rule("NL-10", "To come: a ban on all advertising, 21 years for slots and a limit over all operators are debated.",
         "casinoenthusiasts.com 2026", "B", None, acts="No law yet: rules are dated, so one can be added before its day."),
    Rule("PD-02c", "The consent of a player in trouble counts for nothing.", "GDPR art. 4(11), 7(4)", "B",
         consent_is_free("PD-02c")),
    *consent(),
)  # fmt: skip
