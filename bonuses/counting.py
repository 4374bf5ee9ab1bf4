"""Wagering as rounds are folded: loads what the walk needs, writes what it found. Fixed number of queries."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import F, Q

from bonuses import books, ledger
from bonuses.books import Book
from bonuses.closing import close, money, move, wagering
from bonuses.models import Grant, WagerCount
from bonuses.wagering import Count, Holding, Play, walk
from compliance.models import Standing
from config.lib import prepared
from config.lib.prepared import bigints
from players.folding.taken_back import stands
from players.models import Category, Player

# An excluded player must not be led on by a bonus running in the background.
_NO_PLAY = (Standing.Verdict.EXCLUDED, Standing.Verdict.AWAITING_RETURN)

Between = tuple[datetime, datetime] | None

_OPEN = """
    SELECT id FROM bonuses_grant
    WHERE player_id = ANY(%(players)s::bigint[]) AND status IN ('claimed', 'active', 'stopped')
"""
_PLAYS = f"""
    SELECT r.id, r.player_id, r.category, r.occurred_at, r.stake_real, r.stake_bonus, r.win_bonus
    FROM players_round r
    WHERE r.id = ANY(%(rounds)s::bigint[])
      AND r.occurred_at BETWEEN %(first)s::timestamptz AND %(last)s::timestamptz
      AND (r.stake_bonus > 0 OR r.win_bonus > 0 OR r.player_id = ANY(%(holders)s::bigint[]))
      AND {stands("r")}
      AND NOT EXISTS (SELECT FROM bonuses_wagercount w WHERE w.round_id = r.id OFFSET 0)
"""  # noqa: S608  our own condition


def count(player_ids: Sequence[int], round_ids: Sequence[int], *, now: datetime, played: Between = None) -> int:
    """Inside atomic. Returns how many rounds meant something; a round told twice counts once.

    `played`: the first and last moment of these rounds where the caller knows them; spares the other months.
    """
    grants = lock_open_of(player_ids)
    plays = _plays(round_ids, {grant.player_id for grant in grants}, played)
    if not plays:
        return 0
    stop_excluded(grants, now=now)
    held = ledger.balances([pot for grant in grants for pot in (money(grant), wagering(grant))])
    counts, ends = walk([_holding(grant, held) for grant in grants], plays)
    players = Player.objects.select_related("brand").in_bulk({count.play.player_id for count in counts})
    ledger.post([e for book, group in _by_day(counts, players) for e in books.played(book, group)], now=now)
    _write(counts)
    add_progress((count.grant_id, count.counted) for count in counts if count.grant_id)
    close(ends, now=now)
    return len(counts)


def lock_open_of(player_ids: Sequence[int]) -> list[Grant]:
    """Most batches touch nobody with a bonus: one look into the small index of open ones tells."""
    found = prepared.run(_OPEN, {"players": bigints(player_ids)})
    return Grant.objects.lock_open(pk for (pk,) in found) if found else []


def stop_excluded(grants: Sequence[Grant], *, now: datetime) -> None:
    """By the person the account is of today, whoever it was when the bonus was given."""
    held = Standing.objects.filter(person__players__in={g.player_id for g in grants})
    held = held.filter(Q(verdict__in=_NO_PLAY) | Q(partly__isnull=False))
    rows = held.annotate(account=F("person__players"), brand=F("person__players__brand"))
    excluded = {row.account for row in rows if row.at(row.brand) in _NO_PLAY}
    stopped = [g for g in grants if g.player_id in excluded and g.status != Grant.Status.STOPPED]
    move([(g, Grant.Status.STOPPED, now, "protected") for g in stopped], now=now)
    for grant in stopped:
        grant.status = Grant.Status.STOPPED


def add_progress(counted: Iterable[tuple[int | None, int]]) -> None:
    sums: dict[int, int] = defaultdict(int)
    for grant_id, amount in counted:
        if grant_id:
            sums[grant_id] += amount
    rows = [{"id": grant_id, "counted": amount} for grant_id, amount in sums.items() if amount]
    with connection.cursor() as db:
        db.execute(
            "UPDATE bonuses_grant g SET wagering_done = g.wagering_done + m.counted"
            " FROM jsonb_to_recordset(%s::jsonb) AS m(id bigint, counted bigint) WHERE g.id = m.id",
            [json.dumps(rows)],
        )


def gaming_day(at: datetime, player: Player) -> date:
    brand = player.brand
    return (at.astimezone(ZoneInfo(brand.timezone)) - timedelta(hours=brand.day_start_hour)).date()


def _plays(round_ids: Sequence[int], holders: set[int], played: Between) -> list[Play]:
    """Rounds of players who hold a bonus, and any that moved bonus money; never one taken back or counted."""
    if not round_ids:
        return []
    first, last = played or ("-infinity", "infinity")
    params = {"rounds": bigints(round_ids), "holders": bigints(sorted(holders)), "first": first, "last": last}
    return [Play(*row) for row in prepared.run(_PLAYS, params)]


def _holding(grant: Grant, held: dict[ledger.Pot, int]) -> Holding:
    terms = grant.terms
    return Holding(
        grant.pk, grant.player_id, grant.granted_at, grant.expires_at, grant.wagering_required,
        held[wagering(grant)], held[money(grant)],
        {Category.from_key(key): int(share) for key, share in terms.contributions.items()},
        terms.max_bet, terms.max_release, grant.status == Grant.Status.STOPPED,
    )  # fmt: skip


def _by_day(counts: Sequence[Count], players: dict[int, Player]) -> list[tuple[Book, list[Count]]]:
    groups: dict[tuple[int | None, int, date], list[Count]] = defaultdict(list)
    for item in counts:
        player = players[item.play.player_id]
        groups[item.grant_id, player.pk, gaming_day(item.play.at, player)].append(item)
    return [
        (Book(grant_id, player_id, players[player_id].brand_id, players[player_id].currency), group)
        for (grant_id, player_id, _), group in groups.items()
    ]


def _write(counts: Sequence[Count]) -> None:
    WagerCount.objects.bulk_create(
        WagerCount(
            round_id=c.play.round_id, grant_id=c.grant_id, player_id=c.play.player_id, category=c.play.category,
            occurred_at=c.play.at, stake=c.play.stake, weight=c.weight, counted=c.counted, over_limit=c.over_limit,
            bonus_stake=c.bonus_stake, bonus_win=c.bonus_win, outside=c.outside,
        )
        for c in counts
    )  # fmt: skip
