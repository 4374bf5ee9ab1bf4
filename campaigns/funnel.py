"""Who would get it: a funnel whose figures add up, asked of the gate as it is now. Decided again when sending."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import md5, sha256
from typing import Any

from django.db.models import F, Func, IntegerField, QuerySet, Value
from django.db.models.functions import Mod

from campaigns import reach, words
from campaigns.asking import Audience, criteria_of, giver_of, request, worth_together
from campaigns.models import ConflictRules, Step, Variant, Version
from compliance import gate, reasons
from compliance.models.decision import PROMOTIONS, Decision
from compliance.vocabulary import BY_AMOUNT
from players.models import Contact, Fact, Player, Stage
from segments.membership import is_member
from segments.models import Membership
from segments.sizes import in_tens, tens

MOST = 10_000  # of so many a share is off by less than one in a hundred
CHUNK = 500
# Shown in this order; whoever fails several is counted at the first.
ADDRESS, CONSENT, PROTECTED, LATER, OTHER, NOTHING, HOLDOUT, CONTROL = (
    "No address", "No consent", "Protected", "Quiet hours or enough promotions for now", "Other reasons",
    "Nothing is meant for them", "Hold-out group", "Control group",
)  # fmt: skip
FIRST, LAST = (ADDRESS, CONSENT, PROTECTED, LATER), (OTHER, NOTHING, HOLDOUT, CONTROL)


@dataclass
class Funnel:
    audience: str
    matched: int = 0
    lost: Counter[str] = field(default_factory=Counter)
    heard: Counter[int] = field(default_factory=Counter)  # variant id -> players
    asked: int = 0  # of the matched; where fewer than all, the others are told by them
    step: Step | None = None
    tells_of_protection: bool = False  # being in it already says that somebody is protected
    is_hidden: bool = False
    is_in_tens: bool = False
    marks: Any = field(default_factory=sha256)  # the same for the same players

    @property
    def is_about(self) -> bool:
        return self.asked < self.matched

    @property
    def lines(self) -> list[tuple[str, int, int]]:
        """(why, how many, how many are left)."""
        left, found = self.matched, []
        for label in (*FIRST, *self._others, *LAST):
            if self.lost[label]:
                left -= self.lost[label]
                found.append((label, self.lost[label], left))
        return found

    def hide(self) -> None:
        """For eyes outside compliance: the protected in tens, and what they are told too few or too many by is counted
        with those who receive it, so that no subtraction tells of one. Who falls away from an audience of protected
        players is not told at all."""
        self.is_hidden, self.is_in_tens = self.tells_of_protection, True
        marks, private = self.marks.hexdigest(), self.lost.pop(PROTECTED, 0)
        most = self.receive
        told = min(in_tens(private, self.matched, marks).count or 0, most)
        self.lost[PROTECTED] = told
        heard = {one: in_tens(count, self.matched, f"{marks}/{one}").count for one, count in self.heard.items()}
        self.heard = Counter({one: count or 0 for one, count in heard.items()})
        if len(self.heard) == 1:
            self.heard = Counter(dict.fromkeys(self.heard, self.receive))

    @property
    def told_matched(self) -> int | str:
        return tens(self.matched) if self.is_hidden else self.matched

    def told_heard(self, variants: Iterable[int]) -> dict[int, int | str]:
        """How many would read each."""
        if self.is_hidden:
            return dict.fromkeys(variants, tens(0))
        return {one: tens(self.heard[one]) if self.is_in_tens else self.heard[one] for one in variants}

    @property
    def _others(self) -> list[str]:
        """What the gate said beyond the usual, most frequent first."""
        return [label for label, _ in self.lost.most_common() if label not in FIRST + LAST]

    @property
    def receive(self) -> int:
        return self.matched - sum(self.lost.values())

    def scale_up(self) -> None:
        """Of the asked to all of them. What is received stays what is left, so the figures still add up."""
        if self.is_about and self.asked:
            times = self.matched / self.asked
            self.lost = Counter({why: round(players * times) for why, players in self.lost.items()})
            self.heard = Counter({variant: round(players * times) for variant, players in self.heard.items()})


def preview(version: Version, *, now: datetime, limits: bool = True) -> Funnel:
    """Asks about the first message. Of more than 10 000 players one in so many is asked, and the page says so.

    `limits`: what is asked for is held against the players' limits. For whoever may not know these it is not, but when
    it is sent: a draft costs nothing, and the same page with another amount would find a limit out.
    """
    who, players = _audience(version, now)
    said = version.steps.filter(kind=Step.Kind.MESSAGE).select_related("terms__template")
    step = said.order_by("arm_id", "position").first()
    funnel = Funnel(who, matched=players.count(), step=step)
    if step is None:
        return funnel
    brand = version.campaign.brand
    counted = reach.count(step) if step.terms_id else None
    audience = Audience(
        criteria_of(version), counted, giver_of(step), worth_together(version) if step.terms_id else None
    )
    funnel.tells_of_protection = "rg_need" in audience.criteria
    rules = ConflictRules.objects.filter(brand=brand).first()
    variants = list(step.variants.all())
    texts = {one.id: one.text for one in variants}
    for chunk in _chunks(players, one_in=-(-funnel.matched // MOST)):
        funnel.asked += len(chunk)
        funnel.marks.update(repr(chunk).encode())
        reachable = set(
            Contact.objects.filter(player_id__in=[p for p, _ in chunk], channel="email", bounced_at=None)
            .values_list("player_id", flat=True)
        )  # fmt: skip
        chosen = _variants(variants, [player for player, _ in chunk], brand.licence.jurisdiction)
        requests = [
            request(
                player,
                step,
                version,
                audience=audience,
                text=texts.get(chosen.get(player, 0), ""),
                reference=f"preview:{version.id}",
            )
            for player, _ in chunk
        ]
        for (player, person), answer in zip(chunk, gate.preview(requests, now=now), strict=True):
            no_address = step.channel == Step.Channel.EMAIL and player not in reachable
            label = ADDRESS if no_address else _label(answer, limits)
            label = label or (NOTHING if player not in chosen else _kept_out(version, step, person, rules))
            if label:
                funnel.lost[label] += 1
            else:
                funnel.heard[chosen[player]] += 1
    funnel.scale_up()
    return funnel


def _variants(variants: list[Variant], players: list[int], jurisdiction: str) -> dict[int, int]:
    """player -> the variant he would read; whom a silent one or none is meant for is left out. First match wins."""
    inside = is_member({v.segment_id for v in variants if v.segment_id}, players)
    mine = [v for v in variants if v.jurisdiction in ("", jurisdiction)]
    found = {}
    for player in players:
        variant = next((v for v in mine if v.segment_id is None or (v.segment_id, player) in inside), None)
        if variant and not variant.silent:
            found[player] = variant.id
    return found


def _chunks(players: QuerySet, *, one_in: int) -> Iterator[list[tuple[int, int]]]:
    if one_in > 1:  # the lowest ids would be the oldest players, who are not like the others
        drawn = Func(F("id"), function="hashint8", output_field=IntegerField())
        players = players.alias(nth=Mod(drawn, Value(one_in))).filter(nth=0)
    ids = list(players.order_by("id").values_list("id", "person_id"))
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]


def _audience(version: Version, now: datetime) -> tuple[str, QuerySet]:
    players = Player.objects.filter(brand=version.campaign.brand, is_test=False)
    if version.trigger in (Version.Trigger.SEGMENT, Version.Trigger.LAUNCH):
        inside = Membership.objects.filter(segment=version.trigger_segment_id, left_at=None)
        name = version.trigger_segment.name if version.trigger_segment else "none chosen"
        return f"are in “{name}” now", players.filter(id__in=inside.values("player_id"))
    if version.trigger == Version.Trigger.STAGE:
        stage = Stage(version.trigger_stage or 0)
        return f"are “{stage.label}” now", players.filter(state__stage=version.trigger_stage or 0)
    recent = Fact.objects.filter(kind=version.trigger_fact, occurred_at__gt=now - timedelta(days=7))
    did = words.did(version.trigger_fact) or "start it (nothing chosen yet)"
    return f"{did} in the last 7 days", players.filter(id__in=recent.values("player_id"))


def _label(answer: gate.Answer, limits: bool) -> str:
    if answer.allowed:
        return ""
    code, outcome = answer.code, answer.outcome
    if not limits and answer.reasons:
        left = [one for one in answer.reasons if one.partition(" ")[2] not in BY_AMOUNT]
        if not left:
            return ""
        code = left[0].partition(" ")[0]
    if outcome == Decision.Outcome.DEFER or reasons.kind(code) == "caps":
        return LATER
    if code in ("DENY_NO_OPT_IN", "DENY_OPTED_OUT"):
        return CONSENT
    return reasons.sentence(code, "crm")


def _kept_out(version: Version, step: Step, person_id: int, rules: ConflictRules | None) -> str:
    """The same hash by which players are let in."""
    if step.purpose not in PROMOTIONS:
        return ""
    if rules and _draw(f"holdout:{version.campaign.brand_id}:{person_id}") < rules.holdout_percent:
        return HOLDOUT
    return CONTROL if _draw(f"control:{version.campaign_id}:{person_id}") < version.control_percent else ""


def _draw(salted: str) -> int:
    return int(md5(salted.encode(), usedforsecurity=False).hexdigest()[:8], 16) % 100
