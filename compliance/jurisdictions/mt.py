"""Malta (MGA): Player Protection Directive, as read in November 2026."""

from datetime import date

from compliance.rules import OUTBOUND, Rule
from compliance.rules.consent import not_opted_out, opted_in, opted_in_since_return
from compliance.rules.limits import not_beyond_limit
from compliance.rules.standing import awaiting_return

VERSION = "2026.11"
SINCE = date(2018, 8, 1)  # Gaming Act 2018

RULES: tuple[Rule, ...] = (
    Rule("MT-01", "A self-exclusion holds at once and for every brand; its term being over opens nothing by itself.",
         "Player Protection Directive art. 11; gvzh.mt 1 Feb 2023", "B", awaiting_return("MT-01")),
    Rule("MT-01b", "After a return: no marketing until a fresh opt-in.", "Policy beside art. 11", "B",
         opted_in_since_return("MT-01b")),
    Rule("MT-03", "No ask for a deposit once a deposit limit is reached; loosening waits 24 hours.",
         "Player Protection Directive art. 14", "B", not_beyond_limit("MT-03")),
    Rule("PD-01", "Direct marketing needs consent for this product on this channel.", "SL 586.01 reg. 9", "B",
         opted_in("PD-01", "PD-01", OUTBOUND | {"onsite"})),
    Rule("PD-03o", "Nothing after an opt-out.", "GDPR art. 21(3)", "A", not_opted_out("PD-03o")),
)  # fmt: skip
