"""The provider's own log, compared with ours: nought differences, each day."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_safe

from campaigns import provider_log
from campaigns.models import ProviderLog
from config.lib.clock import utcnow
from config.lib.http import requires
from config.lib.pages import page
from players.access import brands_for, shown_brands
from players.models import Brand

SHOWN = 60


class LogForm(forms.Form):
    brand = forms.ModelChoiceField(Brand.objects.none(), label="Brand", empty_label=None)
    file = forms.FileField(
        label="File", help_text="CSV with a header: Message-ID, and if the provider tells them recipient and time (UTC).",
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv,text/plain"}),
    )  # fmt: skip

    def clean_file(self) -> bytes:
        raw: bytes = self.cleaned_data["file"].read(provider_log.LONGEST + 1)
        if len(raw) > provider_log.LONGEST:
            raise forms.ValidationError("At most 20 MB: one day, or one hour.")
        return raw


@requires("compliance.view")
@require_http_methods(["GET", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    may = request.user.may("compliance.edit")  # type: ignore[union-attr]
    form = LogForm(request.POST or None, request.FILES or None)
    form.fields["brand"].queryset = brands_for(request).order_by("name")  # type: ignore[attr-defined]
    if request.method == "POST" and may and form.is_valid():
        brand, name = form.cleaned_data["brand"], str(getattr(request.FILES["file"], "name", ""))
        try:
            row = provider_log.keep(brand, form.cleaned_data["file"], name, request.user, now=utcnow())  # type: ignore[arg-type]
            messages.success(request, f"Compared {row.lines} messages: {row.differences} differences.")
            return redirect("campaigns:provider-log-read", row.pk)
        except provider_log.NotReadable as wrong:
            form.add_error("file", str(wrong))
    rows = ProviderLog.objects.filter(brand__in=shown_brands(request)).select_related("brand", "by").order_by("-at")
    context = {"rows": rows[:SHOWN], "form": form, "may": may}
    return page(request, "campaigns/provider_log.html", context, status=422 if form.errors else 200)


@requires("compliance.view")
@require_safe
def read(request: HttpRequest, pk: int) -> HttpResponse:
    rows = ProviderLog.objects.filter(brand__in=brands_for(request)).select_related("brand", "by")
    row = get_object_or_404(rows, pk=pk)
    found = [(words, row.figures[what], row.examples.get(what, [])) for what, words in provider_log.FINDINGS.items()]
    return page(request, "campaigns/provider_log_read.html", {"row": row, "found": found})
