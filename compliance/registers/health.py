"""How the registers do: counted from the answers on record, never kept."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from compliance.models import RegisterAccess
from compliance.registers.catalogue import REGISTERS
from compliance.registers.contract import Register
from players.models import Brand

_TALLY = """
    SELECT c.register, c.purpose, c.by, count(*), count(*) FILTER (WHERE c.result = 'clear'),
           count(*) FILTER (WHERE c.result = 'listed'), count(*) FILTER (WHERE c.result = 'unavailable'),
           count(*) FILTER (WHERE c.detail LIKE 'not asked%%'), max(c.asked_at),
           max(c.asked_at) FILTER (WHERE c.result <> 'unavailable'),
           percentile_disc(0.5) WITHIN GROUP (ORDER BY c.took_ms), percentile_disc(0.95) WITHIN GROUP (ORDER BY c.took_ms)
      FROM compliance_registercheck c JOIN players_player p ON p.id = c.player_id
     WHERE c.asked_at > %s AND p.brand_id = ANY (%s::bigint[]) AND NOT p.is_test
     GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""


@dataclass(frozen=True)
class Line:
    """Of 24 hours: one purpose, asked by one of us."""

    purpose: str
    by: str
    asked: int
    clear: int
    listed: int
    unavailable: int
    wrong_form: int
    newest: datetime
    newest_answer: datetime | None
    median_ms: int | None
    slow_ms: int | None

    @property
    def definite(self) -> int:
        return self.clear + self.listed

    @property
    def who(self) -> str:
        return "Pitboss" if self.by == "us" else "the PAM"


@dataclass
class Health:
    register: Register
    brands: list[str]
    accesses: list[RegisterAccess]
    lines: list[Line] = field(default_factory=list)

    def state(self, now: datetime) -> tuple[str, str]:
        """In a word, with its tone."""
        if any(access.paused_until and access.paused_until > now for access in self.accesses if access.is_on):
            return "does not answer", "red"
        if not any(line.newest_answer for line in self.lines):
            return ("no answer in 24 hours", "red") if self.lines else ("not asked in 24 hours", "yellow")
        answers = [line for line in self.lines if line.newest_answer]
        failed, asked = (
            sum(line.unavailable - line.wrong_form for line in self.lines),
            sum(line.asked for line in answers),
        )
        return ("some without an answer", "yellow") if failed * 100 > asked else ("answers", "green")


def of(brands: Iterable[Brand], *, now: datetime) -> list[Health]:
    """Of the licences of these brands, then what else was asked about."""
    brands = list(brands)
    lines: dict[str, list[Line]] = {}
    for register, *rest in _tally([brand.pk for brand in brands], now - timedelta(hours=24)):
        lines.setdefault(register, []).append(Line(*rest))
    accesses = RegisterAccess.objects.filter(licence__brands__in=brands).select_related("licence").distinct()
    found = []
    for register in REGISTERS.values():
        here = [brand.name for brand in brands if brand.licence.jurisdiction == register.jurisdiction]
        mine = [access for access in accesses if access.register == register.key]
        if here or mine or register.key in lines:
            found.append(Health(register, here, mine, lines.get(register.key, [])))
    return found


def _tally(brand_ids: list[int], since: datetime) -> list[tuple[Any, ...]]:
    with connection.cursor() as db:
        db.execute(_TALLY, [since, brand_ids])
        return db.fetchall()
