"""What was noted in a case and what was written to a player have a time of their own; both sides of the day."""

from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from campaigns.models import Attempt
from compliance import erasing, retention, retiring
from compliance.cases import working
from compliance.models import Case, Interaction
from config.lib.clock import utcnow
from players.models import Player
from tests import cast
from tests.hammer.changing import Target
from tests.hammer.people import make
from tests.spec.test_4_an_allow_is_for_one_thing import allow, send

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
YEARS = 7 * 365 * DAY
WORDS = "Hi Bo, ten spins for you"


def noted(player: Player, at: datetime, closed_at: datetime | None) -> Case:
    case = Case.objects.create(
        person_id=player.person_id, player=player, level="strong", rule="GB-06", opened_at=at, why="His wife called",
        due_at=at, closed_at=closed_at, outcome="limited" if closed_at else "",
    )  # fmt: skip
    Interaction.objects.create(
        case=case, at=at, by=cast.olivia(), kind="call", done="Called Bo", outcome="He will stop"
    )
    return case


def close(player: Player, at: datetime) -> None:
    Player.objects.filter(pk=player.pk).update(status="closed")
    cast.tell(player, "player.closed", at=at)


def sent(*moments: datetime) -> list[Target]:
    targets = list(make(len(moments)))
    for target, at in zip(targets, moments, strict=True):
        send(
            target, allow(target), text=WORDS, html=f"<p>{WORDS}</p>", subject="Spins", status="accepted", created_at=at
        )
    return targets


def words_of(target: Target) -> tuple[str, str, str]:
    return Attempt.objects.values_list("subject", "html", "text").get(player=target.player)


@pytest.mark.parametrize(("account", "case", "goes"), [
    (YEARS + DAY, YEARS + DAY, True), (YEARS - DAY, YEARS + DAY, False), (YEARS + DAY, YEARS - DAY, False),
])  # fmt: skip
def test_notes_go_seven_years_after_account_and_case_were_closed(
    account: timedelta, case: timedelta, goes: bool, anna: Player
) -> None:
    now = utcnow()
    row = noted(anna, now - 9 * YEARS / 7, now - case)
    close(anna, now - account)

    assert retiring.work(now=now)["case_notes"] == int(goes)

    row.refresh_from_db()
    line = Interaction.objects.get(case=row)
    assert (row.why, line.done, line.outcome) == (
        ("", "", "") if goes else ("His wife called", "Called Bo", "He will stop")
    )
    assert (line.kind, line.by, row.outcome) == ("call", cast.olivia(), "limited"), "that it was, and who, stays"
    assert bool(row.forgotten_at) == goes
    assert retiring.work(now=now)["case_notes"] == 0


def test_notes_stay_while_another_account_of_the_person_is_open(anna: Player) -> None:
    now = utcnow()
    noted(anna, now - 9 * YEARS / 7, now - 8 * YEARS / 7)
    close(anna, now - 8 * YEARS / 7)
    other = cast.make_player(cast.azura(), "anna-azura", person=anna.person)
    assert retiring.work(now=now)["case_notes"] == 0
    close(other, now - 8 * YEARS / 7)
    assert retiring.work(now=now)["case_notes"] == 1


@pytest.mark.parametrize(("ago", "goes"), [(YEARS + DAY, True), (YEARS - DAY, False)])
def test_the_words_of_a_message_go_after_their_time(ago: timedelta, goes: bool, client: Client) -> None:
    [target] = sent(utcnow() - ago)
    licence = Player.objects.get(pk=target.player).brand.licence
    assert retiring.due_now(retention.of(licence, "messages"), now=utcnow()) == int(goes)

    assert retiring.work(now=utcnow())["messages"] == int(goes)

    assert words_of(target) == (("", "", "") if goes else ("Spins", f"<p>{WORDS}</p>", WORDS))
    assert Attempt.objects.get(player=target.player).status == "accepted", "that it was sent stays"
    client.force_login(cast.olivia())
    shown = client.get(reverse("compliance:retention"))
    assert [(one.what, one.count) for one in shown.context["report"]] == ([("Words of messages", 1)] if goes else [])


def test_a_hold_and_an_open_case_keep_both_longer() -> None:
    now = utcnow()
    [target] = sent(now - YEARS - DAY)
    player = Player.objects.get(pk=target.player)
    close(player, now - YEARS - DAY)
    row = noted(player, now - 9 * YEARS / 7, now - YEARS - DAY)
    with transaction.atomic():
        erasing.hold(player, cast.olivia(), "A court case is running", now=now)
    assert retiring.work(now=now) == dict.fromkeys(("identity", "unread", "case_notes", "messages"), 0)
    with transaction.atomic():
        erasing.lift(player, cast.olivia(), "The case is over", now=now)
    again = noted(player, now - DAY, None)
    assert retiring.work(now=now) == dict.fromkeys(("identity", "unread", "case_notes", "messages"), 0)
    assert words_of(target)[2] == WORDS
    working.close(again, cast.olivia(), Case.Outcome.CONTINUES, "Looked at it again", now=now)

    done = retiring.work(now=now)

    assert (done["case_notes"], done["messages"]) == (1, 1)
    row.refresh_from_db()
    assert row.forgotten_at


def test_two_officers_shorten_it_within_what_the_database_lets_go() -> None:
    now = utcnow()
    target, other = sent(now - 400 * DAY, now - 300 * DAY)
    licence = Player.objects.get(pk=target.player).brand.licence
    with pytest.raises(retention.CannotChange, match="At least 365 days"):
        retention.ask(licence, "messages", 364, cast.olivia(), "as short as it gets", now=now)
    asked = retention.ask(licence, "messages", 365, cast.olivia(), "Counsel confirmed a year", now=now)
    assert retiring.work(now=now)["messages"] == 0
    retention.sign(asked, cast.make_operator("Otto", cast.Role.COMPLIANCE_OFFICER), now=now)

    assert retiring.work(now=now)["messages"] == 1

    assert words_of(target)[2] == ""
    with connection.cursor() as db:
        db.execute("SELECT count(*) FROM campaigns_let_go(%s, now(), 100)", [licence.pk])
        assert db.fetchone() == (0,), "younger than a year nothing goes, whoever asks"
    assert words_of(other)[2] == WORDS
    with pytest.raises(DatabaseError), transaction.atomic():
        Attempt.objects.update(text="")


def test_the_page_of_a_case_says_that_its_notes_went(client: Client, anna: Player) -> None:
    now = utcnow()
    row = noted(anna, now - 9 * YEARS / 7, now - YEARS - DAY)
    close(anna, now - YEARS - DAY)
    retiring.work(now=now)
    client.force_login(cast.olivia())
    shown = client.get(reverse("compliance:case", args=[row.pk])).content.decode()
    assert "The notes of this case were deleted" in shown
