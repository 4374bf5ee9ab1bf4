"""What the player list can be filtered and ordered by. Every order is an index; see players.models."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.db.models import Q, QuerySet

from config.lib.clock import NEVER
from config.lib.forms import FilterForm
from config.lib.panels import of_verdict
from players.models import Category, Player, PlayerList, Stage

SORTS = {
    "-id": "Newest first",
    "-state__last_play_day": "Last played",
    "-state__deposit_sum_30d": "Deposits, 30 days",
    "id": "Oldest first",
}
PLAYED = {"7": "Played in 7 days", "30": "Played in 30 days", "-14": "Not for 14 days", "-30": "Not for 30 days",
          "-90": "Not for 90 days", "never": "Never played"}  # fmt: skip
DEPOSITS = {"none": "No deposit yet", "some": "Has deposited", "30": "Deposited in 30 days"}
VERDICTS = {"allowed": "May be contacted", "protected": "Protected", "waiting": "Waiting for data"}


def _choice(label: str, first: str, words: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=[("", first), *words])


class PlayerFilter(FilterForm):
    q = forms.CharField(label="Search players", required=False, max_length=100)
    stage = forms.TypedChoiceField(
        label="Stage", required=False, coerce=int, choices=[("", "Any stage"), *Stage.choices]
    )
    category = forms.TypedChoiceField(
        label="Favourite category", required=False, coerce=int, choices=[("", "Any category"), *Category.choices]
    )
    country = forms.RegexField(r"^[A-Za-z]{2}$", label="Country", required=False)
    kyc = _choice(
        "Identity check", "KYC: any", [(value, f"KYC: {label.lower()}") for value, label in Player.Kyc.choices]
    )
    played = _choice("Last played", "Played any time", PLAYED.items())
    deposits = _choice("Deposits", "Any deposits", DEPOSITS.items())
    verdict = _choice("Promotions", "Any promotions", VERDICTS.items())
    vip = _choice("VIP", "VIP or not", [("yes", "VIP only"), ("no", "Not VIP")])
    on_list = forms.IntegerField(label="List", required=False, min_value=1, max_value=2**31)
    sort = _choice("Order", "Newest first", list(SORTS.items())[1:])

    def __init__(self, given: Any, *, lists: QuerySet[PlayerList], protection: bool) -> None:
        """`lists`: those there are for whoever asks. `protection`: may they tell the protected from the others? One
        player's page says the word; a filter would name them all, and count out the few."""
        super().__init__(given)
        self.lists = lists
        if not protection:
            del self.fields["verdict"]

    def clean_on_list(self) -> int | None:
        wanted: int | None = self.cleaned_data["on_list"]
        if wanted is not None and not self.lists.filter(pk=wanted).exists():
            raise forms.ValidationError("There is no such list.")
        return wanted

    def apply(self, players: QuerySet[Player], *, now: datetime) -> QuerySet[Player]:
        """Everything but the words searched for, which are players.search's business."""
        chosen = self.chosen()
        plain = {"stage": "state__stage", "category": "state__top_category", "kyc": "kyc"}
        players = players.filter(**{column: chosen[name] for name, column in plain.items() if name in chosen})
        if "country" in chosen:
            players = players.filter(country=chosen["country"].upper())
        if "vip" in chosen:
            players = players.filter(vip_tier__gt=0) if chosen["vip"] == "yes" else players.filter(vip_tier=0)
        if "on_list" in chosen:
            players = players.filter(lists__list=chosen["on_list"])
        if "played" in chosen:
            players = players.filter(_played(chosen["played"], now))
        if "deposits" in chosen:
            players = players.filter(_DEPOSITED[chosen["deposits"]])
        return of_verdict(players, chosen["verdict"]) if "verdict" in chosen else players

    @property
    def order(self) -> str:
        return str(self.chosen().get("sort", "-id"))

    def query(self) -> str:
        """What a saved view keeps: the filters that are set, never the words searched for."""
        from urllib.parse import urlencode

        return urlencode(sorted((name, value) for name, value in self.chosen().items() if name != "q"))


_DEPOSITED = {
    "none": Q(state__first_deposit_at=NEVER),
    "some": Q(state__first_deposit_at__gt=NEVER),
    "30": Q(state__deposit_sum_30d__gt=0),
}


def _played(choice: str, now: datetime) -> Q:
    if choice == "never":
        return Q(state__last_play_at=NEVER)
    days = int(choice)
    if days > 0:
        return Q(state__last_play_at__gte=now - timedelta(days=days))
    return Q(state__last_play_at__gt=NEVER, state__last_play_at__lt=now + timedelta(days=days))
