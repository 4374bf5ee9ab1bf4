"""More built-in attributes: what a player carries or has done that has a name. Tags, uploaded lists, sports."""

from functools import partial

from django.db.models import QuerySet

from players.models import Bet, Brand, ListMember, PlayerList, PlayerTag, SeenName
from segments.language.attributes import Criterion, Family, register
from segments.language.belonging import Among, Carried

_SPORTS = frozenset({"sports"})
_SEVERAL = "Counts bets whose legs are all of one; an accumulator over several counts for none. Void bets count too."


def _names(what: SeenName.What, brand: Brand) -> list[str]:
    return SeenName.of(brand, what)


def _lists(brand: Brand) -> list[str]:
    return list(PlayerList.objects.filter(brand=brand).order_by("name").values_list("name", flat=True)[:200])


def _bets() -> QuerySet[Bet]:
    return Bet.objects.exclude(sport="")


register(
    Among(
        key="sports", label="Sports bet on", family=Family.GAMES, help="Sports the player has ever bet on.",
        of=Carried(_bets, "sport", partial(_names, SeenName.What.SPORT)), note=_SEVERAL, feeds=_SPORTS,
        phrase="who have bet on {value}", phrase_not="who have never bet on {value}", blank="none yet",
        criterion=Criterion.PRODUCT_AFFINITY,
    ),
    Among(
        key="leagues", label="Leagues bet on", family=Family.GAMES, help="Leagues the player has ever bet on.",
        of=Carried(lambda: _bets().exclude(league=""), "league", partial(_names, SeenName.What.LEAGUE)), longest=80,
        phrase="who have bet on the league {value}", phrase_not="who have never bet on the league {value}",
        note=_SEVERAL, feeds=_SPORTS, blank="none yet", criterion=Criterion.PRODUCT_AFFINITY,
    ),
    Among(
        key="tags", label="Tags", family=Family.PERSON, help="Tags your platform has put on the player.",
        of=Carried(lambda: PlayerTag.objects.filter(is_on=True), "tag", partial(_names, SeenName.What.TAG)),
        phrase="who carry the tag {value}", phrase_not="who do not carry the tag {value}", blank="none",
        feeds=frozenset({"tags"}), criterion=Criterion.MANUAL,
    ),
    Among(
        key="lists", label="Uploaded lists", family=Family.PERSON, help="Lists of players somebody has imported.",
        of=Carried(ListMember.objects.all, "list__name", _lists), longest=80,
        phrase="who are on the list {value}", phrase_not="who are not on the list {value}", blank="none",
        feeds=frozenset(), criterion=Criterion.MANUAL,
    ),
)  # fmt: skip
