"""The tabs of the player page, in order, and what other apps add to its header."""

from datetime import datetime
from typing import Any

from django.db.models import BooleanField, Exists, F, Func, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.http import HttpRequest

from campaigns import protecting
from campaigns.models import Campaign, Enrolment
from compliance.models import Consent, Operator, Standing
from compliance.verdict import Verdict, for_player
from config.lib.panels import Panel, Unseen
from players.models import Contact, Player
from segments.models import Membership, Segment
from segments.permitted import Rights, showing_people

PANELS = (
    Panel("timeline", "Timeline", "players:panel-timeline"),
    Panel("state", "State", "players:panel-state"),
    Panel("play", "Play", "players:panel-play"),
    Panel("money", "Money", "players:panel-money", "players.money"),
    Panel("segments", "Segments", "segments:player-panel", "segments.view"),
    Panel("bonuses", "Bonuses", "bonuses:player-panel", "bonuses.view"),
    Panel("messages", "Messages & journeys", "campaigns:player-panel", "campaigns.view"),
    Panel("protection", "Protection", "compliance:player-panel", "compliance.view"),
)

_UNREACHABLE = Verdict(
    "yellow",
    "Promotions: no channel open",
    "No restriction that stops promotions, but no channel with both consent and a working address",
)


def header(request: HttpRequest, player: Player, *, now: datetime) -> dict[str, Any]:
    verdict, strip = for_player(player, now=now), reach(player)
    if verdict.tone == "green" and not any(channel["ok"] for channel in strip):
        verdict = _UNREACHABLE  # a green line over four crosses would be read as "go ahead"
    in_full = request.user.may("compliance.reasons", player.brand_id)  # type: ignore[union-attr]
    return {"reach": strip, "verdict": verdict, "verdict_text": verdict.long if in_full else verdict.short}


def unseen(request: HttpRequest, player: Player) -> Unseen:
    me: Operator = request.user  # type: ignore[assignment]
    if all(vars(Rights.of(me, player.brand_id)).values()):
        return Unseen((), ())
    been = Segment.objects.filter(pk__in=Membership.objects.filter(player=player).values("segment"))
    shown = {segment.pk for segment in showing_people(been.select_related("current", "brand"), me)}
    been_in = Campaign.objects.filter(pk__in=Enrolment.objects.filter(player=player).values("campaign"))
    return Unseen(
        [pk for pk in been.values_list("pk", flat=True) if pk not in shown],
        sorted(protecting.among(been_in.select_related("brand"), me)),
    )


def of_verdict(players: QuerySet[Player], verdict: str) -> QuerySet[Player]:
    """As the line in the header has it, whatever stands behind it."""
    mine = Standing.objects.filter(person=OuterRef("person"))
    unknown = mine.filter(verdict=Standing.Verdict.UNKNOWN)
    if verdict == "waiting":
        return players.filter(Exists(unknown))
    active = Q(status=Player.Status.ACTIVE)
    if verdict == "allowed":
        open_ = Exists(mine.filter(verdict=Standing.Verdict.OPEN))
        return players.filter(open_ & active & ~Q(pk__in=_closed_at_their_brand()))
    # The few who are closed come from an index of their own, once; everybody's row would be read otherwise.
    closed = Standing.objects.filter(verdict__in=Standing.CLOSED).values("person")
    here = Q(pk__in=_closed_at_their_brand())
    return players.filter(Q(person__in=closed) | here | (~active & ~Exists(unknown)))


def _closed_at_their_brand() -> QuerySet[Player, int]:
    """Accounts that a restriction closes which holds at some brands only. Few, and from an index of their own."""
    closes = Func(
        F("person__standing__partly"),
        Cast("brand_id", TextField()),
        function="jsonb_exists",
        output_field=BooleanField(),
    )
    some = Player.objects.filter(person__standing__partly__isnull=False).alias(closes=closes)
    return some.filter(closes=True).values_list("pk", flat=True)


def reach(player: Player) -> list[dict[str, Any]]:
    """Per channel: may we, for which products, since when. The newest consent row rules."""
    newest: dict[tuple[str, str], Consent] = {}
    for row in Consent.objects.filter(player=player).order_by("occurred_at", "-granted", "id"):
        newest[(row.channel, row.product)] = row
    addresses = {contact.channel: contact for contact in player.contacts.all()}
    strip = []
    for channel in Consent.shown({row.channel for row in newest.values() if row.granted is not None}):
        given = [row for (where, _), row in newest.items() if where == channel and row.granted]
        contact = addresses.get(channel)
        missing = channel in Contact.Channel.values and contact is None
        bounced = bool(contact and contact.bounced_at)
        strip.append(
            {
                "label": channel.label,
                "ok": bool(given) and not missing and not bounced,
                "why": _why(given, missing, bounced),
            }
        )
    return strip


def _why(given: list[Consent], missing: bool, bounced: bool) -> str:
    if missing:
        return "no address"
    if bounced:
        return "the address bounced"
    if not given:
        return "no consent"
    words = (f"{row.get_product_display()} since {row.occurred_at:%-d %b %Y}" for row in given)
    return "consent: " + ", ".join(sorted(words))
