"""What came of an export: its file, what has to be known of it, and its end."""

import csv
import hashlib
import io
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from compliance import audit, gate, reasons
from compliance.models import Decision, Operator
from compliance.models.decision import Purpose
from config.lib.spreadsheet import safe
from players.models import Player
from segments.models import Export
from segments.reading import criteria_now
from segments.sizes import SMALL
from segments.stating import in_words, question

CHUNK = 500
COLUMNS = ("player", "address", "first_name", "language", "country", "decision")


def as_csv(lines: Iterable[Sequence[Any]]) -> bytes:
    """No cell of it is run by a spreadsheet."""
    return _table([safe(cell) for cell in line] for line in lines)


def _table(lines: Iterable[Sequence[str]]) -> bytes:
    """As they are: what was made safe once must not be made safe twice."""
    out = io.StringIO()
    csv.writer(out).writerows(lines)
    return out.getvalue().encode()


def line_of(export: Export, player: Player, address: str, decision: int | None) -> list[Any]:
    """An ad network gets what it matches by, and nothing it could learn who that is from."""
    if export.is_hashed:
        return ["", hashlib.sha256(address.encode()).hexdigest(), "", "", "", decision]
    return [player.external_id, address, player.first_name, player.language, player.country, decision]


def requests(export: Export, player_ids: Sequence[int]) -> list[gate.Request]:
    criteria = criteria_now([export.segment])[export.segment_id]
    asked = question(export.told, gate.Request(
        player_id=0, purpose=Purpose(export.purpose), channel=export.channel, products=frozenset(export.products),
        criteria=criteria, reference="",
    ))  # fmt: skip
    return [
        replace(asked, player_id=player_id, reference=f"export:{export.pk}:{player_id}") for player_id in player_ids
    ]


def path_of(export: Export) -> Path:
    """In the data directory, readable by us alone, under a name nobody chose."""
    folder: Path = settings.DATA_DIR / "exports"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{export.token}.csv"
    if not path.exists():
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
    return path


def is_there(export: Export, *, now: datetime) -> bool:
    return export.status == Export.Status.READY and export.purged_at is None and now < export.expires_at


def download(export: Export, by: Operator, *, now: datetime) -> Iterator[bytes]:
    """The file, five hundred lines at a time, without those whom the gate would refuse by now. Read to its end, which
    list it was is kept (X-07): told by the names on it, in order, as of a list that was cleared from outside."""
    names: list[str] = []
    with open(path_of(export), encoding="utf-8", newline="") as file:
        lines = csv.reader(file)
        yield _table([next(lines)])
        while batch := list(islice(lines, CHUNK)):
            may = _still(export, batch, now)
            left = [line for line in batch if line[-1] in may]
            names += [line[0] for line in left]
            yield _table(left)
    after = {"export": export.pk, "rows": len(names), "list_sha256": fingerprint(names)}
    with transaction.atomic():
        audit.record(by, "segment.export_handed_over", f"segment:{export.segment_id}", brand=export.segment.brand_id,
                     reason=export.reason, after=after)  # fmt: skip


def fingerprint(names: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(sorted(names)).encode()).hexdigest()


def _still(export: Export, batch: Sequence[Sequence[str]], now: datetime) -> set[str]:
    """The decisions that would be the same. Quiet hours and pressure were counted when they were made; what protects
    a player counts now as well."""
    owners = dict(Decision.objects.filter(pk__in=[line[-1] for line in batch]).values_list("pk", "player_id"))
    answers = gate.preview(requests(export, sorted(owners.values())), now=now)
    fine = {one.request.player_id for one in answers if one.allowed or reasons.kind(one.code) == "caps"}
    return {str(pk) for pk, player_id in owners.items() if player_id in fine}


def summary(export: Export) -> dict[str, str]:
    """class in words -> how many. Of the protected never a small number, nor one that others give away."""
    found: Counter[str] = Counter(export.left_out)
    words = {"consent": "no consent", "protected": "protected", "address": "no working address",
             "caps": "quiet hours, or written to often enough",
             "offer": "what is offered or said is not allowed", "other": "could not be decided"}  # fmt: skip
    if found["protected"] < SMALL:
        found["consent"] += found.pop("protected", 0)
        words["consent"] = "no consent, or protected"
        if found["consent"] < SMALL:
            total = f"< {SMALL}" if sum(found.values()) < SMALL else f"{sum(found.values()):,}"
            return {"left out altogether": f"{total}; {words['offer']}" if found["offer"] else total}
    return {words[name]: f"{count:,}" for name, count in sorted(found.items()) if count or name == "consent"}


def manifest(export: Export) -> dict[str, Any]:
    """What has to be known of the file, beside it: a table stays a table."""
    return {
        "file": f"{export.name}.csv",
        "columns": list(COLUMNS),
        "rows_at_most": export.rows,
        "left_out": summary(export),
        "brand": export.segment.brand.name,
        "segment": export.segment.name,
        "version": export.version.number,
        "rule": export.version.sentence,
        "selected_by": export.version.criteria,
        "channel": export.channel,
        "address": "SHA-256 of the e-mail address, lower case" if export.is_hashed else "as the player gave it",
        "purpose": export.purpose,
        "about": export.products,
        "says": in_words(export.told),
        "told": export.told,
        "for": export.reason,
        "asked_by": export.operator.name,
        "asked_at": export.created_at.isoformat(),
        "use_before": export.expires_at.isoformat(),
        "note": "For this channel, this purpose, these products and what it says here only. Restrictions and withdrawn consents after the download are not in it.",
    }


def purge(*, now: datetime) -> int:
    """Deletes the files whose decisions are too old, and those of failed exports. How many."""
    late = Export.objects.filter(status=Export.Status.RUNNING, expires_at__lte=now)
    late.update(status=Export.Status.FAILED, error="It took longer than its decisions hold.", finished_at=now)
    over = Q(expires_at__lte=now) | Q(status=Export.Status.FAILED)
    due = list(Export.objects.filter(over, purged_at=None).order_by("pk")[:100])
    for one in due:
        path_of(one).unlink(missing_ok=True)
        Export.objects.filter(pk=one.pk).update(purged_at=now)
    return len(due)
