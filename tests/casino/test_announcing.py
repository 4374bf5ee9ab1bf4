"""Azura's PAM says that something changed; its API says what, of the gamblers that play."""

import random
import time

from config.casino import announcing
from config.casino.gamblers import draw_one
from config.casino.play import Happening
from config.lib.clock import utcnow
from players.pam.fasttrack import SCHEMAS, answers
from players.pam.fasttrack.schemas import check
from players.pam.generic.envelope import FUTURE, read


class Sent:
    def __init__(self) -> None:
        self.calls: list[tuple[str, str, str, dict[str, object]]] = []

    def announce(self, *call: object) -> None:
        self.calls.append(call)  # type: ignore[arg-type]


def someone(number: int):
    now = time.time()
    return draw_one(random.Random(number), number, now - 1e6, is_new=True, came=now - 1000)


def azuran():
    return next(one for one in map(someone, range(200)) if one.house.slug == "azura" and one.kyc == "verified")


def test_what_azura_announces_is_a_payload_of_the_schema_of_its_path() -> None:
    sent, who, now = Sent(), azuran(), time.time()
    routes = {route: schema for schema in SCHEMAS.values() for route in schema.routes}
    for kind in ("player.registered", "player.kyc", "consent.changed", "rg.self_excluded"):
        event = Happening(now, kind, "e1", who, {})
        assert announcing.announces(event)
        announcing.announce(sent, event)  # type: ignore[arg-type]

    names = [routes[method, path].name for _, method, path, _ in sent.calls]
    assert names == ["USER_CREATE_V2", "USER_UPDATE_V2", "USER_CONSENTS_V2", "USER_BLOCK_V2"]
    for _, method, path, payload in sent.calls:
        check(routes[method, path], payload)


def test_what_its_api_answers_can_be_registered() -> None:
    who = azuran()
    find = announcing.accounts({who.external_id: who})
    account, known = find(who.external_id), answers.Known(who.external_id, utcnow(), wording="v3")
    assert account is not None
    assert find("nobody") is None

    told = answers.details(account.answer("userdetails"), known)
    told += answers.consents(account.answer("userconsents"), known)
    told += answers.blocks(account.answer("userblocks"), known)
    for event in told:
        read(event, utcnow() + FUTURE)
    assert [event["event"] for event in told][:2] == ["player.registered", "player.kyc"]
    assert told[0]["properties"]["email"] == who.email

    who.plan = [(time.time() - 1, "rg.self_excluded", {})]
    assert find(who.external_id).excluded  # type: ignore[union-attr]
