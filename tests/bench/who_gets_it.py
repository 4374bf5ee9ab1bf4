"""The launch page of a campaign whose segment holds the whole casino: how long until the funnel stands there."""

import statistics
import sys
from collections.abc import Iterator

from django.db import connection, connections

from campaigns import funnel, recipes
from campaigns.models import Version
from compliance.models import Operator
from config.lib.clock import utcnow
from segments import building
from tests.bench import Figure, Run, bench
from tests.bench.segments import Casino, casino, leaf, timed

# Everybody is a member; four in five were cleared by the register a moment ago.
_PEOPLED = (
    "INSERT INTO segments_membership (segment_id, player_id, entered_at, cause, left_cause)"
    " SELECT %(segment)s, id, now(), 'build', '' FROM players_player WHERE brand_id = %(brand)s"
)
_CLEARED = (
    "INSERT INTO compliance_registercheck (person_id, player_id, register, purpose, result, asked_at, received_at, by,"
    " reference, detail, asked_with)"
    " SELECT person_id, id, 'gamstop', 'marketing', 'clear', now(), now(), 'pam', '', '', '' FROM players_player"
    " WHERE brand_id = %(brand)s AND id %% 5 > 0"
)


@bench("gate.preview", on=casino)
def preview(run: Run) -> Iterator[Figure]:
    """From the audience to those who would receive it, and how near the drawn ones come to asking more of them."""
    version = _campaign(run.ground)
    took = []
    for _ in range(5):
        with run.measure(items=run.players) as meter:
            took.append(timed(lambda: funnel.preview(version, now=utcnow())))
    found, counting = funnel.preview(version, now=utcnow()), timed(lambda: _count(version))
    for why, lost, left in found.lines:
        sys.stderr.write(f"  {why}: -{lost:,}, {left:,} left\n")
    assert found.matched > 0.98 * run.players
    yield Figure(
        statistics.median(took), f"s for {found.matched:,} players, {found.asked:,} asked",
        "counting them", statistics.median(took) / counting, meter,
    )  # fmt: skip
    once, funnel.MOST = found.receive / found.matched, 10 * funnel.MOST
    more = funnel.preview(version, now=utcnow())
    funnel.MOST //= 10
    yield Figure(
        abs(once - more.receive / more.matched) * 100, f"% points away from asking {more.asked:,}",
        name="gate.preview.error",
    )  # fmt: skip


def _campaign(ground: Casino) -> Version:
    now = utcnow()
    everybody = {"all": [leaf("deposits_30d", "at_least", 0)]}
    segment = building.save_draft(None, ground.brand, "Everybody", everybody, None, now=now)
    with connections["owner"].cursor() as db:
        values = {"segment": segment.pk, "brand": ground.brand.pk}
        db.execute(_PEOPLED, values)
        # What was clear stays clear: nobody's Standing has to be told so, a million times.
        db.execute("ALTER TABLE compliance_registercheck DISABLE TRIGGER USER")
        db.execute(_CLEARED, values)
        db.execute("ALTER TABLE compliance_registercheck ENABLE TRIGGER USER")
        db.execute("ANALYZE segments_membership")
        db.execute("ANALYZE compliance_registercheck")
    carla = Operator.objects.create_user("launch@operator.test", "Launch", "only-for-the-bench-1")
    return recipes.create(
        ground.brand, "win_back", carla, now=now, trigger=Version.Trigger.SEGMENT, trigger_segment=segment
    )


def _count(version: Version) -> None:
    with connection.cursor() as db:
        db.execute(
            "SELECT count(*) FROM segments_membership WHERE segment_id = %s AND left_at IS NULL",
            [version.trigger_segment_id],
        )
        db.fetchone()
