"""What campaigns add to the player's page: messages sent, not sent and waiting; journeys, now and past."""

from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from campaigns import not_sent, protecting, words
from campaigns.access import operator
from campaigns.models import Attempt, Delivery, Enrolment, Trace
from config.lib.http import requires
from config.lib.pages import page
from players.access import player_for


@requires("players.view")
@require_safe
def player(request: HttpRequest, pk: int) -> HttpResponse:
    person = player_for(request, pk)
    audience = words.audience_of(operator(request), person.brand_id)
    said = (
        protecting.open_messages(Delivery.objects.filter(player=person), audience)
        .select_related("enrolment__campaign", "step", "decision")
        .order_by("-created_at", "-id")[:50]
    )
    messages = [
        (
            one,
            words.reason(one.code, audience, one.detail),
            words.STATUS_TONE.get(one.status, "muted"),
            one.settled_at or (None if not_sent.is_private(one.code, audience) else one.due_at),
        )
        for one in said
    ]
    runs = (
        protecting.open_runs(Enrolment.objects.filter(player=person), audience)
        .select_related("campaign", "step")
        .order_by("-entered_at", "-id")[:20]
    )
    lines: dict[int, list[tuple[datetime, str]]] = {}
    for line in Trace.objects.filter(enrolment__in=list(runs)).select_related("step").order_by("at", "id"):
        lines.setdefault(line.enrolment_id, []).append((line.at, words.trace(line, audience)))
    journeys = [
        (run, words.reason(run.reason, audience), words.RUN_TONE.get(run.state, "muted"), lines.get(run.id, []))
        for run in runs
    ]
    context = {"player": person, "said": messages, "journeys": journeys}
    return page(request, "campaigns/panel.html", context)


@requires("players.view")
@require_safe
def message(request: HttpRequest, pk: int, delivery: int) -> HttpResponse:
    """One message as it was handed over, with every try."""
    person = player_for(request, pk)
    audience = words.audience_of(operator(request), person.brand_id)
    if not protecting.open_messages(Delivery.objects.filter(player=person, id=delivery), audience).exists():
        raise Http404("No such message.")
    attempts = Attempt.objects.filter(player=person, delivery_id=delivery).select_related(
        "delivery__enrolment__campaign", "delivery__step", "decision"
    )
    context = {"player": person, "attempts": attempts.order_by("number")}
    return page(request, "campaigns/message.html", context, status=200 if attempts else 404)
