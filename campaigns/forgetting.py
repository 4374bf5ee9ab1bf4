"""A player was erased, or the time of a message is over: what was written goes, that it was written stays."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from compliance.models import Retention
from compliance.retiring import Keeper
from players.models import Fact, Licence


def forget(facts: Sequence[Fact], now: datetime) -> None:
    with connection.cursor() as db:
        db.execute("SELECT campaigns_forget(%s::bigint[])", [[fact.player_id for fact in facts]])


def kept() -> list[Keeper]:
    return [Keeper(Retention.Data.MESSAGES, due, let_go)]


def due(licence: Licence, until: datetime) -> int:
    with connection.cursor() as db:
        db.execute("SELECT count(*) FROM campaigns_words_due(%s, %s)", [licence.pk, until])
        return int(db.fetchone()[0])


def let_go(licence: Licence, until: datetime, most: int) -> dict[int, int]:
    with connection.cursor() as db:
        db.execute("SELECT brand_id, messages FROM campaigns_let_go(%s, %s, %s)", [licence.pk, until, most])
        return dict(db.fetchall())
