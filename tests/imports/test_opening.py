"""Importing players who were there before us."""

import os
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db.models import Count, Sum

from config.casino import bwin
from players.folding import fold_pending
from players.imports import Opening, import_players
from players.models import Category, DailyActivity, Fact, Player, PlayerState, Round, Stage
from players.rebuild import verify
from tests.folding.casino import payment, receive

NOW = datetime(2026, 3, 3, 12, tzinfo=UTC)
MAY, JULY = datetime(2025, 5, 1, tzinfo=UTC), datetime(2025, 7, 1, tzinfo=UTC)
SHARED = Path(os.environ.get("PITBOSS_SHARED_DATA") or Path(__file__).resolve().parents[3] / "shared" / "data")
pytestmark = pytest.mark.django_db


def row(external_id="m1", **more):
    return {"external_id": external_id, "currency": "EUR", "registered_at": MAY, "first_deposit_at": MAY} | more


SPORTS = Opening(Category.SPORTS, 10_000, 9_000, 40, MAY, JULY, 12)
LIVE = Opening(Category.SPORTS, 500, 700, 4, MAY, MAY, 2, label="live")


def test_opening_totals_become_state(azura):
    report = import_players(azura, [row(openings=[SPORTS, LIVE])], now=NOW)

    assert (report.received, report.created, report.opened) == (1, 1, 1)
    assert (report.bets, report.stakes, report.wins) == (44, 10_500, 9_700)
    state = PlayerState.objects.get(player__external_id="m1")
    assert (state.rounds, state.stake_real, state.win_real, state.last_play_at) == (44, 10_500, 9_700, JULY)
    assert (state.first_deposit_at, state.top_category) == (MAY, Category.NONE)  # nothing in the last 90 days
    assert state.stage == Stage.DORMANT
    assert state.player.known_since == NOW


def test_importing_again_changes_nothing(azura):
    import_players(azura, [row(openings=[SPORTS])], now=NOW)
    report = import_players(azura, [row(openings=[SPORTS])], now=NOW)

    assert (report.created, report.opened, report.bets) == (0, 0, 0)
    assert Round.objects.count() == Fact.objects.filter(kind="player.opening").count() == 1


def test_a_rebuild_from_the_facts_finds_the_same_state(azura):
    import_players(azura, [row(openings=[SPORTS]), row("m2")], now=NOW)
    assert verify(now=NOW) == []


def test_a_wrong_row_is_reported_and_the_others_go_in(azura):
    wrong = [row(""), row("m2", currency=""), row("m3", openings=[Opening(Category.SLOTS, -1, 0, 1, MAY, MAY, 1)])]
    report = import_players(azura, [*wrong, row()], now=NOW)

    assert (report.received, report.created, len(report.refused)) == (4, 1, 3)


@pytest.mark.slow
def test_the_real_players_of_2005_add_up_to_the_cent(azura):
    folder = SHARED / bwin.FOLDER
    if not folder.is_dir():
        pytest.skip(f"{folder} is not there: set PITBOSS_SHARED_DATA to the folder that holds {bwin.FOLDER}.")
    start = time.perf_counter()
    report = import_players(azura, bwin.rows(folder), now=NOW)
    seconds = time.perf_counter() - start

    assert report.refused == []
    assert (report.received, report.created) == (42_649, 42_649)
    assert report.stakes == (28_962_638 + 32_693_745) * 100
    assert report.stakes - report.wins == 5_943_808_00
    days = DailyActivity.objects.filter(player__brand=azura, category=Category.SPORTS)
    played = days.aggregate(stake=Sum("stake_real"), win=Sum("win_real"), people=Count("player", distinct=True))
    assert (played["stake"], played["stake"] - played["win"]) == (report.stakes, 5_943_808_00)
    assert played["people"] == 40_498  # the 40 499th bettor of the file has no bet and no money in it
    assert PlayerState.objects.aggregate(Sum("stake_real"))["stake_real__sum"] == report.stakes
    assert Player.objects.filter(brand=azura).count() == 42_649
    assert seconds < 60


def test_a_deposit_after_the_import_leaves_everybody_with_a_first_deposit_of_their_own(azura):
    june = datetime(2025, 6, 1, tzinfo=UTC)
    import_players(azura, [row(), row("m2", first_deposit_at=june), row("m3", first_deposit_at=None)], now=NOW)
    people = {one.external_id: one.pk for one in Player.objects.all()}
    receive(azura, [payment(people[name], NOW, f"p-{name}", 5000) for name in ("m2", "m3")], NOW)

    assert fold_pending(now=NOW) == 2

    firsts = dict(PlayerState.objects.values_list("player__external_id", "first_deposit_at"))
    assert firsts == {"m1": MAY, "m2": june, "m3": NOW}
    assert verify(now=NOW) == []
