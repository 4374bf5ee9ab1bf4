"""Hot players for a race, and libpq addresses for the processes that run it."""

import psycopg
from django.db import connections

from tests import cast
from tests.hammer.race import People


def address(alias: str) -> str:
    wanted = {"dbname", "user", "password", "host", "port"}
    given = connections[alias].get_connection_params()
    return psycopg.conninfo.make_conninfo(**{name: given[name] for name in wanted if given.get(name)})


def make(count: int) -> People:
    players = [cast.make_player(cast.northlight(), register=None, consents=("casino/email",)) for _ in range(count)]
    return [(player.person_id, player.pk) for player in players]
