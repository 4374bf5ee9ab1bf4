"""The ten questions of regulation §5: each is answered by a page or a file, and the tables say what happened."""

import csv
import io
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from compliance import audit, gate
from compliance.models import AuditEntry, Decision
from compliance.regulator import tables
from compliance.regulator.asked import QUESTIONS
from config.lib.money import Money
from players.models import Feed, FeedKey, Player
from tests import cast
from tests.spec.test_4_the_gate import clear, promo

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
# Question -> where its answer is found: pages, and tables that can be taken along.
ANSWERED = {
    1: {"compliance:exports", "compliance:decisions"},
    2: {"compliance:restrictions", "silence"},
    3: {"compliance:markers", "strong"},
    4: {"compliance:consents", "compliance:wordings"},
    5: {"compliance:decisions", "compliance:registers"},
    6: {"compliance:rules", "bonuses"},
    7: {"compliance:home", "campaigns:provider-log", "reconciliation"},
    8: {"compliance:cases", "evaluations"},
    9: {"yearly"},
    10: {"compliance:audit", "compliance:exports"},
}


@pytest.fixture
def officer(client: Client) -> Client:
    client.force_login(cast.olivia())
    return client


def table(officer: Client, key: str) -> list[dict[str, str]]:
    answer = officer.get(reverse("compliance:answer-csv", args=[key]))
    return list(csv.DictReader(io.StringIO(answer.content.decode())))


def test_each_of_the_ten_has_a_page_or_a_file_that_opens(officer: Client, anna: Player) -> None:
    assert {
        one.number: {name for _, name in one.pages} | ({one.table} if one.table else set()) for one in QUESTIONS
    } == ANSWERED
    shown = officer.get(reverse("compliance:questions")).content.decode()
    for one in QUESTIONS:
        assert one.words.replace("'", "&#x27;") in shown
        for _, name in one.pages:
            assert officer.get(reverse(name)).status_code == 200, name
        if one.table:
            assert officer.get(reverse("compliance:answer", args=[one.table])).status_code == 200
            assert officer.get(reverse("compliance:answer-csv", args=[one.table])).status_code == 200
    assert set(tables.TABLES) == {one.table for one in QUESTIONS if one.table}
    assert AuditEntry.objects.filter(kind="export.table").count() == len(tables.TABLES)
    assert officer.get(reverse("compliance:answer", args=["other"])).status_code == 404
    officer.force_login(cast.carla())
    assert officer.get(reverse("compliance:questions")).status_code == 403


def test_the_last_contact_after_an_exclusion_is_told_to_the_second(officer: Client, bo: Player) -> None:
    ada = cast.make_player(cast.azura(), "ada")
    sister = cast.make_player(cast.make_brand("sister", "Sister", "MT", "EUR", "Europe/Malta"), person=ada.person)
    cast.exclude(ada, scope="brand", measure_id="here")
    [answer] = clear(promo(sister))
    assert answer.allowed, answer

    rows = {row["player"]: row for row in table(officer, "silence")}

    assert (rows["bo"]["promotions_after"], rows["bo"]["seconds_to_last"]) == ("0", "")
    assert rows["ada"]["promotions_after"] == "1"
    assert 0 < float(rows["ada"]["seconds_to_last"]) < 60
    page = officer.get(reverse("compliance:answer", args=["silence"]))
    assert dict(page.context["spread"]) == {
        "no promotion after it": 1, "within a minute": 1, "within an hour": 0, "within a day": 0, "later": 0,
    }  # fmt: skip


def test_a_break_that_was_over_before_it_was_told_is_followed_by_nothing(officer: Client) -> None:
    """A history that is told at once: months of breaks are received today."""
    now, tim, rex = cast.noon(), cast.make_player(cast.azura(), "tim"), cast.make_player(cast.azura(), "rex")
    cast.take_time_out(tim, now - 13 * DAY, at=now - 20 * DAY)
    Player.objects.filter(pk=rex.pk).update(is_test=True)
    cast.exclude(rex)
    [answer] = clear(promo(tim))
    assert answer.allowed, answer

    [row] = table(officer, "silence")

    assert (row["player"], row["promotions_after"], row["seconds_to_last"]) == ("tim", "0", "")


def test_a_message_without_a_yes_is_a_difference(officer: Client, anna: Player, bo: Player) -> None:
    [yes, no] = clear(promo(anna), promo(bo))
    for player, decision in ((anna, yes.decision_id), (bo, no.decision_id), (bo, yes.decision_id), (bo, None)):
        audit.record(None, "message.sent", f"player:{player.pk}", brand=player.brand_id,
                     after={"channel": "email", "purpose": "promotional", "decision_id": decision})  # fmt: skip

    [row] = table(officer, "reconciliation")

    assert (row["handed_over"], row["with_a_yes"], row["without"]) == ("4", "1", "3")


def test_a_bonus_is_told_with_its_terms_and_who_else_had_them(officer: Client) -> None:
    for name in ("nils", "nora"):
        nils = cast.make_player(cast.bjork(), name)
        bonus = gate.Incentive("deposit_match", 100_00, "SEK", products=frozenset({"casino"}), days=60)
        [answer] = clear(promo(nils, channel="bonus", incentive=bonus, reference=f"grant:{name}"))
        assert answer.allowed, answer

    rows = table(officer, "bonuses")

    assert {(row["type"], row["value"], row["same_terms_given"], row["after_an_intervention"]) for row in rows} == {
        ("deposit_match", "10000", "2", "False")
    }
    year = {row["figure"]: row for row in table(officer, "yearly")}
    assert (year["bonuses given"]["players"], year["bonuses given"]["worth"]) == ("2", "20000")
    page = officer.get(reverse("compliance:answer", args=["bonuses"]))
    [first, _] = page.context["rows"]
    shown = {cell.name: cell.value for cell in first}
    assert (shown["Brand"], shown["Type"], shown["Value"]) == ("Björk Spel", "Deposit match", Money(100_00, "SEK"))
    assert "Currency" not in shown, "an amount says it itself"
    assert f'href="{reverse("compliance:decision", args=[shown["Decision"]])}"' in page.content.decode()


def test_approaches_are_averaged_over_those_approached(officer: Client, anna: Player) -> None:
    clear(*[promo(anna, reference=f"r{n}") for n in range(3)])
    assert Decision.objects.filter(outcome="allow").count() == 3
    figures = {row["figure"]: row for row in table(officer, "yearly")}
    assert figures["approaches: email"]["average"] == "3.00"
    long_ago = officer.get(
        reverse("compliance:answer", args=["yearly"]), {"since": "2020-01-01", "until": "2020-12-31"}
    )
    assert long_ago.context["count"] == 0


def test_when_each_other_sender_has_known_of_an_exclusion_stands_beside_it(officer: Client, bo: Player) -> None:
    feed = Feed.objects.get(brand=bo.brand)
    keys = {
        name: FeedKey.objects.create_key(name=name, feed=feed, scopes=[scope])[0]
        for name, scope in (("Harbour", "suppressions"), ("Tide", "suppressions"), ("PAM", "events"))
    }
    said = {"api_key": keys["Harbour"].prefix, "channel": "email", "product": "casino"}
    read = audit.record(None, "suppressions.read", f"brand:{bo.brand_id}", brand=bo.brand_id, after=said)
    [row] = table(officer, "silence")
    assert row["told_to_other_senders"] == f"Harbour {read.at:%Y-%m-%dT%H:%M:%S.%f}Z; Tide: not yet"
    assert (bool(row["told_by"]), bool(row["effective_at"])) == (True, True)
