"""The officer's pages, opened as each role; what they say is what is recorded."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from compliance import audit, gate
from compliance.jurisdictions import PACKS
from compliance.models import AuditEntry, BrandStop, Decision, PolicySwitch
from compliance.models.decision import Purpose
from config.lib.clock import utcnow
from config.lib.money import Money
from config.templatetags.ui import said_reference
from players.models import Player
from tests import cast
from tests.spec.test_4_the_gate import promo

pytestmark = pytest.mark.django_db
INLINE = re.compile(r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=|hx-on", re.IGNORECASE)
CODES = re.compile(r"\b(DENY|ALLOW|DEFER)_[A-Z]+")
ENGINEERS = re.compile(r"\b(standing|arbiter|enrolment|hand-off|blast radius)\b", re.IGNORECASE)


@pytest.fixture
def officer(client: Client) -> Client:
    client.force_login(cast.olivia())
    return client


@pytest.fixture
def decided(anna: Player, bo: Player, dev: Player) -> list[gate.Answer]:
    asked = [
        promo(anna, reference="m1"), promo(bo, reference="m2"), promo(dev, ask=gate.Ask("deposit", 500_00, "GBP")),
        promo(bo, purpose=Purpose.RG_CONFIRMATION, reference="m3"),
    ]  # fmt: skip
    with transaction.atomic():
        return gate.clear_many(asked, now=cast.noon())


def addresses(decided: list[gate.Answer], player: Player) -> list[str]:
    return [
        *(reverse(f"compliance:{name}") for name in
          ("home", "decisions", "restrictions", "consents", "rules", "ask", "audit", "stop", "exports", "coverage", "erasure")),
        *(reverse("compliance:decision", args=[answer.decision_id]) + "?replay=1" for answer in decided),
        reverse("compliance:consents") + "?q=anna", reverse("compliance:rules") + "?licence=SE&day=2026-07-01",
        reverse("compliance:rules") + "?licence=GB&day=1999-01-01", reverse("compliance:proof", args=[player.pk]),
        reverse("compliance:player-panel", args=[player.pk]), reverse("compliance:block", args=[player.pk, "promotions"]),
        reverse("compliance:switch", args=[player.brand_id, "POL-02"]),
        reverse("compliance:decisions") + "?q=bo&outcome=deny&rule=x-01", reverse("compliance:decisions") + "?q=%00&page=x",
        *(reverse(f"compliance:{name}") + "?q=%00&day=nonsense" for name in ("audit", "consents", "restrictions")), reverse("compliance:proof", args=[player.pk]) + "?since=13",
    ]  # fmt: skip


def test_every_page_opens_says_sentences_and_needs_no_inline_code(
    officer: Client, decided: list[gate.Answer], bo: Player, kaja: Player
) -> None:
    cast.set_limit(kaja, 10_001_00, "month")
    for address in addresses(decided, bo):
        response = officer.get(address)
        text = re.sub(r"<code>.*?</code>|title=\"[^\"]*\"", "", response.content.decode())
        assert response.status_code == 200, address
        for pattern in (INLINE, ENGINEERS, CODES):
            assert not pattern.search(text), (address, pattern.search(text))


def test_others_do_not_get_in(client: Client, decided: list[gate.Answer], bo: Player) -> None:
    for operator in (cast.carla(), cast.fiona(), cast.rolf()):
        client.force_login(operator)
        for name in ("home", "decisions", "restrictions", "consents", "rules", "ask", "audit"):
            assert client.get(reverse(f"compliance:{name}")).status_code == 403


def test_crm_reads_protected_and_nothing_else_on_the_players_panel(
    client: Client, decided: list[gate.Answer], bo: Player
) -> None:
    client.force_login(cast.carla())
    text = client.get(reverse("compliance:player-panel", args=[bo.pk])).content.decode()
    assert "Promotions: protected" in text
    assert not re.search(r"exclu|time-out|register|DENY", text, re.IGNORECASE)


def test_home_counts_no_promotion_after_a_restriction(officer: Client, decided: list[gate.Answer]) -> None:
    wall = officer.get(reverse("compliance:home")).context["wall"]
    assert (wall.breaches, wall.checks) == (0, 3)
    refused = dict((rule, times) for rule, _, times, _ in officer.get(reverse("compliance:home")).context["refused"])
    assert refused["X-01"] == 1
    assert refused["POL-02"] == 1


def test_the_breach_counter_can_count(anna: Player, officer: Client, decided: list[gate.Answer]) -> None:
    """Anna was written to at noon; an exclusion that had been received before makes that a breach."""
    from compliance import wall
    from compliance.models import Measure

    cast.exclude(anna)
    assert not wall.breaches(Decision.objects.all()).exists()
    decision = Decision.objects.filter(player=anna).get()
    row = Measure.objects.get(person_id=anna.person_id)
    row.pk, row.source, row.received_at = None, "earlier", decision.decided_at
    row.save()  # when something was received cannot be rewritten, only written
    assert wall.breaches(Decision.objects.all()).get() == decision


def test_nothing_after_the_exclusion_is_on_one_page(officer: Client, decided: list[gate.Answer], bo: Player) -> None:
    context = officer.get(reverse("compliance:proof", args=[bo.pk])).context
    assert (context["allowed"], context["breaches"], context["refused"], context["service"]) == (0, 0, 1, 1)


def test_the_gate_can_be_asked_and_records_nothing(officer: Client, bo: Player) -> None:
    response = officer.post(
        reverse("compliance:ask"),
        {"player": "bo", "purpose": "promotional", "channel": "email", "product": ["casino"], "bonus_value": "10"},
    )
    assert "Self-excluded at this account" in response.content.decode()
    assert not Decision.objects.exists()
    missing = officer.post(
        reverse("compliance:ask"), {"player": "nobody", "purpose": "promotional", "channel": "email"}
    )
    assert missing.status_code == 422


def test_a_policy_needs_two_people(officer: Client, dev: Player) -> None:
    address = reverse("compliance:switch", args=[dev.brand_id, "POL-04"])
    assert officer.post(address, {"reason": "no"}).status_code == 422
    assert officer.post(address, {"reason": "our own outreach covers this"}).status_code == 302
    waiting = PolicySwitch.objects.get()
    sign = reverse("compliance:sign", args=[waiting.pk])

    officer.post(sign)
    assert PolicySwitch.objects.get().signed_by is None
    assert gate.preview([promo(dev)], now=cast.noon())[0].code == "DENY_RECENT_LIMIT_CHANGE"

    officer.force_login(cast.make_operator("Otto", cast.Role.COMPLIANCE_OFFICER))
    officer.post(sign)
    assert gate.preview([promo(dev)], now=cast.noon())[0].allowed
    assert list(
        AuditEntry.objects.filter(kind__startswith="policy.").order_by("pk").values_list("kind", flat=True)
    ) == ["policy.asked", "policy.signed"]


@pytest.mark.parametrize("rule", ["X-01", "GB-09", "SYS-06", "nonsense"])
def test_a_law_has_no_switch(officer: Client, anna: Player, rule: str) -> None:
    assert officer.get(reverse("compliance:switch", args=[anna.brand_id, rule])).status_code == 404


def test_stop_and_resume(officer: Client, anna: Player) -> None:
    officer.post(reverse("compliance:stop"), {"reason": "prices are wrong"})
    assert BrandStop.objects.get().lifted_at is None
    officer.post(reverse("compliance:resume", args=[anna.brand_id]), {"reason": "prices are right"})
    assert BrandStop.objects.get().lifted_at is not None


def test_support_blocks_with_a_reason_and_only_compliance_lifts(client: Client, anna: Player) -> None:
    client.force_login(cast.make_operator("Sam", cast.Role.SUPPORT_AGENT))
    address = reverse("compliance:block", args=[anna.pk, "promotions"])
    assert client.post(address, {"reason": "asked us on the phone"}).status_code == 302
    assert gate.preview([promo(anna)], now=cast.noon())[0].code == "DENY_ACCOUNT_RESTRICTED"
    assert client.post(address, {"reason": "changed my mind"}).status_code == 302
    assert gate.preview([promo(anna)], now=cast.noon())[0].code == "DENY_ACCOUNT_RESTRICTED"
    client.force_login(cast.olivia())
    client.post(address, {"reason": "talked to the player"})
    assert gate.preview([promo(anna)], now=cast.noon())[0].allowed


def test_another_brands_player_does_not_exist(client: Client, bo: Player) -> None:
    client.force_login(cast.make_operator("Signe", cast.Role.COMPLIANCE_OFFICER, cast.bjork()))
    for name in ("proof", "player-panel"):
        assert client.get(reverse(f"compliance:{name}", args=[bo.pk])).status_code == 404
    assert "bo ·" not in client.get(reverse("compliance:restrictions")).content.decode()


def test_only_rules_without_a_question_of_their_own_say_when_they_act(officer: Client, anna: Player) -> None:
    text = officer.get(reverse("compliance:rules")).content.decode()
    silent = [rule for rule in PACKS["GB"].on(utcnow().date()) if not rule.is_asked]
    assert all(rule.acts and rule.acts in unescape(text) for rule in silent)
    assert not any(rule.acts for rule in PACKS["GB"].on(utcnow().date()) if rule.is_asked)


def test_a_time_out_whose_end_has_come_is_shown_as_over_and_an_exclusion_is_not(officer: Client, anna: Player) -> None:
    cast.take_time_out(anna, utcnow() - timedelta(days=1), at=utcnow() - timedelta(days=9))
    cast.exclude(anna, at=utcnow() - timedelta(days=9), ends_at=utcnow() - timedelta(days=1))
    rows = officer.get(reverse("compliance:restrictions")).context["rows"]
    assert {row.kind: phase.word for row, phase, _ in rows} == {
        "time_out": "expired", "self_exclusion": "expired_awaiting_return",
    }  # fmt: skip


def test_the_audit_trail_says_what_changed_in_words(officer: Client) -> None:
    before, after = {"status": "draft", "version": 1}, {"status": "submitted", "version": 1}
    audit.record(cast.carla(), "campaign.submitted", "campaign:12", brand=None, before=before, after=after)
    [(row, about, href, _)] = officer.get(reverse("compliance:audit"), {"kind": "campaign."}).context["rows"]
    assert (row.what, about, row.change) == (
        "Campaign submitted", "Campaign 12", "status: draft → submitted, version: 1"
    )  # fmt: skip
    assert href == reverse("campaigns:detail", args=[12])


def test_the_audit_trail_writes_money_as_money_and_is_searched_by_what_it_shows(officer: Client) -> None:
    for number, amount in ((7, 90_000_00), (8, 1)):
        after = {"amount": amount, "currency": "GBP"}
        audit.record(cast.fiona(), "budget.topped_up", f"bonus-template:{number}", brand=None, after=after)
    [(row, _, _, _)] = officer.get(reverse("compliance:audit"), {"q": "Bonus template 7"}).context["rows"]
    assert row.change == f"amount: {Money(90_000_00, 'GBP')}"


@pytest.mark.parametrize("typed", ["anna", "Player anna"])
def test_the_audit_trail_knows_a_player_by_the_id_the_pam_gave(officer: Client, anna: Player, typed: str) -> None:
    audit.record(cast.olivia(), "player.held", f"player:{anna.pk}", brand=anna.brand_id, reason="a complaint")
    audit.record(cast.olivia(), "player.held", f"player:{cast.bo().pk}", brand=anna.brand_id, reason="another one")
    rows = officer.get(reverse("compliance:audit"), {"q": typed, "kind": "player.held"}).context["rows"]
    assert [(about, row.reason) for row, about, _, _ in rows] == [("Player anna", "a complaint")]


def test_what_was_done_by_no_person_is_found_by_its_kind_and_left_out_of_the_first_look(officer: Client) -> None:
    audit.record(None, "clearances.asked", "outside:edition-1", brand=None, after={"asked": 24})
    address = reverse("compliance:audit")
    kinds = [
        {row.kind for row, *_ in officer.get(address, query).context["rows"]} for query in ({}, {"kind": "clearances."})
    ]
    assert "clearances.asked" not in kinds[0]
    assert kinds[1] == {"clearances.asked"}


def test_a_decision_says_what_it_was_asked_for_in_words() -> None:
    assert said_reference("delivery:644") == "Message 644"
    assert said_reference("enrolment:699:26") == "Journey run 699"
    assert said_reference("goodwill:8f2c") == "Goodwill bonus"
    assert said_reference("export:7:699") == "List 7"
    assert said_reference("high-roller") == "high-roller"


def test_a_moment_chosen_in_the_browser_is_one_of_the_page_s_zone(officer: Client, anna: Player) -> None:
    """A field for date and time sends no zone; a link from elsewhere may send one."""
    address = reverse("compliance:proof", args=[anna.pk])
    plain = officer.get(address, {"since": "2026-11-24T14:02:00"}).context["since"]
    assert plain == officer.get(address, {"since": "2026-11-24T14:02:00+00:00"}).context["since"]
    assert 'type="datetime-local"' in officer.get(address).content.decode()
