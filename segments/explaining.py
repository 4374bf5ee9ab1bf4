"""Why is this player in, or not? Condition by condition, with the player's own values."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from players.models import Brand, Player
from segments.language.evaluate import Finding, explain, failing
from segments.language.record import load
from segments.language.tree import At, Group
from segments.models import Membership, Segment
from segments.reading import effective


@dataclass(frozen=True)
class Explanation:
    word: str  # what was asked for
    player: Player | None = None
    finding: Finding | None = None
    note: str = ""


def find_player(brand: Brand, word: str) -> Player | None:
    """By id in the PAM, by our own id with '#', or by e-mail."""
    word = word.replace("\0", "").strip()
    if not word:
        return None
    players = Player.objects.filter(brand=brand)
    if word.startswith("#") and word[1:].isdecimal() and len(word) < 19:
        return players.filter(pk=int(word[1:])).first()
    email = Q(contacts__channel="email", contacts__normal=word.lower())
    return players.filter(Q(external_id=word) | email).order_by("pk").first()


UNSEEN = Explanation("", note="The rule asks for what your role may not see of a single player.")


def explain_player(player: Player | None, rule: Group, word: str, *, now: datetime) -> Explanation:
    if player is None:
        note = f"No player “{word.strip()[:60]}” at this brand." if word.strip() else "Enter a player id or an e-mail."
        return Explanation(word, note=note)
    record = load([player.pk]).get(player.pk)
    if record is None:
        return Explanation(word, player, note="Nothing is known of this player yet.")
    finding = explain(rule, record, At.brand(player.brand, now))
    return Explanation(word, player, finding, "A test account: left out of every segment." if player.is_test else "")


@dataclass(frozen=True)
class NearMiss:
    segment: Segment
    missing: Finding


def near_misses(player: Player, segments: Iterable[Segment], *, now: datetime) -> list[NearMiss]:
    """Segments the player would be in but for one condition."""
    record = load([player.pk]).get(player.pk)
    if record is None or player.is_test:
        return []
    at, found = At.brand(player.brand, now), []
    for segment in segments:
        if segment.current is None:
            continue
        finding = explain(effective(segment), record, at)
        missing = failing(finding)
        if len(missing) == 1 and len(finding.of) > 1:
            found.append(NearMiss(segment, missing[0]))
    return found


def open_memberships(player: Player) -> list[Membership]:
    rows = Membership.objects.filter(player=player, left_at=None).select_related("segment", "segment__current")
    return list(rows.order_by("-entered_at"))
