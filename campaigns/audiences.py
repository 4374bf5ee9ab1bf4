"""Segments the recipes need: found by name, or made live."""

from datetime import datetime

from compliance.models import Operator
from players.models import Brand
from segments.building import go_live, save_draft
from segments.models import Segment

_BY_CATEGORY = (("Slots players", "slots"), ("Live casino players", "live_casino"), ("Sports players", "sports"))


def category_segments(brand: Brand, operator: Operator, *, now: datetime) -> list[Segment]:
    """Slots, live casino, sports: by most-staked category."""
    return [_segment(brand, name, category, operator, now) for name, category in _BY_CATEGORY]


def _segment(brand: Brand, name: str, category: str, operator: Operator, now: datetime) -> Segment:
    found = Segment.objects.filter(brand=brand, name=name).first()
    if found is not None:
        return found
    rule = {"all": [{"attribute": "top_category", "op": "is", "value": category}]}
    segment = save_draft(None, brand, name, rule, operator, now=now)
    go_live(segment, operator, acts_on_existing=False, now=now)
    segment.refresh_from_db()
    return segment
