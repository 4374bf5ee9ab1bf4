"""Sets up the demo's brands, operators, keys, segments and campaigns. Does nothing that is already done."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.casino.seed import seed


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: object, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Only for a demo (PITBOSS_DEMO=1): it creates operators with a known password.")
        seed(settings.DATA_DIR)
