"""The engine room: what an administrator sets up, and read-only browsers of what happened."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from players.models import (
    Brand,
    DropFile,
    Event,
    Fact,
    Feed,
    Fetch,
    Game,
    Licence,
    OperatorApi,
    Origin,
    Owed,
    Payment,
    StageChange,
)  # fmt: skip


@admin.register(Licence)
class LicenceAdmin(admin.ModelAdmin):
    list_display = ["jurisdiction", "licensee", "number"]


@admin.register(Brand)
class BrandAdmin(admin.ModelAdmin):
    """After a change of zone, day start or thresholds run `manage.py rebuild_state`."""

    list_display = ["name", "licence", "currency", "timezone", "day_start_hour"]
    readonly_fields = ["window_day"]


@admin.register(Game)
class GameAdmin(admin.ModelAdmin):
    list_display = ["title", "category", "provider", "rtp"]
    list_filter = ["category", "provider"]
    search_fields = ["title", "external_id"]


class ReadOnlyAdmin(admin.ModelAdmin):
    """History is looked at, never edited. No counting: these tables are long."""

    show_full_result_count = False
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Feed)
class FeedAdmin(ReadOnlyAdmin):
    list_display = ["brand", "name", "freshness", "freshness_since", "last_event_at", "heartbeat_at"]


@admin.register(OperatorApi)
class OperatorApiAdmin(admin.ModelAdmin):
    """Where a feed's announcements are followed up. The key itself is set in the environment of the worker."""

    list_display = ["feed", "base_url", "key_name", "per_second", "answered_at", "trouble"]
    readonly_fields = ["room", "room_at", "paused_until", "failures", "answered_at", "trouble"]


@admin.register(Origin)
class OriginAdmin(admin.ModelAdmin):
    """Which brand an origin in a payload means, per feed whose key it comes with."""

    list_display = ["entry", "origin", "feed"]


@admin.register(Fetch)
class FetchAdmin(ReadOnlyAdmin):
    list_display = ["id", "feed", "external_id", "what", "owed_since", "due_at", "tries", "trouble"]
    search_fields = ["=external_id"]


@admin.register(DropFile)
class DropFileAdmin(ReadOnlyAdmin):
    list_display = ["id", "feed", "name", "status", "line", "accepted", "duplicate", "quarantined", "trouble"]


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    list_display = ["id", "kind", "player_id", "occurred_at", "received_at"]
    search_fields = ["=event_id"]


@admin.register(Fact)
class FactAdmin(ReadOnlyAdmin):
    list_display = ["id", "kind", "player_id", "occurred_at", "recorded_at", "is_replay"]
    search_fields = ["=key"]


@admin.register(Owed)
class OwedAdmin(ReadOnlyAdmin):
    list_display = ["id", "reaction", "fact_id", "due_at", "tries", "error"]


@admin.register(Payment)
class PaymentAdmin(ReadOnlyAdmin):
    list_display = ["id", "player_id", "payment_id", "direction", "status", "amount", "occurred_at"]
    search_fields = ["=payment_id"]


@admin.register(StageChange)
class StageChangeAdmin(ReadOnlyAdmin):
    list_display = ["id", "player_id", "before", "after", "at", "cause"]
