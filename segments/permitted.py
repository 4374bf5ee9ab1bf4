"""Who may ask and learn what about players through a segment. Nobody else decides that, page or API.

Three things a player's page keeps from some roles could be got at by asking for everybody of whom it is true:

personal    birth date, name, address (masked until revealed). Whoever may not reveal them may still select by
            them, because that is how a birthday is kept, but is told a size in tens instead of a count (see
            `segments.sizes`), no sample, no member list, no values.
financial   amounts. Without the right to a player's money: no sample, no member list, no values; of the size
            only that it is below ten.
rg          signs of harm, limits, exclusions. Without compliance's right these attributes do not exist, neither
            in the catalogue nor in a rule, nor do the segments that use them, at any depth.

What they may be used for is the gate's rule PD-07, whoever built the segment.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass

from django.db.models import QuerySet

from compliance.models import Operator
from players.models import Brand
from players.models.imports import PlayerListQuerySet
from segments.language.attributes import Attribute, Criterion, Family, registry
from segments.language.comparing import attributes_of
from segments.language.nested import NAMES_SEGMENTS
from segments.language.parse import Problem, RuleError
from segments.language.tree import Group, Leaf, Node, leaves
from segments.models import Segment
from segments.reading import criteria_now, rule_of

SEES_PROTECTION = "compliance.reasons"


@dataclass(frozen=True)
class Rights:
    """What somebody may learn about players of one brand."""

    people: bool  # who they are: samples, members, explanations
    personal: bool
    financial: bool
    protection: bool

    @classmethod
    def of(cls, operator: Operator, brand_id: int) -> "Rights":
        return cls(
            people=operator.may("players.view", brand_id),
            personal=operator.may("players.reveal", brand_id),
            financial=operator.may("players.money", brand_id),
            protection=operator.may(SEES_PROTECTION, brand_id),
        )


NOBODY = Rights(people=False, personal=False, financial=False, protection=False)


@dataclass(frozen=True)
class Sight:
    """What may be shown of a rule's result."""

    people: bool  # samples, members, the values that decided
    exact: bool  # the count itself; else a size in tens
    small: bool  # a count below ten


NO_SIGHT = Sight(people=False, exact=False, small=False)


def sensitivity(attribute: Attribute) -> str:
    return "rg" if attribute.criterion is Criterion.RG_NEED else attribute.sensitivity


def sight(rule: Node, brand: Brand, rights: Rights) -> Sight:
    """`rule` as `segments.reading` gives it, with the rules of the segments it names."""
    asks = _asks(rule, brand, set())
    personal = "personal" in asks and not rights.personal
    covered = personal or ("financial" in asks and not rights.financial) or ("rg" in asks and not rights.protection)
    people = rights.people and not covered
    return Sight(people=people, exact=not personal, small=people)


@dataclass(frozen=True)
class Veil:
    """What there is for somebody: a rule that asks for more reads as one that asks for what does not exist."""

    rights: Rights

    def knows(self, attribute: Attribute) -> bool:
        return self.rights.protection or sensitivity(attribute) != "rg"

    def hides(self, segments: Iterable[Segment]) -> list[int]:
        return [] if self.rights.protection else protecting(segments)


def permitted(rule: Group, rights: Rights) -> list[Problem]:
    """Of a rule read behind the veil: conditions that select by protection for what they name, a list or an
    attribute of the brand's own. Empty = nothing."""
    return [] if rights.protection else list(_forbidden(rule))


def families(rights: Rights) -> dict[Family, list[Attribute]]:
    """The catalogue as far as this person may know it."""
    shown = {family: [one for one in found if Veil(rights).knows(one)] for family, found in registry.families().items()}
    return {family: found for family, found in shown.items() if found}


def known_to(operator: Operator, segments: QuerySet[Segment]) -> QuerySet[Segment]:
    """Without what is about protection, at the brands where the operator may not know of it."""
    brands = operator.brand_ids(SEES_PROTECTION)
    return (
        segments if brands is None else segments.exclude(pk__in=protecting(_loaded(segments.exclude(brand__in=brands))))
    )


def known_lists(operator: Operator, lists: PlayerListQuerySet) -> PlayerListQuerySet:
    """The same for uploaded lists, by what they were chosen by."""
    return lists.known_at(operator.brand_ids(SEES_PROTECTION))


def visible(segments: QuerySet[Segment], rights: Rights) -> QuerySet[Segment]:
    """The same for segments of one brand."""
    return segments if rights.protection else segments.exclude(pk__in=protecting(_loaded(segments)))


def showing_people(segments: QuerySet[Segment], operator: Operator) -> list[Segment]:
    """Live ones of which the operator may know who is in them."""
    return [segment for segment in known_to(operator, segments) if sight_of(segment, operator).people]


def sight_of(segment: Segment, operator: Operator) -> Sight:
    """A rule nobody can read any more shows nobody."""
    try:
        return sight(rule_of(segment), segment.brand, Rights.of(operator, segment.brand_id))
    except RuleError:
        return NO_SIGHT


def protecting(segments: Iterable[Segment]) -> list[int]:
    """Those whose rule, in force or drafted, asks for signs of harm or restrictions; loaded with `current`."""
    rows = list(segments)
    criteria = criteria_now(row for row in rows if row.current)
    return [row.pk for row in rows if Criterion.RG_NEED.value in criteria.get(row.pk, ()) or _drafts_protection(row)]


def _loaded(segments: QuerySet[Segment]) -> QuerySet[Segment]:
    return segments.select_related("current", "brand")


def _drafts_protection(segment: Segment) -> bool:
    if segment.draft is None:
        return False
    try:
        return "rg" in _asks(rule_of(segment, draft=True), segment.brand, set())
    except RuleError:
        return False


def _forbidden(rule: Group) -> Iterator[Problem]:
    for pointer, leaf in placed(rule):
        by = (Criterion.RG_NEED.value in attribute.selects_by(leaf) for attribute in attributes_of(leaf))
        if any(by):
            yield Problem(f"{pointer}/value", "There is nothing of that name at this brand.")


def placed(node: Node, pointer: str = "") -> Iterator[tuple[str, Leaf]]:
    """Every condition as written, with its pointer into the rule's JSON."""
    if isinstance(node, Leaf):
        yield pointer, node
        return
    under = f"{pointer}/{'of' if node.kind == 'at_least' else node.kind}"
    for index, child in enumerate(node.of):
        yield from placed(child, f"{under}/{index}")


def _asks(rule: Node, brand: Brand, seen: set[int]) -> set[str]:
    """The sensitivities of the rule and of every segment it names, now or in the past, at any depth."""
    found: set[str] = set()
    for leaf in leaves(rule):
        found = found.union(*(_sensitive(attribute, leaf) for attribute in attributes_of(leaf)))
        if new := set(_named(leaf)) - seen:
            seen |= new
            for segment in Segment.objects.filter(pk__in=new, brand=brand).select_related("current", "brand"):
                with suppress(RuleError):
                    found |= _asks(rule_of(segment), brand, seen)
    return found


def _sensitive(attribute: Attribute, leaf: Leaf) -> set[str]:
    by_protection = Criterion.RG_NEED.value in attribute.selects_by(leaf)
    return {sensitivity(attribute), attribute.sensitivity_of(leaf)} | ({"rg"} if by_protection else set())


def _named(leaf: Leaf) -> list[int]:
    """Ids of the segments a condition names."""
    if leaf.attribute not in NAMES_SEGMENTS:
        return []
    found = leaf.params.get("segment", leaf.value)
    return [pk for pk in (found if isinstance(found, tuple | list) else (found,)) if isinstance(pk, int)]
