"""Rules that hold under every licence. Numbers and sources: one line each, so that they can be read."""

from datetime import time
from decimal import Decimal

from compliance.rules import ALWAYS, PROMOTIONAL, Rule
from compliance.rules.consent import address_usable, no_bonus_after_return
from compliance.rules.limits import (
    deposits_allowed,
    no_pressure_on_withdrawals,
    no_push_while_relaxing,
    not_high_stakes,
    not_nearly_exhausted,
    nothing_beside_a_limit,
    peace_after_tightening,
    product_not_excluded,
)
from compliance.rules.pressure import PROMOTIONS_A_WEEK, not_too_often, quiet_hours, quiet_nights_of_night_players
from compliance.rules.protecting import check_in_order, no_bonus_on_medium_signs, no_bonus_on_unknown_signs
from compliance.rules.selection import not_by_protection
from compliance.rules.standing import (
    a_day_of_peace,
    brand_running,
    declared_honestly,
    feed_trusted,
    not_blocked,
    not_excluded,
    not_on_a_break,
    of_age,
    state_known,
)

_OWN = "Pitboss: unknown is a no"
_POLICY = "Operator policy, safe default"

RULES: tuple[Rule, ...] = (
    Rule("SYS-01", "No promotion while the brand's feed is stale.", _OWN, "A", feed_trusted),
    Rule("SYS-02", "No promotion while promotions of the brand are stopped.", "Stop button", "A", brand_running),
    Rule("SYS-03", "No promotion before the PAM has stated the player's restrictions.", _OWN, "A", state_known),
    Rule("SYS-04", "No promotion while nobody can tell what day and hour it is where the player is.", _OWN, "A", None,
         acts="Before any rule is asked: without a time zone there is no night and no birthday."),
    Rule("SYS-05", "What is known of a player and cannot be read is a no, for that player.", _OWN, "A", None,
         purposes=ALWAYS, acts="Before any rule is asked."),
    Rule("SYS-06", "No promotion and no bonus during a time-out, for its own length, nor in the wait after an exclusion.",
         "Pitboss: no law but DE-03 was seen to say so of a time-out", "A", not_on_a_break, held=True),
    Rule("OP-01", "No promotion or bonus for a player blocked by the operator, suspended or closed.",
         "Operator's own block", "A", not_blocked),
    Rule("OP-02", "No ask for a deposit while the operator blocks deposits.", "Operator's own block", "A",
         deposits_allowed),
    Rule("X-01", "No promotion and no bonus on any channel while any self-exclusion is active.",
         "UKGC SR 3.5.3, 3.5.5; SIFS 2026:3; MGA PPD art. 11", "A", not_excluded),
    Rule("X-01p", "Excluded from one product: nothing about it, and nothing that names no product.",
         "UKGC SR 3.5.3; as X-01", "B", product_not_excluded),
    Rule("X-02", "A register's answer that is missing, unreadable or older than its time is a no; service and help go on.",
         "SIFS 2026:3; AGCO Standard 2.14.1; SPA FAQ 17", "A/B", None, acts="Within the register rule of each licence."),
    Rule("X-03", "No promotion or bonus below 18 or before age and identity are verified.",
         "UKGC LCCP 17.1; harrishagan.com 2019", "B", of_age(18)),
    Rule("X-04", "No promotion and no bonus where the licence is unknown, or no rules are known for the day.", _OWN, "A", None,
         acts="Before any rule is asked."),
    Rule("X-05", "An exclusion at one account of a person holds for all accounts linked to that person.",
         "UKGC SR 3.5.3 \"company or group\"; LIFS 2018:5 s. 4(2); MGA PPD art. 11(4)", "A/B", None,
         acts="An exclusion closes the person, whatever account it came from."),
    Rule("X-06", "A service message carries no offer, no ask and no pressure; a grant states what it gives.",
         "ICO guidance on neutral service messages, 2023", "B", declared_honestly, purposes=ALWAYS),
    Rule("SYS-07", "A survey is asked about like a promotion, by every rule of these pages, and carries no offer.",
         "Pitboss: the table treats research as promotional unless it is approved; nobody approves it here", "A", None,
         acts="Within each rule about promotions, the caps and the unsubscribing; X-06 refuses what it offers."),
    Rule("X-07", "What leaves through a third party is asked about like our own: the licensee stays responsible.",
         "UKGC guide on keeping marketing from self-excluded customers", "A", None,
         acts="Clearances for affiliates, call lists and paid audiences; lists that name their channel and end; hashes of "
         "whom nobody may write to and of lists handed over; a provider's own log, compared."),
    Rule("PD-02", "The consent of a player in trouble may be none, and the profiling that feeds on it unlawful.",
         "RTM v Bonne Terre [2025] EWHC 111 (KB); an appeal was considered", "A", None, acts="PD-02c refuses."),
    Rule("PD-04", "A promotional element turns a service message into marketing.", "dpnetwork.org.uk; ICO guidance, 2023",
         "B", None, acts="Its words are checked before approval and as each player reads it; X-06 refuses."),
    Rule("PD-05", "Whom a machine restricts is looked at by a person, and may contest it.",
         "SR 3.4.3 req. 11; GDPR art. 22", "A", None, purposes=ALWAYS, acts="Cases: the level falls only after a review."),
    Rule("PD-06", "An erasure leaves behind whom nobody may write to and who is excluded.", "GDPR art. 17(3)(b), (e)", "B",
         None, acts="Addresses stay as keyed hashes, restrictions under the account's number; the player's key is destroyed."),
    Rule("PD-07", "Whoever was chosen by a sign of harm or a restriction gets protection messages only.",
         "RTM v Bonne Terre [2025] EWHC 111 (KB)", "A", not_by_protection, purposes=PROMOTIONAL | {"transactional", "security", "legal"}),
    Rule("PD-07g", "Whether an inferred gambling disorder is health data (GDPR art. 9).", "Left open in RTM v Bonne Terre",
         "G", None, acts="Treat signs of harm as if it were: they leave for no advertiser."),
    Rule("PD-03", "No promotion to an address that objected, complained or bounced.", "GDPR art. 7(3), 21(2)-(3)",
         "B", address_usable),
    Rule("POL-01", "For 24 hours after a time-out no promotion and no bonus. The database holds it as well, where it is on.",
         _POLICY, "G", a_day_of_peace),
    Rule("POL-02", "Nothing that asks for more than 25 % of the lowest limit, or for more than is left of it.",
         _POLICY, "A", not_high_stakes(Decimal("0.25"))),
    Rule("POL-03", "No ask for a deposit when a deposit limit is reached, or less than 10 % of it is left.", _POLICY, "A",
         not_nearly_exhausted(Decimal("0.10"))),
    Rule("POL-04", "After a limit was lowered: no promotion for 24 hours, no ask for a deposit for 7 days.", _POLICY,
         "A", peace_after_tightening),
    Rule("POL-05", "While a limit is being raised (until the raise is in effect or taken back) and for 7 days after: nothing "
         "about deposits, bonuses or limits.", _POLICY,
         "A", no_push_while_relaxing),
    Rule("POL-06", "For 30 days after returning from an exclusion: no bonus.", _POLICY, "A",
         no_bonus_after_return(30)),
    Rule("POL-07", "No promotion while a withdrawal waits to be paid.", _POLICY, "A", no_pressure_on_withdrawals),
    Rule("POL-08", "Nothing promotional between 22:00 and 08:00 where the player is.", _POLICY, "A",
         quiet_hours(time(22), time(8))),
    Rule("POL-08n", "Where POL-08 is off: still nothing between 22:00 and 08:00 for players who play at night (M20).",
         _POLICY, "A", quiet_nights_of_night_players(time(22), time(8))),
    Rule("POL-09", f"At most {PROMOTIONS_A_WEEK} promotional messages in 7 days, over all brands.", _POLICY, "A",
         not_too_often(PROMOTIONS_A_WEEK)),
    Rule("POL-11", "A player who has set a limit on deposits or losses gets no promotion and no bonus at all.",
         "Operator policy, off unless two people ask for it", "A", nothing_beside_a_limit, default_on=False),
    Rule("POL-12", "Medium signs of harm: no bonus, and nothing that offers one.",
         "UKGC SR 3.4.3 req. 9; operator policy", "A", no_bonus_on_medium_signs),
    Rule("POL-12u", "A level of harm nobody can tell yet, for want of history, counts as medium: no bonus, welcome offers "
         "included. Confirm with counsel.", "Operator policy, off unless two people ask for it", "C",
         no_bonus_on_unknown_signs, default_on=False),
    Rule("POL-13", "No promotion or bonus while a check of the player's means is due or came back adverse.",
         "Operator policy beside UKGC SR 3.4.4", "A", check_in_order),
)  # fmt: skip
