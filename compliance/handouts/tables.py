"""A regulator's file: tables for their tools, a timeline on paper, the proof of every sealed row, a signed manifest."""

import csv
import shutil
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from compliance import wordings
from compliance.handouts import paper, proofs, resting
from compliance.handouts.contents import Contents, collect
from compliance.models import Handout, Operator
from compliance.sealing import bundle, verifier
from config.lib.spreadsheet import safe

_COLUMNS: dict[str, tuple[str, ...]] = {
    "decision": ("id", "decided_at", "person_id", "player_id", "purpose", "channel", "outcome", "code", "reasons",
                 "reference", "ruleset", "retry_at"),
    "consent": ("id", "player_id", "product", "channel", "granted", "wording", "screen", "origin", "occurred_at",
                "recorded_at"),
    "register": ("id", "person_id", "player_id", "register", "purpose", "result", "asked_at", "received_at", "by",
                 "reference", "detail", "asked_with", "took_ms"),
    "audit": ("id", "at", "actor_id", "kind", "subject", "reason", "payload"),
}  # fmt: skip
More = tuple[Sequence[str], Callable[[Any], list[str]]]
_MORE: dict[str, More] = {"decision": (resting.COLUMNS, resting.on)}
_MEASURE = ("id", "player_id", "kind", "origin", "scope", "status", "requested_at", "received_at", "effective_at", "ends_at",
            "auto_renew", "ended_at", "ended_by", "amount", "currency", "period")  # fmt: skip
_README = """{name}

{kind}. Brand: {brand}. From {since:%Y-%m-%d %H:%M} to {until:%Y-%m-%d %H:%M} UTC. Asked for by {operator}: {reason}

timeline.pdf      what happened, to be read
*.csv             the same as tables; times in UTC, amounts in the smallest unit of their currency
wordings.csv      what the players saw who said yes, as recorded
people.csv        names of the staff and ids of the accounts that the tables speak of
proofs.jsonl      every sealed row as it was sealed, with what verifies it
verify.py         python3 verify.py .     needs Python and nothing else; how it works is written in it
manifest.json     hash of every file, signed

The public key of this installation: {key}
Compare it with the one you were given when the licence began, and the checkpoints with those you keep.
{unsealed} of the rows were made within the last seconds and are not sealed yet.

The birth date a decision was made by is in it sealed under the player's own key, and is read on the decision's page.
The proof says that these rows are what was recorded then. That none was left out, only the whole trail can prove:
manage.py audit export writes all of it, for the same verify.py.
"""


def write(row: Handout, folder: Path, *, now: datetime) -> int:
    found = collect(row)
    for trail, rows in found.trails.items():
        _csv(folder / f"{trail}s.csv", _COLUMNS[trail], rows, _MORE.get(trail))
    if found.measures:
        _csv(folder / "restrictions.csv", _MEASURE, found.measures)
    _wordings(row, folder, found)
    _people(folder, found)
    (folder / "timeline.pdf").write_bytes(paper.timeline(row, found, now=now))
    unsealed = proofs.write(folder, found.trails)
    bundle.declared(folder)
    shutil.copy(str(verifier.__file__), folder / "verify.py")
    (folder / "README.txt").write_text(_readme(row, unsealed), encoding="utf-8")
    about = {"export": row.pk, "kind": row.kind, "since": row.since.isoformat(), "until": row.until.isoformat(),
             "rows": found.rows, "fields": bundle.FIELDS}  # fmt: skip
    bundle.manifest(folder, about, now=now)
    return found.rows


def _readme(row: Handout, unsealed: int) -> str:
    return _README.format(
        name=row.name, kind=row.get_kind_display(), brand=row.brand.name, since=row.since, until=row.until,
        operator=row.operator.name, reason=row.reason, unsealed=unsealed, key=bundle.public_key() or "none is set",
    )  # fmt: skip


def _wordings(row: Handout, folder: Path, found: Contents) -> None:
    """What each wording said that a yes in it carries, as far as somebody has recorded it."""
    names = sorted({one.wording for one in found.trails.get("consent", ()) if one.wording})
    said = wordings.of(row.brand, names)
    with (folder / "wordings.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["wording", "words", "how_asked"])
        out.writerows([safe(name), safe(said[name].text), safe(said[name].how)] for name in names if name in said)


def _csv(path: Path, columns: Sequence[str], rows: Iterable[Any], more: More | None = None) -> None:
    """`more`: columns that are told from a row."""
    names, told = more or ((), lambda _: [])
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow([*columns, *names])
        out.writerows([cell(getattr(row, name)) for name in columns] + [cell(one) for one in told(row)] for row in rows)


def cell(value: Any) -> str:
    """No cell of it is run by a spreadsheet."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, list):
        return "; ".join(value)
    return "" if value is None else safe(value)


def _people(folder: Path, found: Contents) -> None:
    staff = {row.actor_id for row in found.trails.get("audit", ()) if row.actor_id}
    names = Operator.objects.filter(pk__in=staff).order_by("pk").values_list("pk", "name")
    accounts = {row.player_id: row.player.external_id for row in found.trails["decision"]}
    with (folder / "people.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["who", "id", "name"])
        out.writerows(["staff", pk, safe(name)] for pk, name in names)
        out.writerows(["account", pk, safe(external)] for pk, external in sorted(accounts.items()))
