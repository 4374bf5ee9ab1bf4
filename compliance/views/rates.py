"""Exchange rates: what is on record, a form for a few, a file for many, looked at before it is recorded."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from compliance import rate_files, rates
from compliance.forms import RateFileForm, RatesForm
from config.lib.clock import utcnow
from config.lib.http import requires
from config.lib.pages import page

_SHOWN = 200


@requires("compliance.view")
@require_safe
def exchange_rates(request: HttpRequest) -> HttpResponse:
    """What amounts in different currencies are compared at; where one is missing the answer is no."""
    return page(request, "compliance/rates.html", {"rows": rates.table(now=utcnow())})


@requires("compliance.edit")
@require_http_methods(["GET", "POST"])
def record_rates(request: HttpRequest) -> HttpResponse:
    form = RatesForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            count = rates.record(data["lines"], source=data["source"], actor=request.user, now=utcnow())  # type: ignore[arg-type]
        except rates.WrongRate as wrong:
            form.add_error("lines", str(wrong))
        else:
            messages.success(request, f"Recorded {count} rates.")
            return redirect("compliance:rates")
    return page(request, "compliance/record_rates.html", {"form": form}, status=422 if form.errors else 200)


@requires("compliance.edit")
@require_http_methods(["GET", "POST"])
def rate_file(request: HttpRequest) -> HttpResponse:
    """Shows what a file would do; records it when it comes back with a yes."""
    form = RateFileForm(request.POST or None, request.FILES or None)
    if request.method != "POST" or not form.is_valid():
        return page(request, "compliance/rate_file.html", {"form": form}, status=422 if form.errors else 200)
    text, source = form.cleaned_data["text"], form.cleaned_data["source"]
    try:
        reading = rate_files.read(text, now=utcnow())
    except rate_files.NotReadable as wrong:
        form.add_error("file", str(wrong))
        return page(request, "compliance/rate_file.html", {"form": form}, status=422)
    if "yes" not in request.POST or not reading.good:
        return page(request, "compliance/rate_file_read.html", _shown(reading, text, source))
    refused = len(reading.refused)
    count = rates.keep(reading.rows(), source=source, actor=request.user, now=utcnow(), refused=refused)  # type: ignore[arg-type]
    messages.success(request, f"Recorded {count} rates, refused {refused}.")
    return redirect("compliance:rates")


def _shown(reading: rate_files.Reading, text: str, source: str) -> dict[str, object]:
    """What needs eyes comes first."""
    first = sorted(reading.lines, key=lambda line: (not line.why or line.is_known, not line.is_strange, line.is_known))
    return {
        "reading": reading,
        "lines": first[:_SHOWN],
        "left_out": max(0, len(first) - _SHOWN),
        "text": text,
        "source": source,
    }
