"""One field that finds a player, a campaign, a segment, a grant or a decision."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Case, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_safe

from bonuses.models import Grant
from campaigns.models import Campaign
from compliance.models import Decision
from config.lib.http import typed
from config.lib.pages import page
from players import access
from players.models import Brand
from players.views.list import look
from players.views.masks import masked_name
from segments.models import Segment
from segments.permitted import known_to

MOST = 20  # per kind


@dataclass(frozen=True)
class Hit:
    kind: str
    title: str
    note: str
    href: str


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """A single hit opens at once, as an id typed in support does."""
    text = typed(request)
    hits = list(_hits(request, text)) if text else []
    if len(hits) == 1:
        return redirect(hits[0].href)
    full = sum(hit.kind == "Player" for hit in hits) == MOST
    more = f" Only the first {MOST} players are shown: type more letters." if full else ""
    announce = f"{len(hits) or 'Nothing'} found for “{text}”.{more}"
    return page(request, "today/search.html", {"q": text, "hits": hits, "announce": announce})


def _hits(request: HttpRequest, text: str) -> Iterator[Hit]:
    if _where(request, "players.view"):
        yield from _players(request, text)
    if brands := _where(request, "campaigns.view"):
        for row in Campaign.objects.filter(brand__in=brands, name__icontains=text).select_related("brand")[:MOST]:
            yield from _hit("Campaign", row.name, row.brand.name, "campaigns:detail", row.pk)
    if brands := _where(request, "segments.view"):
        segments = Segment.objects.filter(brand__in=brands, name__icontains=text).select_related("brand")
        for segment in known_to(request.user, segments)[:MOST]:  # type: ignore[arg-type]
            note = f"{segment.brand.name}, {segment.get_status_display().lower()}"
            yield from _hit("Segment", segment.name, note, "segments:detail", segment.pk)
    yield from _by_number(request, text)


def _where(request: HttpRequest, permission: str) -> list[Brand]:
    return [brand for brand in access.brands(request) if access.may(request, permission, brand)]


def _players(request: HttpRequest, text: str) -> Iterator[Hit]:
    """The player whose id was typed comes before those whose name only begins so."""
    exact = Case(When(external_id__iexact=text, then=0), default=1)
    looked = look(request, text)
    found = access.visible(request).filter(pk__in=looked.ids).order_by(exact, "external_id")[:MOST]
    for player in found:
        title = f"{player.external_id} {masked_name(player)}"
        yield from _hit("Player", title, player.brand.name, "players:detail", player.pk)


def _by_number(request: HttpRequest, text: str) -> Iterator[Hit]:
    number = int(text) if text.isdecimal() and len(text) < 18 else None
    if brands := _where(request, "bonuses.view"):
        grants = Grant.objects.filter(player__brand__in=brands).select_related("player")
        for grant in grants.filter(pk=number) if number else grants.filter(reference=text):
            yield from _hit(
                "Grant", f"Grant {grant.pk}", f"player {grant.player.external_id}", "bonuses:grant", grant.pk
            )
    if number and (brands := _where(request, "compliance.view")):
        for row in Decision.objects.filter(pk=number, player__brand__in=brands).select_related("player"):
            note = f"player {row.player.external_id}, {row.get_outcome_display().lower()}"
            yield from _hit("Decision", f"Decision {row.pk}", note, "compliance:decision", row.pk)


def _hit(kind: str, title: str, note: str, name: str, pk: int) -> Iterator[Hit]:
    try:
        yield Hit(kind, title, note, reverse(name, args=[pk]))
    except NoReverseMatch:
        return
