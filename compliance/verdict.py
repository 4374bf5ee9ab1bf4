"""The one line in the header of a player's page."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from compliance.models import BrandStop, Level, Measure, Standing
from compliance.vocabulary import EXCLUSIONS
from players.models import Player


@dataclass(frozen=True)
class Verdict:
    """`tone` is a badge colour; `short` is for every role, `long` for compliance only."""

    tone: str
    short: str
    long: str


_ALLOWED, _PROTECTED = "Promotions: allowed", "Promotions: protected"


def for_player(player: Player, *, now: datetime) -> Verdict:
    standing = Standing.objects.filter(person_id=player.person_id).first()
    if BrandStop.objects.filter(brand_id=player.brand_id, lifted_at=None).exists():
        return Verdict("yellow", "Promotions: stopped for this brand", "Promotions of this brand are stopped")
    here = standing.at(player.brand_id) if standing else Standing.Verdict.UNKNOWN
    if standing is None or here == Standing.Verdict.UNKNOWN:
        return Verdict("yellow", "Promotions: waiting for data", "The PAM has not stated this player's restrictions")
    if here == Standing.Verdict.OPEN and player.status == Player.Status.ACTIVE:
        if not standing.bonuses_ok:
            return Verdict("yellow", "Promotions: allowed, bonuses: protected", "Bonuses blocked (OP-01)")
        return Verdict("green", _ALLOWED, "No restriction that stops promotions; consent is checked per message")
    return Verdict("red", _PROTECTED, _why(player, standing, here))


def _why(player: Player, standing: Standing, here: str) -> str:
    measure = _decisive(standing)
    if here == Standing.Verdict.EXCLUDED:
        until = f"until {measure.ends_at:%-d %b %Y}" if measure and measure.ends_at else "until further notice"
        if measure is None and standing.kin and _excluded(standing.kin):
            return "Excluded at an account that may be the same person's; to be decided under Linked persons (X-05)"
        kind = measure.get_kind_display() if measure else "On a national register"
        return f"{kind} {until} (X-01)"
    if here == Standing.Verdict.AWAITING_RETURN:
        return "Exclusion over, player has not asked to return (GB-03, SE-03, MT-02)"
    if here == Standing.Verdict.TIME_OUT and standing.valid_until:
        return f"On a break, or in the wait after an exclusion, until {standing.valid_until:%-d %b %Y %H:%M} UTC (SYS-06, POL-01, MT-02)"
    if here == Standing.Verdict.HARM:
        own = Level(standing.risk).is_protected
        where = (
            standing.get_risk_display() if own else "Strong signs of harm at an account that may be the same person's"
        )
        return f"{where}: stopped until two people have reviewed it (GB-04, PD-02)"
    if here == Standing.Verdict.BLOCKED:
        return "Promotions blocked by the operator (OP-01)"
    return f"Account {player.get_status_display().lower()} (OP-01)"


def _decisive(standing: Standing) -> Measure | None:
    return _running([standing.person_id]).order_by("-ends_at").first()


def _excluded(person_ids: Iterable[int]) -> bool:
    return _running(person_ids).exists()


def _running(person_ids: Iterable[int]) -> QuerySet[Measure]:
    return Measure.objects.filter(person_id__in=person_ids, status=Measure.Status.ACTIVE, kind__in=EXCLUSIONS)
