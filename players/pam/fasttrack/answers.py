"""The operator's answers in the words of our own format. Pure: nothing is fetched and nothing written here.

userdetails    player.registered (or player.updated), player.kyc, player.closed; `is_excluded` and `is_blocked`
               close like the blocks they speak of, and only an answer about blocks opens again
userconsents   consent.changed per channel: a yes for the products the operator stated, a no for all
userblocks     rg.self_excluded, or rg.lifted by the operator (who asked for it is not said), player.blocked or
               player.unblocked; with nothing active it is the operator's statement that nothing restricts the
               player: rg.baseline

Events bear the moment of the announcement they answer (`at`): a word of a later moment, like the player's own
unsubscribing, stays the newest.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from players.pam.fasttrack.schemas import key_of
from players.pam.generic.fields import instant
from players.pam.generic.kinds import Refused, checked, pointer_to

EXCLUSION = "ft.excluded"  # id of the one exclusion the operator's API can speak of
# Their channels -> ours.
_CHANNELS = {
    "email": "email", "sms": "sms", "telephone": "phone", "postMail": "post", "siteNotification": "onsite",
    "pushNotification": "push",
}  # fmt: skip
_PRODUCTS = ("casino", "betting", "bingo")
SCREEN = "operator API"


@dataclass(frozen=True, slots=True)
class Known:
    """What we have on record and need in order to put an answer into words."""

    external_id: str
    at: datetime
    exists: bool = False
    is_excluded: bool = False  # an exclusion told by this API is running
    is_blocked: bool = False  # the newest word about the account is player.blocked
    is_verified: bool = False
    products: tuple[str, ...] = ("casino",)
    wording: str = ""


Events = list[dict[str, Any]]


def details(answer: dict[str, Any], known: Known) -> Events:
    """Raises Refused for what nobody could register: no currency, another player's id."""
    if str(answer.get("user_id", known.external_id)) != known.external_id:
        raise Refused("wrong_player", "The answer is about another player.", pointer_to("user_id"))
    profile = _profile(answer)
    events = []
    if known.exists:
        events.append(_event("player.updated", "details", known, **profile))
    else:
        registered = _instant(answer, "registration_date") or known.at
        event = _event("player.registered", "details", known, **profile, currency=_word(answer, "currency"))
        events.append(event | {"occurred_at": min(registered, known.at).isoformat()})
    if answer.get("verified_at") and not known.is_verified:
        events.append(_event("player.kyc", "verified", known, status="verified"))
    if _flag(answer, "is_excluded") and not known.is_excluded:
        events.append(_excluded(known))
    if answer.get("deleted_at"):
        events.append(_event("player.closed", "closed", known, reason="deleted by the operator"))
    elif _flag(answer, "is_blocked") and not known.is_blocked:
        events.append(_event("player.blocked", "blocked", known, reason="blocked by the operator"))
    return events


def consents(answer: dict[str, Any], known: Known) -> Events:
    """A channel that is not mentioned stays unknown."""
    given = answer.get("consents", answer)
    if type(given) is dict:  # channel -> true or false, as some write it
        given = [{"type": name, "opted_in": given[name]} for name in _CHANNELS if name in given]
    if type(given) is not list or not given:
        raise Refused("missing", "consents is a list of {type, opted_in}.", pointer_to("consents"))
    events = []
    for channel, opted_in in _opinions(given):
        for product in _PRODUCTS:
            if opted_in and (product not in known.products or not known.wording):
                continue
            wording = known.wording or "not stated"
            said = {"product": product, "channel": channel, "granted": opted_in, "wording": wording, "screen": SCREEN}
            events.append(_event("consent.changed", f"consent.{product}.{channel}", known, **said))
    return events


def blocks(answer: dict[str, Any], known: Known) -> Events:
    given = answer.get("blocks")
    if type(given) is not list:
        raise Refused("missing", "blocks is a list.", pointer_to("blocks"))
    active = dict(_active(given))
    events = []
    if "Excluded" in active:
        events.append(_excluded(known))
    elif known.is_excluded:
        # Whether the player asked for it the API does not say: it is the operator's word, and not told as the player's.
        said = {"measure_id": EXCLUSION, "sequence": _sequence(known), "by": "operator"}
        events.append(_event("rg.lifted", "lifted", known, **said))
    if "Blocked" in active:
        reason = active["Blocked"][:120].strip() or "blocked by the operator"
        events.append(_event("player.blocked", "blocked", known, reason=reason))
    elif known.is_blocked:
        events.append(_event("player.unblocked", "unblocked", known))
    if not active:
        events.append(_event("rg.baseline", "baseline", known, restrictions=[]))
    return events


def _profile(answer: dict[str, Any]) -> dict[str, Any]:
    said = {name: _word(answer, name) for name in ("email", "first_name", "last_name", "country", "language")}
    said["birth_date"] = _word(answer, "birth_date")[:10]  # some write midnight behind it
    prefix, mobile = (_word(answer, name).strip() for name in ("mobile_prefix", "mobile"))
    if mobile:
        said["phone"] = (
            mobile if mobile.startswith("+") or not prefix else f"+{prefix.lstrip('+0')}{mobile.lstrip('0')}"
        )
    said["affiliate"] = _word(answer, "affiliate_reference")
    roles = answer.get("roles")
    kept: dict[str, Any] = {name: word for name, word in said.items() if word}
    if type(roles) is list:
        kept["is_test"] = any("test" in role.lower() for role in roles if type(role) is str)
    return kept


def _opinions(given: Iterable[Any]) -> Iterable[tuple[str, bool]]:
    for place, one in enumerate(given):
        if type(one) is not dict or type(one.get("opted_in")) is not bool:
            raise Refused(
                "wrong_type", "A consent has a type, and opted_in is true or false.", pointer_to("consents", place)
            )
        if one.get("type") in _CHANNELS:
            yield _CHANNELS[one["type"]], one["opted_in"]


def _active(given: Iterable[Any]) -> Iterable[tuple[str, str]]:
    for place, one in enumerate(given):
        if type(one) is not dict or type(one.get("active")) is not bool:
            raise Refused("wrong_type", "A block has a type, and active is true or false.", pointer_to("blocks", place))
        if not one["active"]:
            continue
        if one.get("type") not in ("Excluded", "Blocked"):
            raise Refused("unknown_value", "A block is Excluded or Blocked.", pointer_to("blocks", place, "type"))
        yield one["type"], one["note"] if type(one.get("note")) is str else ""


def _excluded(known: Known) -> dict[str, Any]:
    said = {"measure_id": EXCLUSION, "sequence": _sequence(known), "ends_at": None}
    return _event("rg.self_excluded", "excluded", known, **said)


def _sequence(known: Known) -> int:
    """Announcements of one player never share a moment, so their moments number what is said about the exclusion."""
    return (known.at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def _event(kind: str, word: str, known: Known, /, **properties: Any) -> dict[str, Any]:
    at = known.at.isoformat()
    return {
        "event": kind, "event_id": key_of(word, known.external_id, at), "player": known.external_id,
        "occurred_at": at, "properties": properties,
    }  # fmt: skip


def _word(answer: dict[str, Any], name: str) -> str:
    value = answer.get(name)
    if value is None:
        return ""
    if type(value) is not str:
        raise Refused("wrong_type", "A text is expected here.", pointer_to(name))
    return value


def _flag(answer: dict[str, Any], name: str) -> bool:
    """Absent is no word at all; anything but true or false, 0 and 1 too, is one nobody can rely on."""
    value = answer.get(name)
    if value is not None and type(value) is not bool:
        raise Refused("wrong_type", "Either true or false.", pointer_to(name))
    return value is True


def _instant(answer: dict[str, Any], name: str) -> datetime | None:
    value = answer.get(name)
    return None if value is None else checked(pointer_to(name), instant, value)
