"""F17, F19, F20 and a lost database, while a file of consents comes in: a yes that is imported opens nothing that is shut."""

import pytest
from django.db import Error, connection
from django.test import override_settings

from campaigns import dispatch
from campaigns.advance import advance
from campaigns.models import Delivery
from compliance.models import Consent
from config.lib.clock import utcnow
from players.facts import settle_owed
from players.imports import preview, running
from players.imports.into import consents
from players.models import Feed, Import, Player
from tests import cast
from tests.faults.test_what_comes_in_between import elsewhere
from tests.journey import build
from tests.journey.conftest import Sink, post
from tests.spec.test_4_the_gate import clear, promo

__all__ = ["post"]
pytestmark = pytest.mark.django_db(transaction=True)
NOW = cast.noon()
MANY, CHUNK = 12, 4


@pytest.fixture
def importing(tmp_path, monkeypatch):  # noqa: ANN001, ANN201
    """Twelve players without a yes; the file that brings one for each, four lines at a time."""
    monkeypatch.setattr(running, "CHUNK", CHUNK)
    monkeypatch.setattr(running, "BREATH", 0)
    brand = cast.northlight()
    players = [cast.make_player(brand, f"i{number}", consents=()) for number in range(MANY)]
    lines = "".join(f"i{number},casino,email,yes,2025-01-02,v1,sign-up,northlight\n" for number in range(MANY))
    text = "player,product,channel,granted,date,wording,screen,origin\n" + lines
    with override_settings(DATA_DIR=tmp_path):
        one = preview.begin("consents", brand, "c.csv", [text.encode()], cast.olivia(), now=utcnow())
        running.go(one, now=utcnow())
        yield one, players


def bring(one: Import) -> Import:
    while running.step(one.pk, now=utcnow()):
        pass
    settle_owed(now=utcnow())
    one.refresh_from_db()
    return one


def codes(players: list[Player]) -> list[str]:
    return [answer.code for answer in clear(*(promo(player) for player in players))]


def test_f19_f20_who_excludes_themselves_between_two_chunks_stays_shut_whatever_the_file_and_an_old_lift_say(
    importing: tuple[Import, list[Player]], post: Sink
) -> None:
    one, players = importing
    running.step(one.pk, now=utcnow())
    before, after = players[0], players[9]  # whose line came in, and whose comes later
    for player in (before, after):
        elsewhere(lambda player=player: cast.exclude(player, sequence=3, at=NOW)).join(20)
        cast.tell(player, "rg.lifted", at=NOW, measure_id="excl", sequence=2)  # the lift of an earlier one, late
    one = bring(one)

    assert (one.status, one.new, one.refused) == ("done", MANY, 0)
    said = codes(players)
    assert {said.pop(9), said.pop(0)} == {"DENY_SELF_EXCLUDED"}
    assert set(said) == {"ALLOW"}
    build.simple(one.brand, NOW, trigger_fact="custom.import")
    for player in players:
        cast.tell(player, "custom.import", now=NOW, at=NOW)
    settle_owed(now=NOW)
    advance(now=NOW)
    dispatch.dispatch(now=NOW)
    assert len(post.mails) == MANY - 2
    assert Delivery.objects.filter(player__in=[before, after], status="sent").count() == 0


def test_f17_where_the_feed_goes_stale_in_the_middle_every_line_comes_in_and_nobody_is_written_to(
    importing: tuple[Import, list[Player]],
) -> None:
    one, players = importing
    running.step(one.pk, now=utcnow())
    Feed.objects.filter(brand=one.brand).update(freshness="stale")
    assert bring(one).status == "done"

    assert Consent.objects.filter(player__in=players, granted=True).count() == MANY
    assert set(codes(players)) == {"DENY_STATE_UNAVAILABLE"}


def test_a_database_that_goes_away_in_the_middle_of_a_chunk_takes_the_chunk_with_it_and_it_comes_in_once(
    importing: tuple[Import, list[Player]], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, players = importing
    running.step(one.pk, now=utcnow())
    record = consents.record

    def and_is_gone(facts, now):  # noqa: ANN001, ANN202
        written = record(facts, now=now)
        with connection.cursor() as db:
            db.execute("SELECT pg_backend_pid()")
            [pid] = db.fetchone()
        elsewhere(lambda: connection.cursor().execute("SELECT pg_terminate_backend(%s)", [pid])).join(20)
        assert written
        with connection.cursor() as db:
            db.execute("SELECT 1")

    with monkeypatch.context() as patch:
        patch.setattr(consents, "record", and_is_gone)
        with pytest.raises(Error):
            running.step(one.pk, now=utcnow())
    connection.close()
    one.refresh_from_db()
    assert (one.status, one.line, one.new) == ("importing", CHUNK, CHUNK)  # not half of the second
    assert Consent.objects.filter(player__in=players).count() <= CHUNK

    one = bring(one)
    assert (one.status, one.line, one.new, one.unchanged) == ("done", MANY, MANY, 0)
    assert Consent.objects.filter(player__in=players, granted=True).count() == MANY
    assert set(codes(players)) == {"ALLOW"}
