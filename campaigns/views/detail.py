"""The other tabs of a campaign: settings, launch, live, trace; and what is done to a version."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from campaigns import access, board, drawing, editing, forms, funnel, not_sent, protecting, publishing, words
from campaigns.access import operator
from campaigns.ceilings import ceiling
from campaigns.lint import findings
from campaigns.models import Campaign, ConflictRules, Delivery, Enrolment, Step, Trace, Version
from campaigns.publishing import Refused
from campaigns.views.tree import frame
from compliance import audit
from config.lib.clock import utcnow
from config.lib.forms import ReasonForm
from config.lib.http import requires, typed
from config.lib.pages import page
from players.access import visible

# act -> (permission, needs a reason, the button's words, what will happen)
ACTS = {
    "submit": ("campaigns.edit", False, "Send for approval", ""),
    "approve": ("campaigns.approve", False, "Approve", ""),
    "return": ("campaigns.approve", True, "Send back", "The author gets it back as a draft, with your note."),
    "launch": ("campaigns.edit", False, "Launch now", ""),
    "pause": ("campaigns.edit", True, "Pause", "Nobody enters and nothing is sent until somebody resumes it."),
    "resume": ("campaigns.edit", True, "Resume", "Players go on where they stand."),
    "end": ("campaigns.edit", True, "End for everybody", "All players leave now and what was planned is dropped."),
    "draft": ("campaigns.edit", False, "Work on a new version", ""),
}


@requires("campaigns.view")
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest, pk: int) -> HttpResponse:
    version = access.version_for(request, pk)
    context = frame(request, version, "settings")
    data = (
        request.POST
        if request.method == "POST" and operator(request).may("campaigns.edit", version.campaign.brand_id)
        else None
    )
    campaign_form = forms.CampaignForm(data, instance=version.campaign, prefix="c")
    limits_form = forms.LimitsForm(data if version.is_draft else None, instance=version, prefix="v")
    if data and campaign_form.is_valid() and (not version.is_draft or limits_form.is_valid()):
        campaign_form.save()
        if version.is_draft:
            limits_form.save()
            before, after = editing.changes(limits_form)
            editing.note(version, operator(request), "limits", before=before, after=after)
        audit.record(operator(request), "campaign.settings", f"campaign:{pk}", brand=version.campaign.brand_id,
                     after=campaign_form.cleaned_data)  # fmt: skip
        messages.success(request, "Saved.")
        return redirect("campaigns:settings", pk)
    context |= {"campaign_form": campaign_form, "limits_form": limits_form}
    return page(request, "campaigns/settings.html", context, status=422 if data else 200)


@requires("campaigns.view")
@require_safe
def launch(request: HttpRequest, pk: int) -> HttpResponse:
    version = access.version_for(request, pk)
    sees = words.audience_of(operator(request), version.campaign.brand_id) == "compliance"
    asked = funnel.preview(version, now=utcnow(), limits=sees)
    if not sees:
        asked.hide()
    brand, found, said = version.campaign.brand, findings(version, now=utcnow()), _said(version)
    context = frame(request, version, "launch") | {
        "funnel": asked,
        "heard": asked.told_heard(one.id for step in said for one in step.variants.all()),
        "said": said,
        "subjects": {one.id: words.readable(one.subject) for step in said for one in step.variants.all()},
        "found": found,
        "stops": sum(one.level == "red" for one in found),
        "rivals": _rivals(version.campaign),
        "most": ceiling(ConflictRules.objects.filter(brand=brand).first() or ConflictRules(brand=brand)),
    }
    return page(request, "campaigns/launch.html", context)


def _rivals(campaign: Campaign) -> list[Campaign]:
    """Live campaigns of the brand with this one in its place, strongest first; empty when it is alone."""
    living = Version.objects.filter(campaign__brand=campaign.brand, status=Version.Status.LIVE)
    others = Campaign.objects.filter(versions__in=living).exclude(id=campaign.id)[:10]
    return sorted([*others, campaign], key=lambda one: -one.priority) if others else []


def _said(version: Version) -> list[Step]:
    steps = version.steps.filter(kind=Step.Kind.MESSAGE).order_by("arm_id", "position")
    return list(steps.prefetch_related("variants__segment"))


@requires("campaigns.view")
@require_safe
def live(request: HttpRequest, pk: int) -> HttpResponse:
    version = access.version_for(request, pk)
    counted = board.live(version)
    audience = words.audience_of(operator(request), version.campaign.brand_id)
    hides = protecting.hides_players(version, audience)
    shown = board.in_tens(counted, version) if hides else counted
    newest = Enrolment.objects.filter(version=version, player__is_test=False).select_related("player").order_by("-id")
    context = frame(request, version, "live") | {
        "column": drawing.tree(version, [], shown.steps),
        "states": [(label, shown.states.get(state, 0)) for state, label in Enrolment.State.choices],
        "refusals": [] if hides else not_sent.by_reason(counted.refusals, audience),
        "later": [] if hides else not_sent.later(counted.later, audience),
        "newest": [] if hides else newest[:20],
        "hides": hides,
        "sending": 0 if hides else _under_way(version),
    }
    return page(request, "campaigns/live.html", context, partials={"now"})


def _under_way(version: Version) -> int:
    return Delivery.objects.filter(enrolment__version=version, status__in=["sending", "unknown"]).count()


@requires("campaigns.view")
@require_safe
def trace(request: HttpRequest, pk: int) -> HttpResponse:
    version = access.version_for(request, pk)
    query = typed(request, longest=80)
    audience = words.audience_of(operator(request), version.campaign.brand_id)
    runs = []
    if query:
        players = visible(request).filter(brand=version.campaign.brand, external_id=query)
        found = Enrolment.objects.filter(campaign=version.campaign, player__in=players)
        runs = list(protecting.open_runs(found, audience).order_by("-id")[:10])
    lines = Trace.objects.filter(enrolment__in=runs).select_related("step").order_by("at", "id")
    paths = [(run, [(t, words.trace(t, audience)) for t in lines if t.enrolment_id == run.id]) for run in runs]
    hides = protecting.hides_players(version, audience)
    context = frame(request, version, "trace") | {"q": query, "paths": paths, "tones": words.RUN_TONE, "hides": hides}
    return page(request, "campaigns/trace.html", context, partials={"path"})


@requires("campaigns.view")
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """One step on a version's way. Those that need a reason ask for it on a page of their own."""
    if verb not in ACTS:
        raise Http404("There is no such button.")
    permission, needs_reason, label, consequence = ACTS[verb]
    version = access.version_for(request, pk)
    if not operator(request).may(permission, version.campaign.brand_id):
        raise PermissionDenied(permission)
    form = ReasonForm(request.POST or None) if needs_reason else None
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            _do(verb, version, request, form.cleaned_data["reason"] if form else "")
            messages.success(request, f"{label}: done.")
        except Refused as refused:
            messages.error(request, str(refused))
        return redirect("campaigns:launch" if verb in ("submit", "approve") else "campaigns:detail", pk)
    if form is None:
        raise Http404("Press the button on the campaign's page.")
    context = {"form": form, "heading": f"{label}: {version.campaign.name}", "submit": label,
               "consequence": consequence, "cancel": f"/campaigns/{pk}/"}  # fmt: skip
    return page(request, "ui/reason.html", context, status=422 if form.errors else 200)


def _do(verb: str, version: Version, request: HttpRequest, reason: str) -> None:
    user, now = operator(request), utcnow()
    match verb:
        case "submit":
            publishing.submit(version, user, now=now)
        case "approve":
            publishing.approve(version, user, seen=request.POST.get("seen", ""), now=now)
        case "return":
            publishing.send_back(version, user, reason)
        case "launch":
            publishing.launch(version, user, now=now)
        case "pause":
            publishing.pause(version, user, reason)
        case "resume":
            publishing.resume(version, user, reason)
        case "end":
            publishing.end(version, user, reason, now=now)
        case "draft":
            publishing.new_draft(version.campaign, user, now=now)
