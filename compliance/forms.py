from typing import Any

from django import forms

from compliance.jurisdictions import PACKS
from compliance.models import Decision, Measure
from compliance.models.decision import Purpose
from config.lib.forms import FilterForm, ReasonForm

_CHANNELS = [("email", "E-mail"), ("sms", "SMS"), ("push", "Push"), ("onsite", "On site"), ("bonus", "Bonus")]
_DAY = forms.DateInput(attrs={"type": "date"})

# Beginnings of AuditEntry.kind, in the words of the menu.
_RECORDED = [
    ("", "Everything"), ("campaign.", "Campaigns"), ("conflict_rules.", "Conflict rules"), ("segment.", "Segments"),
    ("bonus.", "Bonuses"), ("terms.", "Bonus terms"), ("budget.", "Bonus budgets"), ("policy.", "Policy switches"),
    ("promotions.", "Stops of promotions"), ("proof.", "Proofs read"), ("player.", "Looks at personal data"),
    ("import.", "Imports"), ("totals.", "Reconciliation"), ("quarantine.", "Quarantine"), ("gap.", "Gaps in a feed"),
    ("event.", "Single events"), ("key.", "API keys"), ("stages.", "Stages"), ("brand.", "Brands"),
    ("operator.", "Users & roles, logins"), ("message.", "Messages handed over"), ("rg.", "Restrictions told"),
    ("export.", "Exports"),
]  # fmt: skip


class DecisionFilter(FilterForm):
    q = forms.CharField(required=False, max_length=120)
    outcome = forms.ChoiceField(required=False, choices=[("", "Any outcome"), *Decision.Outcome.choices])
    since = forms.DateField(required=False, widget=_DAY)
    until = forms.DateField(required=False, widget=_DAY)
    rule = forms.CharField(required=False, max_length=12)
    purpose = forms.ChoiceField(required=False, choices=[("", "Any purpose"), *Purpose.choices])


class RestrictionFilter(FilterForm):
    q = forms.CharField(required=False, max_length=120)
    kind = forms.ChoiceField(required=False, choices=[("", "Every kind"), *Measure.Kind.choices])
    status = forms.ChoiceField(required=False, choices=[("", "Any state"), *Measure.Status.choices])


class AuditFilter(FilterForm):
    q = forms.CharField(required=False, max_length=120)
    by = forms.ChoiceField(
        required=False,
        choices=[
            ("", "By people, or whatever is searched for"),
            ("people", "By people"),
            ("system", "By Pitboss and the feed"),
        ],
    )
    kind = forms.ChoiceField(required=False, choices=_RECORDED)
    day = forms.DateField(required=False, widget=_DAY)


class RulesFilter(FilterForm):
    licence = forms.ChoiceField(required=False, choices=[(name, name) for name in PACKS])
    day = forms.DateField(required=False, widget=_DAY)


class StopForm(ReasonForm):
    """`brands`: those of the operator; nothing chosen = all of them."""

    def __init__(self, *args: Any, brands: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["brand"] = forms.ModelChoiceField(brands, required=False, empty_label="All brands", label="Brand")
        self.order_fields(["brand", "reason"])


class AskForm(forms.Form):
    player = forms.CharField(max_length=64, label="Player id", help_text="The id in the PAM, or ours.")
    purpose = forms.ChoiceField(choices=Purpose.choices)
    channel = forms.ChoiceField(choices=_CHANNELS)
    product = forms.MultipleChoiceField(
        choices=[("casino", "Casino"), ("betting", "Betting"), ("bingo", "Bingo")], required=False,
        widget=forms.CheckboxSelectMultiple, label="Products it is about",
    )  # fmt: skip
    ask_kind = forms.ChoiceField(
        choices=[("", "Asks for nothing"), ("deposit", "Asks for a deposit of"), ("stake", "Asks for a stake of")],
        required=False, label="What it asks for",
    )  # fmt: skip
    ask_amount = forms.DecimalField(
        required=False, min_value=0, decimal_places=2, label="Amount asked for", help_text="In the player's currency."
    )
    bonus_value = forms.DecimalField(
        required=False,
        min_value=0,
        decimal_places=2,
        label="Value of the bonus offered",
        help_text="In the player's currency.",
    )
    wagering = forms.DecimalField(required=False, min_value=0, decimal_places=2, label="Wagering, times the bonus")
    days = forms.IntegerField(required=False, min_value=1, label="Days to meet the conditions")
