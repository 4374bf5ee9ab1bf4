"""The birth date a decision was made by, sealed under the player's own key.

A decision keeps all it rests on, for ever, in a chain from which nothing can be taken. What names a human in it is the
birth date alone: it is stored sealed, beside the dossier, and read again with the player's key while there is one. Once
the player is erased the decision, its reasons and its proof stay, and nobody can tell the birth date.
"""

from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from compliance.dossier import Dossier
from compliance.models import Decision
from compliance.persons.sealing import keys_of, seal, unseal


def withhold(rows: Sequence[dict[str, Any]]) -> None:
    """Of decisions about to be written: {'player_id': …, 'inputs': {'dossier': …, …}}. One query."""
    naming = [row for row in rows if "birth_date" in row["inputs"]["dossier"]]
    keys = keys_of(row["player_id"] for row in naming) if naming else {}
    sealed: dict[int, str] = {}
    for row in naming:
        pk, dossier = row["player_id"], dict(row["inputs"]["dossier"])
        born = dossier.pop("birth_date")
        row["inputs"] = row["inputs"] | {"dossier": dossier}
        if pk in keys:
            if pk not in sealed:
                sealed[pk] = b64encode(seal(str(born), keys[pk], _about(pk))).decode()
            row["inputs"]["born"] = sealed[pk]


def known_of(decision: Decision) -> dict[str, Any]:
    """The dossier as it was judged. Raises Unreadable when the birth date was erased since."""
    return _opened(decision, keys_of([decision.player_id]) if "born" in decision.inputs else {})


def dossier_of(decision: Decision) -> Dossier:
    """The same, read."""
    return Dossier.from_snapshot(known_of(decision))


def dossiers_of(decisions: Iterable[Decision]) -> Iterator[tuple[Decision, Dossier | None]]:
    """The same for many, a query for each 500; None where it was erased."""
    rest = iter(decisions)
    while part := list(islice(rest, 500)):
        keys = keys_of(decision.player_id for decision in part)
        for decision in part:
            try:
                yield decision, Dossier.from_snapshot(_opened(decision, keys))
            except (KeyError, TypeError, ValueError):  # Unreadable is one: whatever it is, nobody can tell
                yield decision, None


def without_birth(decision: Decision) -> Dossier:
    """What can be told whether it was erased or not."""
    return Dossier.from_snapshot(decision.inputs["dossier"])


def _opened(decision: Decision, keys: dict[int, bytes]) -> dict[str, Any]:
    stored: dict[str, Any] = decision.inputs["dossier"]
    if born := decision.inputs.get("born"):
        pk = decision.player_id
        return stored | {"birth_date": unseal(b64decode(born), keys.get(pk), _about(pk))}
    return stored


def _about(player_id: int) -> str:
    return f"birth:{player_id}"
