"""Taking a list of members out of the house: what for, by which channel, and what came of it."""

from typing import Any

from django import forms
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from compliance import audit
from compliance.models import Consent, Operator
from config.lib.clock import utcnow
from config.lib.forms import ReasonForm
from config.lib.http import requires, streamed
from config.lib.pages import page
from segments import exported, exporting
from segments.models import Export, Segment
from segments.stating import OTHER, SaysForm, in_words
from segments.views.access import operator, segment_for
from segments.views.pages import words

PERMISSION = "segments.export"


class ExportForm(SaysForm, ReasonForm):
    channel = forms.ChoiceField(choices=list(exporting.CHANNELS.items()), label="They will be written to by")
    purpose = forms.ChoiceField(label="Purpose")
    products = forms.MultipleChoiceField(
        choices=Consent.Product.choices, widget=forms.CheckboxSelectMultiple, label="About",
        help_text="Consent is needed for each of them.",
    )  # fmt: skip
    ASKED = ("channel", "purpose", "products", *SaysForm.STATED, "reason")

    def __init__(self, segment: Segment, me: Operator, data: Any = None) -> None:
        super().__init__(segment.brand, data)
        allowed = exporting.purposes(segment, me)
        self.fields["purpose"].choices = [(one.value, one.label) for one in allowed]  # type: ignore[attr-defined]
        self.fields["reason"].label = "What the list is for"

    def asked(self) -> list[forms.BoundField]:
        return [self[name] for name in self.ASKED]

    def described(self) -> list[forms.BoundField]:
        """Of another offer than one of the brand's own."""
        return [self[name] for name in self.DESCRIBED]

    @property
    def is_described(self) -> bool:
        return self["offer"].value() == OTHER

    def given(self) -> dict[str, Any]:
        """Of a valid form, what `exporting.ask` wants."""
        data = self.cleaned_data
        says = self.says(frozenset(data["products"]))
        return {name: data[name] for name in ("channel", "purpose", "products", "reason")} | {"says": says}


@requires(PERMISSION)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def export(request: HttpRequest, pk: int) -> HttpResponse:
    segment, me = segment_for(request, pk, PERMISSION), operator(request)
    form = ExportForm(segment, me, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                exporting.ask(segment, me, **form.given(), now=utcnow())
            return redirect("segments:export", pk)
        except exporting.CannotExport as error:
            form.add_error(None, str(error))
    own = Export.objects.filter(segment=segment, purpose__in=exporting.purposes(segment, me))
    rows = own.select_related("operator", "version").order_by("-pk")[:20]
    now = utcnow()
    found = [(row, exported.summary(row), exported.is_there(row, now=now), in_words(row.told)) for row in rows]
    context = {"segment": segment, "form": form, "found": found, "words": words(segment), "tab": "members"}
    context["is_running"] = any(row.status == Export.Status.RUNNING for row, *_ in found)
    return page(request, "segments/export.html", context, partials={"exports"}, status=422 if form.errors else 200)


def _export_for(request: HttpRequest, pk: int) -> Export:
    """404 once it has expired, and for a purpose this operator takes no list for: it names protected players too."""
    rows = Export.objects.select_related("segment__brand", "segment__current", "version", "operator")
    found = get_object_or_404(rows, pk=pk)
    segment = segment_for(request, found.segment_id, PERMISSION)
    if not exported.is_there(found, now=utcnow()) or found.purpose not in exporting.purposes(
        segment, operator(request)
    ):
        raise Http404("expired")
    return found


@requires(PERMISSION)
@never_cache
@require_safe
def file(request: HttpRequest, pk: int) -> HttpResponse:
    found = _export_for(request, pk)
    with transaction.atomic():
        audit.record(operator(request), "segment.export_downloaded", f"segment:{found.segment_id}",
                     brand=found.segment.brand_id, reason=found.reason, after={"export": found.pk})  # fmt: skip
    response = streamed(request, exported.download(found, operator(request), now=utcnow()), "text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{found.name}.csv"'
    return response  # type: ignore[return-value]


@requires(PERMISSION)
@never_cache
@require_safe
def about(request: HttpRequest, pk: int) -> HttpResponse:
    found = _export_for(request, pk)
    response = JsonResponse(exported.manifest(found), json_dumps_params={"indent": 2, "ensure_ascii": False})
    response["Content-Disposition"] = f'attachment; filename="{found.name}.json"'
    return response
