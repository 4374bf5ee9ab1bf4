"""The coverage statement: every rule in force is in it, and nothing nobody read is presented as law."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from compliance.jurisdictions import PACKS, pack_for
from compliance.models import AuditEntry
from compliance.statement.covering import state_of
from compliance.statement.duties import OTHERWISE, OUTSIDE
from config.lib.clock import utcnow
from players.models import Brand
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("licence", sorted(PACKS))
def test_every_rule_in_force_is_named_once_and_what_stays_open_is_marked(licence: str) -> None:
    pack = pack_for(licence, date(2026, 11, 23))
    assert pack is not None

    found = state_of(licence, date(2026, 11, 23), Brand.objects.none(), now=utcnow())

    rows = [one for _, part in found.parts for one in part]
    assert sorted(one.rule.id for one in rows) == sorted(rule.id for rule in pack.on(date(2026, 11, 23)))
    assert {one.seen for one in rows if set(one.rule.confidence) & {"C", "G"}} <= {"Confirm with counsel"}
    assert not any(one.rule.open_question for title, part in found.parts for one in part if title == "The law")
    assert found.asked == len([one for one in rows if one.part == "law" and one.rule.check])
    assert OUTSIDE[licence]
    assert sum(one.beside == OTHERWISE for one in rows) < len(rows) / 3, "most say what stays the operator's"


def test_what_sweden_asks_of_an_offer_stays_the_operators_where_it_is_not_sent_from_here() -> None:
    said = {duty.source: duty.words for duty in OUTSIDE["SE"]}
    assert "one click away" in said["KOVFS 2025:2"]
    assert "new players only" in said["KOVFS 2025:2"]
    assert "60 days" in said["Spelforordningen"]


def test_a_refusal_is_counted_beside_its_provision_and_paper_says_the_same(client: Client) -> None:
    from django.db import transaction

    from compliance import gate
    from tests.spec.test_4_the_gate import promo

    bo = cast.bo()
    with transaction.atomic():
        gate.clear_many([promo(bo)], now=cast.noon())
    client.force_login(cast.olivia())

    shown = client.get(reverse("compliance:coverage"), {"licence": "GB"})

    found = {one.rule.id: one for one in shown.context["found"].provisions}
    assert found["X-01"].refused == 1
    paper = client.get(reverse("compliance:coverage-pdf"), {"licence": "GB"})
    assert paper.content.startswith(b"%PDF")
    assert AuditEntry.objects.filter(kind="export.statement", subject="licence:GB").count() == 1
    assert client.get(reverse("compliance:coverage"), {"licence": "GB", "day": "1999-01-01"}).status_code == 200
    assert client.get(reverse("compliance:coverage-pdf"), {"licence": "GB", "day": "1999-01-01"}).status_code == 404
    client.force_login(cast.fiona())
    assert client.get(reverse("compliance:coverage")).status_code == 403
