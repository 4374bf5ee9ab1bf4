"""Asking compliance to overrule one finding of the operator's own policy."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from campaigns import access, wording
from campaigns.finding import Finding
from campaigns.lint import findings
from campaigns.models import Version
from compliance.lint import checking, overriding
from config.lib.clock import utcnow
from config.lib.forms import ReasonForm
from config.lib.http import requires
from config.lib.pages import page


@requires("campaigns.edit")
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, pk: int, rule: str, fingerprint: str) -> HttpResponse:
    version, form = access.version_for(request, pk), ReasonForm(request.POST or None)
    found = _finding(version, rule, fingerprint)
    if request.method == "POST" and form.is_valid():
        finding = checking.Finding(found.level, rule, found.words, fingerprint=fingerprint, is_law=False)
        overriding.ask(
            finding, version.campaign.brand, wording.subject_of(version), access.operator(request),
            form.cleaned_data["reason"], text=wording.words_of(version, fingerprint), now=utcnow(),
        )  # fmt: skip
        messages.success(request, "Asked. When a compliance officer has signed, it stands in the way no more.")
        return redirect("campaigns:launch", pk)
    context = {
        "form": form, "heading": f"Overrule {rule}: {version.campaign.name}", "submit": "Ask compliance",
        "cancel": f"/campaigns/{pk}/launch/",
        "consequence": f"Found: {found.words}. A compliance officer reads the words and your reason, and signs or "
                       "declines. It holds for these words only: what is changed afterwards is looked at anew.",
    }  # fmt: skip
    return page(request, "ui/reason.html", context, status=422 if form.errors else 200)


def _finding(version: Version, rule: str, fingerprint: str) -> Finding:
    """404 for what is not found, or not for anybody to overrule."""
    for one in findings(version, now=utcnow()):
        if (one.rule, one.fingerprint) == (rule, fingerprint) and one.may_be_overruled:
            return one
    raise Http404("There is no such finding.")
