"""The catalogue as the builder's left column shows it: shelves of items, each with its dot and its chip."""

from dataclasses import dataclass

from players.models import Brand
from segments.feeding import Flow, flows, needed, worst
from segments.language.attributes import Attribute
from segments.language.criteria import CONSEQUENCES
from segments.permitted import Rights, families

# What else people call it; attributes name more themselves.
_ALSO = {
    "days_since_play": "silent inactive dormant quiet gone lapsed churn last seen recency",
    "days_since_login": "silent inactive last seen",
    "top_category": "favourite type slots live sports casino table games product preference",
    "last5_average": "duration session length long minutes",
    "deposit_sum": "paid in payments money value ltv",
    "deposits": "paid in payments ftd first-time depositor",
    "days_since_deposit": "paid in payments",
    "vip_tier": "high roller whale loyalty level",
    "stage": "lapsed churned dormant active new reactivated lifecycle",
    "bad_endings": "rtp sensitivity bad luck losing run",
    "country": "jurisdiction market licence where",
    "kyc": "verification identity documents pending",
    "net_loss": "ggr lost losing winners",
    "days_since_registration": "signup sign-up new joined",
}


@dataclass(frozen=True)
class Item:
    attribute: Attribute
    flow: Flow | None  # what decides whether it can be relied on; None: it needs no feed
    chip: tuple[str, str] | None  # criterion and its consequence

    @property
    def label(self) -> str:
        return self.attribute.label

    @property
    def help(self) -> str:
        return self.attribute.help

    @property
    def do(self) -> str:
        return f"add:{self.attribute.key}"

    @property
    def words(self) -> str:
        """What the search looks through."""
        one = self.attribute
        return " ".join(
            (one.label, one.help, one.unit, one.family.value, getattr(one, "words", ""), _ALSO.get(one.key, ""))
        ).lower()


@dataclass(frozen=True)
class Shelf:
    name: str
    items: list[Item]


def shelves(brand: Brand, rights: Rights) -> list[Shelf]:
    """“Most used” first, then the families; what this person may not ask is not there."""
    known, by_family = flows(brand), families(rights)
    items = {one.key: _item(one, known) for found in by_family.values() for one in found}
    common = [item for item in items.values() if item.attribute.common]
    return [
        Shelf("Most used", common),
        *(Shelf(family.value, [items[one.key] for one in found]) for family, found in by_family.items()),
    ]


def _item(attribute: Attribute, known: dict[str, Flow]) -> Item:
    chip = CONSEQUENCES[attribute.criterion.value] if attribute.criterion else None
    return Item(attribute, worst(needed(known, attribute.feeds)), chip)
