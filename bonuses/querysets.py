from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from bonuses.models import Grant


class GrantQuerySet(models.QuerySet["Grant"]):
    def open(self) -> "GrantQuerySet":
        return self.filter(status__in=self.model.OPEN)

    def lock_open(self, ids: Iterable[int]) -> list["Grant"]:
        """Open ones among these, locked in id order (the order everybody locks grants in)."""
        rows = self.open().filter(pk__in=list(ids)).select_related("player", "terms__template")
        return list(rows.select_for_update(of=("self",)).order_by("pk"))
