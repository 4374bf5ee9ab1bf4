"""How a bonus ends: its money leaves the account, its state changes, those above are told."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import connection, transaction

from bonuses import books, ledger
from bonuses.books import Book
from bonuses.ledger import grant_pot, wagering_pot
from bonuses.models import Grant, GrantChange, Transfer
from bonuses.wagering import End
from players.facts import NewFact, record


def close(ends: Sequence[End], *, now: datetime, actor_id: int | None = None) -> None:
    """Inside atomic, with the grants locked by the caller. A grant already closed is left alone."""
    if not ends:
        return
    grants = _open_grants(end.grant_id for end in ends)
    ends = [end for end in ends if end.grant_id in grants]
    ledger.post([e for end in ends for e in books.ended(book_of(grants[end.grant_id]), end)], now=now)
    _return_budgets([grants[end.grant_id] for end in ends if end.how == "cancelled"], now)
    move([(grants[end.grant_id], end.how, end.at, end.cause) for end in ends], now=now, actor_id=actor_id)
    record(
        [
            NewFact(
                f"bonus.{end.how}",
                grants[end.grant_id].player_id,
                end.at,
                f"bonus.{end.how}:{end.grant_id}",
                {"grant_id": end.grant_id, "released": end.released, "kept": end.kept},
                actor_id,
            )
            for end in ends
        ],
        now=now,
    )


def end_early(
    grant_ids: Iterable[int], how: str, cause: str, *, at: Mapping[int, datetime], now: datetime, actor_id: int | None
) -> int:
    """Forfeit, expire or cancel: what is left goes to the house. Returns how many ended."""
    with transaction.atomic():
        grants = {g.pk: g for g in Grant.objects.lock_open(grant_ids)}
        held = ledger.balances([pot for g in grants.values() for pot in (money(g), wagering(g))])
        ends = [
            End(g.pk, how, at.get(g.pk, now), kept=held[money(g)], void=held[wagering(g)], cause=cause)  # type: ignore[arg-type]
            for g in grants.values()
        ]
        close(ends, now=now, actor_id=actor_id)
    return len(ends)


def move(changes: Sequence[tuple[Grant, str, datetime, str]], *, now: datetime, actor_id: int | None = None) -> None:
    """Writes the state and its history row. Ended states get their closing time."""
    rows = [{"id": g.pk, "status": after, "at": at.isoformat()} for g, after, at, _ in changes]
    with connection.cursor() as db:
        db.execute(
            "UPDATE bonuses_grant g SET status = m.status,"
            " closed_at = CASE WHEN m.status = ANY(%s) THEN NULL ELSE m.at END"
            " FROM jsonb_to_recordset(%s::jsonb) AS m(id bigint, status text, at timestamptz) WHERE g.id = m.id",
            [list(Grant.OPEN), json.dumps(rows)],
        )
    GrantChange.objects.bulk_create(
        GrantChange(grant=g, before=g.status, after=after, at=at, recorded_at=now, cause=cause[:160], actor_id=actor_id)
        for g, after, at, cause in changes
    )


def book_of(grant: Grant) -> Book:
    return Book(grant.pk, grant.player_id, grant.player.brand_id, grant.currency)


def money(grant: Grant) -> ledger.Pot:
    return grant_pot(grant.pk, grant.currency)


def wagering(grant: Grant) -> ledger.Pot:
    return wagering_pot(grant.pk, grant.currency)


def _open_grants(ids: Iterable[int]) -> dict[int, Grant]:
    return Grant.objects.select_related("player", "terms").filter(status__in=Grant.OPEN).in_bulk(list(ids))


def _return_budgets(grants: Sequence[Grant], now: datetime) -> None:
    spent = set(Transfer.objects.filter(key__in=[f"budget:{g.pk}" for g in grants]).values_list("grant_id", flat=True))
    ledger.post(
        [books.return_budget(book_of(g), g.terms.template_id, g.amount, now) for g in grants if g.pk in spent],
        now=now,
    )
