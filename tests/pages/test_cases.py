"""The case desk and the markers, as the officer sees them; nobody else sees them."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from compliance.cases import queue, working
from compliance.markers import definitions
from compliance.models import AuditEntry, Case, FollowUp, Interaction, LevelReview, MarkerVersion
from config.lib.clock import utcnow
from players.models import Brand, Player
from tests import cast
from tests.markers.test_levels import DAY, STRONG, level, put, see

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client: Client) -> Client:
    client.force_login(cast.olivia())
    return client


@pytest.fixture
def case(anna: Player) -> Case:
    see(anna, *STRONG, at=utcnow() - timedelta(minutes=1))
    put(anna, utcnow())
    return Case.objects.get()


def at(name: str, *args: object) -> str:
    return reverse(f"compliance:{name}", args=args)


def otto() -> "cast.Operator":
    return cast.make_operator("Otto", cast.Role.COMPLIANCE_OFFICER)


def test_every_page_of_the_desk_opens(officer: Client, case: Case) -> None:
    row = FollowUp.objects.first()
    assert row is not None
    for address in (
        at("cases"), at("cases") + "?state=mine&q=%00&level=x&page=z", at("case", case.pk), at("case-log", case.pk),
        at("case-level", case.pk), at("case-close", case.pk), at("case-follow-up", row.pk), at("markers"),
        at("marker", case.player.brand_id, "M13"), at("marker", case.player.brand_id, "M17"), at("player-panel", case.player_id),
    ):  # fmt: skip
        response = officer.get(address)
        assert response.status_code == 200, address
        assert b" style=" not in response.content, address
    text = officer.get(at("case", case.pk)).content.decode()
    assert "Deposits again and again while playing" in text
    assert "Strong signs of harm" in text
    for act in ("case-take", "case-level", "case-log", "case-close"):
        assert f'"{at(act, case.pk)}"' in text, f"the page offers no way to {act}"


def test_the_markers_of_a_brand_leave_the_brand_of_the_top_bar_alone(officer: Client, case: Case) -> None:
    cast.bjork()
    text = officer.get(at("markers"), {"brand": case.player.brand_id}).content.decode()
    assert ">All brands</button>" in text.partition("dropdown-menu")[0]


def test_nobody_else_sees_the_desk(client: Client, case: Case) -> None:
    for operator in (cast.carla(), cast.fiona(), cast.rolf()):
        client.force_login(operator)
        assert client.get(at("cases")).status_code == 403
        assert client.get(at("case", case.pk)).status_code == 403
        panel = client.get(at("player-panel", case.player_id))
        assert b"harm" not in panel.content.lower()
    client.force_login(cast.make_operator("Signe", cast.Role.COMPLIANCE_OFFICER, cast.bjork()))
    assert client.get(at("case", case.pk)).status_code == 404


def test_a_case_that_nobody_answers_is_overdue_and_one_word_to_the_player_ends_that(
    officer: Client, case: Case
) -> None:
    brands = Brand.objects.all()
    assert queue.deadlines(brands, now=utcnow())[0].duty == "Review the case and act"
    Case.objects.update(due_at=utcnow() - timedelta(hours=1))
    assert "overdue" in officer.get(at("cases")).content.decode()
    officer.post(at("case-take", case.pk))
    officer.post(at("case-log", case.pk), {"kind": "call", "seen": "nine deposits", "done": "called", "answered": "will set a limit", "look_again_in": "7"})  # fmt: skip
    case.refresh_from_db()
    assert case.acted_at is not None
    assert case.owner == cast.olivia()
    assert Interaction.objects.filter(kind="call", by=cast.olivia(), answered="will set a limit").exists()
    assert [one.duty for one in queue.deadlines(brands, now=utcnow())].count("Look again") == 1
    assert set(AuditEntry.objects.values_list("kind", flat=True)) >= {"case.taken", "case.call"}


@pytest.mark.parametrize(("told", "field"), [
    ({"kind": "call"}, "done"),
    ({"kind": "not_done", "seen": "two deposits"}, "outcome"),
    ({"kind": "answer", "done": "explained"}, "upheld"),
    ({"kind": "system", "done": "x"}, "kind"),
])  # fmt: skip
def test_a_line_of_the_log_says_what_it_must(officer: Client, case: Case, told: dict[str, str], field: str) -> None:
    response = officer.post(at("case-log", case.pk), told)
    assert response.status_code == 422
    assert field in response.context["form"].errors


def test_the_player_objects_and_gets_an_answer(officer: Client, case: Case) -> None:
    officer.post(at("case-log", case.pk), {"kind": "contest", "answered": "I was on holiday"})
    officer.post(at("case-log", case.pk), {"kind": "answer", "done": "looked at the days abroad", "upheld": "true"})
    assert "objection upheld" in officer.get(at("case", case.pk)).content.decode()


def test_a_level_comes_down_by_two_people_on_two_pages(officer: Client, anna: Player, case: Case) -> None:
    officer.post(at("case-level", case.pk), {"level": "low", "reason": "spoke to the player"})
    review = LevelReview.objects.get()
    officer.post(at("case-sign", review.pk))
    assert level(anna) == "strong"
    officer.force_login(otto())
    assert "Sign and lower" in officer.get(at("case-sign", review.pk)).content.decode()
    officer.post(at("case-sign", review.pk))
    assert level(anna) == "low"
    assert officer.get(at("case-sign", review.pk)).status_code == 404


def test_a_case_of_strong_signs_is_not_closed_as_no_concern(officer: Client, case: Case) -> None:
    told = {"outcome": "no_concern", "reason": "nothing to see here"}
    assert officer.post(at("case-close", case.pk), told).status_code == 422
    assert officer.post(at("case-close", case.pk), told | {"outcome": "limited"}).status_code == 302
    case.refresh_from_db()
    assert case.outcome == "limited"


def test_an_evaluation_compares_the_days_before_with_the_days_after(officer: Client, case: Case) -> None:
    from players.models import DailyActivity

    opened = case.opened_at.date()
    for days, deposits in ((-8, 50), (-7, 3), (-1, 4), (0, 100), (1, 2), (7, 1), (8, 60)):
        DailyActivity.objects.create(player=case.player, day=opened + days * DAY, category=0, deposits=deposits)
    row = FollowUp.objects.get(days=7)
    working.follow_up(row, cast.olivia(), "deposits fell after the call", now=case.opened_at + 9 * DAY)
    row.refresh_from_db()
    assert row.figures is not None
    assert (row.figures["before"]["deposits"], row.figures["after"]["deposits"]) == (7, 3)


def test_a_definition_takes_two_people_and_then_reads_otherwise(officer: Client, anna: Player) -> None:
    brand = anna.brand
    address = at("marker", brand.pk, "M13")
    told = {
        "is_on": "on",
        "points": "3",
        "declined": "4",
        "share": "25",
        "attempts": "5",
        "reason": "our own data say so",
    }
    assert officer.post(address, told).status_code == 302
    row = MarkerVersion.objects.get()
    assert definitions.of_brand(brand).of["M13"].version == 0
    officer.post(at("marker-sign", row.pk))
    assert MarkerVersion.objects.get().signed_by is None
    officer.force_login(otto())
    officer.post(at("marker-sign", row.pk))
    signed = definitions.of_brand(brand).of["M13"]
    assert (signed.version, signed.points, signed.values["declined"]) == (1, 3, 4)
    assert "4 or more declined" in officer.get(at("markers") + f"?brand={brand.pk}").content.decode()
    assert definitions.of_brand(cast.bjork()).of["M13"].version == 0


def test_an_officer_opens_a_case_by_hand_once(officer: Client, anna: Player) -> None:
    for _ in range(2):
        officer.post(at("case-open", anna.pk), {"reason": "a worrying call yesterday"})
    assert Case.objects.get().opened_by == cast.olivia()
