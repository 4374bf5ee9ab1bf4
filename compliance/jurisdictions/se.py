"""Sweden (Spelinspektionen): Spellagen, SIFS and LIFS, as read in November 2026."""

from datetime import date, timedelta

from compliance.rules import OUTBOUND, Rule
from compliance.rules.bonus import enough_time, first_only
from compliance.rules.consent import not_opted_out, opted_in, opted_in_since_return
from compliance.rules.limits import not_beyond_limit
from compliance.rules.register import checked
from compliance.rules.standing import awaiting_return

VERSION = "2026.11"
SINCE = date(2019, 1, 1)  # Spellagen
_API_SPLIT = date(2026, 8, 1)  # marketing API binding
_DAY = timedelta(hours=24)

RULES: tuple[Rule, ...] = (
    Rule("SE-01", "A Spelpaus answer of the last 24 hours, asked for marketing, must say 'not registered'.",
         "SIFS 2026:3, in force 1 Aug 2026", "A", checked("SE-01", "spelpaus", ttl=_DAY, marketing_only=True),
         effective_from=_API_SPLIT),
    Rule("SE-01p", "Before 1 Aug 2026 a Spelpaus answer of either kind.", "Spellagen ch. 14 s. 12", "B",
         checked("SE-01p", "spelpaus", ttl=_DAY, marketing_only=False), effective_to=_API_SPLIT),
    Rule("SE-02", "Nobody on Spelpaus receives direct advertising (acts through X-01 and SE-01).",
         "Spelpaus, gamblersconnect.com 2026", "B", None),
    Rule("SE-03", "An operator exclusion whose term is over still holds until the player returns.",
         "Spellagen ch. 15 s. 2", "B", awaiting_return("SE-03")),
    Rule("SE-03b", "After a return: no marketing until a fresh opt-in.", "Spellagen ch. 15 s. 2", "B",
         opted_in_since_return("SE-03b")),
    Rule("SE-04", "A bonus only before the first game with the licensee, once, whatever the brand; offering counts.",
         "Spellagen ch. 14 s. 9; Spelinspektionen", "A", first_only("SE-04"), once=True),
    Rule("SE-05", "At least 60 days to meet a bonus's conditions.", "Spelforordningen; KOVFS 2025:2", "B",
         enough_time("SE-05", 60)),
    Rule("SE-06", "No ask for a deposit once a deposit limit is reached; a raise waits 72 hours and the end of the "
         "running period.", "Spelinspektionen, 13 Dec 2021", "A", not_beyond_limit("SE-06")),
    Rule("SE-07", "A raised limit, or one above 10 000 SEK a month, means the player is contacted (a task on the "
         "compliance page).", "Folkhalsomyndigheten; Spelinspektionen", "A", None),
    Rule("PD-01", "Direct marketing needs consent for this product on this channel.", "Marknadsforingslagen s. 19",
         "A", opted_in("PD-01", "PD-01", OUTBOUND | {"onsite"})),
    Rule("PD-03o", "Nothing after an opt-out.", "GDPR art. 21(3)", "A", not_opted_out("PD-03o")),
)  # fmt: skip
