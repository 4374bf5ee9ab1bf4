"""Great Britain (UK Gambling Commission): LCCP social responsibility code and RTS, as read in November 2026."""

from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from compliance.rules import Rule
from compliance.rules.bonus import one_product, stake_within_cap, wagering_at_most
from compliance.rules.consent import not_opted_out, opted_in, opted_in_since_return, welcome_by_post
from compliance.rules.protecting import consent_is_free, no_strong_indicator
from compliance.rules.register import checked
from compliance.rules.selection import clean_words
from compliance.rules.standing import awaiting_return, vip_cleared
from compliance.vocabulary import HANDED_ON

VERSION = "2026.11"
SINCE = date(2020, 3, 31)  # GAMSTOP participation
_LONDON = ZoneInfo("Europe/London")
_DIRECT = frozenset({"email", "sms", "phone"})
_OTHER = HANDED_ON | {"social"}  # post is no electronic mail: it ends with an objection
_OPEN = frozenset({"push", "onsite"})  # whether PECR covers them is to be analysed

RULES: tuple[Rule, ...] = (
    Rule("GB-01", "Self-excluded players are out of all marketing of the company or group.",
         "SR 3.5.3; Sky penalty, yogonet.com 9 Mar 2022", "A", None,
         acts="Closes the person and every linked account when it arrives (X-01, X-05)."),
    Rule("GB-02", "A GAMSTOP answer of the last 24 hours must say 'not registered'.",
         "SR 3.5.5; cliftondavies.com 14 Jan 2020", "B",
         checked("GB-02", "gamstop", ttl=timedelta(hours=24), marketing_only=False), effective_from=SINCE),
    Rule("GB-03", "An exclusion whose term is over still holds until the player asks to return.",
         "SR 3.5.3, on licensees' pages: derianhouse.charitypayments.co.uk", "B", awaiting_return("GB-03"), held=True),
    Rule("GB-03b", "After a return: no marketing until a fresh opt-in.", "UKGC Aug 2024", "A",
         opted_in_since_return("GB-03b")),
    Rule("GB-04", "Strong signs of harm: no direct marketing and no new bonus.", "SR 3.4.3 req. 10", "A",
         no_strong_indicator("GB-04"), effective_from=date(2023, 10, 31)),
    Rule("GB-05", "Lower signs of harm get a tailored action, marketing reduced where appropriate.", "SR 3.4.3 req. 9",
         "A", None, date(2023, 10, 31), acts="A case from medium signs on, with the action, its reason and a date to look again."),
    Rule("GB-06", "Every automated block is looked at by a person, and the player may contest it.",
         "SR 3.4.3 req. 11", "A", None, date(2023, 10, 31), acts="Cases: the level falls only after a review."),
    Rule("GB-07", "Seven kinds of signs are watched from the opening of the account.", "SR 3.4.3 req. 4, 5", "A", None,
         date(2023, 10, 31), acts="Markers of harm."),
    Rule("GB-08", "The effect of interactions is evaluated.", "SR 3.4.3 req. 12-14", "A", None, date(2023, 10, 31),
         acts="Cases: evaluation after 7 and 30 days."),
    Rule("GB-09", "Direct marketing needs an opt-in for this product on this channel.",
         "SR 5.1.12, in force 1 May 2025", "A", opted_in("GB-09", "GB-10", _DIRECT), effective_from=date(2025, 5, 1)),
    Rule("GB-09p", "Before 1 May 2025 the same opt-in under PECR.", "PECR reg. 22", "A",
         opted_in("GB-09p", "GB-09p", _DIRECT), effective_to=date(2025, 5, 1)),
    Rule("GB-10", "A message about two products needs both opt-ins.", "Consequence of SR 5.1.12", "B", None,
         date(2025, 5, 1), acts="Acts within GB-09, under its own name."),
    Rule("GB-11", "Nothing after an opt-out.", "SR 5.1.11, quoted in the Sky decision", "B", not_opted_out("GB-11")),
    Rule("PD-03p", "No letter to somebody who has said nothing about the product anywhere.",
         "GDPR art. 21(2)-(3); that silence is no objection is for counsel", "C", welcome_by_post("PD-03p")),
    Rule("PD-01", "Direct messages, matched ads and affiliates need a consent of their own.",
         "RTM v Bonne Terre [2025] EWHC 111 (KB)", "A", opted_in("PD-01", "PD-01", _OTHER)),
    Rule("PD-01s", "Push and on-site promotions need consent too.", "PECR: the analysis for push and on-site is open", "C",
         opted_in("PD-01s", "PD-01s", _OPEN)),
    Rule("GB-12", "Wagering of at most 10 times the bonus.", "SR 5.1.1(3)(a), in force 19 Jan 2026", "A",
         wagering_at_most("GB-12", Decimal(10)), effective_from=date(2026, 1, 19)),
    Rule("GB-13", "A bonus is tied to one product type only, or to none.", "SR 5.1.1(3)(b), in force 19 Jan 2026",
         "A", one_product("GB-13"), effective_from=date(2026, 1, 19)),
    Rule("GB-14", "A high-value customer gets no benefit of the scheme before the checks and a senior's signature.",
         "HVC guidance, since 31 Oct 2020", "A/B", vip_cleared("GB-14"), effective_from=date(2020, 10, 31)),
    Rule("GB-15", "Net deposits above GBP 150 in 30 days: a check for financial vulnerability.", "SR 3.4.4", "A/B", None,
         date(2025, 2, 28), acts="The platform runs it; while it is due or adverse POL-13 refuses."),
    Rule("GB-16", "Lowering a deposit limit acts at once, raising it after 24 hours; the lowest limit counts, and nothing "
         "is deposited once it is reached.", "RTS 12, 31 Oct 2025; RTS 12B, 30 Sep 2026", "A", None, date(2025, 10, 31),
         acts="The limit in force is the one before the raise; POL-02 and POL-03 refuse what asks for more."),
    Rule("GB-16c", "A raise needs the player's second word after the 24 hours.", "Unverified", "G", None,
         date(2025, 10, 31), acts="Without it the old limit stays the limit."),
    Rule("GB-16g", "A deposit limit counts gross deposits; a net limit may not be called so.", "RTS 12B", "A", None,
         date(2026, 9, 30), acts="Net limits are a kind of their own."),
    Rule("GB-17", "Every six months a plain reminder to review limits.", "RTS 12; wiggin.co.uk", "B", None,
         date(2025, 10, 31), acts="A regulatory notice: it carries no offer (X-06)."),
    Rule("GB-18p", "A free spin, or a stake a slots message asks for, of at most GBP 5.", "SI 2025/215", "A",
         stake_within_cap("GB-18p", 0, 5_00, 5_00, "GBP", _LONDON), date(2025, 4, 9), date(2025, 5, 21)),
    Rule("GB-18", "A free spin, or a stake a slots message asks for, of at most GBP 5, and GBP 2 under 25.",
         "SI 2025/215", "A", stake_within_cap("GB-18", 25, 2_00, 5_00, "GBP", _LONDON), date(2025, 5, 21)),
    Rule("GB-19", "No words that push to chase losses, raise stakes or cancel a withdrawal.", "RTS 14A, 14B", "B",
         clean_words("GB-19", "chasing_losses", "raise_stakes", "cancel_withdrawal")),
    Rule("GB-20", "A time-out closes promotions and bonuses for its length.", "No source found for marketing", "G", None,
         acts="Arrives as a time-out and closes the person (SYS-06)."),
    Rule("GB-21", "A reality check carries no offer.", "RTS 13", "B", None, acts="A notice: it carries no offer (X-06)."),
    Rule("PD-08", "To come: the cap of PECR fines rises from GBP 500,000 to GBP 17.5 million or 4 % of turnover.",
         "DUAA 2025; howardkennedy.com 2025", "B", None, acts="In force from a day to be named."),
    Rule("GB-22", "To come: financial risk assessments, for the largest operators first, from GBP 5,000 net deposits in 24 "
         "hours.", "kphilander/Playbook, Jun 2026", "B", None, acts="No duty yet: its dates are awaited."),
    Rule("PD-02c", "The consent of a player in trouble counts for nothing.", "RTM v Bonne Terre [2025] EWHC 111 (KB)", "A",
         consent_is_free("PD-02c"), date(2025, 1, 23)),
)  # fmt: skip
