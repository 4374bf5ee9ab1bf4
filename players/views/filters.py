"""What the player list can be searched and filtered by."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet

from config.lib.forms import FilterForm
from players.models import Contact, Player, Stage

SORTS = {
    "-id": "Newest first",
    "-state__last_play_at": "Last played",
    "-state__deposit_sum_30d": "Deposits, 30 days",
    "-state__stake_30d": "Stakes, 30 days",
    "external_id": "Player id",
}


class PlayerFilter(FilterForm):
    q = forms.CharField(label="Search players", required=False, max_length=100)
    stage = forms.TypedChoiceField(
        label="Stage", required=False, coerce=int, choices=[("", "Any stage"), *Stage.choices]
    )
    country = forms.RegexField(r"^[A-Za-z]{2}$", label="Country", required=False)
    vip = forms.ChoiceField(
        label="VIP", required=False, choices=[("", "VIP or not"), ("yes", "VIP only"), ("no", "Not VIP")]
    )
    sort = forms.ChoiceField(label="Order", required=False, choices=list(SORTS.items()))

    def apply(self, players: QuerySet[Player]) -> QuerySet[Player]:
        chosen = self.chosen()
        if "q" in chosen:
            players = players.filter(matching(chosen["q"]))
        if "stage" in chosen:
            players = players.filter(state__stage=chosen["stage"])
        if "country" in chosen:
            players = players.filter(country=chosen["country"].upper())
        if "vip" in chosen:
            players = players.filter(vip_tier__gt=0) if chosen["vip"] == "yes" else players.filter(vip_tier=0)
        return players

    @property
    def order(self) -> str:
        return str(self.chosen().get("sort", "-id"))


def matching(words: str) -> Q:
    """Starts of: player id, e-mail, phone, first or last name ('anna li' = both)."""
    text = words.strip()
    parts: list[Any] = text.split()
    found = Q(external_id__istartswith=text)
    folded = text.lower().replace(" ", "")
    if len(folded) > 2:
        found |= Q(pk__in=Contact.objects.filter(normal__startswith=folded).values("player"))
    if len(parts) == 2:
        found |= Q(first_name__istartswith=parts[0], last_name__istartswith=parts[1])
    elif len(text) > 1:
        found |= Q(first_name__istartswith=text) | Q(last_name__istartswith=text)
    return found
