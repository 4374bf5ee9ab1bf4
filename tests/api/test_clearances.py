"""Another sender asks the gate before it sends: the same rules, recorded, and no restriction told."""

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from compliance import erasing, suppression
from compliance.api import clearances, suppressions
from compliance.models import AuditEntry, Decision, Suppression
from compliance.roles import Role
from config.lib.secrecy import Unreadable
from players.models import Brand, Contact, Feed, FeedKey, Player
from tests import cast

pytestmark = pytest.mark.django_db
ASKED: dict[str, Any] = {
    "purpose": "promotional", "channel": "email", "products": ["casino"], "reference": "Tuesday", "players": ["anna"],
}  # fmt: skip


@pytest.fixture(autouse=True)
def at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Outside everybody's quiet hours."""
    for module in (clearances, suppressions):
        monkeypatch.setattr(module, "utcnow", cast.noon)


class Sender:
    def __init__(self, brand: Brand, *scopes: str) -> None:
        feed = Feed.objects.get(brand=brand)
        row, key = FeedKey.objects.create_key(name="test", feed=feed, scopes=list(scopes))
        self.prefix, self.client = row.prefix, Client(headers={"Authorization": f"Api-Key {key}"})

    def ask(self, **changes: Any) -> HttpResponse:
        body = {name: value for name, value in (ASKED | changes).items() if value is not None}
        return self.client.post("/api/v1/clearances", json.dumps(body), content_type="application/json")

    def results(self, **changes: Any) -> dict[str, dict[str, Any]]:
        response = self.ask(**changes)
        assert response.status_code == 200, response.content
        return {result["player"]: result for result in response.json()["results"]}

    def listed(self, channel: str = "email", product: str = "casino") -> set[str]:
        """All hashes, page after page."""
        found: set[str] = set()
        after: str | None = ""
        while after is not None:
            query = {"channel": channel, "product": product} | ({"after": after} if after else {})
            response = self.client.get("/api/v1/suppressions", query)
            assert response.status_code == 200, response.content
            found |= set(response.json()["results"])
            after = response.json()["next"]
        return found


@pytest.fixture
def sender(northlight: Brand) -> Sender:
    return Sender(northlight, "clearances", "suppressions")


def test_each_player_is_decided_by_the_rules_of_our_own_messages_and_recorded(
    sender: Sender, anna: Player, bo: Player, cleo: Player
) -> None:
    response = sender.ask(players=["anna", "bo", "cleo", "nobody"]).json()
    told = {one["player"]: (one["outcome"], one["class"]) for one in response["results"]}
    assert told == {
        "anna": ("allow", None), "bo": ("deny", "protected"), "cleo": ("deny", "consent"), "nobody": ("deny", "unknown"),
    }  # fmt: skip
    assert (response["asked"], response["allowed"]) == (4, 1)
    assert response["refused"] == {"consent": 1, "protected": 1, "unknown": 1}
    rows = Decision.objects.order_by("player__external_id").values_list("player__external_id", "code", "reference")
    ours = f"outside:{sender.prefix}:Tuesday@{cast.noon():%Y%m%d}"
    assert list(rows) == [
        ("anna", "ALLOW", ours), ("bo", "DENY_SELF_EXCLUDED", ours), ("cleo", "DENY_NO_OPT_IN", ours),
    ]  # fmt: skip


def test_a_yes_says_when_it_ends(sender: Sender, anna: Player) -> None:
    told = sender.ask().json()
    assert datetime.fromisoformat(told["expires_at"]) == cast.noon() + timedelta(seconds=60)
    assert told["results"][0]["decision"] == Decision.objects.get().pk


def test_which_restriction_a_player_has_is_not_told(sender: Sender, anna: Player, bo: Player, dev: Player) -> None:
    cast.take_time_out(anna, datetime.now(UTC) + timedelta(days=3))
    ask = {"kind": "deposit", "amount": 500_00, "currency": "GBP"}
    told = [one | {"decision": 0, "player": ""} for one in
            sender.results(players=["anna", "bo", "dev"], ask=ask).values()]  # fmt: skip
    assert told[0] == told[1] == told[2]
    assert told[0]["reason"] == "Protected"
    assert told[0]["retry_at"] is None


def test_quiet_hours_say_when_to_ask_again(sender: Sender, anna: Player, monkeypatch: pytest.MonkeyPatch) -> None:
    night = cast.noon().replace(hour=2)
    cast.register_answer(anna, at=night - timedelta(hours=1), now=night)
    monkeypatch.setattr(clearances, "utcnow", lambda: night)
    told = sender.results()["anna"]
    assert (told["outcome"], told["class"]) == ("defer", "caps")
    assert datetime.fromisoformat(told["retry_at"]) > night


def test_a_service_mail_reaches_an_excluded_player_and_an_offer_in_it_does_not(sender: Sender, bo: Player) -> None:
    service: dict[str, Any] = {"purpose": "transactional", "players": ["bo"], "products": None}
    assert sender.results(**service)["bo"]["outcome"] == "allow"
    ask = {"kind": "deposit", "amount": 10_00, "currency": "GBP"}
    assert sender.results(**service, ask=ask)["bo"]["outcome"] == "deny"


def test_an_exclusion_closes_the_very_next_question(sender: Sender, anna: Player) -> None:
    assert sender.results()["anna"]["outcome"] == "allow"
    cast.exclude(anna)
    assert sender.results()["anna"]["outcome"] == "deny"


def test_what_others_send_counts_for_how_often_a_player_is_written_to(sender: Sender, anna: Player) -> None:
    outcomes = [sender.results(reference=f"mail {n}")["anna"] for n in range(4)]
    assert [one["outcome"] for one in outcomes] == ["allow", "allow", "allow", "deny"]
    assert outcomes[3]["class"] == "caps"
    assert sender.results(reference="mail 2")["anna"]["outcome"] == "allow"  # a retry is no second message


def test_a_bonus_of_the_pam_is_asked_about_with_its_terms(sender: Sender, anna: Player) -> None:
    offer: dict[str, Any] = {"type": "free_cash", "value": 10_00, "currency": "GBP", "products": ["casino"]}
    assert sender.results(channel="bonus", incentive=offer)["anna"]["outcome"] == "allow"
    heavy = offer | {"wagering": 11}
    assert sender.results(channel="bonus", incentive=heavy, reference="b2")["anna"]["class"] == "other"
    assert Decision.objects.latest("pk").code == "DENY_WAGERING_CAP"
    assert Decision.objects.latest("pk").inputs["request"]["criteria"] == ["manual"]  # nobody said


def test_a_list_is_written_down_with_its_fingerprint_and_a_single_question_is_a_decision_only(
    sender: Sender, anna: Player, bo: Player
) -> None:
    sender.ask()
    assert not AuditEntry.objects.filter(kind="clearances.asked").exists()
    sender.ask(players=["bo", "anna"])
    entry = AuditEntry.objects.get(kind="clearances.asked")
    told = json.loads(entry.payload)["after"]
    assert told["list_sha256"] == hashlib.sha256(b"anna\nbo").hexdigest()
    assert (told["asked"], told["allowed"], told["api_key"]) == (2, 1, sender.prefix)
    assert entry.brand_id == anna.brand_id


@pytest.mark.parametrize(
    ("changes", "attr"),
    [
        ({"purpose": "marketing"}, "/purpose"), ({"channel": "pigeon"}, "/channel"), ({"players": []}, "/players"),
        ({"players": ["anna", "anna"]}, "/players/1"), ({"players": [f"p{n}" for n in range(501)]}, "/players"),
        ({"players": [7]}, "/players/0"), ({"reference": " "}, "/reference"), ({"surprise": 1}, "/surprise"),
        ({"reference": None}, "/reference"), ({"ask": {"kind": "deposit", "amount": 1.5, "currency": "GBP"}}, "/ask/amount"),
        ({"ask": {"kind": "deposit", "amount": 1}}, "/ask/currency"), ({"ask": []}, "/ask"),
        ({"incentive": {"type": "gift", "value": 1, "currency": "XXXX"}}, "/incentive/currency"),
        ({"incentive": {"type": "gift", "value": True, "currency": "GBP"}}, "/incentive/value"),
        ({"products": ["poker night"]}, "/products/0"), ({"criteria": [{}]}, "/criteria/0"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_its_place_and_nothing_is_decided(
    sender: Sender, anna: Player, changes: dict[str, Any], attr: str
) -> None:
    response = sender.ask(**changes)
    assert response.status_code == 400
    assert attr in {error["attr"] for error in response.json()["errors"]}
    assert not Decision.objects.exists()


def test_a_key_asks_only_for_what_it_was_made_for_and_only_about_its_own_brand(
    northlight: Brand, kaja: Player, anna: Player
) -> None:
    events = Sender(northlight, "events")
    assert events.ask().status_code == 403
    assert events.client.get("/api/v1/suppressions").status_code == 403
    assert Client().post("/api/v1/clearances", "{}", content_type="application/json").status_code == 401
    assert Sender(northlight, "clearances").results(players=["kaja"])["kaja"]["class"] == "unknown"


def test_the_list_holds_everybody_who_may_not_be_written_to_and_no_reason(
    sender: Sender, anna: Player, bo: Player, cleo: Player
) -> None:
    mine = {who.external_id: _hash(sender, f"{who.external_id}@example.test") for who in (anna, bo, cleo)}
    listed = sender.listed()
    assert mine["bo"] in listed
    assert mine["cleo"] in listed
    assert mine["anna"] not in listed
    assert mine["anna"] in sender.listed(product="betting")  # she said yes to casino only


def _hash(sender: Sender, address: str) -> str:
    """As a partner does it, with nothing but what the answer says."""
    told = sender.client.get("/api/v1/suppressions", {"channel": "email", "product": "casino"}).json()["hashing"]
    assert told["algorithm"] == "HMAC-SHA-256(key, SHA-256(address))"
    inner = hashlib.sha256(address.encode()).digest()
    return hmac.digest(bytes.fromhex(told["key"]), inner, "sha256").hex()


def test_an_address_stays_on_the_list_when_its_player_is_gone(sender: Sender, anna: Player) -> None:
    with transaction.atomic():
        suppression.suppress(Contact.objects.get(player=anna), None, "erased", now=cast.noon())
        erasing.erase(anna, cast.olivia(), "Asked for it by letter", now=cast.noon())
    assert _hash(sender, "anna@example.test") in sender.listed()


def test_the_key_that_others_know_does_not_open_our_own_list(sender: Sender, anna: Player) -> None:
    assert suppression.digest("anna@example.test").hex() != _hash(sender, "anna@example.test")


def test_each_receiver_has_hashes_of_their_own_which_nobody_else_can_look_an_address_up_in(
    sender: Sender, anna: Player, bo: Player
) -> None:
    with transaction.atomic():
        suppression.suppress(Contact.objects.get(player=anna), None, "erased", now=cast.noon())
        erasing.erase(anna, cast.olivia(), "Asked for it by letter", now=cast.noon())
    others = [Sender(anna.brand, "suppressions"), Sender(cast.azura(), "suppressions")]
    for other in others:
        assert _hash(other, "anna@example.test") in other.listed()
        assert _hash(sender, "anna@example.test") not in other.listed()
        assert other.listed() & sender.listed() == set()
    assert _hash(others[0], "bo@example.test") in others[0].listed() - sender.listed()


def test_what_is_stored_of_an_erased_address_is_sealed(sender: Sender, anna: Player) -> None:
    with transaction.atomic():
        suppression.suppress(Contact.objects.get(player=anna), anna.brand, "erased", now=cast.noon())
    row = Suppression.objects.get()
    plain = suppression.plain_hash("anna@example.test")
    assert plain not in bytes(row.shared)
    assert list(suppression.opened([(row.digest, row.shared)])) == [plain]
    with pytest.raises(Unreadable):  # and is of its own row only
        list(suppression.opened([(suppression.digest("bo@example.test"), row.shared)]))
    assert list(suppression.opened([(row.digest, b"")])) == []


def test_the_list_goes_on_where_the_page_before_ended(
    sender: Sender, anna: Player, bo: Player, cleo: Player, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = sender.listed()
    monkeypatch.setattr(suppressions, "PAGE", 1)
    assert sender.listed() == whole
    page = sender.client.get("/api/v1/suppressions", {"channel": "email", "product": "casino"}).json()["next"]
    foreign = sender.client.get("/api/v1/suppressions", {"channel": "sms", "product": "casino", "after": page})
    assert foreign.status_code == 400


def test_quiet_hours_put_nobody_on_the_list(sender: Sender, anna: Player, monkeypatch: pytest.MonkeyPatch) -> None:
    night = cast.noon().replace(hour=2)
    cast.register_answer(anna, at=night - timedelta(hours=1), now=night)
    monkeypatch.setattr(suppressions, "utcnow", lambda: night)
    assert _hash(sender, "anna@example.test") not in sender.listed()


# --- what would find a limit out -----------------------------------------------------------------


def deposit(amount: int, **more: Any) -> dict[str, Any]:
    return {"ask": {"kind": "deposit", "amount": amount, "currency": "GBP"}} | more


def told(sender: Sender, player: str, amounts: list[int], **more: Any) -> list[tuple[str, str | None]]:
    """(outcome, class) of one question after the other, about one message: so that nothing but the amount differs."""
    asked = [
        sender.results(**deposit(amount, players=[player], reference="Look", **more))[player] for amount in amounts
    ]
    return [(one["outcome"], one["class"]) for one in asked]


@pytest.fixture
def limited(northlight: Brand) -> Player:
    player = cast.make_player(northlight, "lim")
    cast.set_limit(player, 400_00, at=cast.noon() - timedelta(days=60), origin="onboarding")
    return player


def test_after_five_amounts_the_answer_is_the_same_whatever_the_limit(
    sender: Sender, anna: Player, limited: Player
) -> None:
    """Her limit lets 100 through and not 101. Halving would have it within a morning."""
    high = [1_000_00, 900_00, 800_00, 700_00, 600_00]
    assert set(told(sender, "lim", high)) == {("deny", "protected")}
    assert set(told(sender, "anna", high)) == {("allow", None)}

    for amount in (50_00, 100_00, 101_00, 2_000_00):
        [hers], [annas] = told(sender, "lim", [amount]), told(sender, "anna", [amount])
        assert hers == annas == ("deny", "other"), amount
    assert Decision.objects.filter(player=limited).count() == 5


def test_the_same_amount_again_is_a_retry_and_another_player_another_question(
    sender: Sender, limited: Player, cleo: Player
) -> None:
    told(sender, "lim", [10_00, 20_00, 30_00, 40_00, 50_00])

    assert told(sender, "lim", [20_00]) == [("allow", None)]
    assert told(sender, "lim", [21_00]) == [("deny", "other")]
    assert told(sender, "cleo", [21_00]) == [("deny", "consent")]
    assert sender.results(players=["lim"], reference="Look")["lim"]["outcome"] == "allow"  # asks for nothing


def test_amounts_of_offers_and_of_other_keys_count_and_after_thirty_days_no_more(
    sender: Sender, northlight: Brand, limited: Player, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Sender(northlight, "clearances")
    told(other, "lim", [1_00, 2_00, 3_00, 4_00])
    match = {"type": "deposit_match", "value": 5_00, "currency": "GBP", "needs": 5_00}
    sender.ask(players=["lim"], incentive=match, reference="match")

    assert told(sender, "lim", [6_00]) == [("deny", "other")]
    monkeypatch.setattr(clearances, "utcnow", lambda: cast.noon() + timedelta(days=31))
    before = Decision.objects.count()
    told(sender, "lim", [6_00])
    assert Decision.objects.count() == before + 1


def test_one_amount_too_many_is_in_the_trail_and_an_alert_for_compliance_alone(sender: Sender, limited: Player) -> None:
    told(sender, "lim", [1_00, 2_00, 3_00, 4_00, 5_00])
    assert not AuditEntry.objects.filter(kind=AuditEntry.PROBED).exists()
    told(sender, "lim", [6_00, 7_00])

    entries = AuditEntry.objects.filter(kind=AuditEntry.PROBED)
    assert [json.loads(one.payload)["after"]["players"] for one in entries] == [[limited.pk]] * 2
    assert {json.loads(one.payload)["after"]["api_key"] for one in entries} == {sender.prefix}
    for role, sees in ((Role.COMPLIANCE_OFFICER, True), (Role.CRM_MANAGER, False), (Role.API_DEVELOPER, False)):
        client = Client()
        client.force_login(cast.make_operator(f"{role} reads", role))
        assert ("too many different amounts" in client.get("/").content.decode()) is sees, role


def test_a_currency_without_a_rate_does_not_tell_who_has_a_limit(sender: Sender, anna: Player, limited: Player) -> None:
    asked = {"ask": {"kind": "deposit", "amount": 1, "currency": "SEK"}, "players": ["lim"]}

    assert sender.results(**asked)["lim"]["class"] == "protected"
    assert Decision.objects.get(player=limited).code == "DENY_RATE_MISSING"
