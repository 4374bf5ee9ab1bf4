"""Who enters a journey: one statement for any number of facts, and entering twice changes nothing."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from campaigns.models import Enrolment, Trace, Version
from players import looking_again
from players.models import Fact
from segments.models import Membership

STRONG = "rg.strong_signs"
# Told facts x live versions they start -> runs. Hold-out and control by hash of the person, after
# eligibility, so that both groups are made of players who would have got the campaign.
_ADMIT = """
WITH told AS (
    SELECT * FROM jsonb_to_recordset(%(told)s::jsonb)
        AS t(fact_id bigint, player_id bigint, kind text, value text, key text, at timestamptz)
), wanted AS (
    SELECT DISTINCT ON (v.id, p.id, CASE v.reentry_days WHEN 0 THEN t.fact_id END) v.id AS version_id, v.campaign_id, v.launch_limit, p.person_id,
           coalesce(v.reentry_days = 0, false) AS repeats,
           p.id AS player_id, t.fact_id,
           CASE WHEN v.reentry_days IS NULL THEN 'once' ELSE t.key END AS entry_key,
           CASE WHEN NOT promo.is_it THEN 'active'
                WHEN ('x' || substr(md5('holdout:' || c.brand_id || ':' || p.person_id), 1, 8))::bit(32)::bigint %% 100
                     < coalesce(r.holdout_percent, 0) THEN 'holdout'
                WHEN ('x' || substr(md5('control:' || c.id || ':' || p.person_id), 1, 8))::bit(32)::bigint %% 100
                     < v.control_percent THEN 'control'
                ELSE 'active' END AS state
    FROM told t
    JOIN players_player p ON p.id = t.player_id
    JOIN campaigns_campaign c ON c.brand_id = p.brand_id
    JOIN campaigns_version v ON v.campaign_id = c.id AND v.status = 'live' AND v.launched_at <= t.at
     AND v.trigger = t.kind
     AND t.value = CASE v.trigger WHEN 'segment' THEN v.trigger_segment_id::text
                                  WHEN 'stage' THEN v.trigger_stage::text
                                  WHEN 'launch' THEN v.id::text
                                  ELSE v.trigger_fact END
    LEFT JOIN campaigns_conflictrules r ON r.brand_id = c.brand_id
    CROSS JOIN LATERAL (SELECT EXISTS (
        SELECT 1 FROM campaigns_step s WHERE s.version_id = v.id
           AND (s.kind = 'bonus' OR s.kind = 'message' AND s.purpose IN ('promotional', 'research'))) AS is_it) promo
    WHERE (v.only_if_segment_id IS NULL OR EXISTS (
            SELECT 1 FROM segments_membership m
            WHERE m.segment_id = v.only_if_segment_id AND m.player_id = p.id AND m.left_at IS NULL))
      AND (v.reentry_days IS NULL OR NOT EXISTS (
            SELECT 1 FROM campaigns_enrolment e
            WHERE e.campaign_id = c.id AND e.player_id = p.id
              AND e.entered_at > %(now)s - make_interval(days => v.reentry_days)))
    ORDER BY v.id, p.id, CASE v.reentry_days WHEN 0 THEN t.fact_id END, t.fact_id
), counted AS (
    SELECT w.*, row_number() OVER (PARTITION BY w.version_id ORDER BY w.player_id) + (
        SELECT count(*) FROM campaigns_enrolment e
        WHERE e.version_id = w.version_id AND e.entered_at > %(now)s - interval '24 hours') AS place
    FROM wanted w
), entered AS (
    INSERT INTO campaigns_enrolment (campaign_id, version_id, person_id, player_id, entry_key, fact_id, repeats,
                                     state, due_at, waits_for, entered_at, ended_at, reason)
    SELECT campaign_id, version_id, person_id, player_id, entry_key, fact_id, repeats, state,
           CASE state WHEN 'active' THEN %(now)s END, '', %(now)s,
           CASE state WHEN 'active' THEN NULL ELSE %(now)s END, CASE state WHEN 'active' THEN '' ELSE state END
    FROM counted WHERE place <= launch_limit
    ON CONFLICT DO NOTHING
    RETURNING id, player_id, fact_id, state
), over AS (
    UPDATE campaigns_version v SET status = 'paused', note = 'Launch limit reached: ' || v.launch_limit || ' players in 24 hours'
    WHERE v.status = 'live' AND v.id IN (SELECT version_id FROM counted WHERE place > launch_limit)
)
SELECT id, player_id, fact_id, state FROM entered ORDER BY id
"""


def admit(facts: Sequence[Fact], *, now: datetime) -> int:
    """How many players entered (control and hold-out groups included)."""
    return _admit([_told(fact) for fact in facts], {fact.id: fact for fact in facts}, now)


def admit_players(version: Version, player_ids: Sequence[int], *, now: datetime) -> int:
    """Send once: these players enter the version's launch. Call with at most 1 000 at a time."""
    told = [
        {"fact_id": None, "player_id": player_id, "kind": "launch", "value": str(version.id),
         "key": f"launch:{version.id}", "at": now.isoformat()}
        for player_id in player_ids
    ]  # fmt: skip
    return _admit(told, {}, now, cause="launch")


def reroute(player_ids: Sequence[int], *, now: datetime) -> int:
    """A promotion of theirs made room for help: into the brand's journey for strong signs, if they are not in it yet.

    Most entered it when the signs were found; this is for those found before it was launched.
    """
    told = [
        {"fact_id": None, "player_id": pk, "kind": Version.Trigger.FACT, "value": STRONG,
         "key": f"rerouted:{now:%Y-%m-%d}", "at": now.isoformat()}
        for pk in sorted(set(player_ids))
    ]  # fmt: skip
    return _admit(told, {}, now, cause="rerouted")


def continue_launches(*, now: datetime, chunk: int = 1000) -> int:
    """Send once: lets the next players of a launched segment in, in id order; a restart goes on where it was."""
    with transaction.atomic():
        version = (
            Version.objects.select_for_update(no_key=True, skip_locked=True, of=("self",))
            .filter(status=Version.Status.LIVE, trigger=Version.Trigger.LAUNCH, launch_after__isnull=False)
            .order_by("id")
            .first()
        )
        if version is None:
            return 0
        inside = Membership.objects.filter(segment=version.trigger_segment_id, left_at=None)
        ids = list(
            inside.filter(player_id__gt=version.launch_after)
            .order_by("player_id")
            .values_list("player_id", flat=True)[:chunk]
        )
        version.launch_after = ids[-1] if len(ids) == chunk else None
        version.save(update_fields=["launch_after"])
        return admit_players(version, ids, now=now)


def _told(fact: Fact) -> dict[str, Any]:
    kind, value = _starts(fact)
    return {
        "fact_id": fact.id,
        "player_id": fact.player_id,
        "kind": kind,
        "value": value,
        "key": fact.key,
        "at": fact.occurred_at.isoformat(),
    }


def _starts(fact: Fact) -> tuple[str, str]:
    """How a version names what starts it."""
    if fact.kind == "segment.entered":
        return Version.Trigger.SEGMENT, str(fact.data.get("segment_id"))
    if fact.kind == "stage.changed":
        return Version.Trigger.STAGE, str(fact.data.get("after"))
    return Version.Trigger.FACT, fact.kind


def _admit(told: list[dict[str, Any]], facts: dict[int, Fact], now: datetime, *, cause: str = "") -> int:
    if not told:
        return 0
    with transaction.atomic(), connection.cursor() as db:
        db.execute(_ADMIT, {"told": json.dumps(told), "now": now})
        rows = db.fetchall()
        Trace.objects.bulk_create(
            [
                Trace(
                    enrolment_id=id_,
                    player_id=player_id,
                    at=now,
                    kind=Trace.Kind.ENTERED if state == Enrolment.State.ACTIVE else Trace.Kind.HELD,
                    fact_id=fact_id,
                    detail=facts[fact_id].kind if fact_id in facts else cause,
                )
                for id_, player_id, fact_id, state in rows
            ]
        )
        looking_again.soon((player_id for _, player_id, _, _ in rows), now=now)
    return len(rows)
