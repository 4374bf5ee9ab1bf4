from datetime import date, timedelta

from django import forms

from config.lib.forms import FilterForm
from players.models import Brand
from reporting.models import NgrDefinition
from reporting.questions.scope import Period

EARLIEST, LATEST = date(2000, 1, 1), timedelta(days=366)


class StatementForm(FilterForm):
    """Which statement. A value that makes no sense falls back to last month and the licence's definition."""

    brand = forms.ModelChoiceField(Brand.objects.none(), required=False, empty_label=None)
    first = forms.DateField(required=False, label="From", widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(required=False, label="To", widget=forms.DateInput(attrs={"type": "date"}))
    definition = forms.ModelChoiceField(NgrDefinition.objects.none(), required=False, empty_label="Of the licence")
    currency = forms.ChoiceField(required=False)

    def period(self, today: date) -> Period:
        chosen = self.chosen()
        first: date | None = chosen.get("first")
        last: date | None = chosen.get("last")
        if first is None and last is None:
            return Period.month(today.year, today.month)
        last = last or today
        first = first or last.replace(day=1)
        # Beyond these there is nothing to report, and the period before the year 1 cannot be computed.
        bounds = [max(EARLIEST, min(day, today + LATEST)) for day in (first, last)]
        return Period(min(bounds), max(bounds))
