"""Who the player is. Most of it is only announced: what changed is fetched from the operator (`fetching`)."""

import re
from datetime import datetime
from typing import Any

from players.pam.fasttrack.members import ANYTHING, CODE, FLAG, LIST, OBJECT, RATE, SIGNED, minor_units, nullable, text
from players.pam.fasttrack.members import one_of as word_of
from players.pam.fasttrack.schemas import Meaning, Payload, Schema, envelope, event, key_of, unsupported
from players.pam.generic.kinds import Field, Refused, checked, pointer_to

DETAILS, CONSENTS, BLOCKS = "details", "consents", "blocks"
_WHERE = {"ip_address": nullable(text(100)), "user_agent": nullable(text(1000)), "note": nullable(text(1000))}
_ANNA = {"user_id": "anna", "timestamp": "2026-03-03T12:00:00Z", "origin": "northlight.example"}
_MOBILE = re.compile(r"mobi|android|iphone|ipad", re.IGNORECASE)


def _stamp(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def slim_key(word: str, payload: Payload) -> str:
    """Of what carries no id: who and when."""
    return key_of(word, payload["user_id"], _stamp(payload["timestamp"]))


def _created(payload: Payload) -> Meaning:
    return Meaning(asks=(DETAILS, CONSENTS, BLOCKS), note="The operator is asked for details, consents and blocks.")


def _updated(payload: Payload) -> Meaning:
    return Meaning(asks=(DETAILS,), note="The operator is asked for the details.")


def _consents(payload: Payload) -> Meaning:
    return Meaning(envelope("consent.announced", slim_key("consents", payload), payload), asks=(CONSENTS,))


def _blocks(payload: Payload) -> Meaning:
    return Meaning(envelope("rg.announced", slim_key("blocks", payload), payload), asks=(BLOCKS,))


def _login(payload: Payload) -> Meaning:
    if payload.get("is_impersonated"):
        return Meaning(note="Somebody of the operator's staff looked in; the player did not log in.")
    agent = payload.get("user_agent")
    device = None if not agent else "mobile" if _MOBILE.search(agent) else "desktop"
    return Meaning(envelope("player.login", slim_key("login", payload), payload, device=device))


def _logout(payload: Payload) -> Meaning:
    return Meaning(envelope("player.logout", slim_key("logout", payload), payload))


def _balances(payload: Payload) -> Meaning:
    held: dict[str, int] = {}
    currency = ""
    for place, balance in enumerate(payload["balances"]):
        name, at = balance["key"], ("balances", place)
        if name in held:
            raise Refused("contradiction", f"{name} is there twice.", pointer_to(*at, "key"))
        if currency not in ("", balance["currency"]):
            raise Refused(
                "contradiction", "The balances of one account are in one currency.", pointer_to(*at, "currency")
            )
        currency = balance["currency"]
        held[name] = checked(pointer_to(*at, "amount"), minor_units, balance["amount"], currency)
    if "real_money" not in held:
        raise Refused("missing", "balances name real_money.", pointer_to("balances"))
    # An operator without bonuses sends no bonus balance: there is none.
    real, bonus = held["real_money"], held.get("bonus_money", 0)
    said = envelope("balance.changed", slim_key("balances", payload), payload, real=real, bonus=bonus)
    return Meaning(said, currency=currency)


_BALANCE = {"key": word_of("real_money", "bonus_money"), "amount": SIGNED, "currency": CODE, "exchange_rate": RATE}


def _held(value: Any) -> list[Payload]:
    if type(value) is not list:
        raise Refused("wrong_type", "A list of balances is expected here.")
    return [_balance(one, place) for place, one in enumerate(value)]


def _balance(given: Any, place: int) -> Payload:
    if type(given) is not dict:
        raise Refused("not_an_object", "A balance is an object.", pointer_to(place))
    known: Payload = {}
    for name, field in _BALANCE.items():
        if name not in given:
            raise Refused("missing", f"{name} is missing.", pointer_to(place, name))
        known[name] = checked(pointer_to(place, name), field.check, given[name])
    return known


_BALANCES = Field(
    _held,
    {
        "type": "array",
        "items": {
            "type": "object",
            "required": list(_BALANCE),
            "properties": {name: field.schema for name, field in _BALANCE.items()},
        },
    },
)


def _tagged(payload: Payload) -> Meaning:
    return Meaning(envelope("player.tagged", slim_key("tag", payload), payload, add=payload["tags"]))


_CUSTOM_NAME = re.compile(r"[^a-z0-9]+")


def _custom(payload: Payload) -> Meaning:
    name = _CUSTOM_NAME.sub("_", payload["notification_type"].lower()).strip("_")[:32]
    data = {str(key): value for key, value in payload["data"].items()}
    return Meaning(envelope(f"custom.{name}", slim_key(f"custom.{name}", payload), payload) | {"properties": data})


def _migrated(payload: Payload) -> Meaning:
    raise unsupported("USER_MIGRATION", "moving an account to another id is done by import, not by an event.")


def _schema(
    name: str,
    summary: str,
    says: Any,
    *routes: tuple[str, str],
    closes: str = "",
    asks: tuple[str, ...] = (),
    **more: Any,
) -> Schema:
    return event(name, summary, {}, _WHERE | more, says=says, routes=routes, closes=closes, asks=asks, example=_ANNA)


SCHEMAS = [
    _schema(
        "USER_CREATE_V2", "An account was opened. We ask for its details, consents and blocks; until the answer, "
        "nothing is sent to the player.", _created, ("POST", "/v2/integration/user"), asks=(DETAILS, CONSENTS, BLOCKS),
    ),
    _schema(
        "USER_UPDATE_V2", "Something about the account changed. We ask for its details.",
        _updated, ("PUT", "/v2/integration/user"), asks=(DETAILS,),
    ),
    _schema(
        "USER_CONSENTS_V2", "The player's consents changed. None counts from our answer on until the operator has "
        "told which there are.", _consents, ("PUT", "/v2/integration/user/consents"), closes="consent.announced", asks=(CONSENTS,),
    ),
    _schema(
        "USER_BLOCK_V2", "The player was excluded or blocked, or is so no longer. Nothing promotional and no bonus "
        "from our answer on, until the operator has told which.",
        _blocks, ("PUT", "/v2/integration/user/blocks"), closes="rg.announced", asks=(BLOCKS,),
    ),
    _schema(
        "LOGIN_V2", "The player logged in.", _login, ("POST", "/v2/integration/login"),
        is_impersonated=FLAG, is_verified=FLAG, user_details=ANYTHING, meta=ANYTHING,
    ),
    _schema("LOGOUT", "The player logged out.", _logout, ("POST", "/v2/integration/logout")),
    event(
        "USER_BALANCES_UPDATE", "The balances after a change.", {"balances": _BALANCES}, {},
        says=_balances, routes=(("POST", "/v1/integration/user/balances"),),
        example=_ANNA | {
            "balances": [
                {"key": "real_money", "amount": 120.5, "currency": "GBP", "exchange_rate": 1.17},
                {"key": "bonus_money", "amount": 0, "currency": "GBP", "exchange_rate": 1.17},
            ]
        },
    ),
    event(
        "USER_TAG", "Tags put on the player.", {"tags": LIST}, {}, says=_tagged,
        example=_ANNA | {"tags": ["vip-watch"]},
    ),
    event(
        "CUSTOM", "An event of the operator's own naming, with flat data.",
        {"notification_type": text(60), "data": OBJECT}, {}, says=_custom,
        example=_ANNA | {"notification_type": "LEVEL_UP", "data": {"level": 12}},
    ),
    event(
        "USER_MIGRATION", "Refused: an account keeps its id.", {}, {"migration_reference": ANYTHING},
        says=_migrated, example=_ANNA | {"migration_reference": "m-1"},
    ),
    event(
        "USER_MIGRATION_APPROVE", "Refused: an account keeps its id.", {}, {"migration_reference": ANYTHING},
        says=_migrated, example=_ANNA | {"migration_reference": "m-1"},
    ),
]  # fmt: skip
