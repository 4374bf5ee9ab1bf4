"""The built-in attributes, in the operator's words: activity, lifecycle, person, acquisition. Loaded with the app.

One file per part of the catalogue (`catalogue_of_*.py`); upper apps add theirs. `help` is the definition exactly as
it is computed, `example` the same with numbers, `words` what else people call it.
"""

from collections.abc import Mapping

from babel import Locale
from babel.numbers import list_currencies

from players.models import Category, Player, Stage
from segments.language.ages import Age, Birthday
from segments.language.attributes import Criterion, Family, Param, register
from segments.language.choices import Choice
from segments.language.instants import Since
from segments.language.numbers import Number
from segments.language.quantities import Column, Known, MomentOfCategory
from segments.language.windows import READING, WINDOW, ActiveDays

ACCOUNT = frozenset({"account"})
PLAY_AND_PAY = frozenset({"play", "payments"})
WINDOW_NOTE = "Counted in calendar days of the brand, today included."
DAYS_NOTE = "1 day = 24 hours, or calendar days of the brand: you choose."
CATEGORIES: Mapping[str, str] = {category.key: str(category.label) for category in Category if category}
STORED_CATEGORY = {category.key: category.value for category in Category if category}
STAGES: Mapping[str, str] = {stage.name.lower(): str(stage.label) for stage in Stage}
CATEGORY = Param("category", "Category", CATEGORIES)


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
        example="Last round on 1 March at 20:00; on 15 March at 20:00 it is exactly 14 days.",
        words="inactive inactivity churn recency silent dormant lapsed last played not played gone",
        of=Column("last_play_at"), verb="played", phrase="who have not played anything for at least {value}",
        note=f"{DAYS_NOTE} Players who have never played match “has never happened” only.",
        criterion=Criterion.INACTIVITY,
    ),
    Since(
        key="days_since_play_in", label="Days since last play in a category", family=Family.ACTIVITY,
        help="Newest round or session end in the category you choose.",
        example="Slots yesterday, live casino 40 days ago: for live casino it is 40 days.",
        words="inactive churn recency silent last played slots live sports",
        params=(CATEGORY,), of=MomentOfCategory("last_play_at"), verb="played {category}",
        phrase="who have not played {category} for at least {value}",
        note=f"{DAYS_NOTE} Players who have never played the category match “has never happened” only.",
        criterion=Criterion.INACTIVITY,
    ),
    Since(
        key="days_since_login", label="Days since last login", family=Family.ACTIVITY,
        help="Newest login to the site or app.", of=Column("last_login_at"), verb="logged in",
        example="Logged in three days ago and looked around without playing: 3 days.",
        words="inactive churn visit last seen session app site",
        phrase="who have not logged in for at least {value}", note=DAYS_NOTE,
        criterion=Criterion.INACTIVITY, feeds=ACCOUNT,
    ),
    Number(
        key="active_days_30d", label="Active days, last 30 days", family=Family.ACTIVITY, common=True,
        help="Days with a real-money round or an approved deposit.", unit="days", of=Column("active_days_30d"), most=31,
        example="Played on 4 days, deposited on one more: 5 days.", words="frequency engagement loyal retention",
        phrase="who were active on {cmp} {value} of the last 30", note=WINDOW_NOTE, criterion=Criterion.LIFECYCLE,
        feeds=PLAY_AND_PAY,
    ),
    Number(
        key="active_days", label="Active days in a window", family=Family.ACTIVITY, unit="days", most=366,
        help="Days of the window with a real-money round or an approved deposit.", of=ActiveDays(), params=(WINDOW,),
        example="Played on 3 days of the last 7: 3 days.", words="frequency engagement loyal retention rfm",
        phrase="who were active on {cmp} {value} of the {window}", note=READING, criterion=Criterion.LIFECYCLE,
        feeds=PLAY_AND_PAY,
    ),
    # --- lifecycle and value
    Choice(
        key="stage", label="Lifecycle stage", family=Family.LIFECYCLE, common=True,
        help="Where the player is now, by the thresholds of the brand (Settings · Stages).",
        example="Active until 14 days without real-money play or deposit have passed; then slipping away.",
        words="at risk churn lapsed dormant reactivated prospect ftd active status lifecycle",
        of=Column("stage"), options=lambda: STAGES, stored={stage.name.lower(): stage.value for stage in Stage},
        phrase="whose lifecycle stage {verb} {value}", criterion=Criterion.LIFECYCLE, feeds=PLAY_AND_PAY,
        absent=frozenset({"at_risk", "lapsed", "dormant"}), present="active",
    ),
    Since(
        key="days_in_stage", label="Days in the current stage", family=Family.LIFECYCLE,
        help="Since the instant the player reached the stage they are in.", of=Column("stage_since"),
        example="Slipping away since 14 days without play were over, two days ago: 2 days.", words="lifecycle churn",
        verb="changed lifecycle stage", phrase="who have been in their stage for at least {value}",
        note=DAYS_NOTE, criterion=Criterion.LIFECYCLE, feeds=PLAY_AND_PAY,
    ),
    Number(
        key="vip_tier", label="VIP tier", family=Family.LIFECYCLE, common=True, most=99,
        help="The tier your platform reports; 0 is none.", of=Column("player__vip_tier"),
        example="Your platform reports tier 3: 3.", words="high value high roller loyalty level whale host",
        phrase="whose VIP tier is {cmp} {value}", criterion=Criterion.VIP, feeds=ACCOUNT,
    ),
    # --- person and account
    Choice(
        key="country", label="Country", family=Family.PERSON, common=True, help="Country of residence.",
        example="Lives in Sweden: Sweden, whatever licence the brand has.", words="residence market nation geo",
        of=Column("player__country"), options=lambda: _COUNTRIES, is_open=True, longest=2,
        phrase="whose country {verb} {value}", feeds=ACCOUNT,
    ),
    Age(
        key="age", label="Age", family=Family.PERSON, help="Full years; turns at midnight in the brand's time zone.",
        example="Born on 29 February 2004: 22 from 1 March 2026 on.", words="born birth date years old young",
        note="Players without a birth date do not match.", feeds=ACCOUNT, sensitivity="personal",
    ),
    Birthday(
        key="birthday", label="Birthday ahead", family=Family.PERSON,
        help="Whether the next birthday is today or on one of the following days, so many days in all. Who was born "
        "on 29 February has it on 1 March in other years.",
        example="On 10 March “within the next 7 days” is 10 to 16 March.", words="anniversary born gift",
        note="Calendar days in the brand's time zone. Players without a birth date do not match.", feeds=ACCOUNT,
        sensitivity="personal",
    ),
    Choice(
        key="language", label="Language", family=Family.PERSON, help="Language of the account.",
        example="Account set to Swedish: Swedish.", words="locale speaks tongue",
        of=Column("player__language"), options=lambda: _LANGUAGES, is_open=True, longest=8,
        phrase="whose language {verb} {value}", feeds=ACCOUNT,
    ),
    Choice(
        key="currency", label="Currency", family=Family.PERSON, help="Currency the account is held in.",
        example="Account held in GBP: GBP, also when a card in EUR paid in.", words="money wallet",
        of=Column("player__currency"), options=lambda: _CURRENCIES, is_open=True, longest=5,
        phrase="whose currency {verb} {value}", feeds=ACCOUNT,
    ),
    Choice(
        key="kyc", label="Identity check (KYC)", family=Family.PERSON, help="As your platform reports it.",
        example="Documents handed in and not looked at yet: pending.", words="kyc verification verified documents aml",
        of=Column("player__kyc"), options=lambda: {str(key): str(words) for key, words in Player.Kyc.choices},
        phrase="whose identity check {verb} {value}", feeds=ACCOUNT,
    ),
    Since(
        key="days_since_kyc", label="Days since the identity check changed", family=Family.PERSON, feeds=ACCOUNT,
        help="Since the status your platform reports now was first reported: with “Identity check is pending” it is "
        "how long it has been pending.",
        example="Pending since Monday 09:00; on Saturday at 09:00 it is 5 days.", words="kyc pending verification",
        of=Known("player__kyc_at"), verb="saw their identity check change",
        phrase="whose identity check has not changed for at least {value}", note=DAYS_NOTE,
    ),
    Choice(
        key="status", label="Account status", family=Family.PERSON, help="Active, suspended or closed.",
        example="Blocked by your platform for a payment dispute: suspended.", words="blocked closed suspended open",
        of=Column("player__status"), options=lambda: {str(key): str(words) for key, words in Player.Status.choices},
        phrase="whose account {verb} {value}", feeds=ACCOUNT,
    ),
    Since(
        key="days_since_registration", label="Days since registration", family=Family.PERSON, common=True,
        help="Since the account was opened.", of=Column("player__registered_at"), verb="registered",
        example="Registered on Monday at 12:00; on Thursday at 12:00 it is 3 days.", words="signup sign-up new joined",
        phrase="who registered at least {value} ago", note=DAYS_NOTE,
        criterion=Criterion.LIFECYCLE, feeds=ACCOUNT,
    ),
    # --- acquisition
    Choice(
        key="affiliate", label="Affiliate", family=Family.ACQUISITION, help="Partner that brought the player.",
        example="Came by a link of topcasinos: topcasinos.", words="partner referral btag source",
        of=Column("player__affiliate"), options=dict, is_open=True, phrase="whose affiliate {verb} {value}",
        blank="none", note="Players without an affiliate match “is not” and “is none of”.", feeds=ACCOUNT,
    ),
    Choice(
        key="acquisition_channel", label="Acquisition channel", family=Family.ACQUISITION,
        help="How the player found the brand, as your platform reports it.", example="Clicked a search ad: paid.",
        words="source utm campaign seo paid organic",
        of=Column("player__acquisition_channel"), options=dict, is_open=True,
        phrase="whose acquisition channel {verb} {value}", blank="none", feeds=ACCOUNT,
    ),
)  # fmt: skip
