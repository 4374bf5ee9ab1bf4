"""Everything kept of one player, in a form in which two players can be compared."""

from typing import Any

from django.apps import apps
from django.db import connection

from compliance.models import Measure, Standing
from players.models import Player

# What says who, which row and when it was written, not what happened.
_OWN = {
    "id", "player", "player_id", "person", "person_id", "recorded_at", "received_at", "created_at", "updated_at", "key",
    "digest", "event_id", "feed", "feed_id", "next_check_at", "source", "fact", "fact_id", "cause_id", "told_by",
    "told_by_id", "round", "round_ref",
}  # fmt: skip
_NOT_STATE = {"Event", "Waiting", "Quarantine", "BaselineName", "SubjectKey"}


def all_of(player: Player) -> dict[str, list[str]]:
    """Model -> its rows about the player, sorted."""
    found = {}
    for model in apps.get_models():
        if model._meta.app_label not in ("players", "compliance") or model.__name__ in _NOT_STATE:
            continue
        names = {field.name for field in model._meta.get_fields() if field.concrete}
        if "player" in names:
            rows = model._default_manager.filter(player=player)
            kept = sorted(_words(row, player) for row in rows.values())
            if kept:
                found[model.__name__] = kept
    found["DailyActivity"] = _daily(player)
    return found


def _daily(player: Player) -> list[str]:
    with connection.cursor() as db:
        db.execute("SELECT * FROM players_dailyactivity WHERE player_id = %s", [player.pk])
        names = [column[0] for column in db.description]
        rows = [dict(zip(names, row, strict=True)) for row in db.fetchall()]
    return sorted(_words(row, player) for row in rows)


def _words(row: dict[str, Any], player: Player) -> str:
    """The row in a form that can be compared; keys of facts in it name the player."""
    return str({k: v for k, v in row.items() if k not in _OWN}).replace(f":{player.pk}:", ":who:")


def standing_of(player: Player) -> dict[str, Any]:
    row = Standing.objects.filter(person=player.person_id).values("verdict", "promotions_ok", "bonuses_ok").get()
    kinds = sorted(Measure.objects.filter(person=player.person_id).values_list("kind", "status"))
    profile = Player.objects.filter(pk=player.pk).values(
        "first_name", "last_name", "birth_date", "country", "language", "currency", "registered_at", "status", "kyc",
        "affiliate", "is_test",
    ).get()  # fmt: skip
    return row | profile | {"measures": kinds}
