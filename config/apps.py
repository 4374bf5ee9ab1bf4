from django.apps import AppConfig
from django.db.models.signals import post_migrate

from config.lib.grants import apply_grants


class ConfigConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        from config import checks  # noqa: F401 - registers them

        post_migrate.connect(apply_grants, dispatch_uid="config.apply_grants")
