"""Segments as tests make them: a name and a rule, live at once."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from compliance.models import Operator
from players.models import Brand
from segments import building
from segments.models import Segment
from tests.cast import noon, northlight

PLAYED = {"attribute": "days_since_play", "op": "less_than", "value": 7}
DEPOSITS = {"attribute": "deposits", "op": "at_least", "value": 3}

MakeSegment = Callable[..., Segment]


def make_live(brand: Brand, name: str, *leaves: Any, by: Operator | None = None, **options: Any) -> Segment:
    segment = building.save_draft(None, brand, name, {"all": list(leaves)}, by, now=noon())
    return go_live(segment, by=by, **options)


def go_live(segment: Segment, *, by: Operator | None = None, act: bool = False, build: bool = True) -> Segment:
    with transaction.atomic():
        building.go_live(segment, by, acts_on_existing=act, now=noon())
    if build:
        build_all()
    segment.refresh_from_db()
    return segment


def build_all() -> None:
    for segment_ids in building.unfinished().values():
        assert building.walk(segment_ids, now=noon(), seconds=60)


def change(segment: Segment, *leaves: Any, **options: Any) -> Segment:
    building.save_draft(segment, segment.brand, segment.name, {"all": list(leaves)}, None, now=noon())
    segment.refresh_from_db()
    return go_live(segment, **options)


def inside(*segments: Segment, op: str = "in") -> dict[str, Any]:
    return {"attribute": "segment", "op": op, "value": [segment.pk for segment in segments]}


@pytest.fixture
def brand(db: None) -> Brand:
    return northlight()


@pytest.fixture
def live(db: None) -> MakeSegment:
    return make_live
