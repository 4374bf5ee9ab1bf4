"""The list of players: search, filters, saved views, pages without counting and without skipping."""

from typing import Any

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from config.lib import flow
from config.lib.clock import utcnow
from config.lib.estimate import about
from config.lib.http import requires
from config.lib.keyset import Slice, take
from config.lib.pages import page, partial_of
from players import access, search
from players.models import Player, PlayerList, SavedView
from players.views.filters import PlayerFilter
from players.views.masks import masked_name

MOST_VIEWS = 30
_NARROW = 20  # a search that leads to so few people has told who they are


@requires("players.view")
@require_safe
def players(request: HttpRequest) -> HttpResponse:
    form = _filter(request, request.GET)
    rows = form.apply(access.visible(request), now=utcnow())
    words = form.chosen().get("q", "")
    looked = look(request, words) if words else None
    if looked is not None:
        rows = rows.filter(pk__in=looked.ids)
    found = take(_complete(rows), sort=form.order, token=request.GET.get("after", ""))
    for player in found.rows:
        player.masked_name = masked_name(player)
    context = {
        "form": form, "found": found, "total": _total(rows, found), "capped": looked is not None and looked.capped,
        "filtered": bool(form.chosen().keys() - {"sort"}), "query": form.query(),
        "money": access.may_everywhere(request, "players.money"),
        "in_full": access.may_everywhere(request, "players.reveal"),
        "announce": f"{len(found.rows)} players shown" + (", more follow" if found.next else ""),
    }  # fmt: skip
    if partial_of(request) != "rows":
        context |= {"countries": countries(), "views": views_of(request), "lists": lists_of(request)}
    response = page(request, "players/list.html", context, partials={"rows"})
    if words:
        response["HX-Push-Url"] = "false"  # what was searched for may be an address: it stays out of the history
    return response


def _filter(request: HttpRequest, given: Any) -> PlayerFilter:
    sees = access.may_everywhere(request, access.SEES_PROTECTION)
    return PlayerFilter(given, lists=access.lists(request), protection=sees)


def _complete(rows: QuerySet[Player]) -> QuerySet[Player]:
    return rows.filter(state__isnull=False).select_related("brand", "state")


def _total(rows: QuerySet[Player], found: Slice) -> dict[str, Any]:
    if found.first and not found.next:
        return {"exact": True, "n": len(found.rows)}
    expected, exact = about(rows)
    return {"exact": exact, "n": expected if exact else max(expected, len(found.rows))}


def look(request: HttpRequest, words: str) -> search.Found:
    """Searches the brands on show; when personal data led to few people, that is written down."""
    in_full = access.may_everywhere(request, "players.reveal")
    brands = access.brands_with_players(request)
    found = search.find(words, None if access.sees_everything(request) else brands, in_full=in_full)
    if found.by_person and len(found.ids) <= _NARROW:
        _note(request, words, found)
    return found


def _note(request: HttpRequest, words: str, found: search.Found) -> None:
    """Once per finding: typing the rest of a name finds the same people again."""
    ids = sorted(found.ids)
    if request.session.get("searched") == ids:
        return
    request.session["searched"] = ids
    of_brand: dict[int, list[int]] = {}
    for pk, brand_id in Player.objects.filter(pk__in=ids).order_by("pk").values_list("pk", "brand_id"):
        of_brand.setdefault(brand_id, []).append(pk)
    with transaction.atomic():
        for brand_id, theirs in sorted(of_brand.items()):
            after = {"by": sorted(found.by), "letters": len(words), "players": theirs}
            flow.hook("AUDIT", request.user, "player.searched", "players", brand=brand_id, after=after)


# One look into the index per country, however many players there are.
_COUNTRIES = """
    WITH RECURSIVE next AS (
        (SELECT country FROM players_player WHERE country > '' ORDER BY country LIMIT 1)
        UNION ALL
        SELECT (SELECT p.country FROM players_player p WHERE p.country > next.country ORDER BY p.country LIMIT 1)
        FROM next WHERE next.country IS NOT NULL
    )
    SELECT country FROM next WHERE country IS NOT NULL
"""


def countries() -> list[str]:
    """Countries anybody is from, for the filter."""
    with connection.cursor() as db:
        db.execute(_COUNTRIES)
        return [row[0] for row in db.fetchall()]


def lists_of(request: HttpRequest) -> list[PlayerList]:
    """Newest first."""
    return list(access.lists(request).select_related("brand").order_by("-id")[:MOST_VIEWS])


def views_of(request: HttpRequest) -> list[SavedView]:
    """The operator's own, then those shared with one of his roles."""
    shared = Q(role__in=[role.value for role in request.user.roles])  # type: ignore[union-attr]
    rows = SavedView.objects.filter(Q(owner=request.user.pk) | shared).select_related("owner").order_by("name")
    return sorted(rows[:MOST_VIEWS], key=lambda view: view.owner_id != request.user.pk)


@requires("players.view")
@require_POST
def save_view(request: HttpRequest) -> HttpResponse:
    """The filters of the page under a name; the same name again replaces it."""
    name = " ".join(request.POST.get("name", "").replace("\0", "").split())[:40]
    form = _filter(request, _parsed(request.POST.get("query", "")))
    roles = {role.value for role in request.user.roles}  # type: ignore[union-attr]
    role = request.POST.get("role", "")
    query = form.query()
    mine = SavedView.objects.filter(owner=request.user.pk)
    if name and query and (mine.count() < MOST_VIEWS or mine.filter(name=name).exists()):
        SavedView.objects.update_or_create(
            owner_id=request.user.pk, name=name, defaults={"query": query, "role": role if role in roles else ""}
        )
    return redirect(f"/players/?{query}" if query else "players:list")


def _parsed(query: str) -> Any:
    from django.http import QueryDict

    return QueryDict(query[:400])


@requires("players.view")
@require_POST
def forget_view(request: HttpRequest, pk: int) -> HttpResponse:
    get_object_or_404(SavedView, pk=pk, owner=request.user.pk).delete()
    return redirect("players:list")
