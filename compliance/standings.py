"""The verbs of Standing. All of them are database functions: the application may only read the row."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection

from config.lib import prepared
from config.lib.prepared import bigints

_LOCK_PLAYERS = "SELECT player_id, person_id FROM compliance_lock_players(%(players)s::bigint[])"


def _call(function: str, person_ids: Iterable[int], *arguments: Any) -> None:
    ids = sorted(set(person_ids))
    if ids:
        holes = "".join(", %s" for _ in arguments)
        with connection.cursor() as db:
            db.execute(f"SELECT {function}(%s::bigint[]{holes})", [ids, *arguments])  # noqa: S608


def lock(person_ids: Iterable[int]) -> None:
    """Exclusive, ascending: before writing anything that may close these people."""
    _call("compliance_lock_persons", person_ids)


def lock_players(player_ids: Iterable[int]) -> dict[int, int]:
    """The people of these accounts, locked like that: player -> person. Nobody moves an account while it is held."""
    ids = sorted(set(player_ids))
    if not ids:
        return {}
    return dict(prepared.run(_LOCK_PLAYERS, {"players": bigints(ids)}))


def derive(person_ids: Iterable[int], *, now: datetime) -> None:
    _call("compliance_derive_standing", person_ids, now)


def note_change(person_ids: Iterable[int], *, now: datetime) -> None:
    """Derives, and in any case makes decisions already taken about these people worthless."""
    _call("compliance_derive_standing", person_ids, now, True)


def open_declared(person_ids: Iterable[int], *, now: datetime) -> None:
    """The PAM has stated these people's restrictions; what it stated rules from here on."""
    _call("compliance_open_standing", person_ids, now)


def doubt(person_ids: Iterable[int], *, now: datetime) -> None:
    """Something about these people could not be read: unknown, hence no, until stated again."""
    _call("compliance_doubt_standing", person_ids, now)
