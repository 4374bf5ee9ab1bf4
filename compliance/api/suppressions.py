"""Whom nobody may write to about a product on a channel: the addresses as keyed hashes, without any reason.

For senders who cannot ask player by player: affiliates, ad platforms' exclusion lists, another CRM's blocklist. The
gate itself is asked about every address we know, so the list follows the same rules as our own messages; who is on it
for an exclusion stands beside who unsubscribed, and nobody can tell them apart. Not being on it permits nothing.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.core import signing
from django.db.models import Q
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from compliance import audit, gate, reasons, suppression
from compliance.api import schema
from compliance.api.access import AskingAPI
from compliance.api.reading import PRODUCTS, USES
from compliance.models import Suppression
from compliance.models.decision import Purpose
from config.lib.clock import utcnow
from players.models import Contact, FeedKey

GOOD_FOR = timedelta(hours=24)
PAGE = 1000
_SALT = "compliance.suppressions"
_KNOWN, _LIST = "known", "list"  # addresses we know, then those of which only the hash is left


class SuppressionsView(AskingAPI):
    needs: ClassVar[str] = FeedKey.Scope.SUPPRESSIONS
    pace: ClassVar[str] = "suppressions"

    @extend_schema(**schema.SUPPRESSIONS)
    def get(self, request: Request) -> Response:
        now = utcnow()
        channel = _chosen(request, "channel", Contact.Channel.values)
        product = _chosen(request, "product", PRODUCTS)
        use = _chosen(request, "use", USES) if "use" in request.query_params else channel
        of = [self.brand.pk, channel, product, use]
        part, after = _place(request, of)
        if part == _KNOWN and not after:
            said = {"api_key": self.key.prefix, "channel": channel, "product": product, "use": use}
            audit.record(None, "suppressions.read", f"brand:{self.brand.pk}", brand=self.brand.pk, after=said)
        page: tuple[Iterable[bytes], int] = (
            self._known(channel, product, use, after, now) if part == _KNOWN else self._listed(channel, after)
        )
        plain, last = page
        mine = suppression.receiver_key(self.key.prefix)
        go_on = [part, last] if last else [_LIST, 0] if part == _KNOWN else None
        return Response(
            {
                "channel": channel, "product": product, "hashing": _hashing(mine),
                "expires_at": (now + GOOD_FOR).isoformat(), "results": sorted({suppression.told(hashed, mine) for hashed in plain}),
                "next": go_on and signing.dumps([*of, *go_on], salt=_SALT),
            }
        )  # fmt: skip

    def _known(self, channel: str, product: str, use: str, after: int, now: datetime) -> tuple[list[bytes], int]:
        """Plain hashes of those the gate refuses, and the last contact looked at (0: there are no more)."""
        rows = Contact.objects.filter(player__brand=self.brand, channel=channel, pk__gt=after).order_by("pk")
        found = list(rows.values_list("pk", "player_id", "normal", "bounced_at")[:PAGE])
        closed = set(_closed([pk for _, pk, _, _ in found], use, product, now))
        hashes = [suppression.plain_hash(normal) for _, pk, normal, bounced in found if bounced or pk in closed]
        return hashes, found[-1][0] if len(found) == PAGE else 0

    def _listed(self, channel: str, after: int) -> tuple[list[bytes], int]:
        """Addresses on the list, also of players who are not here, or no more."""
        rows = Suppression.objects.filter(Q(brand=self.brand) | Q(brand=None), channel=channel, pk__gt=after)
        found = list(rows.order_by("pk").values_list("pk", "digest", "shared")[:PAGE])
        return list(suppression.opened((own, shared) for _, own, shared in found)), found[-1][0] if len(
            found
        ) == PAGE else 0


def _closed(player_ids: Sequence[int], channel: str, product: str, now: datetime) -> Iterator[int]:
    """Players to whom nothing about the product may be said on the channel, whatever the hour."""
    asked = [
        gate.Request(pk, Purpose.PROMOTIONAL, channel, frozenset({product}), frozenset({"all"}), "suppressions")
        for pk in player_ids
    ]
    for answer in gate.preview(asked, now=now):
        if not answer.allowed and reasons.kind(answer.code) != "caps":
            yield answer.request.player_id


def _hashing(key: bytes) -> dict[str, str]:
    return {
        "algorithm": "HMAC-SHA-256(key, SHA-256(address))",
        "key": key.hex(),
        "email": "lower case, no spaces around it",
        "sms": "international, with + and digits only",
    }


def _chosen(request: Request, name: str, choices: Sequence[str]) -> str:
    value = request.query_params.get(name, "")
    if value not in choices:
        raise ValidationError({name: [ErrorDetail(f"One of: {', '.join(choices)}.", code="invalid")]})
    return value


def _place(request: Request, of: list[Any]) -> tuple[str, int]:
    token = request.query_params.get("after", "")
    if not token:
        return _KNOWN, 0
    try:
        given = signing.loads(token, salt=_SALT) if len(token) < 300 else []
        if given[:4] == of and given[4] in (_KNOWN, _LIST) and isinstance(given[5], int):
            return given[4], given[5]
    except (signing.BadSignature, ValueError, TypeError, IndexError):
        pass
    words = "This is no place in this list. Use what “next” said, or leave it out to begin."
    raise ValidationError({"after": [ErrorDetail(words, code="bad_cursor")]})
