"""All campaigns, a new one, what waits for a second person, and the conflict rules."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_safe

from campaigns import access, board, protecting, recipes, words
from campaigns.access import operator
from campaigns.ceilings import ceiling
from campaigns.forms import NewForm, RulesForm
from campaigns.lint import findings
from campaigns.models import ConflictRules, Version
from campaigns.publishing import Refused
from compliance import audit
from config.lib.clock import utcnow
from config.lib.http import requires, typed
from config.lib.pages import page
from players.access import brands_for, current_brand


@requires("campaigns.view")
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    query = typed(request, longest=80)
    campaigns = access.visible(request).filter(name__icontains=query) if query else access.visible(request)
    rows = board.rows(campaigns[:200])
    told = protecting.among([row.campaign for row in rows], operator(request))
    for row in rows:
        row.tells = row.campaign.pk in told
        row.starts, row.tone = words.starts(row.version), words.VERSION_TONE.get(row.version.status, "muted")
    return page(request, "campaigns/list.html", {"rows": rows, "q": query}, partials={"rows"})


@requires("campaigns.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    start = {"recipe": request.GET.get("recipe", "win_back"), "brand": current_brand(request)}
    form = NewForm(brands_for(request), request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            version = recipes.create(data["brand"], data["recipe"], operator(request), name=data["name"], now=utcnow())
        except Refused as refused:
            form.add_error("name", str(refused))
        else:
            messages.success(request, "A draft. Nobody gets anything until it is approved and launched.")
            return redirect("campaigns:detail", version.campaign_id)
    context = {"form": form, "recipes": recipes.RECIPES.values()}
    return page(request, "campaigns/new.html", context, status=422 if form.errors else 200)


@requires("campaigns.view")
@require_safe
def approvals(request: HttpRequest) -> HttpResponse:
    waiting = (
        Version.objects.filter(status=Version.Status.SUBMITTED, campaign__brand__in=brands_for(request))
        .select_related("campaign__brand", "author", "trigger_segment")
        .order_by("submitted_at")
    )
    rows = [(version, words.starts(version), findings(version, now=utcnow())) for version in waiting[:100]]
    return page(request, "campaigns/approvals.html", {"rows": rows})


@requires("campaigns.view")
@require_http_methods(["GET", "HEAD", "POST"])
def conflicts(request: HttpRequest) -> HttpResponse:
    brands = list(brands_for(request))
    chosen = request.POST.get("brand", "")
    forms = []
    for brand in brands:
        rules = ConflictRules.objects.filter(brand=brand).first() or ConflictRules(brand=brand)
        mine = (
            request.method == "POST" and chosen == str(brand.id) and operator(request).may("campaigns.edit", brand.pk)
        )
        form = RulesForm(request.POST if mine else None, instance=rules, prefix=f"b{brand.id}")
        if mine and form.is_valid():
            form.save()
            after = form.cleaned_data
            audit.record(operator(request), "conflict_rules.changed", f"brand:{brand.id}", brand=brand.id, after=after)
            messages.success(request, f"Saved for {brand.name}. It holds for the next message.")
            return redirect("campaigns:conflicts")
        saved = ConflictRules.objects.filter(brand=brand).first() or ConflictRules(brand=brand)
        forms.append((brand, form, saved, ceiling(saved)))
    return page(
        request, "campaigns/conflicts.html", {"forms": forms, "may_edit": operator(request).may("campaigns.edit")}
    )


@requires("campaigns.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def unused(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw a campaign away that never left the draft."""
    version = get_object_or_404(access.campaign_for(request, pk).versions, number=1, status=Version.Status.DRAFT)
    if request.method == "POST":
        audit.record(operator(request), "campaign.discarded", f"campaign:{pk}", brand=version.campaign.brand_id,
                     before={"name": version.campaign.name})  # fmt: skip
        version.campaign.delete()
        messages.success(request, "The draft is gone.")
        return redirect("campaigns:list")
    return page(request, "campaigns/discard.html", {"version": version, "campaign": version.campaign})
