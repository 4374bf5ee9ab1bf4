"""Tables for a period and some brands: (header, rows). Counted from the records at that moment, never kept."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from compliance.vocabulary import EXCLUSIONS
from players.models import Brand

MOST = 100_000
Table = tuple[Sequence[str], list[Sequence[Any]]]


@dataclass(frozen=True)
class Asked:
    brands: QuerySet[Brand]
    since: datetime
    until: datetime

    @property
    def last(self) -> datetime:
        """Within its last day."""
        return self.until - timedelta(seconds=1)

    @property
    def parameters(self) -> dict[str, Any]:
        return {"brands": list(self.brands.values_list("pk", flat=True)), "since": self.since, "until": self.until,
                "most": MOST, "exclusions": sorted({*EXCLUSIONS, "time_out"})}  # fmt: skip


def _rows(statement: str, asked: Asked) -> Table:
    with connection.cursor() as db:
        db.execute(statement, asked.parameters)
        return [column.name for column in db.description or ()], list(db.fetchall())


def silence(asked: Asked) -> Table:
    """From an exclusion, a time-out or strong signs of harm to the last promotion that was allowed after it; who told it,
    when it took effect, and when each other sender has read the list of whom nobody may write to since. A time-out is over
    a day after its end, or with it where POL-01 is off, whenever it was told."""
    return _rows(_SILENCE, asked)


_SILENCE = """
WITH began AS (
    SELECT m.person_id, p.external_id, p.brand_id, m.kind AS what, m.received_at AS at,
           CASE WHEN m.kind = 'time_out' THEN LEAST(m.ended_at, m.ends_at)
                + CASE WHEN p.brand_id = ANY (compliance_no_day_after()) THEN interval '0' ELSE interval '24 hours' END ELSE m.ended_at END AS over,
           m.source AS told_by, m.requested_at, m.effective_at
      FROM compliance_measure m JOIN players_player p ON p.id = m.player_id
     WHERE m.kind = ANY(%(exclusions)s::text[]) AND m.received_at >= %(since)s AND m.received_at < %(until)s
       AND NOT p.is_test
    UNION ALL
    SELECT c.person_id, p.external_id, p.brand_id, 'harm: ' || c.after, c.at,
           (SELECT min(l.at) FROM compliance_levelchange l WHERE l.person_id = c.person_id AND l.at > c.at
               AND l.after NOT IN ('strong', 'critical')), 'signs of harm', c.at, c.at
      FROM compliance_levelchange c JOIN players_player p ON p.id = c.player_id
     WHERE c.after IN ('strong', 'critical') AND c.before NOT IN ('strong', 'critical')
       AND c.at >= %(since)s AND c.at < %(until)s AND NOT p.is_test
), reads AS MATERIALIZED (
    SELECT e.brand_id, e.payload::jsonb #>> '{after,api_key}' AS prefix, e.at
      FROM compliance_auditentry e WHERE e.kind = 'suppressions.read' AND e.brand_id = ANY(%(brands)s::bigint[])
)
SELECT g.slug AS brand, b.external_id AS player, b.what, b.at AS began, d.at AS last_promotion_after,
       round(extract(epoch FROM d.at - b.at), 3) AS seconds_to_last, COALESCE(d.times, 0) AS promotions_after,
       b.told_by, b.requested_at, b.effective_at, t.told AS told_to_other_senders
  FROM began b JOIN players_brand g ON g.id = b.brand_id
  LEFT JOIN LATERAL (
    SELECT max(x.decided_at) AS at, count(x.decided_at) AS times
      FROM players_player q JOIN compliance_decision x ON x.player_id = q.id
     WHERE q.person_id = b.person_id AND x.outcome = 'allow' AND x.purpose IN ('promotional', 'research') AND x.decided_at > b.at
       AND (b.over IS NULL OR x.decided_at < b.over)) d ON true
  LEFT JOIN LATERAL (
    SELECT string_agg(k.name || CASE WHEN r.at IS NULL THEN ': not yet' ELSE ' ' || compliance_utc(r.at) END, '; '
                      ORDER BY k.name) AS told
      FROM players_feedkey k JOIN players_feed f ON f.id = k.feed_id AND f.brand_id = b.brand_id
      LEFT JOIN LATERAL (SELECT min(o.at) AS at FROM reads o WHERE o.brand_id = b.brand_id AND o.prefix = k.prefix
                            AND o.at >= b.at) r ON true
     WHERE 'suppressions' = ANY (k.scopes) AND (r.at IS NOT NULL OR NOT k.revoked)) t ON true
 WHERE b.brand_id = ANY(%(brands)s::bigint[])
 ORDER BY seconds_to_last DESC NULLS LAST, began LIMIT %(most)s
"""


def strong(asked: Asked) -> Table:
    """Who was found to show strong signs, by which definitions, who looked, what the player said of it."""
    return _rows(_STRONG, asked)


_STRONG = """
SELECT g.slug AS brand, p.external_id AS player, c.at, c.before, c.after,
       (SELECT string_agg(DISTINCT (m ->> 'marker') || COALESCE(' v' || NULLIF(m ->> 'version', '0'), ' as shipped'), ', ')
          FROM jsonb_array_elements(c.evidence -> 'markers') AS m) AS definitions,
       k.id AS case_id,
       min(i.at) FILTER (WHERE i.by_id IS NOT NULL AND i.at >= c.at
                           AND i.kind IN ('outreach', 'call', 'restriction', 'not_done', 'review')) AS first_action_by_a_person,
       o.name AS officer,
       count(i.id) FILTER (WHERE i.kind = 'contest') AS contests,
       count(i.id) FILTER (WHERE i.kind = 'answer' AND i.upheld) AS upheld
  FROM compliance_levelchange c
  JOIN players_player p ON p.id = c.player_id JOIN players_brand g ON g.id = p.brand_id
  LEFT JOIN LATERAL (SELECT * FROM compliance_case k WHERE k.person_id = c.person_id AND (k.closed_at IS NULL OR k.closed_at > c.at)
                      ORDER BY k.opened_at LIMIT 1) k ON true
  LEFT JOIN compliance_operator o ON o.id = k.owner_id
  LEFT JOIN compliance_interaction i ON i.case_id = k.id
 WHERE p.brand_id = ANY(%(brands)s::bigint[]) AND c.at >= %(since)s AND c.at < %(until)s AND c.after IN ('strong', 'critical')
 GROUP BY g.slug, p.external_id, c.id, k.id, o.name ORDER BY c.at LIMIT %(most)s
"""


def bonuses(asked: Asked) -> Table:
    """Every bonus that was allowed, with its terms, why the player was chosen, how many had the same, and whether
    somebody had stepped in before."""
    return _rows(_BONUSES, asked)


_BONUSES = """
SELECT g.slug AS brand, p.external_id AS player, d.decided_at, t.terms ->> 'type' AS type, t.terms ->> 'value' AS value,
       t.terms ->> 'currency' AS currency, t.terms ->> 'wagering' AS wagering, t.terms ->> 'wagering_base' AS wagering_base,
       (SELECT string_agg(w, ', ') FROM jsonb_array_elements_text(t.terms -> 'products') AS w) AS products,
       (SELECT string_agg(w, ', ') FROM jsonb_array_elements_text(d.inputs -> 'request' -> 'criteria') AS w) AS selected_by,
       count(*) OVER (PARTITION BY p.brand_id, t.terms) AS same_terms_given,
       EXISTS (SELECT 1 FROM compliance_case k JOIN compliance_interaction i ON i.case_id = k.id
                WHERE k.person_id = d.person_id AND i.at < d.decided_at
                  AND i.kind IN ('outreach', 'call', 'restriction')) AS after_an_intervention,
       d.reference, d.id AS decision
  FROM compliance_decision d JOIN players_player p ON p.id = d.player_id JOIN players_brand g ON g.id = p.brand_id
 CROSS JOIN LATERAL (SELECT d.inputs -> 'request' -> 'incentive' AS terms) t
 WHERE d.channel = 'bonus' AND d.outcome = 'allow' AND p.brand_id = ANY(%(brands)s::bigint[])
   AND d.decided_at >= %(since)s AND d.decided_at < %(until)s
 ORDER BY d.decided_at LIMIT %(most)s
"""


def reconciliation(asked: Asked) -> Table:
    """Per day: messages a provider took, and how many of them carry a yes of the gate for that player. The last column has
    to be nought."""
    return _rows(_RECONCILIATION, asked)


_RECONCILIATION = """
SELECT (e.at AT TIME ZONE 'UTC')::date AS day, g.slug AS brand, w.said ->> 'channel' AS channel, count(*) AS handed_over,
       count(d.id) AS with_a_yes, count(*) - count(d.id) AS without
  FROM compliance_auditentry e JOIN players_brand g ON g.id = e.brand_id
 CROSS JOIN LATERAL (SELECT e.payload::jsonb -> 'after' AS said) w
  LEFT JOIN compliance_decision d ON d.id = (w.said ->> 'decision_id')::bigint AND d.outcome = 'allow'
   AND 'player:' || d.player_id = e.subject
 WHERE e.kind = 'message.sent' AND e.brand_id = ANY(%(brands)s::bigint[]) AND e.at >= %(since)s AND e.at < %(until)s
 GROUP BY 1, 2, 3 ORDER BY 1, 2, 3 LIMIT %(most)s
"""


def evaluations(asked: Asked) -> Table:
    """Cases looked at again after 7 and 30 days: as many days before as after."""
    return _rows(_EVALUATIONS, asked)


_EVALUATIONS = """
SELECT g.slug AS brand, p.external_id AS player, k.id AS case_id, k.opened_at, k.rule, f.days, f.done_at, o.name AS by,
       f.figures -> 'before' ->> 'days_played' AS days_played_before, f.figures -> 'after' ->> 'days_played' AS after,
       f.figures -> 'before' ->> 'deposit_sum' AS deposits_before, f.figures -> 'after' ->> 'deposit_sum' AS deposits_after,
       f.figures -> 'before' ->> 'net_loss' AS net_loss_before, f.figures -> 'after' ->> 'net_loss' AS net_loss_after,
       f.figures ->> 'currency' AS currency, f.finding
  FROM compliance_followup f JOIN compliance_case k ON k.id = f.case_id
  JOIN players_player p ON p.id = k.player_id JOIN players_brand g ON g.id = p.brand_id
  LEFT JOIN compliance_operator o ON o.id = f.done_by_id
 WHERE f.kind = 'evaluation' AND f.done_at >= %(since)s AND f.done_at < %(until)s AND p.brand_id = ANY(%(brands)s::bigint[])
 ORDER BY f.done_at LIMIT %(most)s
"""


def yearly(asked: Asked) -> Table:
    """The figures of the Dutch yearly report (Regeling art. 2(3)): ways of advertising, approaches per player, complaints,
    entries in the objection file, bonuses paid."""
    return _rows(_YEARLY, asked)


_YEARLY = """
WITH mine AS (SELECT p.id, p.person_id, p.brand_id, g.slug FROM players_player p JOIN players_brand g ON g.id = p.brand_id
               WHERE p.brand_id = ANY(%(brands)s::bigint[]) AND NOT p.is_test)
SELECT m.slug AS brand, 'approaches: ' || d.channel AS figure, count(*)::numeric AS number,
       count(DISTINCT d.player_id)::numeric AS players, round(count(*)::numeric / count(DISTINCT d.player_id), 2) AS average,
       NULL::numeric AS worth, '' AS currency
  FROM compliance_decision d JOIN mine m ON m.id = d.player_id
 WHERE d.purpose IN ('promotional', 'research') AND d.outcome = 'allow' AND d.channel <> 'bonus'
   AND d.decided_at >= %(since)s AND d.decided_at < %(until)s GROUP BY 1, 2
UNION ALL
SELECT m.slug, 'bonuses given', count(*), count(DISTINCT d.player_id), NULL,
       sum((d.inputs -> 'request' -> 'incentive' ->> 'value')::bigint), d.inputs -> 'request' -> 'incentive' ->> 'currency'
  FROM compliance_decision d JOIN mine m ON m.id = d.player_id
 WHERE d.channel = 'bonus' AND d.outcome = 'allow' AND d.decided_at >= %(since)s AND d.decided_at < %(until)s
 GROUP BY m.slug, d.inputs -> 'request' -> 'incentive' ->> 'currency'
UNION ALL
SELECT m.slug, 'complaints', count(*), count(DISTINCT f.player_id), NULL, NULL, ''
  FROM players_fact f JOIN mine m ON m.id = f.player_id
 WHERE f.kind = 'rg.contact' AND f.data ->> 'topic' = 'complaint' AND f.occurred_at >= %(since)s AND f.occurred_at < %(until)s
 GROUP BY 1
UNION ALL
SELECT m.slug, 'objections, opted out: ' || c.channel, count(*), count(DISTINCT c.player_id), NULL, NULL, ''
  FROM compliance_consent c JOIN mine m ON m.id = c.player_id
 WHERE c.granted IS FALSE AND c.recorded_at >= %(since)s AND c.recorded_at < %(until)s GROUP BY m.slug, c.channel
UNION ALL
SELECT g.slug, 'addresses nobody may write to: ' || s.reason, count(*), NULL, NULL, NULL, ''
  FROM compliance_suppression s JOIN players_brand g ON g.id = s.brand_id
 WHERE s.brand_id = ANY(%(brands)s::bigint[]) AND s.created_at >= %(since)s AND s.created_at < %(until)s GROUP BY 1, 2
ORDER BY 1, 2 LIMIT %(most)s
"""

TABLES: dict[str, Callable[[Asked], Table]] = {
    "silence": silence, "strong": strong, "bonuses": bonuses, "reconciliation": reconciliation,
    "evaluations": evaluations, "yearly": yearly,
}  # fmt: skip


def spread(rows: Iterable[Sequence[Any]], column: int) -> list[tuple[str, int]]:
    """How many of `rows` lie where, by the seconds in `column`."""
    bounds = (
        (0.0, "no promotion after it"),
        (60, "within a minute"),
        (3600, "within an hour"),
        (86_400, "within a day"),
    )
    tally = dict.fromkeys([words for _, words in bounds] + ["later"], 0)
    for row in rows:
        seconds = row[column]
        tally[next((words for most, words in bounds if (seconds or 0) <= most), "later")] += 1
    return list(tally.items())
