"""The built-in attributes, in the operator's words. Loaded with the app; upper apps add theirs."""

from collections.abc import Mapping

from babel import Locale
from babel.numbers import list_currencies

from players.models import Category, Player, Stage
from segments.language.attributes import Criterion, Family, Param, register
from segments.language.choices import Choice
from segments.language.instants import Age, Since
from segments.language.numbers import Money, Number
from segments.language.quantities import Column, MomentOfCategory, OfCategory, Total
from segments.language.shares import CategoryShare

_PLAY, _PAY, _ACCOUNT = frozenset({"play"}), frozenset({"payments"}), frozenset({"account"})
_WINDOW = "Counted in calendar days of the brand, today included."
CATEGORIES: Mapping[str, str] = {category.key: str(category.label) for category in Category if category}
_STORED_CATEGORY = {category.key: category.value for category in Category if category}
STAGES: Mapping[str, str] = {stage.name.lower(): str(stage.label) for stage in Stage}
_CATEGORY = Param("category", "Category", CATEGORIES)
_STAKE = Total(("stake_real", "stake_bonus"))


def _countries() -> Mapping[str, str]:
    names = Locale("en").territories
    return {code: name for code, name in names.items() if len(code) == 2 and code.isalpha()}


def _languages() -> Mapping[str, str]:
    return {code: name for code, name in Locale("en").languages.items() if len(code) == 2}


_COUNTRIES, _LANGUAGES = _countries(), _languages()
_CURRENCIES = {code: code for code in sorted(list_currencies())}

register(
    # --- activity
    Since(
        key="days_since_play", label="Days since last play", family=Family.ACTIVITY, common=True,
        help="Newest round or session end in any category, real or bonus money.",
        of=Column("last_play_at"), verb="played", phrase="who have not played anything for at least {value}",
        note="1 day = 24 hours. Players who have never played match “has never happened” only.",
        criterion=Criterion.INACTIVITY,
    ),
    Since(
        key="days_since_play_in", label="Days since last play in a category", family=Family.ACTIVITY,
        help="Newest round or session end in the category you choose.",
        params=(_CATEGORY,), of=MomentOfCategory("last_play_at"), verb="played {category}",
        phrase="who have not played {category} for at least {value}",
        note="1 day = 24 hours. Players who have never played the category match “has never happened” only.",
        criterion=Criterion.INACTIVITY,
    ),
    Since(
        key="days_since_login", label="Days since last login", family=Family.ACTIVITY,
        help="Newest login to the site or app.", of=Column("last_login_at"), verb="logged in",
        phrase="who have not logged in for at least {value}", note="1 day = 24 hours.",
        criterion=Criterion.INACTIVITY, feeds=_ACCOUNT,
    ),
    Number(
        key="active_days_30d", label="Active days, last 30 days", family=Family.ACTIVITY, common=True,
        help="Days with a real-money round or an approved deposit.", unit="days", of=Column("active_days_30d"), most=31,
        phrase="who were active on {cmp} {value} of the last 30", note=_WINDOW, criterion=Criterion.LIFECYCLE,
    ),
    # --- sessions
    Number(
        key="last5_average", label="Average length of last 5 sessions", family=Family.SESSIONS, common=True,
        help="Total length of the five newest sessions in any category, divided by five.", unit="minutes",
        of=Column("last5_seconds"), per=Column("last5_sessions"), per_least=5, up=60, most=1440,
        phrase="whose last 5 sessions lasted {cmp} {value} on average",
        note="Players with fewer than 5 sessions do not match.",
    ),
    Number(
        key="sessions_30d", label="Sessions, last 30 days", family=Family.SESSIONS, common=True,
        help="Finished game sessions.", unit="sessions", of=Column("sessions_30d"),
        phrase="who had {cmp} {value} in the last 30 days", note=_WINDOW,
    ),
    Number(
        key="sessions", label="Sessions, all time", family=Family.SESSIONS, help="Finished game sessions.",
        unit="sessions", of=Column("sessions"), phrase="who have had {cmp} {value}",
    ),
    Number(
        key="sessions_in", label="Sessions in a category", family=Family.SESSIONS, unit="sessions",
        help="Finished sessions in the category you choose, all time.", params=(_CATEGORY,),
        of=OfCategory("sessions"), phrase="who have had {cmp} {value} of {category}",
        criterion=Criterion.PRODUCT_AFFINITY,
    ),
    Number(
        key="session_average", label="Average session length", family=Family.SESSIONS, unit="minutes",
        help="Total length of all sessions divided by their number.", of=Column("session_seconds"),
        per=Column("sessions"), up=60, most=1440, phrase="whose sessions lasted {cmp} {value} on average",
        note="Players without a session do not match.",
    ),
    # --- game preference
    Choice(
        key="top_category", label="Preferred category", family=Family.GAMES, common=True,
        help="The category with the highest stakes in the last 90 days, real and bonus money.",
        of=Column("top_category"), options=lambda: CATEGORIES, stored=_STORED_CATEGORY, blank="none yet",
        phrase="whose most-staked category in the last 90 days {verb} {value}",
        note="Players without stakes in 90 days have no preferred category.", criterion=Criterion.PRODUCT_AFFINITY,
    ),
    CategoryShare(
        key="category_share", label="Share of stakes in a category", family=Family.GAMES, unit="%", most=100,
        help="Stakes in the category you choose as a share of all stakes, last 90 days.", params=(_CATEGORY,),
        of=OfCategory("stake_90d"), per=Column("stake_90d"), down=100,
        phrase="with {cmp} {value} of their stakes in the last 90 days in {category}",
        note="Players without stakes in 90 days do not match.", criterion=Criterion.PRODUCT_AFFINITY,
    ),
    Money(
        key="category_stake", label="Stakes in a category, all time", family=Family.GAMES, params=(_CATEGORY,),
        help="Real and bonus money staked in the category you choose.", of=OfCategory("stake"),
        phrase="who have staked {cmp} {value} on {category}", criterion=Criterion.PRODUCT_AFFINITY,
    ),
    # --- deposits and withdrawals
    Since(
        key="days_since_deposit", label="Days since last deposit", family=Family.PAYMENTS, common=True,
        help="Newest approved deposit.", of=Column("last_deposit_at"), verb="deposited",
        phrase="who have not deposited for at least {value}",
        note="1 day = 24 hours. Players who have never deposited match “has never happened” only.",
        criterion=Criterion.INACTIVITY, feeds=_PAY,
    ),
    Since(
        key="days_since_first_deposit", label="Days since first deposit", family=Family.PAYMENTS,
        help="First approved deposit.", of=Column("first_deposit_at"), verb="made a first deposit",
        phrase="who made their first deposit at least {value} ago", note="1 day = 24 hours.",
        criterion=Criterion.LIFECYCLE, feeds=_PAY,
    ),
    Number(
        key="deposits", label="Deposits, all time", family=Family.PAYMENTS, common=True, unit="deposits",
        help="Approved deposits that were not rolled back.", of=Column("deposits"),
        phrase="who have made {cmp} {value}", criterion=Criterion.DEPOSIT_LEVEL, feeds=_PAY,
    ),
    Money(
        key="deposit_sum", label="Amount deposited, all time", family=Family.PAYMENTS, common=True,
        help="Approved deposits that were not rolled back.", of=Column("deposit_sum"),
        phrase="who have deposited {cmp} {value}", criterion=Criterion.DEPOSIT_LEVEL, feeds=_PAY,
    ),
    Number(
        key="deposits_30d", label="Deposits, last 30 days", family=Family.PAYMENTS, unit="deposits", common=True,
        help="Approved deposits.", of=Column("deposits_30d"), note=_WINDOW,
        phrase="who made {cmp} {value} in the last 30 days", criterion=Criterion.DEPOSIT_LEVEL, feeds=_PAY,
    ),
    Money(
        key="deposit_sum_30d", label="Amount deposited, last 30 days", family=Family.PAYMENTS,
        help="Approved deposits. Counted in calendar days of the brand.", of=Column("deposit_sum_30d"),
        phrase="who deposited {cmp} {value} in the last 30 days", criterion=Criterion.DEPOSIT_LEVEL, feeds=_PAY,
    ),
    Money(
        key="deposit_average", label="Average deposit", family=Family.PAYMENTS,
        help="Amount deposited divided by the number of deposits, all time.", of=Column("deposit_sum"),
        per=Column("deposits"), phrase="whose average deposit is {cmp} {value}",
        note="Only accounts held in this currency match; players without a deposit do not.",
        criterion=Criterion.DEPOSIT_LEVEL, feeds=_PAY,
    ),
    Number(
        key="declined_deposits", label="Declined deposits", family=Family.PAYMENTS, unit="declined deposits",
        help="Deposits the payment provider or bank declined, all time.", of=Column("declined_deposits"),
        phrase="who have had {cmp} {value}", feeds=_PAY,
    ),
    Number(
        key="withdrawals", label="Withdrawals, all time", family=Family.PAYMENTS, unit="withdrawals",
        help="Approved withdrawals.", of=Column("withdrawals"), phrase="who have made {cmp} {value}", feeds=_PAY,
    ),
    Money(
        key="withdrawal_sum", label="Amount withdrawn, all time", family=Family.PAYMENTS, feeds=_PAY,
        help="Approved withdrawals.", of=Column("withdrawal_sum"), phrase="who have withdrawn {cmp} {value}",
    ),
    # --- stakes and results
    Money(
        key="stake_30d", label="Stakes, last 30 days", family=Family.RESULTS, common=True,
        help="Real and bonus money staked. Counted in calendar days of the brand.", of=Column("stake_30d"),
        phrase="who staked {cmp} {value} in the last 30 days",
    ),
    Money(
        key="stake", label="Stakes, all time", family=Family.RESULTS, help="Real and bonus money staked.",
        of=_STAKE, phrase="who have staked {cmp} {value}",
    ),
    Money(
        key="stake_average", label="Average stake per round", family=Family.RESULTS, of=_STAKE, per=Column("rounds"),
        help="Stakes divided by rounds, all time.", phrase="whose average stake is {cmp} {value}",
        note="Only accounts held in this currency match; players without a round do not.",
    ),
    Money(
        key="net_loss", label="Net loss, all time", family=Family.RESULTS, least=-(10**12),
        help="Real-money stakes minus real-money wins. Negative: the player is ahead.",
        of=Total(("stake_real",), ("win_real",)), phrase="whose net loss is {cmp} {value}",
        criterion=Criterion.LOSS,
    ),
    Number(
        key="rounds", label="Rounds, all time", family=Family.RESULTS, unit="rounds", most=10**9,
        help="Closed rounds and settled bets.", of=Column("rounds"), phrase="who have played {cmp} {value}",
    ),
    Money(
        key="balance", label="Cash balance", family=Family.RESULTS, help="Withdrawable balance, as last reported.",
        of=Column("balance_real"), phrase="with a cash balance of {cmp} {value}", feeds=_ACCOUNT,
    ),
    Money(
        key="balance_bonus", label="Bonus balance", family=Family.BONUSES, help="Bonus balance, as last reported.",
        of=Column("balance_bonus"), phrase="with a bonus balance of {cmp} {value}", feeds=_ACCOUNT,
    ),
    # --- lifecycle and value
    Choice(
        key="stage", label="Lifecycle stage", family=Family.LIFECYCLE, common=True,
        help="Where the player is: registered, first-time depositor, active, slipping away, lapsed, …",
        of=Column("stage"), options=lambda: STAGES, stored={stage.name.lower(): stage.value for stage in Stage},
        phrase="whose lifecycle stage {verb} {value}", criterion=Criterion.LIFECYCLE,
        feeds=frozenset({"play", "payments"}),
    ),
    Since(
        key="days_in_stage", label="Days in the current stage", family=Family.LIFECYCLE,
        help="Since the player reached the stage they are in.", of=Column("stage_since"),
        verb="changed lifecycle stage", phrase="who have been in their stage for at least {value}",
        note="1 day = 24 hours.", criterion=Criterion.LIFECYCLE,
    ),
    Number(
        key="vip_tier", label="VIP tier", family=Family.LIFECYCLE, common=True, most=99,
        help="The tier your platform reports; 0 is none.", of=Column("player__vip_tier"),
        phrase="whose VIP tier is {cmp} {value}", criterion=Criterion.VIP, feeds=_ACCOUNT,
    ),
    # --- person and account
    Choice(
        key="country", label="Country", family=Family.PERSON, common=True, help="Country of residence.",
        of=Column("player__country"), options=lambda: _COUNTRIES, is_open=True, longest=2,
        phrase="whose country {verb} {value}", feeds=_ACCOUNT,
    ),
    Age(
        key="age", label="Age", family=Family.PERSON, help="Full years; turns at midnight in the brand's time zone.",
        note="Players without a birth date do not match.", feeds=_ACCOUNT, sensitivity="personal",
    ),
    Choice(
        key="language", label="Language", family=Family.PERSON, help="Language of the account.",
        of=Column("player__language"), options=lambda: _LANGUAGES, is_open=True, longest=8,
        phrase="whose language {verb} {value}", feeds=_ACCOUNT,
    ),
    Choice(
        key="currency", label="Currency", family=Family.PERSON, help="Currency the account is held in.",
        of=Column("player__currency"), options=lambda: _CURRENCIES, is_open=True, longest=5,
        phrase="whose currency {verb} {value}", feeds=_ACCOUNT,
    ),
    Choice(
        key="kyc", label="Identity check (KYC)", family=Family.PERSON, help="As your platform reports it.",
        of=Column("player__kyc"), options=lambda: {str(key): str(words) for key, words in Player.Kyc.choices},
        phrase="whose identity check {verb} {value}", feeds=_ACCOUNT,
    ),
    Choice(
        key="status", label="Account status", family=Family.PERSON, help="Active, suspended or closed.",
        of=Column("player__status"), options=lambda: {str(key): str(words) for key, words in Player.Status.choices},
        phrase="whose account {verb} {value}", feeds=_ACCOUNT,
    ),
    Since(
        key="days_since_registration", label="Days since registration", family=Family.PERSON, common=True,
        help="Since the account was opened.", of=Column("player__registered_at"), verb="registered",
        phrase="who registered at least {value} ago", note="1 day = 24 hours.",
        criterion=Criterion.LIFECYCLE, feeds=_ACCOUNT,
    ),
    # --- acquisition
    Choice(
        key="affiliate", label="Affiliate", family=Family.ACQUISITION, help="Partner that brought the player.",
        of=Column("player__affiliate"), options=dict, is_open=True, phrase="whose affiliate {verb} {value}",
        blank="none", note="Players without an affiliate match “is not” and “is none of”.", feeds=_ACCOUNT,
    ),
    Choice(
        key="acquisition_channel", label="Acquisition channel", family=Family.ACQUISITION,
        help="How the player found the brand.", of=Column("player__acquisition_channel"), options=dict, is_open=True,
        phrase="whose acquisition channel {verb} {value}", blank="none", feeds=_ACCOUNT,
    ),
)  # fmt: skip
