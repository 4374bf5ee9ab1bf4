from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.db import transaction

from bonuses import linting
from bonuses.models import Template, Terms
from compliance.models import Operator
from config.lib.clock import utcnow
from config.lib.forms import FilterForm
from config.lib.money import exponent
from players.models import Brand, Category, Licence

MOST = Decimal(1_000_000)
CATEGORIES = [category for category in Category if category]
_AMOUNTS = ("amount", "spin_value", "cap", "min_deposit", "max_bet", "max_release")
_DEFAULT_SHARES = {Category.SLOTS: 100, Category.TABLE: 10, Category.LIVE_CASINO: 10}  # of one product (GB-13)

# What the licence of the brand demands, beside the field it is about.
_LAW: dict[str, dict[str, str]] = {
    Licence.Jurisdiction.GB: {
        "wagering_multiplier": "0 = none. Great Britain allows at most 10 times the bonus.",
        "spin_value": "Free spins only. Great Britain: at most 5 GBP, and 2 GBP for players under 25.",
    },
    Licence.Jurisdiction.SE: {"expiry_days": "Sweden: at least 60 days to meet the conditions."},
    Licence.Jurisdiction.DK: {
        "expiry_days": "Denmark: at least 60 days to meet the conditions.",
        "percent": "Deposit match only. Denmark: the deposit equals what it brings, so 100.",
        "on_winnings": "Denmark: no. Left unsaid, nobody there gets it.",
        "wagering_multiplier": "0 = none. Denmark: at most 10 times deposit and bonus together.",
    },
    Licence.Jurisdiction.DE: {"spin_value": "Free spins only. Germany: at most 1 EUR."},
}


def amount_field(label: str, required: bool = False, help_text: str = "") -> forms.DecimalField:
    return forms.DecimalField(
        label=label, required=required, min_value=Decimal(0), max_value=MOST, max_digits=12, help_text=help_text
    )


def _share(brand: Brand, category: Category) -> int:
    """In Denmark a game counts in full or not at all (DK-04)."""
    usual = _DEFAULT_SHARES.get(category, 0)
    return 100 if usual and brand.licence.jurisdiction == Licence.Jurisdiction.DK else usual


class TermsForm(forms.Form):
    """One version of an offer. Amounts are typed in whole currency; kept in minor units."""

    name = forms.CharField(max_length=80)
    kind = forms.ChoiceField(choices=Template.Kind.choices)
    product = forms.ChoiceField(choices=Terms.Product.choices)
    amount = amount_field(
        "Amount", help_text="Not for a deposit match or free spins. For goodwill: the most one gift may be."
    )
    spins = forms.IntegerField(
        label="Free spins: how many", required=False, min_value=1, max_value=1000, help_text="Free spins only."
    )
    spin_value = amount_field("Stake of one free spin", help_text="Free spins only.")
    percent = forms.DecimalField(
        label="Per cent of the deposit", required=False, min_value=1, max_value=500, max_digits=5, decimal_places=2,
        help_text="Deposit match only.",
    )  # fmt: skip
    cap = amount_field("At most", help_text="Deposit match only.")
    min_deposit = amount_field("Smallest deposit", help_text="Deposit match only.")
    wagering_multiplier = forms.DecimalField(
        label="Wagering: how many times", required=False, min_value=0, max_value=100, max_digits=5, decimal_places=2,
        help_text="0 = none.",
    )  # fmt: skip
    wagering_base = forms.ChoiceField(label="Wagering on", choices=Terms.Base.choices)
    on_winnings = forms.ChoiceField(
        label="Winnings must be played through too", choices=Terms.OnWinnings.choices, required=False
    )
    max_bet = amount_field("Largest bet that counts", help_text="Empty = no limit.")
    max_release = amount_field("At most turns real", help_text="Empty = everything left.")
    expiry_days = forms.IntegerField(
        label="Ends after (days)", min_value=1, max_value=365, initial=30,
    )  # fmt: skip

    def __init__(self, *args: Any, brand: Brand, template: Template | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.brand, self.template, self.digits = brand, template, exponent(brand.currency)
        for category in CATEGORIES:
            self.fields[f"share_{category.key}"] = forms.IntegerField(
                label=f"{category.label}, %", min_value=0, max_value=100, required=False,
                initial=_share(brand, category),
            )  # fmt: skip
        for name in _AMOUNTS:
            self.fields[name].label = f"{self.fields[name].label}, {brand.currency}"
        for name, words in _LAW.get(brand.licence.jurisdiction, {}).items():
            self.fields[name].help_text = words
        if template is not None:
            # What kind of offer it is belongs to the template; its terms change, its nature does not.
            self.fields["kind"].disabled = True

    @property
    def share_fields(self) -> list[forms.BoundField]:
        return [self[f"share_{category.key}"] for category in CATEGORIES]

    def clean_name(self) -> str:
        name = " ".join(str(self.cleaned_data["name"]).split())
        taken = Template.objects.filter(brand=self.brand, name__iexact=name)
        if taken.exclude(pk=self.template.pk if self.template else 0).exists():
            raise forms.ValidationError("This brand already has a template of that name.")
        return name

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for name in _AMOUNTS:
            value = data.get(name)
            if value is not None and value != round(value, self.digits):
                self.add_error(name, f"{self.brand.currency} has {self.digits} decimals.")
        self._needs_value(data)
        self._wagering_makes_sense(data)
        if not self.errors:
            self._is_allowed()
        return data

    def _is_allowed(self) -> None:
        """What no player of this licence could be given is no offer; each rule that says so is named."""
        kind = self.cleaned_data["kind"]
        template = self.template or Template(brand=self.brand, kind=kind)
        found = linting.findings(Terms(template=template, **self._values()), now=utcnow())
        for one in found:
            if one.level == "red":
                self.add_error(None, f"{one.rule}: {one.sentence}")

    def _needs_value(self, data: dict[str, Any]) -> None:
        if data.get("kind") != Template.Kind.FREE_SPINS:
            data["spins"] = data["spin_value"] = None
        if data.get("kind") == Template.Kind.DEPOSIT_MATCH:
            for name in ("percent", "cap"):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, "A deposit match needs this.")
        elif data.get("kind") == Template.Kind.FREE_SPINS:
            for name in ("spins", "spin_value"):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, "Free spins need this.")
            data["amount"] = (data.get("spins") or 0) * (data.get("spin_value") or Decimal(0))
        elif not data.get("amount") and "amount" not in self.errors:
            self.add_error("amount", "Enter an amount above zero.")

    def _wagering_makes_sense(self, data: dict[str, Any]) -> None:
        times, free = data.get("wagering_multiplier") or 0, data.get("kind") == Template.Kind.FREE_CASH
        if free and times:
            self.add_error("wagering_multiplier", "Wager-free cash has no wagering.")
        if times and not any(data.get(f"share_{c.key}") for c in CATEGORIES):
            self.add_error("wagering_multiplier", "No game counts towards the wagering: it could never be met.")
        if data.get("wagering_base") == Terms.Base.DEPOSIT_BONUS and data.get("kind") != Template.Kind.DEPOSIT_MATCH:
            self.add_error("wagering_base", "Only a deposit match has a deposit to wager.")
        worth = data.get("cap") if data.get("kind") == Template.Kind.DEPOSIT_MATCH else data.get("amount")
        for name, words in (("max_bet", "A bet can hardly be larger than the bonus."),):
            if worth and data.get(name) and data[name] > worth:
                self.add_error(name, words)
        if worth and data.get("max_release") and data["max_release"] < worth:
            self.add_error("max_release", "Less than the bonus itself could turn real.")

    def save(self, *, by: Operator, now: datetime) -> Terms:
        """A new version; the first one with its template."""
        data = self.cleaned_data
        with transaction.atomic():
            template = self.template or Template(brand=self.brand, kind=data["kind"], created_at=now, created_by=by)
            template.name = data["name"]
            template.save()
            last = Terms.objects.filter(template=template).order_by("-version").first()
            terms = Terms.objects.create(template=template, version=last.version + 1 if last else 1,
                                         created_at=now, created_by=by, **self._values())  # fmt: skip
            template.current = terms
            template.save(update_fields=["current"])
        return terms

    def _values(self) -> dict[str, Any]:
        data = self.cleaned_data
        shares = {c.key: data.get(f"share_{c.key}") or 0 for c in CATEGORIES}
        return {
            "currency": self.brand.currency,
            **{n: self._minor(data.get(n)) for n in _AMOUNTS},
            "percent": data.get("percent") or Decimal(0),
            "wagering_multiplier": data.get("wagering_multiplier") or Decimal(0),
            "wagering_base": data["wagering_base"],
            "on_winnings": data["on_winnings"],
            "spins": data.get("spins") or 0,
            "contributions": {key: share for key, share in shares.items() if share},
            "expiry_days": data["expiry_days"],
            "product": data["product"],
        }

    def _minor(self, value: Decimal | None) -> int:
        return int((value or Decimal(0)).scaleb(self.digits))


def initial_of(terms: Terms) -> dict[str, Any]:
    digits = exponent(terms.currency)
    amounts = {name: Decimal(value).scaleb(-digits) for name in _AMOUNTS if (value := getattr(terms, name))}
    shares = {f"share_{c.key}": terms.contributions.get(c.key, 0) for c in CATEGORIES}
    same = ("wagering_multiplier", "wagering_base", "on_winnings", "expiry_days", "product")
    return {
        "name": terms.template.name, "kind": terms.kind, "percent": terms.percent or None,
        "spins": terms.spins or None, **amounts, **shares,
        **{name: getattr(terms, name) for name in same},
    }  # fmt: skip


class GoodwillForm(forms.Form):
    template = forms.ModelChoiceField(Template.objects.none(), empty_label=None)
    amount = forms.DecimalField(min_value=Decimal("0.01"), max_value=MOST, max_digits=12)
    reason = forms.CharField(
        min_length=8, max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Kept with the bonus and in the audit trail, with your name and the time.",
    )  # fmt: skip
    # Sent twice (double click, back button) it is still one gift.
    once = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, brand: Brand, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.brand = brand
        self.fields["amount"].label = f"Amount, {brand.currency}"
        self.fields["template"].queryset = Template.objects.filter(  # type: ignore[attr-defined]
            brand=brand, kind=Template.Kind.GOODWILL, archived_at=None
        ).exclude(current=None)

    def clean_amount(self) -> int:
        """Minor units."""
        value: Decimal = self.cleaned_data["amount"]
        digits = exponent(self.brand.currency)
        if value != round(value, digits):
            raise forms.ValidationError(f"{self.brand.currency} has {digits} decimals.")
        return int(value.scaleb(digits))


class GrantFilter(FilterForm):
    q = forms.CharField(required=False, max_length=120)
    status = forms.ChoiceField(required=False, choices=[("", "Every state")])
    template = forms.ModelChoiceField(Template.objects.none(), required=False, empty_label="Every template")
    before = forms.IntegerField(required=False, min_value=1)
