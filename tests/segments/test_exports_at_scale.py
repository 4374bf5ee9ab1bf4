"""A list of many members takes time, not memory."""

import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from compliance.models import Operator
from config.lib.clock import utcnow
from players.models import Brand, Contact, Person, Player, PlayerState
from segments import exported, exporting
from segments.building import build, go_live, save_draft
from segments.models import Export
from segments.stating import Says

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
MANY, MEGABYTE = 10_000, 1_048_576


def test_the_memory_of_an_export_does_not_grow_with_its_members(
    northlight: Brand, olivia: Operator, tmp_path: Path, settings: Any
) -> None:
    settings.DATA_DIR, now = tmp_path, utcnow()
    people = Person.objects.bulk_create(Person() for _ in range(MANY))
    rows = [
        Player(brand=northlight, person=person, external_id=f"c{number}", currency="GBP", registered_at=now)
        for number, person in enumerate(people)
    ]
    players = Player.objects.bulk_create(rows)
    PlayerState.objects.bulk_create(
        PlayerState(player=one, brand_id=northlight.pk, registered_at=now, stage_since=now) for one in players
    )
    Contact.objects.bulk_create(
        Contact(player=one, channel="email", address=f"{one}@example.test", normal=f"{one}@example.test")
        for one in players
    )
    del people, rows, players
    segment = save_draft(None, northlight, "All", {"all": [{"attribute": "vip_tier", "op": "at_least", "value": 0}]},
                         None, now=now)  # fmt: skip
    go_live(segment, None, acts_on_existing=False, now=now)
    assert build(segment.pk, now=now)
    segment.refresh_from_db()
    with transaction.atomic():
        export = exporting.ask(segment, olivia, channel="email", purpose="regulatory_notice", products=["casino"],
                               reason="The licence moves to another company", says=Says(), now=now)  # fmt: skip

    tracemalloc.start()
    exporting.step(export.pk, now=now)
    exporting.step(export.pk, now=now)
    after_a_thousand = tracemalloc.get_traced_memory()[1]
    tracemalloc.reset_peak()
    while exporting.step(export.pk, now=now):
        pass
    done = Export.objects.select_related("segment__brand", "segment__current").get(pk=export.pk)
    assert sum(chunk.count(b"\n") for chunk in exported.download(done, done.operator, now=now)) == MANY + 1
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert done.rows == MANY
    assert peak < after_a_thousand + 8 * MEGABYTE  # reading it back asks the gate once more
