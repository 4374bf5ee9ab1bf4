"""How Azura's PAM differs from the others: of accounts, consents and exclusions it only says that they changed.

It announces in the shape of the Fast Track CRM, and is asked for the rest over the operator's API, which answers
from the very gamblers that play.
"""

import time
from collections.abc import Callable, Mapping

from config.casino.feed import Feed
from config.casino.gamblers import Gambler, iso
from config.casino.habits import LIVE_HASTE
from config.casino.operator_api import Account, details_of
from config.casino.play import Happening

BRAND, ORIGIN, WORDING = "azura", "azura.example", "offers, v3"
KEY_NAME = "OPERATOR_API_KEY_AZURA"
_SAYS = {
    "player.registered": ("POST", "/v2/integration/user"),
    "player.kyc": ("PUT", "/v2/integration/user"),
    "consent.changed": ("PUT", "/v2/integration/user/consents"),
    "rg.self_excluded": ("PUT", "/v2/integration/user/blocks"),
}
_CHECKED_AFTER = 900 * LIVE_HASTE  # seconds from registration to the identity check, while somebody watches


def announces(event: Happening) -> bool:
    return event.gambler.house.slug == BRAND and event.kind in _SAYS


def announce(feed: Feed, event: Happening) -> None:
    method, path = _SAYS[event.kind]
    feed.announce(
        BRAND, method, path, {"user_id": event.gambler.external_id, "timestamp": iso(event.at), "origin": ORIGIN}
    )


def accounts(
    gamblers: Mapping[str, Gambler], clock: Callable[[], float] = time.time
) -> Callable[[str], Account | None]:
    """What the operator's API finds: an account by its id, as it is at this moment."""

    def find(user_id: str) -> Account | None:
        gambler = gamblers.get(user_id)
        return _account(gambler, clock()) if gambler and gambler.house.slug == BRAND else None

    return find


def _account(who: Gambler, now: float) -> Account:
    checked = who.kyc == "verified" and now >= who.registered_at + _CHECKED_AFTER
    details = details_of(
        who.external_id, first_name=who.first_name, last_name=who.last_name, email=who.email, mobile=None,
        birth_date=who.birth_date.isoformat(), country=who.house.jurisdiction, currency=who.house.currency,
        language=who.house.language, affiliate_reference=who.affiliate or None, origin=ORIGIN,
        registration_date=iso(who.registered_at), verified_at=iso(who.registered_at + _CHECKED_AFTER) if checked else None,
        roles=["TEST"] if who.is_test else ["PLAYER"],
    )  # fmt: skip
    consents = {"email": who.email_consent, "sms": who.sms_consent, "siteNotification": True}
    return Account(details, consents, excluded=any(at <= now for at, kind, _ in who.plan if kind == "rg.self_excluded"))
