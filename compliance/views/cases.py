"""The case desk."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from compliance.cases import evaluating, opening, queue, reviewing, timeline, working
from compliance.cases.forms import CaseFilter, CloseForm, FindingForm, LevelForm, LogForm
from compliance.markers import showing
from compliance.models import Case, FollowUp, Level, LevelReview, Measure
from compliance.views.home import brands_of
from config.lib.clock import utcnow
from config.lib.forms import ReasonForm
from config.lib.http import requires
from config.lib.pages import page
from players.access import brands_for, player_for


def case_for(request: HttpRequest, pk: int) -> Case:
    """A case of a brand the officer may see, else 404."""
    rows = Case.objects.select_related("player__brand__licence", "person__standing", "owner", "closed_by")
    return get_object_or_404(rows.filter(player__brand__in=brands_for(request)), pk=pk)


@requires("compliance.view")
@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    now, brands, form = utcnow(), brands_of(request), CaseFilter(request.GET)
    rows = Paginator(_chosen(request, form.chosen()), 50).get_page(request.GET.get("page"))
    context = {
        "form": form, "now": now, "rows": rows,
        "clocks": [(one, one.left(now)) for one in queue.deadlines(brands, now=now, most=8)],
        "reviews": queue.waiting_reviews(brands),
    }  # fmt: skip
    return page(request, "compliance/cases.html", context, partials={"rows"})


def _chosen(request: HttpRequest, chosen: dict[str, Any]) -> QuerySet[Case]:
    rows = Case.objects.filter(player__brand__in=brands_of(request)).select_related(
        "player__brand", "owner", "person__standing"
    )
    state = chosen.get("state")
    rows = (
        rows.exclude(closed_at=None).order_by("-closed_at")
        if state == "closed"
        else rows.filter(closed_at=None).order_by("due_at", "pk")
    )
    if state == "mine":
        rows = rows.filter(owner_id=request.user.pk)
    if "level" in chosen:
        rows = rows.filter(level=chosen["level"])
    if text := chosen.get("q", "").replace("\0", "").strip():
        rows = rows.filter(player__external_id=text)
    return rows


@requires("compliance.view")
@require_safe
def case(request: HttpRequest, pk: int) -> HttpResponse:
    now, row = utcnow(), case_for(request, pk)
    follow_ups = row.follow_ups.select_related("done_by").order_by("due_at")
    context = {
        "case": row, "now": now, "picture": showing.of(row.player, now=now), "log": row.log.select_related("by").order_by("-at", "-pk"),
        "timeline": timeline.of(row, now=now), "follow_ups": follow_ups,
        "evaluation": evaluating.compare(row, 7, now=now), "form": LogForm(),
        "review": row.reviews.filter(signed_at=None, declined_at=None).select_related("asked_by").first(),
        "measures": Measure.objects.filter(person_id=row.person_id).exclude(status=Measure.Status.ENDED).order_by("-received_at"),
        "left": queue.Deadline(row.due_at, row.opened_at, "", row.rule, row).left(now),
    }  # fmt: skip
    return page(request, "compliance/case.html", context)


@requires("compliance.edit")
@require_POST
def take(request: HttpRequest, pk: int) -> HttpResponse:
    working.take(case_for(request, pk), request.user, now=utcnow())  # type: ignore[arg-type]
    return redirect("compliance:case", pk)


@requires("compliance.edit")
@require_http_methods(["GET", "POST"])
def log(request: HttpRequest, pk: int) -> HttpResponse:
    row, form = case_for(request, pk), LogForm(request.POST or None)
    if form.is_valid():
        told = form.cleaned_data
        working.log(row, request.user, told.pop("kind"), now=utcnow(), **told)  # type: ignore[arg-type]
        messages.success(request, "Written into the log.")
        return redirect("compliance:case", pk)
    return _form(request, row, form, "Log a contact", "Write it down", "It cannot be changed afterwards.")


@requires("compliance.edit")
@require_http_methods(["GET", "POST"])
def follow_up(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(FollowUp.objects.filter(case__player__brand__in=brands_for(request)), pk=pk)
    desk, form = case_for(request, row.case_id), FindingForm(request.POST or None)
    if form.is_valid():
        working.follow_up(row, request.user, form.cleaned_data["finding"], now=utcnow())  # type: ignore[arg-type]
        messages.success(request, "Evaluated: the figures are kept as they are now.")
        return redirect("compliance:case", desk.pk)
    figures = evaluating.compare(desk, row.days or 7, now=utcnow())
    return _form(request, desk, form, "Evaluate", "Keep the finding", "", evaluation=figures)


@requires("compliance.edit")
@require_http_methods(["GET", "POST"])
def lower(request: HttpRequest, pk: int) -> HttpResponse:
    row = case_for(request, pk)
    form = LevelForm(request.POST or None, below=Level(row.person.standing.risk))
    if form.is_valid():
        told = form.cleaned_data
        try:
            reviewing.ask(row, request.user, Level(told["level"]), told["reason"], now=utcnow())  # type: ignore[arg-type]
            messages.success(request, "Asked. The level falls when a second person has signed.")
        except reviewing.CannotSign as refused:
            messages.error(request, str(refused))
        return redirect("compliance:case", pk)
    consequence = (
        "What the level stopped stays stopped until a second officer signs. What was seen until then counts no more."
    )
    return _form(request, row, form, "Lower the level", "Ask for it", consequence, **_evidence(row))


@requires("compliance.edit")
@require_http_methods(["GET", "POST"])
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    review = _review(request, pk)
    desk = case_for(request, review.case_id)
    if request.method == "POST":
        try:
            reviewing.sign(review, request.user, now=utcnow())  # type: ignore[arg-type]
            messages.success(request, "Signed: the level is lowered.")
        except reviewing.CannotSign as refused:
            messages.error(request, str(refused))
        return redirect("compliance:case", desk.pk)
    return page(request, "compliance/case_sign.html", {"review": review, "case": desk, **_evidence(desk)})


@requires("compliance.edit")
@require_http_methods(["GET", "POST"])
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    review, form = _review(request, pk), ReasonForm(request.POST or None)
    desk = case_for(request, review.case_id)
    if form.is_valid():
        try:
            reviewing.decline(review, request.user, form.cleaned_data["reason"], now=utcnow())  # type: ignore[arg-type]
            messages.success(request, "Declined. The level stays.")
        except reviewing.CannotSign as refused:
            messages.error(request, str(refused))
        return redirect("compliance:case", desk.pk)
    consequence = "Promotions and bonuses stay stopped; it may be asked for again."
    return _form(request, desk, form, "Do not lower the level", "Decline", consequence)


def _review(request: HttpRequest, pk: int) -> LevelReview:
    """One that waits."""
    waiting = LevelReview.objects.filter(signed_at=None, declined_at=None, case__player__brand__in=brands_for(request))
    return get_object_or_404(waiting.select_related("asked_by", "case"), pk=pk)


@requires("compliance.edit")
@require_http_methods(["GET", "POST"])
def close(request: HttpRequest, pk: int) -> HttpResponse:
    row, form = case_for(request, pk), CloseForm(request.POST or None)
    if form.is_valid():
        told = form.cleaned_data
        try:
            working.close(row, request.user, told["outcome"], told["reason"], now=utcnow())  # type: ignore[arg-type]
            return redirect("compliance:case", pk)
        except working.StillProtected:
            form.add_error("outcome", "The level still stops bonuses: lower it first, with a second person.")
    return _form(request, row, form, "Close the case", "Close it", "Evaluations that are due stay in the queue.")


@requires("compliance.edit")
@require_http_methods(["GET", "POST"])
def open_by_hand(request: HttpRequest, pk: int) -> HttpResponse:
    player, form = player_for(request, pk), ReasonForm(request.POST or None)
    running = Case.objects.filter(
        person_id=player.person_id, closed_at=None, player__brand__in=brands_for(request)
    ).first()
    if running:
        return redirect("compliance:case", running.pk)
    if form.is_valid():
        row = opening.by_hand(player, request.user, form.cleaned_data["reason"], now=utcnow())  # type: ignore[arg-type]
        return redirect("compliance:case", row.pk)
    context = {"form": form, "heading": f"Open a case for {player.external_id}", "submit": "Open it",
               "cancel": "", "consequence": "Stops nothing by itself: block promotions or bonuses on the player's page."}  # fmt: skip
    return page(request, "compliance/reason.html", context, status=422 if form.errors else 200)


def _evidence(row: Case) -> dict[str, Any]:
    """What whoever decides about a level should have before them."""
    now = utcnow()
    return {"picture": showing.of(row.player, now=now), "evaluation": evaluating.compare(row, 7, now=now)}


def _form(
    request: HttpRequest, row: Case, form: Any, heading: str, submit: str, consequence: str, **more: Any
) -> HttpResponse:
    context = {"case": row, "form": form, "heading": heading, "submit": submit, "consequence": consequence, **more}
    return page(request, "compliance/case_form.html", context, status=422 if form.errors else 200)
