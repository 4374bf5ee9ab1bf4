"""Membership moves with events and with time, tells journeys once, and always equals a full recomputation."""

from datetime import timedelta

import pytest
from django.db import transaction

from config.lib.clock import utcnow
from players.folding import fold_pending
from players.models import Brand, Fact, ListMember, Player, PlayerList, PlayerState, SeenName
from segments import building, membership
from segments.language.compile import matching
from segments.language.parse import parse
from segments.language.tree import At
from segments.membership import members, refresh, tick
from segments.models import Segment
from tests import cast
from tests.api.conftest import event, pam_of

pytestmark = pytest.mark.django_db
NOW = cast.noon()
SILENT = {"all": [{"attribute": "days_since_play", "op": "at_least", "value": 14}]}


def live(brand: Brand, rule: dict[str, object], *, tell: bool = False, name: str = "Silent") -> Segment:
    segment = building.save_draft(None, brand, name, rule, None, now=NOW)
    with transaction.atomic():
        building.go_live(segment, None, acts_on_existing=tell, now=NOW)
    assert building.build(segment.pk, now=NOW)
    segment.refresh_from_db()
    return segment


def played(player: Player, days: float) -> None:
    PlayerState.objects.filter(player=player).update(last_play_at=NOW - timedelta(days=days))


def inside(segment: Segment) -> set[str]:
    return set(members(segment).values_list("player__external_id", flat=True))


def told(kind: str) -> int:
    return Fact.objects.filter(kind=kind).count()


def test_players_who_match_already_join_quietly_or_are_told_as_the_operator_chose(anna: Player) -> None:
    played(anna, 20)
    assert inside(live(anna.brand, SILENT)) == {"anna"}
    assert told("segment.entered") == 0

    live(anna.brand, SILENT, tell=True, name="Told")
    assert told("segment.entered") == 1


def test_time_alone_makes_a_player_enter_at_the_very_second(anna: Player) -> None:
    played(anna, 13)
    segment = live(anna.brand, SILENT)
    assert inside(segment) == set()

    assert tick(now=NOW + timedelta(days=1, seconds=-1)) == 0
    assert inside(segment) == set()
    assert tick(now=NOW + timedelta(days=1)) == 1
    assert inside(segment) == {"anna"}
    assert told("segment.entered") == 1
    assert tick(now=NOW + timedelta(days=2)) == 0


def test_an_event_makes_a_player_leave_once_however_often_it_is_told(anna: Player) -> None:
    played(anna, 20)
    segment = live(anna.brand, SILENT)
    played(anna, 0)
    for _ in range(2):
        with transaction.atomic():
            refresh([anna.pk], now=NOW, cause="events")
    assert inside(segment) == set()
    assert told("segment.left") == 1


def test_history_filled_in_fires_nothing(anna: Player) -> None:
    segment = live(anna.brand, SILENT)
    played(anna, 20)
    with transaction.atomic():
        refresh([anna.pk], now=NOW, cause="events", is_replay=True)
    assert inside(segment) == {"anna"}
    assert Fact.objects.get(kind="segment.entered").is_replay


def test_test_accounts_are_left_out_and_leave_when_they_become_one(anna: Player) -> None:
    played(anna, 20)
    segment = live(anna.brand, SILENT)
    Player.objects.filter(pk=anna.pk).update(is_test=True)
    with transaction.atomic():
        refresh([anna.pk], now=NOW, cause="events")
    assert inside(segment) == set()


def test_a_changed_rule_keeps_those_who_match_both_without_a_word(anna: Player, cleo: Player) -> None:
    played(anna, 40)
    played(cleo, 20)
    segment = live(anna.brand, SILENT)
    entered = dict(members(segment).values_list("player__external_id", "entered_at"))

    longer = {"all": [{"attribute": "days_since_play", "op": "at_least", "value": 30}]}
    building.save_draft(segment, anna.brand, segment.name, longer, None, now=NOW)
    with transaction.atomic():
        version = building.go_live(segment, None, acts_on_existing=True, now=NOW + timedelta(hours=1))
    assert building.build(segment.pk, now=NOW + timedelta(hours=1))

    assert version.number == 2
    assert dict(members(segment).values_list("player__external_id", "entered_at")) == {"anna": entered["anna"]}
    assert told("segment.entered") == 0
    assert told("segment.left") == 1


def test_after_any_number_of_moves_membership_equals_a_full_recomputation(northlight: Brand) -> None:
    from tests.language.conftest import crowd

    players = crowd(northlight, 200, now=NOW)
    segment = live(northlight, SILENT)
    for day in (1, 2, 7, 20):
        now = NOW + timedelta(days=day)
        PlayerState.objects.filter(player__in=players[day * 5 : day * 9]).update(last_play_at=now)
        with transaction.atomic():
            refresh([player.pk for player in players[day * 5 : day * 9]], now=now, cause="events")
        tick(now=now)
        exact = set(matching(northlight, parse(SILENT), At.brand(northlight, now)).values_list("pk", flat=True))
        assert set(members(segment).values_list("player_id", flat=True)) == exact
    assert membership.is_member([segment.pk], [0]) == set()


@pytest.mark.parametrize(
    ("rule", "enters", "leaves", "words"),
    [
        (
            {"attribute": "tags", "op": "is", "value": "vip"},
            event("player.tagged", add=["vip", "x"]), event("player.tagged", remove=["vip"]), "carry the tag “vip”",
        ),
        (
            {"attribute": "tags", "op": "not_in", "value": ["gone", "x"]},
            event("player.login"), event("player.tagged", add=["x"]), "do not carry the tag “gone” or “x”",
        ),
        (
            {"attribute": "sports", "op": "in", "value": ["football", "tennis"]},
            event("bet.placed", bet_id="b1", stake_real=500, stake_bonus=0, ticket="single", odds="1.8",
                  legs=[{"sport": "football", "league": "Serie A", "odds": "1.8", "in_play": False}]),
            None, "have bet on “football” or “tennis”",
        ),
    ],
    ids=["tag", "no tag", "sport"],
)  # fmt: skip
def test_a_tag_or_a_bet_moves_its_player_when_it_is_folded(anna: Player, cleo: Player, rule, enters, leaves, words):  # noqa: ANN001, ANN201
    pam = pam_of(anna.brand)
    others = {"attribute": "days_since_registration", "op": "at_least", "value": 0}
    mine = {"attribute": "lists", "op": "is", "value": "Mine"}
    ListMember.objects.create(
        list=PlayerList.objects.create(brand=anna.brand, name="Mine", created_at=NOW), player=anna
    )
    segment = live(anna.brand, {"all": [rule, others, mine]})
    assert words in segment.current.sentence
    if enters["event"] != "player.login":
        assert inside(segment) == set()

    assert pam.send(enters)["accepted"] == 1
    fold_pending(now=utcnow())
    assert inside(segment) == {"anna"}

    if leaves:
        assert pam.send(leaves)["accepted"] == 1
        fold_pending(now=utcnow())
        assert inside(segment) == set()
    elif enters["event"] == "bet.placed":
        assert SeenName.of(anna.brand, "sport") == ["football"]
        assert SeenName.of(anna.brand, "league") == ["Serie A"]
