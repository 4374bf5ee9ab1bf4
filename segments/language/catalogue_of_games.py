"""Built-in attributes of what a player likes to play: categories, types, titles, providers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db.models import Q
from django.db.models.lookups import In

from players.models import Game
from segments.language.attributes import Criterion, Family, Param, register
from segments.language.catalogue import CATEGORIES, CATEGORY, STORED_CATEGORY
from segments.language.choices import Choice
from segments.language.numbers import Money, Number
from segments.language.quantities import AllCategories, Column, LeadingCategory, OfCategory, habit
from segments.language.shares import CategoryShare
from segments.language.tree import At, Leaf
from segments.language.windows import READING, WINDOW, InWindow

_BY = Param("by", "Measured by", {"sessions": "Sessions", "seconds": "Time played", "stake": "Stakes"})
_LAST_TEN = "Players without a session do not match “is”."


def remembered(key: str, read: Any) -> Mapping[str, str]:
    """Words of the list, read from the database at most once a minute."""
    found: Mapping[str, str] = cache.get_or_set(f"segments:{key}", read, 60) or {}
    return found


def _titles() -> Mapping[str, str]:
    games = Game.objects.order_by("title").values_list("external_id", "title")
    return remembered("titles", lambda: dict(games))


def _names(column: str) -> Mapping[str, str]:
    names = Game.objects.exclude(**{column: ""}).order_by(column).values_list(column, flat=True).distinct()
    return remembered(column, lambda: {name: name for name in names})


@dataclass(frozen=True, kw_only=True)
class Title(Choice):
    """The rule names the game as the PAM does; the row holds our number of it."""

    def condition(self, leaf: Leaf, at: At) -> Q:
        """The game is looked up when the question is asked: it may come to be known after the rule."""
        words = leaf.value if isinstance(leaf.value, tuple) else (leaf.value,)
        found = Q(In(self.of.sql(leaf.params), Game.objects.filter(external_id__in=words).values("pk")))
        return ~found if leaf.op in ("is_not", "not_in") else found

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
    Choice(
        key="top_category", label="Preferred category", family=Family.GAMES, common=True,
        help="The category with the highest stakes in the last 90 days, real and bonus money.",
        example="80 staked on slots and 200 on live casino: live casino.",
        words="favourite favorite vertical product slots live sports twins",
        of=Column("top_category"), options=lambda: CATEGORIES, stored=STORED_CATEGORY, blank="none yet",
        phrase="whose most-staked category in the last 90 days {verb} {value}",
        note="Calendar days of the brand. Players without stakes in 90 days have no preferred category.",
        criterion=Criterion.PRODUCT_AFFINITY,
    ),
    Choice(
        key="top_category_by", label="Preferred category, all time", family=Family.GAMES, params=(_BY,),
        help="The category with the most sessions, the most time or the highest stakes, as you choose, all time.",
        example="40 short slots sessions and 3 long ones of live blackjack: slots by sessions, live casino by time.",
        words="favourite favorite vertical product slots live sports twins most played",
        of=LeadingCategory("by"), options=lambda: CATEGORIES, stored=STORED_CATEGORY, blank="none yet",
        phrase="whose preferred category by {by} {verb} {value}",
        note="Of equals the first in this list. Players who have none of it have no preferred category.",
        criterion=Criterion.PRODUCT_AFFINITY,
    ),
    CategoryShare(
        key="category_share", label="Share of stakes in a category", family=Family.GAMES, unit="%", most=100,
        help="Stakes in the category you choose as a share of all stakes, last 90 days.", params=(CATEGORY,),
        example="90 of 120 staked on sports: 75 %.", words="mix product only sports-only cross-sell",
        of=OfCategory("stake_90d"), per=Column("stake_90d"), down=100,
        phrase="with {cmp} {value} of their stakes in the last 90 days in {category}",
        note="Players without stakes in 90 days do not match.", criterion=Criterion.PRODUCT_AFFINITY,
    ),
    Number(
        key="category_sessions_share", label="Share of sessions in a category", family=Family.GAMES, unit="%", most=100,
        help="Sessions in the category you choose as a share of all sessions, all time.", params=(CATEGORY,),
        example="40 slots sessions of 43: 93 %.", words="mix product only cross-sell",
        of=OfCategory("sessions"), per=AllCategories("sessions"), down=100,
        phrase="with {cmp} {value} of their sessions in {category}",
        note="Players without a session do not match. Sports bets are no sessions.",
        criterion=Criterion.PRODUCT_AFFINITY,
    ),
    Number(
        key="category_time_share", label="Share of time in a category", family=Family.GAMES, unit="%", most=100,
        help="Time played in the category you choose as a share of all time played, all time.", params=(CATEGORY,),
        example="6 hours at live tables of 8 hours: 75 %.", words="mix product only cross-sell duration",
        of=OfCategory("seconds"), per=AllCategories("seconds"), down=100,
        phrase="with {cmp} {value} of their time in {category}",
        note="Players whose sessions took no time do not match.", criterion=Criterion.PRODUCT_AFFINITY,
    ),
    Number(
        key="categories_played", label="Categories played", family=Family.GAMES, unit="categories", most=9,
        help="How many categories the player has ever had a round, a session or a sports bet in.",
        of=AllCategories("", counts=True),
        example="Slots and sports: 2 categories. “Exactly 1” finds who plays one product only.",
        words="product mix single only cross-sell breadth", phrase="who have played {cmp} {value}",
        criterion=Criterion.PRODUCT_AFFINITY,
    ),
    Money(
        key="category_stake", label="Stakes in a category, all time", family=Family.GAMES, params=(CATEGORY,),
        help="Real and bonus money staked in the category you choose.", of=OfCategory("stake"),
        example="Staked 300 on slots since registering: 300.", words="turnover wagered bets handle volume",
        phrase="who have staked {cmp} {value} on {category}", criterion=Criterion.PRODUCT_AFFINITY,
    ),
    Money(
        key="category_stake_window", label="Stakes in a category and a window", family=Family.GAMES,
        help="Real and bonus money staked in the category and the window you choose.", params=(CATEGORY, WINDOW),
        example="Staked 50 on bingo in the last 7 days: 50.", words="turnover wagered bets handle volume",
        of=InWindow(("stake_real", "stake_bonus"), in_category=True),
        phrase="who staked {cmp} {value} on {category} in the {window}",
        note=f"{READING} Only accounts held in this currency match.", criterion=Criterion.PRODUCT_AFFINITY,
    ),
    Number(
        key="rounds_in", label="Rounds in a category", family=Family.GAMES, unit="rounds", most=10**9,
        help="Closed rounds and settled bets in the category you choose, all time.", of=OfCategory("rounds"),
        example="4 000 spins and 12 sports bets: for sports it is 12 rounds.", words="spins bets hands games count",
        params=(CATEGORY,), phrase="who have played {cmp} {value} of {category}", criterion=Criterion.PRODUCT_AFFINITY,
    ),
    Choice(
        key="favourite_type", label="Favourite game type", family=Family.GAMES, of=habit("favourite_type"),
        help="The type most of the last 10 sessions were of, as your game catalogue tells it; of equals the first "
        "by the alphabet.",
        example="6 of the last 10 sessions at live blackjack tables: blackjack.", longest=40,
        words="blackjack roulette baccarat megaways jackpot favorite kind game type",
        options=lambda: _names("type"), is_open=True, phrase="whose favourite game type {verb} {value}",
        blank="none yet", note=_LAST_TEN, criterion=Criterion.PRODUCT_AFFINITY,
    ),
    Title(
        key="favourite_title", label="Favourite game", family=Family.GAMES, of=habit("favourite_game_id"),
        help="The title played in most of the last 10 sessions; of equals the one known longest.",
        example="4 of the last 10 sessions on Book of Sun, no other title as often: Book of Sun.",
        words="title slot favorite game most played", options=_titles, is_open=True, longest=64,
        phrase="whose favourite game {verb} {value}", blank="none yet", note=_LAST_TEN,
        criterion=Criterion.PRODUCT_AFFINITY,
    ),
    Choice(
        key="favourite_provider", label="Favourite provider", family=Family.GAMES, of=habit("favourite_provider"),
        help="The provider of most of the last 10 sessions; of equals the first by the alphabet.",
        example="6 of the last 10 sessions on games of Nova: Nova.", words="supplier studio vendor favorite",
        options=lambda: _names("provider"), is_open=True, longest=60,
        phrase="whose favourite provider {verb} {value}", blank="none yet", note=_LAST_TEN,
        criterion=Criterion.PRODUCT_AFFINITY,
    ),
)  # fmt: skip
