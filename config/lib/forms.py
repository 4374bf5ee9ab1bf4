"""Form pieces every app needs: a reason that goes to the audit trail."""

from typing import Any

from django import forms


class ReasonForm(forms.Form):
    """A dangerous act is a page with a typed reason, never a confirm box."""

    reason = forms.CharField(
        min_length=8,
        max_length=300,
        label="Reason",
        help_text="Kept in the audit trail with your name and the time.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean_reason(self) -> str:
        return " ".join(str(self.cleaned_data["reason"]).split())


class FilterForm(forms.Form):
    """A form sent by GET whose bad values are ignored instead of refused: a stale link still opens."""

    def chosen(self) -> dict[str, Any]:
        """Only the values that are filled in and valid."""
        self.is_valid()
        return {name: value for name, value in getattr(self, "cleaned_data", {}).items() if value not in (None, "")}
