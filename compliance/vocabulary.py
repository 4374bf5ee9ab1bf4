"""The words of the gate (regulation §2), in one place: what a caller may say and what an answer may be.

Whatever is not a word of this list is not understood, and what is not understood is refused.
"""

PRODUCTS = frozenset({"casino", "betting", "bingo", "lottery"})
# What a catalogue calls a game -> the product a consent, a licence and a bonus are about.
PRODUCT_OF = {
    "slots": "casino", "live_casino": "casino", "table": "casino", "crash": "casino", "poker": "casino",
    "instant_win": "casino", "sports": "betting", "virtuals": "betting",
}  # fmt: skip

# Channels that reach out to the player when they are used; an affiliate does it in our stead. Of the regulation's longer
# list push is in the app and on the web, social a direct message; what an agent writes or says goes by its own channel.
OUTBOUND = frozenset({"email", "sms", "push", "phone", "post", "social", "affiliate", "webhook"})
# Handed to a third party who knows the player from then on: an affiliate, or an ad network that finds them by their
# address (a paid audience). Nobody here says when that is seen.
HANDED_ON = frozenset({"affiliate", "ads"})
# By name, wherever it is seen.
ADDRESSED = OUTBOUND | HANDED_ON
# The others are seen when the player comes: onsite is a card, a banner meant for them, the inbox in the app.
CHANNELS = ADDRESSED | {"onsite", "bonus"}

# Why a player was chosen (segments.language.Criterion says the same words).
CRITERIA = frozenset({
    "all", "lifecycle", "inactivity", "loss", "deposit_level", "product_affinity", "propensity_model", "vip",
    "rg_need", "manual",
})  # fmt: skip
CRITERIA_SAID = {
    "all": "No special criterion", "product_affinity": "What they like to play", "propensity_model": "A model's score",
    "vip": "VIP", "rg_need": "Player protection", "manual": "By hand: a list or a tag",
}  # fmt: skip


def criterion(word: str) -> str:
    """In words: deposit_level -> Deposit level."""
    return CRITERIA_SAID.get(word, word.replace("_", " ").capitalize())


# What may be given. The last three are words of our own bonus templates.
INCENTIVES = frozenset({
    "deposit_match", "reload", "free_bet", "free_spins", "cashback_loss", "cashback_turnover", "odds_boost",
    "tournament", "loyalty_points", "gift", "no_deposit", "hospitality", "free_cash", "goodwill",
})  # fmt: skip
BY_AMOUNT = frozenset({"POL-02", "POL-03"})  # rules whose answer tells of the amount of a limit
ON_DEPOSIT = frozenset({"deposit_match", "reload"})  # nobody gets these without paying in

# What the words of a message do, as its author declares and the check of the words finds. Of a promotion that it sells
# is no news; a service message that does is none.
CONTENT = frozenset({
    "urgency", "chasing_losses", "raise_stakes", "play_longer", "cancel_withdrawal", "credit", "missing_notice", "selling",
    "limits",
})  # fmt: skip

# The same in the words of a form; a missing notice and selling are found, not declared.
CONTENT_SAID = {
    "urgency": "press for time",
    "chasing_losses": "speak of winning back what was lost",
    "raise_stakes": "ask to play for more",
    "play_longer": "ask to play on, or to stake what was won",
    "cancel_withdrawal": "tempt to cancel a withdrawal",
    "credit": "speak of playing on credit",
    "limits": "speak of limits",
}
NEUTRAL_CONTENT = frozenset({"limits"})  # a service message may do that, too

# Limits. `deposit_limit` is gross; a net limit may not be called a deposit limit in Great Britain (RTS 12B).
DEPOSIT_LIMITS = frozenset({"deposit_limit", "net_deposit_limit", "cross_operator_limit"})
MONEY_LIMITS = DEPOSIT_LIMITS | {"loss_limit", "stake_limit", "wager_limit"}
LIMITS = MONEY_LIMITS | {"session_limit"}

EXCLUSIONS = frozenset({"self_exclusion", "national_exclusion", "third_party"})
# What an operator imposes beside blocks of promotions and bonuses; told to the rules as flags.
FLAGS = frozenset({"deposit_block", "vulnerability", "check_due", "check_adverse"})

RISKS = ("unknown", "none", "low", "medium", "strong", "critical")
HIGH_RISK = frozenset({"strong", "critical"})

# Every answer, in the order of regulation §2: the first that fired is the primary one. The three that name
# a defect of our own stand first, because nothing after them can be believed. DEFER_COOLING of that list is no answer of
# ours: a wait after a limit, a time-out or a return refuses under its own name, with the time from which to ask again.
CODES: tuple[tuple[str, ...], ...] = (
    ("DENY_RULE_ERROR",),
    ("DENY_RULESET_MISSING", "DENY_JURISDICTION_UNKNOWN", "DENY_BRAND_STOPPED", "DENY_STATE_UNAVAILABLE",
     "DENY_STATE_CHANGED"),
    ("DENY_UNDERAGE", "DENY_AGE_UNVERIFIED"),
    ("DENY_SELF_EXCLUDED", "DENY_NATIONAL_REGISTER", "DENY_LINKED_ACCOUNT_EXCLUDED", "DENY_AWAITING_RETURN"),
    ("DENY_REGISTER_UNAVAILABLE", "DENY_REGISTER_STALE", "DENY_REGISTER_UNSUPPORTED"),
    ("DENY_TIME_OUT", "DENY_ACCOUNT_RESTRICTED"),
    ("REROUTE_RG_STRONG", "DENY_STRONG_INDICATOR", "DENY_POST_INTERVENTION", "DENY_HIGH_RISK",
     "DENY_INTENSIVE_PLAYER"),
    ("DENY_OPTED_OUT", "DENY_NO_OPT_IN", "DENY_CONSENT_ORIGIN", "DENY_CONSENT_UNRELIABLE"),
    ("DENY_YOUNG_ADULT", "DENY_VIP_NOT_CLEARED", "DENY_NEW_ACCOUNT", "DENY_CHOSEN_BY_PROTECTION"),
    ("DENY_BONUS_NOT_FIRST", "DENY_BONUS_VALUE_CAP", "DENY_WAGERING_CAP", "DENY_WAGERING_ON_WINNINGS",
     "DENY_PRODUCT_MIX", "DENY_LOSS_LINKED", "DENY_IN_SESSION", "DENY_INACTIVITY_TARGETING",
     "DENY_INDIVIDUAL_TERMS", "DENY_STAKE_CAP", "DENY_TERM_WINDOW", "DENY_BONUS_DEPOSIT"),
    ("DENY_LIMIT_EXHAUSTED", "DENY_HIGH_STAKES_VS_LIMIT", "DENY_RATE_MISSING", "DENY_RECENT_LIMIT_CHANGE",
     "DENY_PLAYER_LIMIT", "DENY_DEPOSIT_BLOCKED", "DENY_WITHDRAWAL_PENDING"),
    ("DENY_PURPOSE_MISMATCH", "DENY_CONTENT", "DENY_QUIET_HOURS", "DENY_FREQUENCY"),
    ("ALLOW", "ALLOW_NOTICE"),
)  # fmt: skip
PRECEDENCE = tuple(code for group in CODES for code in group)


def product(word: str) -> str:
    return PRODUCT_OF.get(word, word)
