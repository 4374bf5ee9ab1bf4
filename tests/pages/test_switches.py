"""A policy switch: two people, and what it would have changed before the eyes of both."""

import json
import re
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from compliance import effects, gate, switches, withholding
from compliance.models import AuditEntry, Decision, PolicySwitch
from config.lib.clock import utcnow
from players.models import Brand, Player
from tests import cast
from tests.spec.test_4_the_gate import promo

pytestmark = pytest.mark.django_db
WHY = "our own outreach covers this"


@pytest.fixture
def officer(client: Client) -> Client:
    client.force_login(cast.olivia())
    return client


@pytest.fixture
def otto(db: None) -> Client:
    client = Client()
    client.force_login(cast.make_operator("Otto", cast.Role.COMPLIANCE_OFFICER))
    return client


def decided(*requests: gate.Request) -> list[gate.Answer]:
    with transaction.atomic():
        return gate.clear_many(requests, now=cast.noon())


def switched(brand: Brand, rule: str, on: bool) -> None:
    row = switches.ask(brand, rule, on, cast.olivia(), WHY, now=utcnow())
    switches.sign(row, cast.make_operator("Otto", cast.Role.COMPLIANCE_OFFICER), now=utcnow())


def test_turning_a_rule_off_counts_what_it_refused_alone(
    northlight: Brand, anna: Player, bo: Player, dev: Player
) -> None:
    cast.set_limit(bo, 10_00)
    answers = decided(promo(anna), promo(bo), promo(dev), promo(dev, channel="onsite", reference="2"))
    assert [answer.code for answer in answers[2:]] == ["DENY_RECENT_LIMIT_CHANGE"] * 2

    effect = effects.of_switch(northlight, "POL-04", False, now=utcnow())
    assert (effect.asked, effect.changed, effect.players, effect.anyway) == (4, 2, 1, 1)
    assert dict(effect.by_channel) == {"E-mail": 1, "On site": 1}
    assert {row.player_id for row in effect.examples} == {dev.pk}


def test_what_is_counted_is_what_the_gate_would_then_say(northlight: Brand, dev: Player) -> None:
    [before] = decided(promo(dev))
    effect = effects.of_switch(northlight, "POL-04", False, now=utcnow())
    switched(northlight, "POL-04", False)
    [after] = decided(promo(dev, reference="again"))
    assert (before.allowed, effect.changed, after.allowed) == (False, 1, True)


def test_turning_a_rule_on_runs_it_over_what_went_out(northlight: Brand, anna: Player, dev: Player) -> None:
    switched(northlight, "POL-04", False)
    answers = decided(promo(anna), promo(dev))
    assert all(answer.allowed for answer in answers)

    effect = effects.of_switch(northlight, "POL-04", True, now=utcnow())
    assert (effect.asked, effect.looked_at, effect.changed) == (2, 2, 1)
    assert [row.player_id for row in effect.examples] == [dev.pk]

    switched(northlight, "POL-04", True)
    assert not decided(promo(dev, reference="again"))[0].allowed


def test_it_looks_at_the_newest_and_says_so(
    northlight: Brand, anna: Player, dev: Player, monkeypatch: pytest.MonkeyPatch
) -> None:
    switched(northlight, "POL-04", False)
    decided(promo(dev), promo(anna))
    monkeypatch.setattr(effects, "LOOK", 1)
    effect = effects.of_switch(northlight, "POL-04", True, now=utcnow())
    assert (effect.asked, effect.looked_at, effect.changed) == (2, 1, 0)


def test_another_brand_and_another_week_do_not_count(northlight: Brand, azura: Brand, dev: Player) -> None:
    decided(promo(dev))
    assert effects.of_switch(azura, "POL-04", False, now=utcnow()).asked == 0
    assert effects.of_switch(northlight, "POL-04", False, now=utcnow() + timedelta(days=8)).asked == 0


def test_both_people_see_the_figures_and_the_trail_keeps_them(
    officer: Client, otto: Client, northlight: Brand, dev: Player
) -> None:
    decided(promo(dev))
    ask = reverse("compliance:switch", args=[northlight.pk, "POL-04"])
    assert "1 refusal stood on this rule alone" in officer.get(ask).content.decode()
    officer.post(ask, {"reason": WHY})
    sign = reverse("compliance:sign", args=[PolicySwitch.objects.get().pk])
    assert "somebody else signs" in officer.get(sign).content.decode()
    seen = otto.get(sign).content.decode()
    assert "1 refusal stood on this rule alone" in seen
    assert "Sign: switch POL-04 off" in re.sub(r"\s+", " ", seen)
    otto.post(sign)
    kept = [json.loads(entry.payload)["after"] for entry in AuditEntry.objects.filter(kind__startswith="policy.")]
    assert [(one["would_change"], one["asked"], one["days"]) for one in kept] == [(1, 1, 7)] * 2


def test_a_switch_is_asked_for_once_and_can_be_declined_or_taken_back(
    officer: Client, otto: Client, northlight: Brand, dev: Player
) -> None:
    ask = reverse("compliance:switch", args=[northlight.pk, "POL-04"])
    officer.post(ask, {"reason": WHY})
    officer.post(ask, {"reason": WHY})
    row = PolicySwitch.objects.get()
    decline = reverse("compliance:decline", args=[row.pk])
    assert otto.post(decline, {"reason": "no"}).status_code == 422
    otto.post(decline, {"reason": "our outreach does not cover it"})
    row.refresh_from_db()
    assert row.declined_by is not None
    otto.post(reverse("compliance:sign", args=[row.pk]))
    assert switches.is_on(northlight, "POL-04")
    assert not officer.get(reverse("compliance:rules")).context["waiting"]

    officer.post(ask, {"reason": WHY})  # and again
    newest = PolicySwitch.objects.latest("pk")
    officer.post(reverse("compliance:decline", args=[newest.pk]), {"reason": "asked by mistake"})
    assert PolicySwitch.objects.latest("pk").declined_by == cast.olivia()


def test_a_signed_switch_is_not_declined_any_more(northlight: Brand) -> None:
    switched(northlight, "POL-04", False)
    with pytest.raises(switches.CannotSwitch):
        switches.decline(PolicySwitch.objects.get(), cast.olivia(), WHY, now=utcnow())


def test_a_policy_can_be_switched_under_every_licence(
    officer: Client, azura: Brand, bjork: Brand, northlight: Brand
) -> None:
    for brand in (azura, bjork, northlight):
        assert officer.get(reverse("compliance:switch", args=[brand.pk, "POL-04"])).status_code == 200


def test_another_brands_switch_does_not_exist(client: Client, northlight: Brand, bjork: Brand) -> None:
    row = switches.ask(northlight, "POL-04", False, cast.olivia(), WHY, now=utcnow())
    client.force_login(cast.make_operator("Signe", cast.Role.COMPLIANCE_OFFICER, bjork))
    for name in ("sign", "decline"):
        assert client.get(reverse(f"compliance:{name}", args=[row.pk])).status_code == 404


def test_a_decision_that_cannot_be_read_any_more_counts_as_refused(northlight: Brand, dev: Player) -> None:
    decision = Decision(player=dev, inputs={"dossier": {"player_id": dev.pk}}, channel="email")
    [(_, dossier)] = withholding.dossiers_of([decision])
    assert effects._refuses(effects.rule_of(northlight, "POL-04"), decision, dossier)
    assert effects._refuses(effects.rule_of(northlight, "POL-04"), decision, None), "erased since: nobody can tell"
