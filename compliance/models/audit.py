import json

from django.conf import settings
from django.db import models


class AuditEntry(models.Model):
    """Everything a person does that matters. Append-only; the payload is canonical text, byte-exact outside."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=60, help_text="'campaign.approved', 'player.revealed', …")
    subject = models.CharField(max_length=120, help_text="'campaign:12', 'player:7'")
    reason = models.CharField(max_length=300, blank=True)
    payload = models.TextField(default="{}")

    class Meta:
        indexes = [
            models.Index(fields=["subject", "-at"], name="audit_by_subject"),
            models.Index(fields=["-at"], name="audit_newest"),
        ]

    @property
    def what(self) -> str:
        """'campaign.submitted' -> 'Campaign submitted'."""
        return self.kind.replace(".", " ").replace("_", " ").capitalize()

    @property
    def about(self) -> str:
        return self.subject.replace(":", " ")

    @property
    def change(self) -> str:
        """The payload as 'status: draft → submitted, version: 1'; the exact text stays in `payload`."""
        told = json.loads(self.payload)
        before, after = told.get("before") or {}, told.get("after") or {}
        return ", ".join(
            f"{name.replace('_', ' ')}: {_word(before[name])} → {_word(after.get(name))}"
            if name in before and before[name] != after.get(name)
            else f"{name.replace('_', ' ')}: {_word(after.get(name))}"
            for name in sorted({*before, *after})
        )


def _word(value: object) -> str:
    """One value of a change; what is gone or empty is a dash."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "–" if value is None or value == "" else str(value)[:80]
