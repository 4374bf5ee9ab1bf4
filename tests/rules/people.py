"""A dossier that may have everything, and requests, for rules that are tested without a database."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from compliance.asking import Request
from compliance.dossier import Dossier, Opinion, RegisterAnswer
from compliance.judging import Judgement, judge
from compliance.models.decision import Purpose

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)  # a Tuesday
ZONES = {
    "GB": "Europe/London", "SE": "Europe/Stockholm", "DE": "Europe/Berlin", "NL": "Europe/Amsterdam",
    "DK": "Europe/Copenhagen", "ES": "Europe/Madrid", "ON": "America/Toronto", "MT": "Europe/Malta",
}  # fmt: skip
REGISTERS = ("gamstop", "spelpaus", "oasis", "rofus", "rgiaj", "betguard")
_CHANNELS = ("email", "sms", "push", "onsite")


def open_dossier(jurisdiction: str = "GB", **changes: Any) -> Dossier:
    """Everything proven: the only kind of player the gate says yes to."""
    yes = Opinion(True, NOW - timedelta(days=90), "v3", "registration", "on.example")
    clear = RegisterAnswer("clear", NOW - timedelta(hours=1))
    return replace(
        Dossier(
            player_id=1, person_id=1, brand_id=1, jurisdiction=jurisdiction, licensee="Northlight Ltd",
            timezone=ZONES.get(jurisdiction, "UTC"),
            currency="GBP", birth_date=date(1985, 5, 17), kyc="verified", status="active", verdict="open",
            generation=7, promotions_ok=True, bonuses_ok=True, feed_stale=False, brand_stopped=False,
            consents={f"{product}/{channel}": yes for product in ("casino", "betting") for channel in _CHANNELS},
            registers={f"{name}/marketing": clear for name in REGISTERS} | {"cruks/login": clear}, first_played=False,
            registered_at=NOW - timedelta(days=400), in_session=False, night_play=False, net_month=0, net_loss=0, vip=False, site="on.example",
            risk="none",
        ),
        **changes,
    )  # fmt: skip


def promo(**changes: Any) -> Request:
    return replace(
        Request(
            player_id=1, purpose=Purpose.PROMOTIONAL, channel="email", products=frozenset({"casino"}),
            criteria=frozenset({"all"}), reference="c1",
        ),
        **changes,
    )  # fmt: skip


def ask(dossier: Dossier, request: Request | None = None, now: datetime = NOW) -> Judgement:
    return judge(dossier, request or promo(), now)


def codes(judgement: Judgement) -> list[str]:
    return [reason.code for reason in judgement.reasons]
