from datetime import date

from django import forms

from config.lib.forms import FilterForm
from players.models import Brand
from reporting.models import NgrDefinition
from reporting.questions.scope import Period


class StatementForm(FilterForm):
    """Which statement. A value that makes no sense falls back to last month and the licence's definition."""

    brand = forms.ModelChoiceField(Brand.objects.none(), required=False, empty_label=None)
    first = forms.DateField(required=False, label="From", widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(required=False, label="To", widget=forms.DateInput(attrs={"type": "date"}))
    definition = forms.ModelChoiceField(NgrDefinition.objects.none(), required=False, empty_label="Of the licence")
    currency = forms.ChoiceField(required=False)

    def period(self, today: date) -> Period:
        chosen = self.chosen()
        first, last = chosen.get("first"), chosen.get("last")
        if not first and not last:
            return Period.month(today.year, today.month)
        first = first or last.replace(day=1)
        last = last or today
        return Period(min(first, last), max(first, last))
