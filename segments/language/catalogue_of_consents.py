"""Built-in attributes of what may be sent where: consents, addresses."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from compliance.models import Consent
from players.models import Contact
from segments.language.attributes import Family, Param, register
from segments.language.catalogue import ACCOUNT
from segments.language.flags import Flag
from segments.language.quantities import Params
from segments.language.record import Record

_PRODUCT = Param("product", "Product", {str(key): str(words) for key, words in Consent.Product.choices})
_CHANNEL = Param("channel", "Channel", {str(key): str(words) for key, words in Consent.Channel.choices})
_ADDRESS = Param("address", "Address", {"email": "E-mail", "sms": "Phone"})


@dataclass(frozen=True)
class Agreed:
    """The newest word on the product and channel the rule names; of two of one instant the no counts, as at the gate."""

    def sql(self, params: Params) -> Any:
        """A yes that nothing took back. "The newest row" as a subquery says the same, but no plan with one is parallel."""
        rows = self._rows(params).order_by()
        taken_back = Q(occurred_at__gt=OuterRef("occurred_at")) | Q(granted=False)
        later = rows.filter(player_id=OuterRef("player_id"), occurred_at__gte=OuterRef("occurred_at"))
        return Exists(rows.filter(~Exists(later.filter(taken_back)), player_id=OuterRef("player_id"), granted=True))

    def read(self, record: Record, params: Params) -> bool:
        key = ("consents", params["product"], params["channel"])
        found: dict[int, bool] = record.crowd.once(key, lambda ids: self._told(ids, params))
        return found.get(record.player_id, False)

    def _told(self, player_ids: Sequence[int], params: Params) -> dict[int, bool]:
        told: dict[int, bool] = {}
        for player, granted in self._rows(params).filter(player_id__in=player_ids).values_list("player_id", "granted"):
            told.setdefault(player, bool(granted))
        return told

    @staticmethod
    def _rows(params: Params) -> QuerySet[Consent]:
        rows = Consent.objects.filter(product=params["product"], channel=params["channel"])
        return rows.order_by("-occurred_at", "granted", "-id")


@dataclass(frozen=True)
class Address:
    """Whether a contact point is known; with `bounced`, whether one is known that messages came back from."""

    bounced: bool = False

    def sql(self, params: Params) -> Any:
        return Exists(self._rows(params).filter(player_id=OuterRef("player_id")))

    def read(self, record: Record, params: Params) -> bool:
        return record.crowd.among(self._rows(params), record.player_id)

    def _rows(self, params: Params) -> QuerySet[Contact]:
        rows = Contact.objects.filter(channel=params["address"])
        return rows.filter(bounced_at__isnull=False) if self.bounced else rows


register(
    Flag(
        key="consent", label="Consent", family=Family.MESSAGES, of=Agreed(), params=(_PRODUCT, _CHANNEL),
        help="Whether the newest word of the player on promotions for the product on the channel you choose is a yes. "
        "The gate asks again, for every message, whatever a segment says.",
        example="Said yes to casino by e-mail in March and no in May: no.",
        words="opt-in optin permission marketing gdpr subscribed unsubscribed agreed",
        phrase="who agreed to {product} by {channel}", phrase_not="who did not agree to {product} by {channel}",
        note="Whoever never said anything has not agreed.", feeds=frozenset({"consents"}),
        shows=("agreed", "not agreed"),
    ),
    Flag(
        key="address_known", label="Address known", family=Family.MESSAGES, of=Address(), params=(_ADDRESS,),
        help="Whether the account has an e-mail address, or a phone number.",
        example="An account without a phone number: no, for the phone.", words="email phone contact point reachable",
        phrase="whose address for {address} is known", phrase_not="whose address for {address} is not known",
        feeds=ACCOUNT,
    ),
    Flag(
        key="address_bounced", label="Address bounced", family=Family.MESSAGES, of=Address(bounced=True),
        params=(_ADDRESS,), help="Whether messages to the present address came back for good. A new address has not "
        "bounced.",
        example="The mailbox does not exist any more: yes, until the player gives another address.",
        words="email bounced invalid undeliverable hard bounce", phrase="whose {address} bounced",
        phrase_not="whose {address} has not bounced", feeds=ACCOUNT,
    ),
)  # fmt: skip
