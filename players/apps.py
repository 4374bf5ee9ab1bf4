from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class PlayersConfig(AppConfig):
    name = "players"
    append_only = ("players_event", "players_fact", "players_payment", "players_roundrollback", "players_stagechange",
                   "players_person")  # fmt: skip
    kept = ("players_player",)  # who holds an account is never taken away: what is on record is of them

    def ready(self) -> None:
        post_migrate.connect(first_partitions, sender=self, dispatch_uid="players.first_partitions")


def first_partitions(using: str, **kwargs: Any) -> None:
    """The first event may arrive before the first beat."""
    from config.lib.clock import utcnow
    from players import partitions

    partitions.ensure(now=utcnow(), using=using)
