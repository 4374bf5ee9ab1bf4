"""A player was erased: what was written to them goes, that it was written stays."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from players.models import Fact


def forget(facts: Sequence[Fact], now: datetime) -> None:
    with connection.cursor() as db:
        db.execute("SELECT campaigns_forget(%s::bigint[])", [[fact.player_id for fact in facts]])
