"""Hot players for a race, and libpq addresses for the processes that run it."""

import psycopg
from django.db import connections

from bonuses.models import Template, Terms
from campaigns.models import Delivery, Enrolment
from config.lib.clock import utcnow
from players.models import Player
from tests import cast
from tests.hammer.changing import People, Target
from tests.journey.build import simple


def address(alias: str) -> str:
    wanted = {"dbname", "user", "password", "host", "port"}
    given = connections[alias].get_connection_params()
    return psycopg.conninfo.make_conninfo(**{name: given[name] for name in wanted if given.get(name)})


def make(count: int) -> People:
    """Each with a message on its way and terms to be given a bonus under."""
    now = utcnow()
    version = simple(cast.northlight(), now, name="Hammer")
    step = version.steps.get(kind="message")
    template = Template.objects.create(brand=cast.northlight(), name="Hammer", kind="free_cash", created_at=now)
    terms = Terms.objects.create(
        template=template, version=1, currency="GBP", amount=1, expiry_days=1, product="casino", created_at=now
    )
    found = []
    for _ in range(count):
        player: Player = cast.make_player(cast.northlight(), register=None, consents=("casino/email",))
        enrolment = Enrolment.objects.create(
            campaign=version.campaign, version=version, person_id=player.person_id, player=player, entry_key="hammer",
            entered_at=now,
        )  # fmt: skip
        delivery = Delivery.objects.create(
            enrolment=enrolment, step=step, person_id=player.person_id, player=player, channel="email",
            purpose="promotional", created_at=now, due_at=now, expires_at=now,
        )  # fmt: skip
        found.append(Target(player.pk, delivery.pk, terms.pk))
    return found
