"""The catalogue as the builder's left column shows it: shelves of items, each with its dot and its chip."""

from dataclasses import dataclass, replace

from players.models import Brand, CustomAttribute
from segments.feeding import Flow, flows, needed, worst
from segments.language.attributes import Attribute, Family
from segments.language.catalogue_of_own import Name
from segments.language.criteria import CONSEQUENCES
from segments.permitted import Rights, families


@dataclass(frozen=True)
class Item:
    attribute: Attribute
    flow: Flow | None  # what decides whether it can be relied on; None: it needs no feed
    chip: tuple[str, str] | None  # criterion and its consequence
    own: CustomAttribute | None = None  # one the brand has declared, under its own name

    @property
    def label(self) -> str:
        return self.own.label if self.own else self.attribute.label

    @property
    def help(self) -> str:
        return self.own.help if self.own else self.attribute.help

    @property
    def unit(self) -> str:
        """Only where the name does not say it already."""
        unit = self.own.unit if self.own else self.attribute.unit
        return "" if unit.lower() in self.label.lower() else unit

    @property
    def do(self) -> str:
        return f"add:{self.attribute.key}:{self.own.key}" if self.own else f"add:{self.attribute.key}"

    @property
    def words(self) -> str:
        """What the search looks through."""
        one = self.attribute
        return " ".join((self.label, self.help, one.unit, one.family.value, one.words)).lower()


@dataclass(frozen=True)
class Shelf:
    name: str
    items: list[Item]


def shelves(brand: Brand, rights: Rights) -> list[Shelf]:
    """“Most used” first, then the families; what this person may not ask is not there."""
    known, by_family = flows(brand), families(rights)
    items = {one.key: _item(one, known) for found in by_family.values() for one in found}
    found = [Shelf("Most used", [item for item in items.values() if item.attribute.common])]
    for family, attributes in by_family.items():
        of = [items[one.key] for one in attributes]
        found.append(Shelf(family.value, _own(of, brand) if family is Family.OWN else of))
    return [shelf for shelf in found if shelf.items]


def searched(found: list[Shelf], query: str) -> list[Shelf]:
    """Items that have every word of the query somewhere; shelves nothing is left on are gone."""
    words = query.lower().split()
    left = [Shelf(one.name, [item for item in one.items if all(word in item.words for word in words)]) for one in found]
    return [shelf for shelf in left if shelf.items]


def _own(items: list[Item], brand: Brand) -> list[Item]:
    """What the brand has declared, instead of the kinds of values there are."""
    by_kind = {param.kind: item for item in items for param in item.attribute.params if isinstance(param, Name)}
    return [
        replace(by_kind[row.kind], own=row, chip=CONSEQUENCES[row.criterion] if row.criterion else None)
        for row in CustomAttribute.objects.filter(brand=brand).order_by("label")
        if row.kind in by_kind
    ]


def _item(attribute: Attribute, known: dict[str, Flow]) -> Item:
    chip = CONSEQUENCES[attribute.criterion.value] if attribute.criterion else None
    return Item(attribute, worst(needed(known, attribute.feeds)), chip)
