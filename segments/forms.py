"""The forms of the segment pages that are no rule."""

from django import forms

from config.lib.forms import ReasonForm


class PickForm(ReasonForm):
    """One player, in or out by hand."""

    who = forms.CharField(max_length=100, label="Player id or e-mail")
    what = forms.ChoiceField(
        choices=[("in", "Always a member"), ("out", "Never a member"), ("rule", "Let the rule decide again")],
        label="From now on",
    )
    reason = forms.CharField(
        min_length=8, max_length=300, label="Reason", help_text="Kept in the audit trail with your name and the time."
    )
    field_order = ("who", "what", "reason")
