"""What a player asked to see about themselves: everything we hold, without the names of staff, what they noted for each
other, and other people."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.forms.models import model_to_dict

from compliance import reasons
from compliance.handouts.contents import collect, people
from compliance.models import Handout
from compliance.sealing import bundle
from players.models import Fact

_HIDDEN = frozenset({"id", "brand", "person", "is_test", "known_since"})
_README = """What {brand} holds about the player {player}, from {since:%Y-%m-%d} to {until:%Y-%m-%d}.

about-you.json      name, birth date, addresses and what was worked out from your play
what-happened.json  what your account did: registrations, logins, payments, restrictions, stages
consents.json       each yes and no to messages, with the words you were shown
messages.json       each time a message or a bonus was about to reach you, and why it did or did not
restrictions.json   limits, time-outs and exclusions
registers.json      when a national register was asked about you, and its answer

Times are in UTC; amounts are in the smallest unit of their currency. Who of the staff did what is not in here.
"""


def write(row: Handout, folder: Path, *, now: datetime) -> int:
    assert row.player is not None
    found, accounts = collect(row), list(people(row))
    _json(folder / "about-you.json", [_identity(account) for account in accounts])
    facts = Fact.objects.filter(player__in=accounts, occurred_at__gte=row.since, occurred_at__lt=row.until)
    told = [{"at": f.occurred_at, "what": f.kind, "details": f.data} for f in facts.order_by("occurred_at", "pk")]
    _json(folder / "what-happened.json", told)
    _json(folder / "consents.json", [_fields(one, "product", "channel", "granted", "wording", "screen", "occurred_at")
                                     for one in found.trails["consent"]])  # fmt: skip
    _json(folder / "messages.json", [_decision(one) for one in found.trails["decision"]])
    names = (
        "kind",
        "origin",
        "status",
        "received_at",
        "effective_at",
        "ends_at",
        "ended_at",
        "amount",
        "currency",
        "period",
    )
    _json(folder / "restrictions.json", [_fields(one, *names) for one in found.measures])
    _json(folder / "registers.json", [_fields(one, "register", "purpose", "result", "asked_at")
                                      for one in found.trails["register"]])  # fmt: skip
    words = _README.format(brand=row.brand.name, player=row.player.external_id, since=row.since, until=row.until)
    (folder / "README.txt").write_text(words, encoding="utf-8")
    bundle.manifest(folder, {"export": row.pk, "kind": row.kind, "left_out": ["staff", "notes", "others"]}, now=now)
    return found.rows - len(found.trails["audit"]) + len(told)


def _identity(account: Any) -> dict[str, Any]:
    plain = {name: value for name, value in model_to_dict(account).items() if name not in _HIDDEN}
    state = getattr(account, "state", None)
    return {
        "account": plain,
        "addresses": [{"channel": c.channel, "address": c.address} for c in account.contacts.order_by("channel")],
        "worked_out": model_to_dict(state, exclude=["player", "brand"]) if state else {},
    }


def _fields(one: Any, *names: str) -> dict[str, Any]:
    return {name: getattr(one, name) for name in names}


def _decision(one: Any) -> dict[str, Any]:
    return {
        "at": one.decided_at, "by": one.channel, "purpose": one.get_purpose_display(),
        "outcome": one.get_outcome_display(), "why": reasons.sentence(one.code, "compliance"),
    }  # fmt: skip


def _json(path: Path, rows: Any) -> None:
    path.write_text(json.dumps(rows, indent=1, ensure_ascii=False, cls=DjangoJSONEncoder) + "\n", encoding="utf-8")
