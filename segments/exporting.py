"""Members of a segment as a file for another system, which is the one way for an address out of here but a message.

The gate is asked for every member, by name of channel and purpose, and its answers are decisions like any other:
whoever it refuses is not in the file. A decision ages: the file says until when it may be used, is deleted then, and
whoever has been refused since it was made is left out of it when it is downloaded.

Five hundred members at a time, committed together with how far the file is; killed at any moment, the next worker
goes on behind the last committed line.
"""

import secrets
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import transaction

from compliance import audit, gate, probing, reasons
from compliance.models import Operator
from compliance.models.decision import Purpose
from compliance.vocabulary import CODES, HANDED_ON
from config.lib.wake import wake, wake_on_commit
from players.imports.errors import append
from players.models import Contact, Player
from segments.exported import COLUMNS, as_csv, line_of, path_of, purge, requests
from segments.membership import members
from segments.models import Export, Segment
from segments.permitted import SEES_PROTECTION, protecting
from segments.stating import Says, in_words

log = structlog.get_logger(__name__)

CHUNK = 500
GOOD_FOR = timedelta(hours=24)
CHANNELS = {
    "email": "E-mail", "sms": "SMS", "phone": "Phone: a list to call", "affiliate": "An affiliate, by e-mail in our stead",
    "ads": "Ads matched by e-mail: hashes for an ad network",
}  # fmt: skip
# A number is a number; what an ad network or an affiliate goes by is the e-mail address.
_ADDRESS = {"phone": Contact.Channel.SMS.value} | dict.fromkeys(HANDED_ON, Contact.Channel.EMAIL.value)
# Refusals of what is offered or said, whoever it is offered to.
_OFFER = {"DENY_PURPOSE_MISMATCH", "DENY_CONTENT"}.union(*(codes for codes in CODES if "DENY_BONUS_VALUE_CAP" in codes))
# These reach protected players too, so they are an officer's to export.
_SERVICE = (Purpose.TRANSACTIONAL, Purpose.RG_OUTREACH, Purpose.REGULATORY_NOTICE, Purpose.SECURITY, Purpose.LEGAL)
_PROTECTION = (Purpose.RG_OUTREACH, Purpose.REGULATORY_NOTICE)


class CannotExport(ValueError):
    """The message says why, to whoever asked."""


def purposes(segment: Segment, operator: Operator) -> list[Purpose]:
    """What this operator may take a list of it for."""
    officer = operator.may(SEES_PROTECTION, segment.brand_id)
    if protecting([segment]):
        return list(_PROTECTION) if officer else []
    return [Purpose.PROMOTIONAL, Purpose.RESEARCH, *(_SERVICE if officer else ())]


def ask(
    segment: Segment,
    operator: Operator,
    *,
    channel: str,
    purpose: str,
    products: Sequence[str],
    reason: str,
    says: Says,
    now: datetime,
) -> Export:
    """Keeps who wants it for what; the file is written in the background. Inside atomic. Raises CannotExport."""
    if segment.status != Segment.Status.LIVE or segment.current is None:
        raise CannotExport("Only a live segment has members to export.")
    if purpose not in purposes(segment, operator):
        raise CannotExport("Your role may not take a list of this segment for that purpose.")
    if channel not in CHANNELS or not products:
        raise CannotExport("Choose a channel, and what the messages are about.")
    if purpose != Purpose.PROMOTIONAL and not says.is_neutral:
        raise CannotExport("A service message or a survey carries no offer, no ask and no pressure (X-06).")
    if purpose != Purpose.PROMOTIONAL:
        says = Says()
    export = Export.objects.create(
        segment=segment, version=segment.current, operator=operator, channel=channel, purpose=purpose,
        told=says.told(members(segment).filter(player__is_test=False).count()), products=sorted(products), reason=reason, created_at=now, expires_at=now + GOOD_FOR,
        token=secrets.token_hex(16),
    )  # fmt: skip
    after = {"channel": channel, "purpose": purpose, "products": ", ".join(export.products), "export": export.pk,
             "says": in_words(export.told)}  # fmt: skip
    audit.record(operator, "segment.export_asked", f"segment:{segment.pk}", brand=segment.brand_id, reason=reason,
                 after=after)  # fmt: skip
    wake_on_commit("segments.tasks.run_exports")
    return export


def work(*, clock: Callable[[], datetime], seconds: float = 20.0) -> int:
    """Asks on until nobody waits or `seconds` are over, and deletes what has expired; returns how many were asked."""
    until, done = time.monotonic() + seconds, 0
    purge(now=clock())
    for pk in Export.objects.filter(status=Export.Status.RUNNING).order_by("pk").values_list("pk", flat=True):
        while time.monotonic() < until and (asked := step(pk, now=clock())):
            done += asked
    if done and Export.objects.filter(status=Export.Status.RUNNING).exists():
        wake("segments.tasks.run_exports")
    return done


def step(pk: int, *, now: datetime) -> int:
    """The next members of one export, in one transaction; how many. 0: it is over, or another worker is at it."""
    try:
        with transaction.atomic():
            export = _locked(pk)
            if export is None:
                return 0
            batch = list(
                members(export.segment)
                .filter(pk__gt=export.after, player__is_test=False)
                .order_by("pk")
                .values_list("pk", "player_id")[:CHUNK]
            )
            if batch:
                _add(export, [player for _, player in batch], now)
                export.after, export.asked = batch[-1][0], export.asked + len(batch)
            else:
                _finish(export, now)
            export.save()
            return len(batch)
    except Exception:
        log.exception("export_failed", id=pk)
        words = "Something we did not expect. Nothing of it may be used; ask for the list again."
        Export.objects.filter(pk=pk).update(status=Export.Status.FAILED, error=words, finished_at=now)
        return 0


def _locked(pk: int) -> Export | None:
    rows = Export.objects.select_for_update(of=("self",), skip_locked=True).filter(status=Export.Status.RUNNING)
    return rows.select_related("segment__brand", "segment__current").filter(pk=pk).first()


def _add(export: Export, player_ids: Sequence[int], now: datetime) -> None:
    """Asks only for those who have an address: a decision about nobody's message would count as one."""
    channel = _ADDRESS.get(export.channel, export.channel)
    rows = Contact.objects.filter(player__in=player_ids, channel=channel, bounced_at=None)
    addresses = dict(rows.values_list("player_id", "normal" if export.is_hashed else "address"))
    left_out: Counter[str] = Counter(export.left_out)
    left_out["address"] += len(player_ids) - len(addresses)
    asked = requests(export, [pk for pk in player_ids if pk in addresses])
    brand_id = export.segment.brand_id
    if over := probing.exceeding(asked, brand_id, now=now):
        probing.note(over, f"segment:{export.segment_id}", brand_id, by=export.operator)
        left_out["other"] += len(over)
    answers = gate.clear_many([one for one in asked if one.player_id not in over], now=now)
    left_out.update(
        "offer" if answer.code in _OFFER else reasons.kind(answer.code) for answer in answers if not answer.allowed
    )
    allowed = {answer.request.player_id: answer.decision_id for answer in answers if answer.allowed}
    players = Player.objects.in_bulk(allowed)
    lines: list[list[Any]] = [] if export.size else [list(COLUMNS)]
    for pk, decision in allowed.items():
        one = players[pk]
        lines.append(line_of(export, one, addresses[pk], decision))
    export.left_out, export.rows = dict(left_out), export.rows + len(allowed)
    export.size = append(path_of(export), export.size, as_csv(lines))


def _finish(export: Export, now: datetime) -> None:
    if not export.size:
        export.size = append(path_of(export), 0, as_csv([list(COLUMNS)]))
    export.status, export.finished_at = Export.Status.READY, now
    after = {"export": export.pk, "rows": export.rows, "asked": export.asked}
    audit.record(export.operator, "segment.exported", f"segment:{export.segment_id}", brand=export.segment.brand_id,
                 reason=export.reason, after=after)  # fmt: skip
