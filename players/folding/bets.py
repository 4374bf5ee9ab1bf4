"""Sports bets: what was said about each is put together, and what it counts as is handed to the fold of play.

words     placement (the earliest), settlement (the newest), void (the newest): merged in one statement, so
          neither order nor repetition matters
round     a settled bet counts as one round. Its id is made of the words it comes from, so another result is another
          round: the one before is rolled back, in one batch with the new one. Of the words and not of the amounts:
          a third word may bring back the amounts of the first, and a round that was rolled back stays so
activity  placing a bet is play on the day it was placed, whenever it is settled and even if it is void
"""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from hashlib import blake2b
from typing import Any, NamedTuple

from config.lib import prepared
from players.folding import vocabulary
from players.folding.claim import Claimed, reach
from players.models import Category

_MERGE = """
WITH said AS (
    SELECT player_id, kind, occurred_at AS at, body AS p, body ->> 'bet_id' AS bet_id, body::text COLLATE "C" AS words
    FROM players_event
    WHERE id = ANY(%(ids)s::bigint[]) AND received_at BETWEEN %(first)s AND %(last)s
)
INSERT INTO players_bet AS b (player_id, bet_id, placed_at, placed, settled_at, settled, voided_at, recorded_at)
SELECT player_id, bet_id,
       min(at) FILTER (WHERE kind = 'bet.placed'),
       (array_agg(p ORDER BY at, words) FILTER (WHERE kind = 'bet.placed'))[1],
       max(at) FILTER (WHERE kind = 'bet.settled'),
       (array_agg(p ORDER BY at DESC, words DESC) FILTER (WHERE kind = 'bet.settled'))[1],
       max(at) FILTER (WHERE kind = 'bet.voided'), %(now)s
FROM said GROUP BY player_id, bet_id ORDER BY player_id, bet_id
ON CONFLICT (player_id, bet_id) DO UPDATE SET
    placed_at = least(b.placed_at, excluded.placed_at),
    placed = CASE WHEN b.placed_at IS NULL
                  OR (excluded.placed_at, excluded.placed::text COLLATE "C") < (b.placed_at, b.placed::text COLLATE "C")
             THEN excluded.placed ELSE b.placed END,
    settled_at = greatest(b.settled_at, excluded.settled_at),
    settled = CASE WHEN b.settled_at IS NULL
                   OR (excluded.settled_at, excluded.settled::text COLLATE "C")
                    > (b.settled_at, b.settled::text COLLATE "C")
              THEN excluded.settled ELSE b.settled END,
    voided_at = greatest(b.voided_at, excluded.voided_at)
RETURNING id, player_id, bet_id, placed_at, placed::text, settled_at, settled::text, voided_at, round_id, marked_at,
          marked_real
"""

_KEEP = """
UPDATE players_bet b SET
    stake_real = n.stake_real, stake_bonus = n.stake_bonus, win_real = n.win_real, win_bonus = n.win_bonus,
    outcome = n.outcome, ticket = n.ticket, odds = n.odds, leg_count = n.leg_count, sport = n.sport,
    league = n.league, in_play = n.in_play, is_free_bet = n.is_free_bet, round_id = n.round_id,
    marked_at = n.marked_at, marked_real = n.marked_real
FROM jsonb_to_recordset(%(rows)s::jsonb) AS n(id bigint, stake_real bigint, stake_bonus bigint, win_real bigint,
    win_bonus bigint, outcome text, ticket text, odds numeric, leg_count smallint, sport text, league text,
    in_play boolean, is_free_bet boolean, round_id text, marked_at timestamptz, marked_real boolean)
WHERE b.id = n.id
"""


# SQL: what the PAM calls it, where a round stands for a sports bet: the id of the bet without what it says.
REF = "regexp_replace(round_id, '^bet:(.*):[0-9a-f]+$', '\\1')"


class Counted(NamedTuple):
    """What a bet means to the fold of play: a round, a round taken back, or activity that is (no longer) known."""

    kind: str  # round.settled, round.rolled_back, bet.placed, bet.unplaced
    player_id: int
    at: datetime
    p: dict[str, Any]

    def as_json(self) -> dict[str, Any]:
        return {"kind": self.kind, "player_id": self.player_id, "at": self.at.isoformat(), "p": self.p}


class Words(NamedTuple):
    """One bet after the merge; `round_id` and the marks are what counted before it."""

    id: int
    player_id: int
    bet_id: str
    placed_at: datetime | None
    placed: str | None
    settled_at: datetime | None
    settled: str | None
    voided_at: datetime | None
    round_id: str
    marked_at: datetime | None
    marked_real: bool


def apply(events: Sequence[Claimed], now: datetime) -> list[Counted]:
    """Folds the bets among `events`; the answer belongs into the fold of play of the same batch."""
    mine = [event for event in events if event.kind.startswith("bet.")]
    if not mine:
        return []
    counted: list[Counted] = []
    rows, told = [], []
    for row in prepared.run(_MERGE, reach(mine) | {"now": now}):
        words = Words._make(row)
        bet = _bet(words)
        counted += _changes(words, bet)
        told.append((words.player_id, bet))
        marked_at = bet["marked_at"]
        rows.append(bet | {"id": words.id, "marked_at": marked_at.isoformat() if marked_at else None})
    prepared.run(_KEEP, {"rows": json.dumps(rows)})
    feeds = {event.player_id: event.feed_id for event in mine}
    whose = [(feeds[player_id], bet) for player_id, bet in told]
    vocabulary.keep({(feed, what, bet[what]) for feed, bet in whose for what in ("sport", "league")}, now)
    return counted


def _bet(words: Words) -> dict[str, Any]:
    """The columns that follow from what was said. The settlement's stakes count, else those of the placement."""
    placed, settled = json.loads(words.placed or "{}"), json.loads(words.settled or "{}")
    told = settled | placed
    stakes = settled if "stake_real" in settled else placed
    legs = told.get("legs", [])
    bet: dict[str, Any] = {
        "stake_real": stakes.get("stake_real"), "stake_bonus": stakes.get("stake_bonus"),
        "win_real": settled.get("win_real", 0), "win_bonus": settled.get("win_bonus", 0),
        "outcome": settled.get("outcome", ""), "ticket": told.get("ticket", ""), "odds": told.get("odds"),
        "leg_count": len(legs), "sport": _common(legs, "sport"), "league": _common(legs, "league"),
        "in_play": any(leg["in_play"] for leg in legs), "is_free_bet": told.get("is_free_bet", False),
        "marked_at": words.placed_at, "marked_real": placed.get("stake_real", 0) > 0,
    }  # fmt: skip
    return bet | {"round_id": _round_id(words, bet, is_stake_settled=stakes is settled)}


def _common(legs: list[dict[str, Any]], name: str) -> str:
    said = {leg.get(name, "") for leg in legs}
    return str(said.pop()) if len(said) == 1 else ""


def _round_id(words: Words, bet: dict[str, Any], *, is_stake_settled: bool) -> str:
    """Names the round by the words that make it; '' while the bet is open, void, or settled without a known stake."""
    at = words.settled_at
    if at is None or bet["stake_real"] is None or bet["outcome"] == "void":
        return ""
    if words.voided_at is not None and words.voided_at >= at:
        return ""
    placement = (None, None) if is_stake_settled else (str(words.placed_at), words.placed)
    said = json.dumps([at.isoformat(), words.settled, *placement])
    return f"bet:{words.bet_id}:{blake2b(said.encode(), digest_size=6).hexdigest()}"


_AMOUNTS = ("stake_real", "stake_bonus", "win_real", "win_bonus")


def _changes(words: Words, bet: dict[str, Any]) -> Iterator[Counted]:
    player_id = words.player_id
    if bet["round_id"] != words.round_id:
        if words.round_id:
            yield Counted("round.rolled_back", player_id, _latest(words), {"round_id": words.round_id})
        if bet["round_id"] and words.settled_at:
            amounts = {name: bet[name] for name in ("round_id", *_AMOUNTS)}
            body = amounts | {"category": int(Category.SPORTS)}
            yield Counted("round.settled", player_id, words.settled_at, body)
    if (bet["marked_at"], bet["marked_real"]) != (words.marked_at, words.marked_real):
        if words.marked_at:
            yield Counted("bet.unplaced", player_id, words.marked_at, {})
        if bet["marked_at"]:
            yield Counted("bet.placed", player_id, bet["marked_at"], {"real": bet["marked_real"]})


def _latest(words: Words) -> datetime:
    """When the round stopped counting, as far as anybody can tell."""
    return max(at for at in (words.settled_at, words.voided_at, words.placed_at) if at)
