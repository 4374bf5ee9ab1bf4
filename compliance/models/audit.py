import json
import re
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from compliance.models.sealing import SealedField
from config.lib.money import Money

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)")


class AuditEntry(models.Model):
    """Everything a person does that matters. Append-only; the payload is canonical text, byte-exact outside."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=60, help_text="'campaign.approved', 'player.revealed', …")
    subject = models.CharField(max_length=120, help_text="'campaign:12', 'player:7'")
    brand = models.ForeignKey(
        "players.Brand", null=True, on_delete=models.PROTECT, related_name="+", db_index=False,
        help_text="Whose officers may read it. Empty: it concerns several, only who sees every brand may.",
    )  # fmt: skip
    reason = models.CharField(max_length=300, blank=True)
    payload = models.TextField(default="{}")
    xid = SealedField()

    PROBED = "clearances.amounts_refused"  # see compliance.probing

    class Meta:
        indexes = [
            models.Index(fields=["brand", "-at"], condition=Q(kind="clearances.amounts_refused"), name="audit_probed"),
            models.Index(fields=["subject", "-at"], name="audit_by_subject"),
            models.Index(fields=["-at"], name="audit_newest"),
            models.Index(fields=["brand", "-at"], name="audit_by_brand"),
            models.Index(fields=["xid", "id"], name="audit_sealing"),
        ]

    @property
    def what(self) -> str:
        """'campaign.submitted' -> 'Campaign submitted'."""
        return _SAID.get(self.kind) or self.kind.removeprefix("rg.").replace(".", " ").replace("_", " ").capitalize()

    @property
    def about(self) -> str:
        words = self.subject.replace(":", " ").replace("-", " ")
        return words[:1].upper() + words[1:]

    @property
    def fields(self) -> list[tuple[str, str, str]]:
        """(what, before, after) of everything the payload tells."""
        return [(name, before, after) for name, before, after, _ in self._told()]

    @property
    def change(self) -> str:
        """The payload as 'status: draft → submitted, version: 1'; the exact text stays in `payload`."""
        return ", ".join(
            f"{name}: {before} → {after}" if was and before != after else f"{name}: {after}"
            for name, before, after, was in self._told()
        )

    def _told(self) -> list[tuple[str, str, str, bool]]:
        """(what, before, after, whether it was there before)"""
        told = json.loads(self.payload)
        before, after = _with_money(told.get("before") or {}), _with_money(told.get("after") or {})
        return [
            (name.replace("_", " "), _word(before.get(name)), _word(after.get(name)), name in before)
            for name in sorted({*before, *after})
        ]


# Where the two words of a kind do not make a sentence.
_SAID = {
    "case.call": "Case: call or chat", "case.outreach": "Case: message sent", "case.not_done": "Case: not contacted",
    "case.contest": "Case: player objects", "case.answer": "Case: objection answered", "case.lift_asked": "Case: asks to lift a restriction",
    "case.lift_answer": "Case: request to lift decided", "case.note": "Case: note",
    "case.review": "Case: reviewed", "case.restriction": "Case: restriction set", "case.level_asked": "Case: lower level asked",
    "case.level_lowered": "Case: level lowered", "case.level_declined": "Case: level not lowered", "player.link_proposed": "Perhaps one person", "player.joined": "One person",
    "player.kept_apart": "Different people", "export.statement": "Coverage statement taken", "rg.self_excluded": "Self-exclusion", "rg.time_out": "Time-out",
    "rg.lifted": "Restriction lifted", "rg.baseline": "Restrictions told", "rg.announced": "Restriction announced", "operator.logged_in": "Logged in", "operator.logged_out": "Logged out",
}  # fmt: skip


def _with_money(told: dict[str, Any]) -> dict[str, Any]:
    """Minor units beside their currency become one amount that can be read."""
    if isinstance(told.get("amount"), int) and told.get("currency"):
        rest = {name: value for name, value in told.items() if name != "currency"}
        return {**rest, "amount": Money(told["amount"], told["currency"])}
    return told


def _word(value: object) -> str:
    """One value of a change; what is gone or empty is a dash."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return ", ".join(f"{name.replace('_', ' ')} {_word(one)}" for name, one in value.items())
    if isinstance(value, str) and _MOMENT.fullmatch(value):
        return f"{datetime.fromisoformat(value):%-d %b %Y %H:%M:%S} UTC"
    return "–" if value is None or value == "" else str(value)[:80]
