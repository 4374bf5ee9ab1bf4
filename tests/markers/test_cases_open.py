"""Which signs open a case by themselves, under which duty, and until when somebody has to look."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from compliance.cases import queue, reviewing, working
from compliance.markers import sweeping
from compliance.models import Case, FollowUp, Interaction, Level
from players.models import Brand, DailyActivity, Player
from tests import cast
from tests.markers.test_levels import DAY, STRONG, level, put, see
from tests.spec.test_4_eight_licences import paid, player_of

pytestmark = pytest.mark.django_db
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
MEDIUM = ("M03", "M05", "M10")


def deposits(player: Player, *ats: datetime) -> None:
    for at in ats:
        paid(player, 20_00, at=at)


def read(player: Player, now: datetime) -> None:
    sweeping.evaluate(player.brand, [player.pk], now=now)


def test_medium_signs_open_one_case_with_what_was_done_why_and_a_date_to_look_again(anna: Player) -> None:
    now = cast.noon()
    see(anna, *MEDIUM, at=now - DAY)
    put(anna)
    put(anna)
    case = Case.objects.get()
    assert (case.rule, case.level, case.due_at) == ("GB-05", Level.MEDIUM, now + 7 * DAY)
    line = Interaction.objects.get()
    assert line.seen.startswith("Medium: Stakes more after losing")
    assert line.done == "Bonuses stopped by themselves; other promotions go on."
    assert list(FollowUp.objects.values_list("kind", "due_at")) == [("review", now + 30 * DAY)]


@pytest.mark.parametrize("looked_at", [False, True])
def test_a_medium_case_is_raised_when_signs_become_strong_and_looked_at_again(anna: Player, looked_at: bool) -> None:
    now = cast.noon()
    see(anna, *MEDIUM, at=now - DAY)
    put(anna)
    if looked_at:
        working.log(Case.objects.get(), cast.olivia(), Interaction.Kind.CALL, now=now, done="spoke")
    see(anna, *STRONG, at=now)
    put(anna)
    case = Case.objects.get()
    assert (case.rule, case.level) == ("GB-06", Level.STRONG)
    found = queue.deadlines(Brand.objects.all(), now=now)
    assert (found[0].duty == "Look again", found[0].at) == (looked_at, now + DAY)
    assert sorted(FollowUp.objects.filter(kind="evaluation").values_list("days", flat=True)) == [7, 30]


def test_low_signs_open_none(anna: Player) -> None:
    see(anna, "M10", at=cast.noon() - DAY)
    put(anna)
    assert not Case.objects.exists()


def test_medium_comes_down_by_two_people_and_not_by_itself(anna: Player, client: Client) -> None:
    now = cast.utcnow()
    see(anna, *MEDIUM, at=now - 31 * DAY)
    put(anna, now - 2 * DAY)
    put(anna, now)
    assert level(anna) == Level.MEDIUM  # everything has faded
    case = Case.objects.get()
    client.force_login(cast.olivia())
    page = client.get(reverse("compliance:case", args=[case.pk])).content.decode()
    assert reverse("compliance:case-level", args=[case.pk]) in page
    with pytest.raises(working.StillProtected):
        working.close(case, cast.olivia(), Case.Outcome.NO_CONCERN, "nothing to see", now=now)
    review = reviewing.ask(case, cast.olivia(), Level.NONE, "the bets were a gift", now=now)
    reviewing.sign(review, cast.make_operator("Otto", cast.Role.COMPLIANCE_OFFICER), now=now)
    assert level(anna) == Level.NONE


@pytest.mark.parametrize(("licence", "opens"), [("NL", True), ("GB", False)])
def test_a_dutch_sign_is_acted_on_within_an_hour_of_it(licence: str, opens: bool) -> None:
    player, now = player_of(licence), cast.utcnow()
    last = now - 40 * MINUTE
    deposits(player, last - 20 * MINUTE, last - 10 * MINUTE, last)
    read(player, now)
    read(player, now + 2 * MINUTE)
    assert list(Case.objects.values_list("rule", "level", "due_at")) == [("NL-08", Level.LOW, last + HOUR)] * opens
    assert Interaction.objects.count() == 2 * opens or level(player) == Level.LOW


def test_two_deposits_an_hour_are_no_dutch_sign() -> None:
    player, now = player_of("NL"), cast.utcnow()
    deposits(player, now - 40 * MINUTE, now - 50 * MINUTE)
    read(player, now)
    assert not Case.objects.exists()


def test_a_dutch_sign_after_a_person_has_spoken_is_due_again_after_a_day(client: Client) -> None:
    player, now = player_of("NL"), cast.utcnow()
    deposits(player, *(now - 3 * DAY - n * MINUTE for n in range(3)))
    read(player, now - 3 * DAY)
    case = Case.objects.get()
    working.log(case, cast.olivia(), Interaction.Kind.CALL, now=now - 3 * DAY + MINUTE, done="spoke")
    deposits(player, *(now - 2.5 * DAY - n * MINUTE for n in range(3)))
    read(player, now - 2.5 * DAY)
    assert not case.follow_ups.filter(kind="review").exists()  # spoken to less than a day ago
    deposits(player, *(now - HOUR - n * MINUTE for n in range(3)))
    read(player, now)
    read(player, now + MINUTE)
    assert list(case.follow_ups.filter(kind="review").values_list("due_at", flat=True)) == [now]
    assert Case.objects.count() == 1


def test_the_dutch_hour_of_strong_signs_runs_from_the_sign() -> None:
    player, now = player_of("NL"), cast.noon()
    see(player, *STRONG, at=now - 50 * MINUTE)
    put(player)
    assert Case.objects.get().due_at == now + 10 * MINUTE


@pytest.mark.parametrize(("lost", "opens"), [(600_00, True), (599_99, False)])
def test_an_intensive_spanish_player_is_warned_and_looked_at_again_after_72_hours(lost: int, opens: bool) -> None:
    player, now = player_of("ES", birth_date=cast.utcnow().date() - 40 * 365 * DAY), cast.utcnow()
    played: dict[str, Any] = {"category": 1, "rounds": 5, "last_play_at": now - DAY}
    DailyActivity.objects.create(player=player, day=(now - DAY).date(), stake_real=lost, **played)
    read(player, now)
    read(player, now + MINUTE)
    assert list(Case.objects.values_list("rule", "due_at")) == [("ES-02w", now + DAY)] * opens
    assert list(FollowUp.objects.filter(kind="review").values_list("due_at", flat=True)) == [now + 72 * HOUR] * opens
    assert Interaction.objects.filter(done__contains="without an answer in 72 hours").count() == opens
