"""The rules page says what is in force and what it refused; exchange rates are recorded once and for all."""

from datetime import date, timedelta
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from compliance import switches
from compliance.jurisdictions import PACKS
from compliance.models import AuditEntry, Rate
from config.lib.clock import utcnow
from players.models import Player
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client: Client) -> Client:
    client.force_login(cast.olivia())
    return client


def rules(client: Client, **asked: str) -> str:
    return unescape(client.get(reverse("compliance:rules"), asked).content.decode())


@pytest.mark.parametrize("licence", sorted(PACKS))
def test_every_rule_of_every_licence_is_shown_in_words_with_its_source(officer: Client, licence: str) -> None:
    text = rules(officer, licence=licence, day="2026-11-23")
    for rule in PACKS[licence].on(date(2026, 11, 23)):
        assert rule.sentence in text
        assert rule.source in text
    assert "Rule set" in text


def test_what_is_unverified_is_never_shown_as_law(officer: Client) -> None:
    text = rules(officer, licence="DE")
    law, counsel = text.index("Laws and our own safeguards"), text.index("To be confirmed with counsel")
    for rule in PACKS["DE"].on(utcnow().date()):
        if rule.open_question and not rule.id.startswith("POL-"):
            assert text.index(rule.sentence) > counsel
        elif rule.is_law:
            assert law < text.index(rule.sentence) < counsel


@pytest.mark.parametrize(("day", "said"), [
    ("2026-01-18", "19 Jan 2026 · GB-12"), ("2025-05-20", "21 May 2025 · GB-18"), ("2026-11-23", "until 21 May 2025 · GB-18p"),
])  # fmt: skip
def test_the_page_knows_what_comes_and_what_is_over(officer: Client, day: str, said: str) -> None:
    assert said in rules(officer, licence="GB", day=day)


def test_before_a_pack_knows_rules_the_page_says_that_everything_is_refused(officer: Client) -> None:
    assert "No rules on that day" in rules(officer, licence="ON", day="2022-04-03")


def test_a_switch_of_two_people_is_seen_and_pol_11_is_off_until_then(officer: Client, anna: Player) -> None:
    assert not switches.is_on(anna.brand, "POL-11")
    row = switches.ask(anna.brand, "POL-11", True, cast.olivia(), "Trial", now=utcnow())
    switches.sign(row, cast.make_operator("Otto", cast.Role.COMPLIANCE_OFFICER), now=utcnow())
    assert switches.is_on(anna.brand, "POL-11")
    assert switches.signed([anna.brand]) == {(anna.brand_id, "POL-11"): True}
    assert "switch off" in rules(officer, licence="GB").partition("POL-11")[2].partition("POL-12")[0]


@pytest.mark.parametrize("rule", ["GB-01", "GB-12", "X-01", "SYS-03", "SYS-06"])
def test_a_law_has_no_switch(officer: Client, anna: Player, rule: str) -> None:
    assert officer.get(reverse("compliance:switch", args=[anna.brand_id, rule])).status_code == 404


def test_the_page_asks_the_database_no_more_for_more_rules(
    officer: Client, anna: Player, django_assert_max_num_queries
) -> None:  # type: ignore[no-untyped-def]
    rules(officer)
    with django_assert_max_num_queries(30):
        rules(officer)


def test_rates_are_recorded_with_their_day_and_source(officer: Client) -> None:
    today = utcnow().date()
    lines = f"GBP, {today}, 1.1504\nSEK; {today - timedelta(days=8)}; 0.0915"
    assert officer.post(reverse("compliance:record-rates"), {"lines": lines, "source": "ECB"}).status_code == 302
    text = officer.get(reverse("compliance:rates")).content.decode()
    assert "1.1504" in text
    assert "usable" in text
    assert "too old: refuses" in text
    assert AuditEntry.objects.filter(kind="rates.recorded").count() == 1


@pytest.mark.parametrize("lines", ["", "GBP, 2026-11-20", "GBP, 2026-11-20, many", "XXZ, 2026-11-20, 1"])
def test_what_is_no_rate_is_said_at_its_line(officer: Client, lines: str) -> None:
    answer = officer.post(reverse("compliance:record-rates"), {"lines": lines, "source": "ECB"})
    assert answer.status_code == 422
    assert not Rate.objects.exists()


def test_who_may_only_look_records_nothing(client: Client) -> None:
    client.force_login(cast.carla())
    assert (
        client.post(reverse("compliance:record-rates"), {"lines": "GBP, 2026-11-20, 1", "source": "x"}).status_code
        == 403
    )
