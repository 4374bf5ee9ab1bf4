"""What the messages to the people on a list will say: stated by whoever takes it, told to the gate as of our own messages.

The offer is one of the brand's own bonuses (config/flow.py: OFFERS) or another one, described.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django import forms

from compliance.asking import Ask, Incentive, Request
from compliance.models.decision import Purpose
from compliance.vocabulary import CONTENT_SAID, INCENTIVES, ON_DEPOSIT
from config.lib import flow
from config.lib.money import Money, exponent
from config.lib.words import number
from players.models import Brand

MISSING = "missing_notice"
NONE, OTHER = "none", "other"


@dataclass(frozen=True)
class Offer:
    """One of the brand's own. `key` names it in the form."""

    key: str
    name: str
    incentive: Incentive
    ask: Ask | None


@dataclass(frozen=True)
class Says:
    """Nothing offered, asked for or pressed: Says()."""

    incentive: Incentive | None = None
    ask: Ask | None = None
    content: frozenset[str] = frozenset()

    def told(self, audience: int) -> dict[str, Any]:
        """As it is kept. Only an offer is made to so and so many; of anything else the number tells nothing."""
        made_to = audience if self.incentive else None
        told = Request(0, Purpose.PROMOTIONAL, "", frozenset(), frozenset(), "", self.ask, self.incentive, self.content,
                       made_to).snapshot()  # fmt: skip
        return {name: told[name] for name in ("ask", "incentive", "content", "audience") if name in told}

    @property
    def is_neutral(self) -> bool:
        return not (self.incentive or self.ask or self.content - {MISSING})


def question(told: Mapping[str, Any], asked: Request) -> Request:
    """`asked` with what was stated of the list."""
    plain = asked.snapshot() | dict(told)
    return replace(Request.from_snapshot(plain), purpose=asked.purpose)


def in_words(told: Mapping[str, Any]) -> str:
    parts = list(_parts(told))
    return ", ".join(parts) or "no offer"


def _parts(told: Mapping[str, Any]) -> Iterator[str]:
    if offer := told.get("incentive"):
        kind, value = offer["type"].replace("_", " "), Money(offer["value"], offer["currency"])
        players = told.get("audience") or 0
        made_to = "1 player" if players == 1 else f"{number(players)} players"
        yield f"{kind} worth up to {value}, made to {made_to}"
    if ask := told.get("ask"):
        yield f"asks for a {ask['kind']} of at least {Money(ask['amount'], ask['currency'])}"
    for word in told.get("content", ()):
        yield CONTENT_SAID.get(word, "leaves out a notice of the licence")


def _amount(label: str, **more: Any) -> forms.DecimalField:
    return forms.DecimalField(required=False, min_value=0, max_value=10**9, decimal_places=2, label=label, **more)


class SaysForm(forms.Form):
    """The part of a form that states it. Amounts in the brand's currency."""

    offer = forms.ChoiceField(label="Offer", help_text="What the messages, calls or ads promise.")
    offer_type = forms.ChoiceField(
        required=False, label="Kind of offer",
        choices=[("", "…"), *((word, word.replace("_", " ").capitalize()) for word in sorted(INCENTIVES))],
    )  # fmt: skip
    offer_value = _amount("Worth at most")
    offer_deposit = _amount("Smallest deposit for it")
    offer_stake = _amount("Stake of one free spin or bet")
    offer_wagering = forms.DecimalField(
        required=False, min_value=0, max_value=1000, decimal_places=2, label="Wagering, times its value"
    )
    offer_days = forms.IntegerField(required=False, min_value=1, max_value=3650, label="Days to meet the conditions")
    offer_on_winnings = forms.NullBooleanField(
        required=False, label="Winnings must be played through too",
        widget=forms.Select(choices=[("", "Not said"), ("false", "No"), ("true", "Yes")]),
    )  # fmt: skip
    offer_share = forms.IntegerField(
        required=False, min_value=1, max_value=100, label="Of a stake counts at least, %", help_text="Empty: not said."
    )
    deposit_asked = _amount("They ask for a deposit of at least", help_text="Empty: they ask for none.")
    content = forms.MultipleChoiceField(
        choices=list(CONTENT_SAID.items()), required=False, widget=forms.CheckboxSelectMultiple, label="Their words",
        help_text="Tick what they do.",
    )  # fmt: skip
    notice = forms.BooleanField(
        required=False, label="They show the notices the licence asks for (age, help line, register)"
    )

    STATED = ("offer", "deposit_asked", "content", "notice")
    DESCRIBED = ("offer_type", "offer_value", "offer_deposit", "offer_stake", "offer_wagering", "offer_days",
                 "offer_on_winnings", "offer_share")  # fmt: skip

    def __init__(self, brand: Brand, data: Any = None) -> None:
        super().__init__(data)
        self._brand = brand
        self._own: dict[str, Offer] = {one.key: one for one in flow.gather("OFFERS", brand)}
        choices = [("", "Say what they offer…"), (NONE, "No offer"), *((one.key, one.name) for one in self._own.values()),
                   (OTHER, "Another offer, described below")]  # fmt: skip
        self.fields["offer"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("offer") == OTHER:
            for name in ("offer_type", "offer_value"):
                if not data.get(name):
                    self.add_error(name, "Say what it is." if name == "offer_type" else "How much?")
            if data.get("offer_type") in ON_DEPOSIT and not data.get("offer_deposit"):
                self.add_error("offer_deposit", "What has to be paid in for it?")
        return data

    def says(self, products: frozenset[str]) -> Says:
        """Of a valid form; `products`: what the messages are about."""
        data = self.cleaned_data
        content = frozenset(data["content"]) | (frozenset() if data["notice"] else {MISSING})
        least = self._minor(data["deposit_asked"])
        ask = Ask("deposit", least, self._brand.currency) if least else None
        if own := self._own.get(data["offer"]):
            return Says(own.incentive, ask or own.ask, content)
        incentive = self._described(products) if data["offer"] == OTHER else None
        if ask is None and incentive is not None and incentive.needs:
            ask = Ask("deposit", incentive.needs, self._brand.currency)
        return Says(incentive, ask, content)

    def _described(self, products: frozenset[str]) -> Incentive:
        data = self.cleaned_data
        return Incentive(
            type=data["offer_type"], value=self._minor(data["offer_value"]) or 0, currency=self._brand.currency,
            wagering=data["offer_wagering"], days=data["offer_days"], products=products,
            stake=self._minor(data["offer_stake"]), on_winnings=data["offer_on_winnings"],
            needs=self._minor(data["offer_deposit"]), deposit=self._minor(data["offer_deposit"]),
            least_share=data["offer_share"],
        )  # fmt: skip

    def _minor(self, amount: Decimal | None) -> int | None:
        return int(amount * 10 ** exponent(self._brand.currency)) if amount else None
