"""What a page shows of one person's markers: what counts, until when, and what nobody can tell."""

from dataclasses import dataclass
from datetime import datetime

from compliance.markers import definitions, levels, wording
from compliance.markers.catalogue import BY_ID
from compliance.models import ExternalScore, Level, MarkerHit, Standing, Watch
from players.models import Player


@dataclass(frozen=True)
class Sign:
    hit: MarkerHit
    name: str
    family: str
    points: int
    figures: str
    settled: bool  # a review has looked at it


@dataclass(frozen=True)
class Picture:
    level: Level
    computed: Level
    points: int
    families: tuple[str, ...]
    signs: list[Sign]
    scores: list[ExternalScore]
    unknown: list[str]
    read_at: datetime | None

    @property
    def waits_for_review(self) -> bool:
        """What was seen has faded, and people have not looked yet."""
        return self.level.needs_review and self.computed.rank < self.level.rank


def of(player: Player, *, now: datetime) -> Picture:
    person = player.person_id
    told = levels.evidence([person], now=now, known=[person])[person]
    settled = levels.settled_at([person]).get(person)
    signed = definitions.of_brand(player.brand)
    rows = MarkerHit.objects.filter(player__person_id=person, counts_until__gt=now).select_related("player__brand")
    watch = Watch.objects.filter(player=player).first()
    signs = [
        Sign(row, BY_ID[row.marker].name, BY_ID[row.marker].family, signed.of[row.marker].points,
             wording.figures(row.found, row.player.currency), bool(settled and row.seen_at <= settled))
        for row in rows.order_by("-at", "marker") if row.marker in BY_ID
    ]  # fmt: skip
    scores = ExternalScore.objects.filter(player__person_id=person, at__gt=now - levels.FADES)
    standing = Standing.objects.filter(person_id=person).first()
    return Picture(
        Level(standing.risk) if standing else Level.UNKNOWN, told.total.level, told.total.points, told.total.families,
        signs, list(scores.order_by("player_id", "model", "-at").distinct("player_id", "model")),
        [BY_ID[key].name for key in (watch.unknown if watch else list(BY_ID)) if key in BY_ID],
        watch.read_at if watch else None,
    )  # fmt: skip
