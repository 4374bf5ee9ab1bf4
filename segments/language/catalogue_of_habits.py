"""More built-in attributes: habits, ways of paying, what was played most. Read from rows beside the state row,
joined only by rules that name one of these."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache

from players.models import Game, PlayerMoney
from segments.language.attributes import Criterion, Family, Param, register
from segments.language.catalogue import CATEGORIES
from segments.language.choices import Choice
from segments.language.instants import Since, Within
from segments.language.numbers import Money, Number
from segments.language.quantities import AtMost, Chosen, Column, OfCategory, PamBonuses, Product, Total, habit, purse

_PAY, _BOTH = frozenset({"payments"}), frozenset({"play", "payments"})
_WINDOW = "Counted in calendar days of the brand, today included."
_CATEGORY = Param("category", "Category", CATEGORIES)
_CLOCK = "Hours of the brand's time zone."
_FIVE = "Players with fewer than 5 sessions do not match."
_PARTS = {
    "night": "Night, 00:00–05:59", "morning": "Morning, 06:00–11:59", "afternoon": "Afternoon, 12:00–17:59",
    "evening": "Evening, 18:00–23:59",
}  # fmt: skip
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAYS = {day: day.capitalize() for day in _WEEKDAYS} | {"weekend": "Saturday or Sunday"}


def _count(*numbers: int) -> Param:
    return Param("count", "At least", {str(n): f"{n} times" if n > 1 else "once" for n in numbers})


def _kth(of: Any, what: str, *numbers: int) -> Chosen:
    return Chosen("count", {str(n): of(f"{what}{n}_at") for n in numbers})


def _remembered(key: str, read: Any) -> Mapping[str, str]:
    """Words of the list, read from the database at most once a minute."""
    found: Mapping[str, str] = cache.get_or_set(f"segments:{key}", read, 60) or {}
    return found


def _titles() -> Mapping[str, str]:
    games = Game.objects.order_by("title").values_list("external_id", "title")
    return _remembered("titles", lambda: dict(games))


def _providers() -> Mapping[str, str]:
    names = Game.objects.exclude(provider="").order_by("provider").values_list("provider", flat=True).distinct()
    return _remembered("providers", lambda: {name: name for name in names})


def _methods() -> Mapping[str, str]:
    names = PlayerMoney.objects.exclude(method="").order_by("method").values_list("method", flat=True).distinct()
    return _remembered("methods", lambda: {name: name for name in names})


@dataclass(frozen=True, kw_only=True)
class Title(Choice):
    """The rule names the game as the PAM does; the row holds our number of it."""

    def _stored(self, word: str) -> int:
        return Game.objects.filter(external_id=word).values_list("pk", flat=True).first() or -1

    def holds(self, leaf: Any, record: Any, at: Any) -> bool:
        words = leaf.value if isinstance(leaf.value, tuple) else (leaf.value,)
        wanted = record.crowd.once((self.key, words), lambda _: {self._stored(word) for word in words})
        return (self.of.read(record, leaf.params) in wanted) != (leaf.op in ("is_not", "not_in"))

    def shown(self, leaf: Any, record: Any, at: Any) -> str:
        held = self.of.read(record, leaf.params)
        return Game.objects.filter(pk=held).values_list("title", flat=True).first() or self.blank


register(
    # --- sessions
    Number(
        key="last10_average", label="Average length of last 10 sessions", family=Family.SESSIONS, unit="minutes",
        help="Total length of the ten newest sessions in any category, divided by ten.",
        of=habit("last10_seconds"), per=habit("last10_sessions"), per_least=10, up=60, most=1440,
        phrase="whose last 10 sessions lasted {cmp} {value} on average",
        note="Players with fewer than 10 sessions do not match.",
    ),
    *(
        Number(
            key=f"last{n}_average_in", label=f"Average length of last {n} sessions in a category", unit="minutes",
            family=Family.SESSIONS, params=(_CATEGORY,), up=60, most=1440, per_least=n,
            help=f"Total length of the {n} newest sessions in the category you choose, divided by {n}.",
            of=OfCategory(f"last{n}_seconds"), per=AtMost(OfCategory("sessions"), n),
            phrase=f"whose last {n} sessions of {{category}} lasted {{cmp}} {{value}} on average",
            note=f"Players with fewer than {n} sessions in the category do not match.",
            criterion=Criterion.PRODUCT_AFFINITY,
        )
        for n in (5, 10)
    ),
    Within(
        key="sessions_within", label="Sessions within some days", family=Family.SESSIONS, common=True,
        help="Whether the player started at least so many sessions within the days you enter.",
        params=(_count(3, 5, 8, 10),), of=_kth(habit, "session", 3, 5, 8, 10), what="played",
        note="1 day = 24 hours, exact to the second.", criterion=Criterion.LIFECYCLE,
    ),
    Number(
        key="sessions_7d", label="Sessions, last 7 days", family=Family.SESSIONS, help="Finished game sessions.",
        unit="sessions", of=habit("sessions_7d"), phrase="who had {cmp} {value} in the last 7 days", note=_WINDOW,
    ),
    Number(
        key="sessions_90d", label="Sessions, last 90 days", family=Family.SESSIONS, help="Finished game sessions.",
        unit="sessions", of=habit("sessions_90d"), phrase="who had {cmp} {value} in the last 90 days", note=_WINDOW,
    ),
    Number(
        key="minutes_30d", label="Time played, last 30 days", family=Family.SESSIONS, unit="minutes", up=60,
        help="Length of all sessions added up.", of=habit("seconds_30d"), per=None,
        phrase="who played {cmp} {value} in the last 30 days", note=_WINDOW,
    ),
    Number(
        key="time_of_day", label="Share of sessions at a time of day", family=Family.SESSIONS, unit="%", most=100,
        help="Sessions started in the part of the day you choose, as a share of all sessions.",
        params=(Param("part", "Time of day", _PARTS),), of=Chosen("part", {part: habit(part) for part in _PARTS}),
        per=habit(*_PARTS), per_least=5, down=100, phrase="with {cmp} {value} of their sessions in the {part}",
        note=f"{_CLOCK} {_FIVE}",
    ),
    Number(
        key="weekday_share", label="Share of sessions on a weekday", family=Family.SESSIONS, unit="%", most=100,
        help="Sessions started on the day you choose, as a share of all sessions.",
        params=(Param("day", "Day", _DAYS),),
        of=Chosen("day", {day: habit(day) for day in _WEEKDAYS} | {"weekend": habit("saturday", "sunday")}),
        per=habit(*_WEEKDAYS), per_least=5, down=100, phrase="with {cmp} {value} of their sessions on {day}",
        note=f"Gaming days of the brand: a Friday night is Friday's. {_FIVE}",
    ),
    Choice(
        key="device", label="Usual device", family=Family.SESSIONS, of=habit("device"), is_open=True, longest=12,
        help="Most often used in the last 10 sessions.", blank="unknown",
        options=lambda: {"mobile": "Mobile", "desktop": "Desktop", "tablet": "Tablet"},
        phrase="whose usual device {verb} {value}",
    ),
    # --- game preference
    Title(
        key="favourite_title", label="Favourite game", family=Family.GAMES, of=habit("favourite_game_id"),
        help="The title played in most of the last 10 sessions.", options=_titles, is_open=True, longest=64,
        phrase="whose favourite game {verb} {value}", blank="none yet", criterion=Criterion.PRODUCT_AFFINITY,
    ),
    Choice(
        key="favourite_provider", label="Favourite provider", family=Family.GAMES, of=habit("favourite_provider"),
        help="The provider of most of the last 10 sessions.", options=_providers, is_open=True, longest=60,
        phrase="whose favourite provider {verb} {value}", blank="none yet", criterion=Criterion.PRODUCT_AFFINITY,
    ),
    # --- deposits and withdrawals
    Within(
        key="deposits_within", label="Deposits within some days", family=Family.PAYMENTS,
        help="Whether the player made at least so many deposits within the days you enter.",
        params=(_count(2, 3, 5, 10),), of=_kth(purse, "deposit", 2, 3, 5, 10), what="deposited",
        note="1 day = 24 hours, exact to the second.", criterion=Criterion.DEPOSIT_LEVEL, feeds=_PAY,
    ),
    *(
        Number(
            key=f"deposits_{n}d", label=f"Deposits, last {n} days", family=Family.PAYMENTS, unit="deposits",
            help="Approved deposits.", of=purse(f"deposits_{n}d"), note=_WINDOW,
            phrase=f"who made {{cmp}} {{value}} in the last {n} days", criterion=Criterion.DEPOSIT_LEVEL, feeds=_PAY,
        )
        for n in (7, 90)
    ),
    *(
        Money(
            key=f"deposit_sum_{n}d", label=f"Amount deposited, last {n} days", family=Family.PAYMENTS, feeds=_PAY,
            help="Approved deposits. Counted in calendar days of the brand.", of=purse(f"deposit_sum_{n}d"),
            phrase=f"who deposited {{cmp}} {{value}} in the last {n} days", criterion=Criterion.DEPOSIT_LEVEL,
        )
        for n in (7, 90)
    ),
    Money(
        key="largest_deposit", label="Largest deposit", family=Family.PAYMENTS, help="Approved, all time.",
        of=purse("largest_deposit"), phrase="whose largest deposit is {cmp} {value}",
        criterion=Criterion.DEPOSIT_LEVEL, feeds=_PAY,
    ),
    Number(
        key="deposit_gap", label="Usual time between deposits", family=Family.PAYMENTS, unit="days", most=3650,
        help="Time between consecutive deposits, on average, all time.", of=purse("deposit_gap_seconds"),
        per=purse("deposit_gaps"), up=86_400, phrase="who deposit every {cmp} {value} on average",
        note="1 day = 24 hours. Players with fewer than 2 deposits do not match.", feeds=_PAY,
    ),
    Choice(
        key="payment_method", label="Usual payment method", family=Family.PAYMENTS, of=purse("method"), is_open=True,
        help="Most often used in the last 10 deposits.", options=_methods, longest=30, blank="unknown",
        phrase="whose usual payment method {verb} {value}", feeds=_PAY,
    ),
    Number(
        key="deposits_in_play", label="Deposits during play, of the last 10", family=Family.PAYMENTS, most=10,
        unit="deposits", help="Deposits made while a session was running, of the ten newest.",
        of=purse("last10_in_session"), phrase="who made {cmp} {value} of their last 10 during play",
        criterion=Criterion.RG_NEED, feeds=_BOTH,
    ),
    Number(
        key="deposits_after_loss", label="Deposits soon after a loss, of the last 10", family=Family.PAYMENTS, most=10,
        unit="deposits", of=purse("last10_after_loss"), criterion=Criterion.RG_NEED, feeds=_BOTH,
        help="Deposits made within 24 hours after the end of a session that lost real money, of the ten newest.",
        phrase="who made {cmp} {value} of their last 10 within 24 hours of a loss",
    ),
    Within(
        key="declined_within", label="Declined deposits within some days", family=Family.PAYMENTS, feeds=_PAY,
        help="Deposits declined and never approved afterwards, within the days you enter.",
        params=(_count(1, 3, 5),), of=_kth(purse, "declined", 1, 3, 5), what="had a deposit declined",
        note="1 day = 24 hours, exact to the second.", criterion=Criterion.RG_NEED,
    ),
    Within(
        key="cancelled_within", label="Withdrawals taken back within some days", family=Family.PAYMENTS, feeds=_PAY,
        help="Withdrawals the player asked for and cancelled, within the days you enter.",
        params=(_count(1, 2, 3),), of=_kth(purse, "cancelled", 1, 2, 3), what="took a withdrawal back",
        note="1 day = 24 hours, exact to the second.", criterion=Criterion.RG_NEED,
    ),
    Number(
        key="withdrawals_30d", label="Withdrawals, last 30 days", family=Family.PAYMENTS, unit="withdrawals",
        help="Approved withdrawals.", of=purse("withdrawals_30d"), note=_WINDOW, feeds=_PAY,
        phrase="who made {cmp} {value} in the last 30 days",
    ),
    Money(
        key="withdrawal_sum_30d", label="Amount withdrawn, last 30 days", family=Family.PAYMENTS, feeds=_PAY,
        help="Approved withdrawals. Counted in calendar days of the brand.", of=purse("withdrawal_sum_30d"),
        phrase="who withdrew {cmp} {value} in the last 30 days",
    ),
    Since(
        key="days_since_withdrawal", label="Days since last withdrawal", family=Family.PAYMENTS,
        help="Newest approved withdrawal.", of=purse("last_withdrawal_at"), verb="withdrawn",
        phrase="who have not withdrawn for at least {value}", note="1 day = 24 hours.", feeds=_PAY,
    ),
    Number(
        key="chargebacks", label="Chargebacks", family=Family.PAYMENTS, unit="chargebacks", of=purse("chargebacks"),
        help="Deposits the bank took back, all time.", phrase="who have had {cmp} {value}", feeds=_PAY,
    ),
    # --- bonuses
    Number(
        key="bonuses_offered", label="Bonuses offered", family=Family.BONUSES, unit="bonuses", of=PamBonuses(),
        help="Every bonus the platform has told of: offered, claimed or more.", phrase="who were offered {cmp} {value}",
        feeds=frozenset({"bonuses"}),
    ),
    Number(
        key="bonus_uptake", label="Bonus uptake", family=Family.BONUSES, unit="%", most=100, down=100,
        help="Bonuses claimed divided by bonuses offered, as the platform tells of them.", of=PamBonuses(taken=True),
        per=PamBonuses(), per_least=3, phrase="who took {cmp} {value} of the bonuses offered to them",
        note="Players with fewer than 3 offers do not match.", feeds=frozenset({"bonuses"}),
    ),
    # --- stakes and results
    Number(
        key="bet_to_deposit", label="Average bet relative to average deposit", family=Family.RESULTS, unit="%",
        help="Average stake per round divided by the average deposit, all time.", down=100, most=100_000, wide=True,
        of=Product(Total(("stake_real", "stake_bonus")), Column("deposits")),
        per=Product(Column("rounds"), Column("deposit_sum")),
        phrase="whose average bet is {cmp} {value} of their average deposit", feeds=_BOTH,
        note="Players without a round or without a deposit do not match.",
    ),
    Number(
        key="bad_endings", label="Leaves after a bad run", family=Family.RESULTS, unit="%", most=100, down=100,
        help="RTP sensitivity: of the sessions with a stake, the share that ended right after a bad run: the last 10 "
        "rounds (all, if fewer) returned less than half of what was staked in them.",
        of=habit("bad_endings"), per=habit("staked_sessions"), per_least=5,
        phrase="of whose sessions {cmp} {value} ended after a bad run",
        note="Players with fewer than 5 sessions with a stake do not match. With slots, half is usual.",
        criterion=Criterion.LOSS,
    ),
    Number(
        key="losing_sessions", label="Share of losing sessions", family=Family.RESULTS, unit="%", most=100, down=100,
        help="Sessions that lost real money, as a share of the sessions with a stake.", of=habit("losing_sessions"),
        per=habit("staked_sessions"), per_least=5, phrase="of whose sessions {cmp} {value} lost money",
        note="Players with fewer than 5 sessions with a stake do not match.", criterion=Criterion.LOSS,
    ),
)  # fmt: skip
