"""Why not, in words: three audiences, one row per code. Only compliance learns which restriction a player has.

A row is made by `_private` (somebody's protection: everybody else reads "protected") or by `_open` (nobody's secret).
A code without a row reads as protected outside compliance: what we cannot name may be private.
"""

from dataclasses import dataclass
from typing import Literal

Audience = Literal["crm", "support", "compliance"]
Kind = Literal["consent", "protected", "caps", "other"]

PROTECTED = "Protected"
PROTECTED_SUPPORT = "Protected: please ask the compliance team"


@dataclass(frozen=True, slots=True)
class Texts:
    """`kind`: the class in which launch pages and exports count the refusal."""

    crm: str
    support: str
    compliance: str
    kind: Kind
    is_private: bool = False


def _private(compliance: str) -> Texts:
    return Texts(PROTECTED, PROTECTED_SUPPORT, compliance, "protected", is_private=True)


def _open(compliance: str, crm: str = "", support: str = "", kind: Kind = "other") -> Texts:
    """`crm` empty: it may read what compliance reads; `support` empty: what CRM reads."""
    crm = crm or compliance
    return Texts(crm, support or crm, compliance, kind)


def _consent(compliance: str, support: str) -> Texts:
    return Texts("No consent", support, compliance, "consent")


# In the order of precedence (regulation §2).
TEXTS: dict[str, Texts] = {
    "ALLOW": _open("Allowed: every rule in force was checked and none refused", "Allowed"),
    "ALLOW_NOTICE": _open("Allowed: a service message without offer or ask", "Allowed (service message)"),
    "DENY_RULE_ERROR": _open("A rule could not be computed, so the answer is no", "Could not be checked"),
    "DENY_RULESET_MISSING": _open(
        "No rules are configured for this licence on this date", "No rules for this licence and date"
    ),
    "DENY_JURISDICTION_UNKNOWN": _open("The brand's licence is unknown", "Licence unknown"),
    "DENY_STATE_UNAVAILABLE": _open(
        "What we need to know about this player is missing or out of date", "Waiting for data about this player"
    ),
    # Asked in a currency without a rate, whoever has a limit is refused and nobody else: it tells of the limit.
    "DENY_RATE_MISSING": _private("No exchange rate for a currency involved on that day, so the safe side is assumed"),
    "DENY_STATE_CHANGED": _private("The player's standing changed between decision and hand-over"),
    "DENY_BRAND_STOPPED": _open("Promotions of this brand are stopped"),
    "DENY_UNDERAGE": _private("Below the minimum age"),
    "DENY_AGE_UNVERIFIED": _open(
        "Age and identity are not verified", "Not verified yet", "Not verified yet: the identity check is open"
    ),
    "DENY_SELF_EXCLUDED": _private("Self-excluded at this account"),
    "DENY_NATIONAL_REGISTER": _private("On the national self-exclusion register"),
    "DENY_LINKED_ACCOUNT_EXCLUDED": _private("Self-excluded at another account of the same person"),
    "DENY_AWAITING_RETURN": _private("Exclusion term is over, the player has not asked to return"),
    # Says something about the register, nothing about the player: a message waits for it and is asked again.
    "DENY_REGISTER_UNAVAILABLE": _open(
        "No definite answer from the self-exclusion register",
        "Waiting for a check outside",
    ),
    "DENY_REGISTER_STALE": _open(
        "The register's answer is older than the rule allows",
        "Waiting for a check outside",
    ),
    "DENY_REGISTER_UNSUPPORTED": _private("The register may not be asked for this purpose"),
    "DENY_TIME_OUT": _private("On a time-out, or within 24 hours after one or after a return"),
    "DENY_ACCOUNT_RESTRICTED": _private(
        "Blocked by the operator, suspended, closed, or returned less than 30 days ago"
    ),
    "REROUTE_RG_STRONG": _private("Strong signs of harm: a protection message instead of the promotion"),
    "DENY_STRONG_INDICATOR": _private("Strong signs of harm: no promotion and no bonus until a person has reviewed it"),
    "DENY_POST_INTERVENTION": _private("Within the quiet time after an intervention"),
    "DENY_HIGH_RISK": _private(
        "Medium or strong signs of harm; or not known for want of history, where the brand counts that as medium"
    ),
    "DENY_INTENSIVE_PLAYER": _private("Counts as an intensive player under this licence"),
    "DENY_OPTED_OUT": _consent(
        "The player said no to this, or the address may not be written to",
        "No consent: the player said no, or the address is on the list of those not to be written to",
    ),
    "DENY_NO_OPT_IN": _consent(
        "No proven opt-in for this product on this channel", "No consent: the player has not said yes to this"
    ),
    "DENY_CONSENT_ORIGIN": _consent(
        "The consent was given elsewhere and does not hold under this licence",
        "No consent: it was given on another site",
    ),
    "DENY_CONSENT_UNRELIABLE": _private("A consent was given, but signs of harm make it unreliable"),
    "DENY_YOUNG_ADULT": _private("Below the age from which this licence allows such a promotion"),
    "DENY_VIP_NOT_CLEARED": _private("High-value customer without the checks that go before benefits"),
    "DENY_NEW_ACCOUNT": _open("The account is too young for promotions under this licence"),
    "DENY_CHOSEN_BY_PROTECTION": _private(
        "Chosen by a sign of harm or a restriction: only protection messages may follow"
    ),
    "DENY_BONUS_NOT_FIRST": _open("Only a first bonus, before the first game, is lawful under this licence"),
    "DENY_BONUS_VALUE_CAP": _open("The bonus is worth more than this licence allows"),
    "DENY_WAGERING_CAP": _open("Wagering above the legal cap"),
    "DENY_WAGERING_ON_WINNINGS": _open("Wagering on winnings is not allowed under this licence"),
    "DENY_PRODUCT_MIX": _open("A bonus that mixes product types"),
    "DENY_LOSS_LINKED": _open("A bonus linked to losses is not allowed under this licence"),
    "DENY_IN_SESSION": _open("No bonus while the player is playing, under this licence"),
    "DENY_INACTIVITY_TARGETING": _open("No offer to players chosen because they stay away, under this licence"),
    "DENY_INDIVIDUAL_TERMS": _open("The same terms must be offered to enough players under this licence"),
    "DENY_STAKE_CAP": _open("Asks for a stake above the legal cap for this player's age", "Stake above the legal cap"),
    "DENY_TERM_WINDOW": _open("Too little time to meet the bonus conditions"),
    "DENY_BONUS_DEPOSIT": _open("The deposit it needs is not what it is worth, as this licence demands"),
    "DENY_LIMIT_EXHAUSTED": _private("Asks for a deposit although the deposit limit is used up, or nearly"),
    "DENY_HIGH_STAKES_VS_LIMIT": _private("Asks for more than 25 % of the lowest limit, or for more than is left"),
    "DENY_RECENT_LIMIT_CHANGE": _private("A limit was changed recently"),
    "DENY_PLAYER_LIMIT": _private("The player has set a deposit or loss limit, and the brand promotes nothing then"),
    "DENY_DEPOSIT_BLOCKED": _private("Deposits are blocked for this player"),
    "DENY_WITHDRAWAL_PENDING": _private("A withdrawal waits to be paid, and nothing may tempt the player to cancel it"),
    "DENY_PURPOSE_MISMATCH": _open("What is sent is not what it was declared to be"),
    "DENY_CONTENT": _open("Its words were not approved for this licence"),
    "DENY_QUIET_HOURS": _open("Later: quiet hours where the player is", kind="caps"),
    "DENY_FREQUENCY": _open("Already 3 promotional messages in 7 days", kind="caps"),
}

# Codes that tell about a person's protection; everybody else reads "protected".
PRIVATE = frozenset(code for code, texts in TEXTS.items() if texts.is_private)
_UNNAMED = _private("")


def sentence(code: str, audience: Audience) -> str:
    """One line without the code. An unknown code reads as protected outside compliance: it may be private."""
    texts = TEXTS.get(code, _UNNAMED)
    if audience == "compliance":
        return texts.compliance or code
    return texts.crm if audience == "crm" else texts.support


def kind(code: str) -> Kind:
    """The classes a launch page counts refusals in; what we cannot name counts as protected."""
    return TEXTS.get(code, _UNNAMED).kind
