"""The right column of the builder: about how many at once, then exactly, then who and how they can be reached."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from config.lib.clock import utcnow
from players.models import PlayerState
from segments.explaining import UNSEEN, explain_player, find_player
from segments.feeding import flows, needed
from segments.history import size_yesterday
from segments.language.compile import matching, population
from segments.language.criteria import CONSEQUENCES, criteria, feeds
from segments.language.tree import At, Group
from segments.looking_back import warnings
from segments.models import Segment
from segments.overlap import overlaps
from segments.permitted import visible
from segments.preview import Sample, TooSlow, examples, guess, patiently, portrait
from segments.reach import LOOKED_AT, reach
from segments.sizes import Size, size_of, told
from segments.views.desk import Desk

ESTIMATE, FOUND, REACH = "builder-result", "builder-found", "builder-reach"


def estimate(desk: Desk) -> dict[str, Any]:
    """What can be said without looking at a single player."""
    if desk.rule is None:
        return {"is_known": False}
    now = utcnow()
    found = matching(desk.brand, desk.rule, At.brand(desk.brand, now))
    about = min(guess(found), population(desk.brand).count()) if desk.sight(desk.rule).exact else None
    return {
        "is_known": True,
        "about": _rounded(about) if about is not None else None,
        "chips": [CONSEQUENCES[key] for key in criteria(desk.rule)],
        "shortfalls": warnings(desk.brand, desk.rule, now=now),
        "flows": needed(flows(desk.brand), feeds(desk.rule)),
    }


def _rounded(number: int) -> int:
    """Two figures: an estimate that reads 1 243 pretends."""
    digits = max(len(str(number)) - 2, 0)
    return round(number, -digits)


def found(request: HttpRequest, desk: Desk) -> dict[str, Any]:
    """The exact size, what they are like, ten of them."""
    if desk.rule is None:
        return {}
    at, seen = At.brand(desk.brand, utcnow()), desk.sight(desk.rule)
    players = matching(desk.brand, desk.rule, at)
    try:
        with patiently():
            everybody = population(desk.brand).count()
            size = size_of(players, everybody, seen)
            return _shown(request, desk.rule, desk, players, size, at) | {"size": size, "everybody": everybody}
    except TooSlow:
        return {"too_slow": True}


def _shown(
    request: HttpRequest, rule: Group, desk: Desk, players: QuerySet[PlayerState], size: Size, at: At
) -> dict[str, Any]:
    if size.count is None or not size.is_exact:
        return {"is_veiled": True}
    seen, last = desk.sight(rule), request.POST.get("last_count", "")
    change = size.count - int(last) if last.isdecimal() and len(last) < 12 else 0
    before = size_yesterday(desk.segment, now=at.now) if desk.segment else None
    moved = {"change": change, "since_yesterday": None if before is None else size.count - before}
    if not size.count:
        return moved
    return moved | {
        "portrait": portrait(desk.brand, Sample.of(players, size.count)) if seen.small else None,
        "examples": examples(players, rule, at) if seen.people else [],
        "is_veiled": not seen.people,
    }


def reached(desk: Desk) -> dict[str, Any]:
    """Per channel, and who is in other live segments already."""
    if desk.rule is None or not desk.sight(desk.rule).exact:
        return {}
    now, seen = utcnow(), desk.sight(desk.rule)
    players = matching(desk.brand, desk.rule, At.brand(desk.brand, now))
    try:
        with patiently():
            count = players.count()
            if told(count, seen).count in (None, 0):
                return {}
            sample = Sample.of(players, count, LOOKED_AT)
            return {
                "reach": reach(sample, now=now, exact=desk.rights.protection),
                "overlaps": overlaps(sample, _others(desk)),
            }
    except TooSlow:
        return {"too_slow": True}


def _others(desk: Desk) -> QuerySet[Segment]:
    live = Segment.objects.filter(brand=desk.brand, status=Segment.Status.LIVE)
    return visible(live.exclude(pk=desk.segment.pk) if desk.segment else live, desk.rights)


def explained(request: HttpRequest, desk: Desk) -> dict[str, Any]:
    if desk.rule is None or not desk.sight(desk.rule).people:
        return {"explanation": UNSEEN} if desk.rule else {}
    word = request.POST.get("explain", "") or request.POST.get("who", "")
    player = find_player(desk.brand, word)
    return {"explanation": explain_player(player, desk.rule, word, now=utcnow())}
