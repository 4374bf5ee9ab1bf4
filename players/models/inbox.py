from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from config.lib.secrecy import SealedBytes


class Event(models.Model):
    """The inbox: one row per accepted event, partitioned by the day it was received, kept ~14 days.

    Written once and never again: what is still to fold stands in Waiting. Database primary key is
    (id, received_at); unique (feed, event_id, received_at::day partition).
    """

    id = models.BigAutoField(primary_key=True)
    feed = models.ForeignKey("players.Feed", on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    event_id = models.CharField(max_length=100)
    kind = models.CharField(max_length=40)
    player = models.ForeignKey("players.Player", on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    occurred_at = models.DateTimeField()
    received_at = models.DateTimeField()
    digest = models.BinaryField(
        max_length=16, help_text="Of the canonical body: same id with another digest is a conflict."
    )
    body = models.JSONField()
    # Backfill updates state but fires nothing: history must not send messages.
    is_replay = models.BooleanField(default=False)


class Waiting(models.Model):
    """An event still to be folded, by the id of its inbox row; gone in the transaction that folds it.

    A narrow queue beside the inbox: a mark on the wide, thrice indexed row itself was a tenth of the fold.
    """

    id = models.BigIntegerField(primary_key=True)
    received_at = models.DateTimeField()
    feed = models.ForeignKey(
        "players.Feed", on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    player = models.ForeignKey(
        "players.Player", on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )


class Quarantine(models.Model):
    """Something received that could not be applied, kept whole, with the reason and where in it."""

    feed = models.ForeignKey("players.Feed", on_delete=models.CASCADE, related_name="quarantine")
    received_at = models.DateTimeField()
    event_id = models.CharField(max_length=100, blank=True)
    kind = models.CharField(max_length=40, blank=True)
    player = models.ForeignKey("players.Player", null=True, on_delete=models.SET_NULL, related_name="+")
    external_id = models.CharField(
        max_length=64, blank=True, help_text="The player named in it: when they register, what waits is applied."
    )
    raw = SealedBytes(use="quarantine", help_text="The bytes as received, sealed: a national id may be among them.")
    shape = models.CharField(max_length=40, blank=True, help_text="How to read them; empty = our own format.")
    reason = models.CharField(max_length=40, help_text="Machine code: malformed, unknown_player, conflict, …")
    pointer = models.CharField(max_length=200, blank=True, help_text="JSON pointer to the offending value.")
    detail = models.CharField(max_length=500, help_text="In words, what is wrong and what would be right.")
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolution = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["feed", "-received_at"], name="quarantine_newest"),
            models.Index(fields=["external_id"], condition=models.Q(resolved_at=None), name="quarantine_waiting"),
        ]


class ReplayRun(models.Model):
    """Somebody asked to try a filtered part of the quarantine again; done in batches, in the order of receipt."""

    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    feeds = ArrayField(models.BigIntegerField())
    kind = models.CharField(max_length=40, blank=True)
    reason = models.CharField(max_length=40, blank=True)
    since = models.DateTimeField(null=True)
    total = models.IntegerField(help_text="How many there were when it was asked for.")
    through = models.BigIntegerField(help_text="What came into quarantine later is not part of it.")
    cursor = models.BigIntegerField(default=0)
    tried = models.IntegerField(default=0)
    applied = models.IntegerField(default=0)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["id"], condition=models.Q(finished_at=None), name="replay_unfinished")]
