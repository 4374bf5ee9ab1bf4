"""Great Britain (UK Gambling Commission): LCCP social responsibility code and RTS, as read in November 2026."""

from datetime import date, timedelta
from decimal import Decimal

from compliance.rules import Rule
from compliance.rules.bonus import one_product, wagering_at_most
from compliance.rules.consent import not_opted_out, opted_in, opted_in_since_return
from compliance.rules.limits import not_beyond_limit
from compliance.rules.register import checked
from compliance.rules.standing import awaiting_return

VERSION = "2026.11"
SINCE = date(2020, 3, 31)  # GAMSTOP participation
_DIRECT = frozenset({"email", "sms", "phone"})

RULES: tuple[Rule, ...] = (
    Rule("GB-01", "Self-excluded players are out of all marketing of the company or group (acts through X-01).",
         "SR 3.5.3; Sky penalty, yogonet.com 9 Mar 2022", "A", None),
    Rule("GB-02", "A GAMSTOP answer of the last 24 hours must say 'not registered'.",
         "SR 3.5.5; cliftondavies.com 14 Jan 2020", "B",
         checked("GB-02", "gamstop", ttl=timedelta(hours=24), marketing_only=False), effective_from=SINCE),
    Rule("GB-03", "An exclusion whose term is over still holds until the player asks to return.",
         "SR 3.5.3; UKGC Aug 2024", "A", awaiting_return("GB-03")),
    Rule("GB-03b", "After a return: no marketing until a fresh opt-in.", "UKGC Aug 2024", "A",
         opted_in_since_return("GB-03b")),
    Rule("GB-09", "Direct marketing needs an opt-in for this product on this channel.",
         "SR 5.1.12, in force 1 May 2025", "A", opted_in("GB-09", "GB-10", _DIRECT), effective_from=date(2025, 5, 1)),
    Rule("GB-09p", "Before 1 May 2025 the same opt-in under PECR.", "PECR reg. 22", "A",
         opted_in("GB-09p", "GB-09p", _DIRECT), effective_to=date(2025, 5, 1)),
    Rule("GB-10", "A message about two products needs both opt-ins (acts within GB-09).",
         "Consequence of SR 5.1.12", "B", None, effective_from=date(2025, 5, 1)),
    Rule("GB-11", "Nothing after an opt-out.", "SR 5.1.11, quoted in the Sky decision", "B", not_opted_out("GB-11")),
    Rule("PD-01", "Push and on-site promotions need consent too.", "PECR; RTM v Bonne Terre [2025] EWHC 111 (KB)",
         "A", opted_in("PD-01", "PD-01", frozenset({"push", "onsite"}))),
    Rule("GB-12", "Wagering of at most 10 times the bonus.", "SR 5.1.1(3)(a), in force 19 Jan 2026", "A",
         wagering_at_most("GB-12", Decimal(10)), effective_from=date(2026, 1, 19)),
    Rule("GB-13", "A bonus is tied to one product type only, or to none.", "SR 5.1.1(3)(b), in force 19 Jan 2026",
         "A", one_product("GB-13"), effective_from=date(2026, 1, 19)),
    Rule("GB-16", "No ask for a deposit once a deposit limit is reached; lowering acts at once, raising after 24 "
         "hours and the player's second word.", "RTS 12, 31 Oct 2025; RTS 12B, 30 Sep 2026", "A",
         not_beyond_limit("GB-16"), effective_from=date(2025, 10, 31)),
)  # fmt: skip
