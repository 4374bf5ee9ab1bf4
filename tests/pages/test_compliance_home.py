"""The officer's first page: deadlines, the wall, the queue, signatures, and what happened lately."""

from datetime import timedelta

import psycopg
import pytest
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse

from compliance import clocks, desk, switches, troubles
from compliance.lint import checking, overriding
from compliance.markers import definitions
from compliance.models import Case, GateTrouble, Interaction, LevelReview, Operator
from compliance.rules import everywhere
from config import needs
from config.lib.clock import utcnow
from players.models import Brand, Feed, Player, Quarantine
from tests import cast
from tests.spec.test_4_the_gate import clear, promo

pytestmark = pytest.mark.django_db
WHY = "our own outreach covers this"


@pytest.fixture
def officer(client: Client) -> Client:
    client.force_login(cast.olivia())
    return client


def brands() -> object:
    return Brand.objects.all()


def a_case(player: Player, *, due: timedelta, opened: timedelta = timedelta(hours=1)) -> Case:
    now = utcnow()
    return Case.objects.create(
        person=player.person, player=player, level="strong", rule="GB-06", opened_at=now - opened, why="Strong signs",
        due_at=now + due,
    )  # fmt: skip


def test_clocks_go_by_what_is_left_and_turn_red_in_the_last_quarter(anna: Player, dev: Player, bo: Player) -> None:
    a_case(anna, due=timedelta(hours=23))
    a_case(dev, due=timedelta(minutes=10))
    a_case(bo, due=-timedelta(minutes=5))
    found = clocks.running(brands(), now=utcnow())  # type: ignore[arg-type]
    assert [(clock.player.pk, clock.red, clock.overdue) for clock in found] == [
        (bo.pk, True, True), (dev.pk, True, False), (anna.pk, False, False),
    ]  # fmt: skip


def test_many_duties_alike_do_not_bury_a_case_and_all_of_them_can_be_opened(officer: Client, anna: Player) -> None:
    for number in range(5):
        cast.set_limit(cast.make_player(cast.bjork(), f"swede-{number}"), 10_001_00, "month")
    a_case(anna, due=timedelta(hours=200))
    response = officer.get(reverse("compliance:home"))
    assert [clock.rule for clock, _ in response.context["clocks"]] == ["SE-07"] * 3 + ["GB-06"]
    assert [(one.rule, one.count) for one in response.context["alike"]] == [("SE-07", 2)]
    assert response.context["rest"] == 0
    assert len(officer.get(reverse("compliance:home"), {"all": "1"}).context["clocks"]) == 6


def test_a_swede_who_set_a_high_limit_is_on_the_clock_until_somebody_has_spoken_to_them(kaja: Player) -> None:
    cast.set_limit(kaja, 10_001_00, "month")
    [clock] = clocks.running(brands(), now=utcnow())  # type: ignore[arg-type]
    assert (clock.rule, clock.player) == ("SE-07", kaja)
    case = a_case(kaja, due=timedelta(hours=24))
    Interaction.objects.create(case=case, at=utcnow(), by=cast.olivia(), kind=Interaction.Kind.CALL, done="spoke")
    assert [one.rule for one in clocks.running(brands(), now=utcnow())] == ["GB-06"]  # type: ignore[arg-type]


def test_the_queue_tells_only_what_is_there(officer: Client, northlight: Brand, anna: Player) -> None:
    assert desk.waiting(brands(), now=utcnow()) == []  # type: ignore[arg-type]
    case = a_case(anna, due=timedelta(hours=1))
    Interaction.objects.create(case=case, at=utcnow(), kind=Interaction.Kind.CONTEST, answered="not true")
    Quarantine.objects.create(
        feed=Feed.objects.get(brand=northlight), received_at=utcnow(), kind="rg.time_out", raw=b"{}", reason="malformed",
        detail="cut off",
    )  # fmt: skip
    found = {one.text: one.count for one in desk.waiting(brands(), now=utcnow())}  # type: ignore[arg-type]
    assert found == {
        "new cases nobody has taken": 1, "players contest a decision": 1,
        "events about restrictions could not be read": 1,
    }  # fmt: skip
    Interaction.objects.create(case=case, at=utcnow(), kind=Interaction.Kind.ANSWER, done="we looked again")
    assert "players contest a decision" not in {one.text for one in desk.waiting(brands(), now=utcnow())}  # type: ignore[arg-type]
    Interaction.objects.create(case=case, at=utcnow(), kind=Interaction.Kind.CONTEST, answered="still not true")
    assert "players contest a decision" in {one.text for one in desk.waiting(brands(), now=utcnow())}  # type: ignore[arg-type]
    text = officer.get(reverse("compliance:home")).content.decode()
    assert "Events about restrictions could not be read" in text


def test_what_waits_for_a_signature_stands_there_until_it_is_signed_or_declined(
    officer: Client, northlight: Brand
) -> None:
    row = switches.ask(northlight, "POL-04", False, cast.carla(), WHY, now=utcnow())
    finding = checking.Finding("red", "POL-L6", "promises what no game can", fingerprint="f", is_law=False)
    override = overriding.ask(finding, northlight, "campaign:1", cast.carla(), WHY, now=utcnow())
    response = officer.get(reverse("compliance:home"))
    assert [one.text for one in response.context["signatures"]] == [
        "Switch POL-04 off", "Overrule POL-L6: promises what no game can",
    ]  # fmt: skip
    assert [need.text for need in needs.needs(response.wsgi_request) if need.kind == "approval"]
    switches.decline(row, cast.olivia(), WHY, now=utcnow())
    overriding.sign(override, cast.olivia(), now=utcnow())
    response = officer.get(reverse("compliance:home"))
    assert not response.context["signatures"]
    assert [one.pk for one in response.context["overrides"]] == [override.pk]
    assert not [need for need in needs.needs(response.wsgi_request) if need.kind == "approval"]


def test_a_level_and_a_definition_wait_for_the_second_officer_and_for_nobody_else(client: Client, anna: Player) -> None:
    case, now = a_case(anna, due=timedelta(hours=1)), utcnow()
    LevelReview.objects.create(case=case, person=anna.person, before="strong", after="low", reason=WHY, asked_at=now,
                               asked_by=cast.olivia())  # fmt: skip
    definitions.ask(anna.brand, "M13", cast.olivia(), WHY, values={}, points=1, is_on=True, now=now)
    for operator, own in ((cast.olivia(), True), (cast.make_operator("Otto", cast.Role.COMPLIANCE_OFFICER), False)):
        client.force_login(operator)
        response = client.get(reverse("compliance:home"))
        assert {(one.text, one.is_own) for one in response.context["signatures"]} == {
            ("Lower the level of anna: strong to low", own), ("New definition of M13", own),
        }  # fmt: skip
        assert f"{reverse('compliance:markers')}?brand={anna.brand_id}" in response.content.decode()
        waiting = [need for need in needs.needs(response.wsgi_request) if need.kind == "approval"]
        assert len(waiting) == (0 if own else 2)


def test_days_add_up(anna: Player, dev: Player, bo: Player) -> None:
    cast.consent(anna, "casino/email", granted=False)
    cast.consent(anna, "casino/onsite", granted=False)
    totals = {one.label: one.total for one in desk.lately(brands(), now=utcnow())}  # type: ignore[arg-type]
    assert totals == {"Limits set": 1, "Time-outs": 0, "Exclusions": 1, "Opted out": 1}
    assert all(len(one.points) == desk.DAYS for one in desk.lately(brands(), now=utcnow()))  # type: ignore[arg-type]


def test_rules_that_begin_soon_are_announced_and_open_ones_are_named(northlight: Brand) -> None:
    before_the_cap = utcnow().replace(year=2026, month=1, day=2)
    begins = {rule.id for _, what, rule in desk.changing(brands(), now=before_the_cap) if what == "begins"}  # type: ignore[arg-type]
    assert "GB-12" in begins
    assert all(rule.family == "counsel" for rule in desk.for_counsel(brands(), now=utcnow()))  # type: ignore[arg-type]


def test_another_brands_things_are_not_on_the_page(client: Client, anna: Player, bjork: Brand) -> None:
    a_case(anna, due=timedelta(hours=1))
    client.force_login(cast.make_operator("Signe", cast.Role.COMPLIANCE_OFFICER, bjork))
    response = client.get(reverse("compliance:home"))
    assert not response.context["clocks"]
    assert not response.context["queue"]
    assert "anna" not in response.content.decode()


def test_a_gate_that_failed_is_seen_by_compliance_and_by_nobody_else(
    officer: Client, northlight: Brand, anna: Player, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (
        "what cannot be decided is refused, and counted here"
        in officer.get(reverse("compliance:home")).content.decode()
    )
    rule = next(one for one in everywhere.RULES if one.id == "POL-07")
    monkeypatch.setitem(rule.__dict__, "check", lambda *_: 1 / 0)
    clear(promo(anna))
    now = utcnow()
    GateTrouble.objects.create(
        hour=now, place="gate.clear_many", state="58030", words="the disk is gone", times=3, last_at=now
    )

    response = officer.get(reverse("compliance:home"))

    said = "1 refused because POL-07 failed; 3 times it gave no answer: the disk is gone (58030)"
    assert said in response.content.decode()
    [alert] = [one for one in needs.needs(response.wsgi_request) if one.kind == "alert" and "gate failed" in one.text]
    assert (alert.tone, alert.text) == ("red", f"The gate failed in the last 24 hours: {said}")
    found = officer.get(reverse("compliance:decisions"), {"rule": "POL-07"}).context["rows"]
    assert [row.code for row, _ in found] == ["DENY_RULE_ERROR"]
    assert "gate failed" not in seen_by(cast.carla())
    assert troubles.anywhere(now=now)
    assert not troubles.anywhere(now=now + timedelta(hours=25))
    assert troubles.lately([northlight], now=now + timedelta(hours=25)).total == 0
    assert troubles.lately([], now=now).refused == 0


def seen_by(operator: Operator) -> str:
    client = Client()
    client.force_login(operator)
    shown = client.get("/", follow=True)
    assert shown.status_code == 200
    return shown.content.decode()


def test_what_goes_wrong_is_written_down_once_and_never_hides_what_it_was(
    monkeypatch: pytest.MonkeyPatch, db: None
) -> None:
    written: list[tuple[str, str]] = []
    monkeypatch.setattr(troubles, "_write", lambda place, state, words, now: written.append((place, state)))
    for error in (ValueError("x"), DatabaseError("y")):
        with pytest.raises(type(error)), troubles.heard("outer"), troubles.heard("inner"):
            raise error
    assert written == [("inner", "ValueError"), ("inner", "DatabaseError")]
    met = DatabaseError("two met")
    met.__cause__ = psycopg.errors.DeadlockDetected()
    with pytest.raises(DatabaseError), troubles.heard("gate"):
        raise met
    assert len(written) == 2, "that is asked again by itself"
    monkeypatch.setattr(troubles, "_write", lambda *_: 1 / 0)
    with pytest.raises(ValueError, match="z"), troubles.heard("gate"):
        raise ValueError("z")
