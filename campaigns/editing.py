"""Who changed what in a draft: in the audit trail, and on the version, because nobody approves their own words."""

import hashlib
from collections.abc import Mapping
from typing import Any

from django.db.models import F, Func, Model
from django.db.models.query import QuerySet
from django.forms import BaseForm

from campaigns.models import Version
from compliance import audit
from compliance.models import Operator

_LONGEST = 500


def note(
    version: Version, actor: Operator, card: str, *, before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:  # fmt: skip
    """In the transaction of the change. `card`: which one of the draft, or what was done to its cards."""
    mine = Version.objects.filter(pk=version.pk).exclude(editors__contains=[actor.pk])
    mine.update(editors=Func(F("editors"), actor.pk, function="array_append"))
    about = {"version": version.number, "card": card}
    audit.record(actor, "campaign.edited", f"campaign:{version.campaign_id}", brand=version.campaign.brand_id,
                 before=before and about | _plain(before), after=about | _plain(after or {}))  # fmt: skip


def changes(form: BaseForm) -> tuple[dict[str, Any], dict[str, Any]]:
    """(before, after) of what was filled in anew."""
    return (
        {name: form.get_initial_for_field(form.fields[name], name) for name in form.changed_data},
        {name: form.cleaned_data.get(name) for name in form.changed_data},
    )


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _word(value) for name, value in values.items()}


def _word(value: Any) -> Any:
    if isinstance(value, Model):
        return value.pk
    if isinstance(value, list | tuple | set | QuerySet):
        return [_word(one) for one in value]
    plain = value if value is None or isinstance(value, bool | int | str) else str(value)
    if isinstance(plain, str) and len(plain) > _LONGEST:  # the words themselves stand in the version
        return {"sha256": hashlib.sha256(plain.encode()).hexdigest(), "letters": len(plain)}
    return plain
