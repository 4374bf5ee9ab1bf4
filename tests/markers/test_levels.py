"""Strong signs stop what is promotional by themselves; only two people lower a level."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from compliance import gate
from compliance.cases import reviewing
from compliance.markers import levels, sweeping
from compliance.models import AuditEntry, Case, FollowUp, Level, LevelChange, LevelReview, MarkerHit, Standing, Watch
from compliance.models.decision import Decision, Purpose
from players.models import Fact, Player
from tests import cast
from tests.spec.test_4_the_gate import promo

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
STRONG = ("M01", "M12", "M16")


def see(player: Player, *markers: str, at: datetime, until: datetime | None = None) -> None:
    MarkerHit.objects.bulk_create(
        MarkerHit(player=player, marker=key, version=0, found={"times": 3}, first_at=at, at=at, seen_at=at,
                  counts_until=until or at + 30 * DAY)
        for key in markers
    )  # fmt: skip


def put(player: Player, now: datetime | None = None) -> list[LevelChange]:
    return levels.put_in_force([player.person_id], now=now or cast.noon(), cause="test", known={player.person_id})


def level(player: Player) -> str:
    return Standing.objects.get(person_id=player.person_id).risk


def answer(player: Player, **changes: Any) -> gate.Answer:
    with transaction.atomic():
        return gate.clear_many([promo(player, **changes)], now=cast.noon())[0]


def test_31_strong_signs_lead_the_mail_to_protection_refuse_the_banner_and_let_outreach_through(anna: Player) -> None:
    assert answer(anna).allowed
    see(anna, *STRONG, at=cast.noon() - DAY)
    put(anna)
    mail = answer(anna)
    assert (mail.outcome, mail.code) == (Decision.Outcome.REROUTE_RG, "REROUTE_RG_STRONG")
    assert answer(anna, channel="onsite").code == "DENY_STRONG_INDICATOR"
    bonus = gate.Incentive("no_deposit", 10_00, "GBP", None, "bonus", 30, frozenset({"casino"}))
    assert answer(anna, channel="bonus", incentive=bonus).code == "DENY_STRONG_INDICATOR"
    assert answer(anna, purpose=Purpose.RG_OUTREACH).code == "ALLOW_NOTICE"


def test_strong_signs_make_a_decision_of_a_moment_ago_worthless(anna: Player) -> None:
    decided = answer(anna).decision_id
    assert decided is not None
    see(anna, *STRONG, at=cast.noon() - DAY)
    put(anna)
    with transaction.atomic():
        assert gate.still_allowed([decided], now=cast.noon()) == set()


def test_the_database_refuses_by_itself_whatever_the_rules_say(anna: Player, monkeypatch: pytest.MonkeyPatch) -> None:
    from compliance.judging import Judgement

    see(anna, *STRONG, at=cast.noon() - DAY)
    put(anna)
    blind = Judgement(Decision.Outcome.ALLOW, "ALLOW", (), "GB 2026.11", None)
    monkeypatch.setattr(gate, "judge_known", lambda *args: blind)
    assert answer(anna).code == "DENY_STRONG_INDICATOR"


def test_strong_signs_open_one_case_with_its_evidence_and_two_evaluations(anna: Player) -> None:
    see(anna, *STRONG, at=cast.noon() - DAY)
    put(anna)
    put(anna)
    see(anna, "M26", at=cast.noon())
    put(anna)
    case = Case.objects.get()
    assert (case.rule, case.level) == ("GB-06", Level.CRITICAL)
    assert case.due_at == cast.noon() + timedelta(hours=1)
    assert sorted(FollowUp.objects.values_list("days", flat=True)) == [7, 30]
    assert LevelChange.objects.order_by("pk")[0].evidence["markers"][0]["found"] == {"times": 3}
    assert Fact.objects.filter(kind="rg.strong_signs", player=anna).count() == 1


def test_32_what_has_faded_does_not_lower_a_level_that_protects(anna: Player) -> None:
    see(anna, *STRONG, at=cast.noon() - 31 * DAY)
    put(anna, cast.noon() - 2 * DAY)
    assert level(anna) == Level.STRONG
    assert put(anna) == []  # everything has faded: no sign is left
    assert answer(anna).code == "REROUTE_RG_STRONG"


def test_a_lower_level_fades_by_itself(anna: Player) -> None:
    see(anna, "M10", at=cast.noon() - 29 * DAY)
    put(anna)
    assert level(anna) == Level.LOW
    put(anna, cast.noon() + DAY)
    assert level(anna) == Level.NONE


def test_two_people_lower_a_level_and_what_they_looked_at_is_settled(anna: Player) -> None:
    now = cast.utcnow()
    see(anna, *STRONG, at=now - DAY)
    put(anna, now)
    case, olivia, otto = Case.objects.get(), cast.olivia(), cast.make_operator("Otto", cast.Role.COMPLIANCE_OFFICER)
    review = reviewing.ask(case, olivia, Level.LOW, "spoke to the player, limits are set", now=now)
    with pytest.raises(reviewing.CannotSign, match="somebody else"):
        reviewing.sign(review, olivia, now=now)
    assert level(anna) == Level.STRONG
    reviewing.sign(review, otto, now=now)
    assert level(anna) == Level.LOW
    put(anna, now)
    assert level(anna) == Level.NONE  # what was seen before is settled
    assert answer(anna).allowed
    see(anna, *STRONG, at=now + timedelta(minutes=1), until=now + 30 * DAY)
    put(anna, now + timedelta(minutes=2))
    assert level(anna) == Level.STRONG  # what comes after counts anew


def _lower(review: int) -> None:
    with transaction.atomic(), connection.cursor() as db:
        db.execute("SELECT compliance_lower_level(%s)", [review])


def test_the_database_lowers_nothing_without_two_signatures(anna: Player) -> None:
    now = cast.utcnow()
    see(anna, *STRONG, at=now - DAY)
    put(anna, now)
    with connection.cursor() as db:
        db.execute("""SELECT * FROM compliance_read_levels(jsonb_build_array(jsonb_build_object(
                      'person_id', %s::bigint, 'level', 'none')))""", [anna.person_id])  # fmt: skip
        assert db.fetchall() == []
    review = reviewing.ask(Case.objects.get(), cast.olivia(), Level.NONE, "looks fine to me", now=now)
    with pytest.raises(DatabaseError, match="two people"):
        _lower(review.pk)
    with pytest.raises(DatabaseError), transaction.atomic():
        LevelReview.objects.filter(pk=review.pk).update(signed_by=review.asked_by, signed_at=now)
    otto = cast.make_operator("Otto", cast.Role.COMPLIANCE_OFFICER)
    with pytest.raises(DatabaseError, match="given now"), transaction.atomic():
        LevelReview.objects.filter(pk=review.pk).update(signed_by=otto, signed_at=now - timedelta(minutes=2))
    with pytest.raises(DatabaseError), transaction.atomic():
        Standing.objects.filter(person_id=anna.person_id).update(risk="none")
    assert level(anna) == Level.STRONG


def test_medium_signs_refuse_bonuses_and_leave_the_newsletter(anna: Player) -> None:
    see(anna, "M03", "M05", "M10", at=cast.noon() - DAY)
    put(anna)
    bonus = gate.Incentive("no_deposit", 10_00, "GBP", None, "bonus", 30, frozenset({"casino"}))
    assert answer(anna, incentive=bonus).code == "DENY_HIGH_RISK"
    assert answer(anna).allowed


def test_what_happened_before_a_review_and_was_told_after_it_counts(anna: Player) -> None:
    now = cast.utcnow()
    cast.tell(anna, "rg.risk_scored", now=now - DAY, level="strong", model="outside", version="1")
    otto = cast.make_operator("Otto", cast.Role.COMPLIANCE_OFFICER)
    reviewing.sign(reviewing.ask(Case.objects.get(), cast.olivia(), Level.NONE, "all is well", now=now), otto, now=now)
    later = now + timedelta(minutes=1)
    put(anna, later)
    assert level(anna) == Level.NONE  # what the officers had before them
    cast.tell(anna, "rg.risk_scored", at=now - DAY, now=later, level="medium", model="another", version="1")
    assert level(anna) == Level.MEDIUM
    cast.tell(anna, "rg.contact", at=now - DAY, now=later, topic="harm_disclosed")
    assert level(anna) == Level.CRITICAL


@pytest.mark.parametrize("topic", ["harm_disclosed", "money_worries"])
def test_whoever_says_so_is_protected_before_the_answer_arrives(anna: Player, topic: str) -> None:
    cast.tell(anna, "rg.contact", topic=topic, by="relative")
    assert (level(anna), Case.objects.get().level) == (Level.CRITICAL, Level.CRITICAL)
    assert answer(anna).code == "REROUTE_RG_STRONG"


def test_a_bonus_asked_for_is_no_disclosure(anna: Player) -> None:
    cast.tell(anna, "rg.contact", topic="bonus_request")
    assert level(anna) == Level.UNKNOWN
    assert Watch.objects.get(player=anna).due_at is not None


def test_a_detector_outside_counts_until_it_takes_its_word_back(anna: Player) -> None:
    cast.tell(anna, "rg.risk_scored", level="low", model="outside", version="1")
    assert level(anna) == Level.LOW
    cast.tell(anna, "rg.risk_scored", level="none", model="outside", version="1")
    assert level(anna) == Level.NONE
    for said in ("medium", "strong"):
        cast.tell(anna, "rg.risk_scored", level=said, model="outside", version="1")
        cast.tell(anna, "rg.risk_scored", level="none", model="outside", version="1")
        assert level(anna) == said  # those are a person's to lower


def test_signs_at_two_accounts_of_one_person_add_up_and_protect_both(anna: Player) -> None:
    twin = cast.make_player(cast.azura(), "anna-2", person=anna.person)
    see(anna, "M03", at=cast.noon() - DAY)
    see(twin, "M20", "M21", at=cast.noon() - DAY)
    put(anna)
    assert answer(anna).code == answer(twin).code == "REROUTE_RG_STRONG"


def test_the_walk_reads_who_moved_and_nobody_twice(anna: Player, dev: Player) -> None:
    from players.models import PlayerState

    now = cast.utcnow()
    PlayerState.objects.filter(player=anna).update(rounds=1, last_play_at=now - timedelta(hours=2))
    Watch.objects.all().delete()
    assert sweeping.sweep(now=now) == 1
    later = now + timedelta(minutes=10)
    assert sweeping.sweep(now=later) == 0
    PlayerState.objects.filter(player=anna).update(last_play_at=now + timedelta(minutes=5))
    assert sweeping.sweep(now=later) == 1
    see(anna, "M10", at=now - 29 * DAY)
    put(anna, now)
    sweeping.evaluate(anna.brand, [anna.pk], now=later)
    due = Watch.objects.get(player=anna).due_at
    assert due == now + DAY
    assert sweeping.sweep(now=due + timedelta(seconds=1)) == 1
    assert level(anna) != Level.LOW  # it has faded, though nothing happened


def test_signs_go_along_when_two_accounts_turn_out_to_be_one_human(anna: Player, dev: Player) -> None:
    """Also when they have faded: what people have not looked at protects both."""
    see(dev, *STRONG, at=cast.noon() - 31 * DAY)
    put(dev, cast.noon() - 2 * DAY)
    with transaction.atomic(), connection.cursor() as db:
        db.execute("SELECT compliance_join(%s, %s, '{}', NULL, 'the same documents', now())", [anna.pk, dev.pk])
    anna.refresh_from_db()
    assert level(anna) == Level.STRONG
    assert answer(anna).code == "REROUTE_RG_STRONG"
    assert Case.objects.get().person_id == anna.person_id


def test_while_nobody_knows_whether_they_are_one_human_signs_of_one_protect_both(anna: Player, dev: Player) -> None:
    see(dev, *STRONG, at=cast.noon() - DAY)
    put(dev)
    assert answer(anna).allowed
    with transaction.atomic(), connection.cursor() as db:
        db.execute("SELECT compliance_propose(%s, %s, '{phone}', now())", [anna.pk, dev.pk])
    assert answer(anna, reference="second").code == "REROUTE_RG_STRONG"


def test_what_was_asked_of_another_level_is_declined_and_asked_anew(anna: Player, client: Client) -> None:
    now, otto = cast.utcnow(), cast.make_operator("Otto", cast.Role.COMPLIANCE_OFFICER)
    see(anna, *STRONG, at=now - DAY)
    put(anna, now)
    case = Case.objects.get()
    review = reviewing.ask(case, cast.olivia(), Level.LOW, "looks fine to me", now=now)
    client.force_login(cast.olivia())
    again = client.post(reverse("compliance:case-level", args=[case.pk]), {"level": "low", "reason": "asked once more"})
    assert (again.status_code, LevelReview.objects.count()) == (302, 1), "one at a time"
    see(anna, "M26", at=now)
    put(anna, now)
    assert level(anna) == Level.CRITICAL
    client.force_login(otto)
    client.post(reverse("compliance:case-sign", args=[review.pk]))
    assert level(anna) == Level.CRITICAL

    page = reverse("compliance:case-decline", args=[review.pk])
    assert client.post(page, {"reason": "x"}).status_code == 422
    assert client.post(page, {"reason": "It is critical by now"}).status_code == 302
    assert client.get(page).status_code == 404
    assert AuditEntry.objects.get(kind="case.level_declined").reason == "It is critical by now"

    anew = reviewing.ask(case, cast.olivia(), Level.LOW, "looked again on Monday", now=now)
    with pytest.raises(reviewing.CannotSign, match="declined"):
        reviewing.sign(review, otto, now=now)
    reviewing.sign(anew, otto, now=cast.utcnow())
    assert level(anna) == Level.LOW
