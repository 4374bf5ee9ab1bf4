"""Why not, in words: three audiences. Only compliance learns which restriction a player has."""

from typing import Literal

Audience = Literal["crm", "support", "compliance"]

_PROTECTED = "Protected"
_PROTECTED_SUPPORT = "Protected: please ask the compliance team"

# Codes that tell about a person's restrictions; everybody else reads "protected".
PRIVATE = frozenset({
    "DENY_SELF_EXCLUDED", "DENY_NATIONAL_REGISTER", "DENY_LINKED_ACCOUNT_EXCLUDED", "DENY_AWAITING_RETURN",
    "DENY_TIME_OUT", "DENY_ACCOUNT_RESTRICTED", "DENY_LIMIT_EXHAUSTED", "DENY_HIGH_STAKES_VS_LIMIT",
    "DENY_RECENT_LIMIT_CHANGE", "DENY_REGISTER_UNAVAILABLE", "DENY_REGISTER_STALE", "DENY_STATE_CHANGED",
    "DENY_CHOSEN_BY_PROTECTION",
})  # fmt: skip

_COMPLIANCE = {
    "ALLOW": "Allowed: every rule in force was checked and none refused",
    "ALLOW_NOTICE": "Allowed: a service message without offer or ask",
    "DENY_SELF_EXCLUDED": "Self-excluded at this account",
    "DENY_NATIONAL_REGISTER": "On the national self-exclusion register",
    "DENY_LINKED_ACCOUNT_EXCLUDED": "Self-excluded at another account of the same person",
    "DENY_AWAITING_RETURN": "Exclusion term is over, the player has not asked to return",
    "DENY_TIME_OUT": "On a time-out, or within 24 hours after one or after a return",
    "DENY_ACCOUNT_RESTRICTED": "Blocked by the operator, suspended, closed, or returned less than 30 days ago",
    "DENY_LIMIT_EXHAUSTED": "Asks for a deposit although the deposit limit is used up, or nearly",
    "DENY_HIGH_STAKES_VS_LIMIT": "Asks for more than 25 % of the lowest limit, or for more than is left",
    "DENY_RECENT_LIMIT_CHANGE": "A limit was changed recently",
    "DENY_REGISTER_UNAVAILABLE": "No definite answer from the self-exclusion register",
    "DENY_REGISTER_STALE": "The register's answer is older than 24 hours",
    "DENY_STATE_CHANGED": "The player's standing changed between decision and hand-over",
    "DENY_STATE_UNAVAILABLE": "What we need to know about this player is missing or out of date",
    "DENY_RULE_ERROR": "A rule could not be computed, so the answer is no",
    "DENY_RULESET_MISSING": "No rules are configured for this licence on this date",
    "DENY_JURISDICTION_UNKNOWN": "The brand's licence is unknown",
    "DENY_BRAND_STOPPED": "Promotions of this brand are stopped",
    "DENY_UNDERAGE": "Below the minimum age",
    "DENY_AGE_UNVERIFIED": "Age and identity are not verified",
    "DENY_OPTED_OUT": "The player said no to this, or the address may not be written to",
    "DENY_NO_OPT_IN": "No proven opt-in for this product on this channel",
    "DENY_CHOSEN_BY_PROTECTION": "Chosen by a sign of harm or a restriction: only protection messages may follow",
    "DENY_BONUS_NOT_FIRST": "Only a first bonus, before the first game, is lawful under this licence",
    "DENY_WAGERING_CAP": "Wagering above the legal cap",
    "DENY_PRODUCT_MIX": "A bonus that mixes product types",
    "DENY_TERM_WINDOW": "Too little time to meet the bonus conditions",
    "DENY_PURPOSE_MISMATCH": "What is sent is not what it was declared to be",
    "DENY_QUIET_HOURS": "Later: quiet hours where the player is",
    "DENY_FREQUENCY": "Already 3 promotional messages in 7 days",
}  # fmt: skip

_OTHERS = {
    "ALLOW": "Allowed",
    "ALLOW_NOTICE": "Allowed (service message)",
    "DENY_STATE_UNAVAILABLE": "Waiting for data about this player",
    "DENY_RULE_ERROR": "Could not be checked",
    "DENY_RULESET_MISSING": "No rules for this licence and date",
    "DENY_JURISDICTION_UNKNOWN": "Licence unknown",
    "DENY_UNDERAGE": _PROTECTED,
    "DENY_AGE_UNVERIFIED": "Not verified yet",
    "DENY_OPTED_OUT": "No consent",
    "DENY_NO_OPT_IN": "No consent",
}


def sentence(code: str, audience: Audience) -> str:
    """One line without the code. An unknown code reads as protected outside compliance: it may be private."""
    if audience == "compliance":
        return _COMPLIANCE.get(code, code)
    if code in PRIVATE or code not in _COMPLIANCE:
        return _PROTECTED if audience == "crm" else _PROTECTED_SUPPORT
    return _OTHERS.get(code, _COMPLIANCE[code])


def kind(code: str) -> str:
    """'consent' | 'protected' | 'caps' | 'other': the classes a launch page counts refusals in."""
    if code in {"DENY_NO_OPT_IN", "DENY_OPTED_OUT"}:
        return "consent"
    if code in {"DENY_QUIET_HOURS", "DENY_FREQUENCY"}:
        return "caps"
    return "protected" if code in PRIVATE or code == "DENY_UNDERAGE" else "other"
