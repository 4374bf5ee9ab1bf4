from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_safe

from bonuses import linting
from bonuses.forms import TermsForm, initial_of
from bonuses.models import Grant, Template
from bonuses.words import cost_hint, in_short, terms_in_words
from compliance import audit
from config.lib.clock import utcnow
from config.lib.http import requires
from config.lib.pages import page
from players.access import brands_for, current_brand, shown_brands
from players.models import Brand


@requires("bonuses.view")
@require_safe
def templates(request: HttpRequest) -> HttpResponse:
    found = Template.objects.filter(brand__in=shown_brands(request), archived_at=None)
    found = found.select_related("brand__licence", "current__template__brand__licence").annotate(
        given=Count("terms__grants"), open=Count("terms__grants", filter=Q(terms__grants__status__in=Grant.OPEN))
    )
    rows = [(t, in_short(t.current) if t.current else ("", "")) for t in found.order_by("brand__name", "name")]
    return page(request, "bonuses/templates.html", {"rows": rows})


@requires("bonuses.edit")
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    brand = _brand(request)
    if brand is None:
        return page(request, "bonuses/choose_brand.html", {"brands": _editable(request)})
    form = TermsForm(request.POST or None, brand=brand)
    return _edit(request, form, brand, None)


@requires("bonuses.view")
@require_safe
def template(request: HttpRequest, pk: int) -> HttpResponse:
    found = _template(request, pk)
    versions = [(t, terms_in_words(t)) for t in found.terms.select_related("template", "created_by")]
    hint = cost_hint(found.current) if found.current else ""
    said = linting.findings(found.current, now=utcnow()) if found.current else []
    context = {"template": found, "versions": versions, "hint": hint, "found": said}
    return page(request, "bonuses/template.html", context)


@requires("bonuses.edit")
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """A new version: grants already given keep theirs."""
    found = _template(request, pk)
    initial = initial_of(found.current) if found.current else {}
    form = TermsForm(request.POST or None, initial=initial, brand=found.brand, template=found)
    return _edit(request, form, found.brand, found)


def _edit(request: HttpRequest, form: TermsForm, brand: Brand, found: Template | None) -> HttpResponse:
    if request.method == "POST" and request.user.may("bonuses.edit", brand.pk) and form.is_valid():  # type: ignore[union-attr]
        terms = form.save(by=request.user, now=utcnow())  # type: ignore[arg-type]
        subject = f"bonus-template:{terms.template_id}"
        audit.record(request.user, "terms.versioned", subject, brand=brand.pk,  # type: ignore[arg-type]
                     after={"version": terms.version})  # fmt: skip
        messages.success(request, f"Saved as version {terms.version}. Bonuses already given keep their own terms.")
        return redirect("bonuses:template", terms.template_id)
    context = {"form": form, "owner": brand, "template": found}
    return page(request, "bonuses/edit.html", context, status=422 if form.errors else 200)


def _template(request: HttpRequest, pk: int) -> Template:
    visible = Template.objects.filter(brand__in=brands_for(request)).select_related(
        "brand__licence", "current__template__brand__licence"
    )
    return get_object_or_404(visible, pk=pk)


def _editable(request: HttpRequest) -> list[Brand]:
    return [b for b in brands_for(request) if request.user.may("bonuses.edit", b.pk)]  # type: ignore[union-attr]


def _brand(request: HttpRequest) -> Brand | None:
    """Named in the address, or the one chosen in the top bar, or the only one."""
    may = _editable(request)
    named = request.GET.get("brand", "")
    if named.isdecimal():
        return next((b for b in may if b.pk == int(named)), None)
    chosen = current_brand(request)
    return chosen if chosen in may else (may[0] if len(may) == 1 else None)
