"""Who may ask and learn what about players through a segment. Nobody else decides that, page or API.

Three things a player's page keeps from some roles could be got at by asking for everybody of whom it is true:

personal    birth date, name, address (masked until revealed). Whoever may not reveal them may still select by
            them, because that is how a birthday is kept, but is told a size in tens instead of a count (see
            `segments.sizes`), no sample, no member list, no values.
financial   amounts. Without the right to a player's money: no sample, no member list, no values; of the size
            only that it is below ten.
rg          signs of harm, limits, exclusions. Without compliance's right these attributes do not exist, neither
            in the catalogue nor in a rule, nor do the segments that use them, at any depth.

What they may be used for is the gate's rule X-07, whoever built the segment.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from django.db.models import QuerySet

from compliance.models import Operator
from players.models import Brand
from segments.language.attributes import Attribute, Criterion, Family, registry
from segments.language.comparing import attributes_of
from segments.language.parse import Problem, RuleError
from segments.language.tree import Group, Leaf, Node, leaves
from segments.models import Segment
from segments.reading import read, rule_of

_NESTED = {"segment", "was_in_segment"}


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
            protection=operator.may("compliance.reasons", brand_id),
        )


@dataclass(frozen=True)
class Sight:
    """What may be shown of a rule's result."""

    people: bool  # samples, members, the values that decided
    exact: bool  # the count itself; else a size in tens
    small: bool  # a count below ten


def sensitivity(attribute: Attribute) -> str:
    return "rg" if attribute.criterion is Criterion.RG_NEED else attribute.sensitivity


def sight(rule: Node, brand: Brand, rights: Rights) -> Sight:
    asks = {sensitivity(attribute) for leaf in _all_leaves(rule, brand) for attribute in attributes_of(leaf)}
    personal = "personal" in asks and not rights.personal
    covered = personal or ("financial" in asks and not rights.financial)
    people = rights.people and not covered
    return Sight(people=people, exact=not personal, small=people)


def permitted(rule: Group, rights: Rights, brand: Brand) -> list[Problem]:
    """What the rule asks that this person may not ask; empty = nothing. As if it did not exist."""
    return [] if rights.protection else list(_forbidden(rule, "", brand))


def families(rights: Rights) -> dict[Family, list[Attribute]]:
    """The catalogue as far as this person may know it."""
    shown = {family: [one for one in found if _is_known(one, rights)] for family, found in registry.families().items()}
    return {family: found for family, found in shown.items() if found}


def visible(segments: QuerySet[Segment], rights: Rights) -> QuerySet[Segment]:
    """Without what is about protection, unless they may know."""
    if rights.protection:
        return segments
    return segments.exclude(pk__in=protecting(segments))


def protecting(segments: QuerySet[Segment]) -> list[int]:
    """Those whose rule, in force or drafted, asks for signs of harm or restrictions."""
    rows = segments.values_list("pk", "brand_id", "current__criteria", "draft")
    return [
        pk
        for pk, brand_id, criteria, draft in rows
        if Criterion.RG_NEED.value in (criteria or ()) or (draft and _draft_protects(draft, brand_id))
    ]


def is_protecting(segment: Segment) -> bool:
    return bool(protecting(Segment.objects.filter(pk=segment.pk)))


def _draft_protects(draft: object, brand_id: int) -> bool:
    try:
        tree = read(draft, brand_id)
    except RuleError:
        return False
    return any(True for _ in _forbidden(tree, "", Brand(pk=brand_id)))


def _is_known(attribute: Attribute, rights: Rights) -> bool:
    return rights.protection or sensitivity(attribute) != "rg"


def _forbidden(node: Node, pointer: str, brand: Brand) -> Iterator[Problem]:
    if isinstance(node, Group):
        under = f"{pointer}/{'of' if node.kind == 'at_least' else node.kind}"
        for index, child in enumerate(node.of):
            yield from _forbidden(child, f"{under}/{index}", brand)
    elif hidden := [attribute for attribute in attributes_of(node) if sensitivity(attribute) == "rg"]:
        place = "attribute" if hidden[0].key == node.attribute else "than/attribute"
        yield Problem(f"{pointer}/{place}", f"There is no attribute “{hidden[0].key}”.")
    elif node.attribute in _NESTED:
        for pk in protecting(Segment.objects.filter(pk__in=_named(node), brand=brand.pk)):
            yield Problem(pointer, f"There is no live segment {pk} at this brand.")


def _all_leaves(node: Node, brand: Brand) -> Iterator[Leaf]:
    """Of the rule and of every segment it names, at any depth, or asks the past of."""
    for leaf in leaves(node):
        yield leaf
        if leaf.attribute == "was_in_segment":
            for segment in Segment.objects.filter(pk__in=_named(leaf), brand=brand.pk).select_related("current"):
                with suppress(RuleError):
                    yield from leaves(rule_of(segment))


def _named(leaf: Leaf) -> list[int]:
    found = leaf.params.get("segment", leaf.value)
    return [pk for pk in (found if isinstance(found, tuple | list) else (found,)) if isinstance(pk, int)]
