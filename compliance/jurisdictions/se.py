"""Sweden (Spelinspektionen): Spellagen, SIFS and LIFS, as read in November 2026."""

from datetime import date, timedelta

from compliance.jurisdictions.recurring import consent, returning
from compliance.rules import Rule
from compliance.rules.bonus import enough_time, first_only
from compliance.rules.protecting import consent_is_free, no_strong_indicator
from compliance.rules.register import checked
from compliance.rules.selection import clean_words

VERSION = "2026.11"
SINCE = date(2019, 1, 1)  # Spellagen
_API_SPLIT = date(2026, 8, 1)  # marketing API binding
_DAY = timedelta(hours=24)

RULES: tuple[Rule, ...] = (
    Rule("SE-01", "A Spelpaus answer of the last 24 hours, asked for marketing, must say 'not registered'.",
         "SIFS 2026:3, in force 1 Aug 2026", "A/B", checked("SE-01", "spelpaus", ttl=_DAY, marketing_only=True),
         effective_from=_API_SPLIT),
    Rule("SE-01p", "Before 1 Aug 2026 a Spelpaus answer of either kind.", "Spellagen ch. 14 s. 12", "B",
         checked("SE-01p", "spelpaus", ttl=_DAY, marketing_only=False), effective_to=_API_SPLIT),
    Rule("SE-02", "Nobody on Spelpaus receives direct advertising.", "Spelpaus, gamblersconnect.com 2026", "B", None,
         acts="A listing closes the person when it arrives (X-01, SE-01)."),
    *returning("SE-03", "Not seen: the text speaks of the new opt-in only", "G", fresh=("Spellagen ch. 15 s. 2", "B")),
    Rule("SE-04", "A bonus only before the first game with the licensee, once, whatever the brand; offering counts.",
         "Spellagen ch. 14 s. 9; Spelinspektionen", "A", first_only("SE-04"), once=True, offering=True),
    Rule("SE-05", "At least 60 days to meet a bonus's conditions.", "Spelforordningen; KOVFS 2025:2", "B",
         enough_time("SE-05", 60)),
    Rule("SE-05t", "The conditions of a bonus are one click away from its offer.", "KOVFS 2025:2, 1 Sep 2025", "B", None,
         date(2025, 9, 1), acts="The check before approval: nobody overrules it."),
    Rule("SE-05n", "An offer says up front that it is for new players only.", "KOVFS 2025:2, 1 Sep 2025", "B", None,
         date(2025, 9, 1), acts="The check before approval: nobody overrules it."),
    Rule("SE-06", "Lowering a deposit limit acts at once; a raise waits 72 hours and the end of the running period.",
         "Spelinspektionen, 13 Dec 2021", "A", None,
         acts="The limit in force is the one before the raise; POL-02 and POL-03 refuse what asks for more."),
    Rule("SE-07", "A raised limit, or one above 10 000 SEK a month, means the player is contacted.",
         "Folkhalsomyndigheten; Spelinspektionen", "A", None, acts="A task on the compliance page."),
    Rule("SE-08", "Signs of excessive gambling are met with feedback, restriction and follow-up.", "Spellagen ch. 14 s. 1",
         "A/B", None, acts="Markers of harm and cases."),
    Rule("SE-08s", "No promotion and no bonus for a player with strong signs of harm.",
         "Spellagen ch. 14 s. 1; gifts to players at risk fined, gamblingnews.com", "B", no_strong_indicator("SE-08s")),
    Rule("SE-09", "No words that offer play on credit.", "Credit ban, 1 May 2026: gamingcompliance.io", "B",
         clean_words("SE-09", "credit"), effective_from=date(2026, 5, 1)),
    Rule("PD-02c", "The consent of a player in trouble counts for nothing.", "GDPR art. 4(11), 7(4)", "B",
         consent_is_free("PD-02c")),
    *consent(),
)  # fmt: skip
