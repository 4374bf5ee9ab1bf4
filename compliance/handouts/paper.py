"""The timeline on paper."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from compliance import reasons
from compliance.handouts.contents import Contents
from compliance.models import AuditEntry, Decision, Handout
from compliance.models.decision import Purpose
from config.lib.paper import pdf
from config.lib.words import said

_ASKED = {"marketing": "before a mailing", "login": "at log-in"}
MOST = 1500  # lines on paper; the tables have all


class Line(NamedTuple):
    at: datetime
    what: str  # of which sort
    sentence: str
    by: str


def timeline(row: Handout, found: Contents, *, now: datetime) -> bytes:
    lines = sorted(_lines(found), key=lambda line: line.at)
    decisions = found.trails.get("decision", [])
    context = {
        "row": row, "lines": lines[-MOST:], "left_out": max(len(lines) - MOST, 0), "now": now,
        "sums": _sums(decisions), "refused": _refused(decisions),
    }  # fmt: skip
    return pdf("compliance/timeline_pdf.html", context)


def _sums(decisions: list[Decision]) -> list[tuple[str, str, int]]:
    tally = Counter((one.get_purpose_display(), one.get_outcome_display()) for one in decisions)
    return [(purpose, outcome, times) for (purpose, outcome), times in sorted(tally.items())]


def _refused(decisions: list[Decision]) -> list[tuple[str, str, int]]:
    """(rule, why, times), most first"""
    tally = Counter(reason for one in decisions for reason in one.reasons).most_common(15)
    split = [(*reason.partition(" "), times) for reason, times in tally]
    return [(rule, reasons.sentence(code, "compliance"), times) for code, _, rule, times in split]


def _lines(found: Contents) -> Iterator[Line]:
    for one in found.trails.get("decision", ()):
        kind = "Bonus" if one.channel == "bonus" else f"Message, {said(one.channel)}"
        purpose = "" if one.purpose == Purpose.PROMOTIONAL else f" ({one.get_purpose_display()})"
        rules = ", ".join(reason.partition(" ")[2] for reason in one.reasons)
        why = reasons.sentence(one.code, "compliance").removeprefix("Allowed: ").removeprefix("Later: ")
        sentence = f"{one.get_outcome_display()}{purpose}: {why}"
        yield Line(one.decided_at, f"{kind}, decision {one.pk}", sentence, rules or one.ruleset)
    for one in found.trails.get("consent", ()):
        word = {True: "Yes", False: "No", None: "Changed, not told yet"}[one.granted]
        sentence = f"{word} to {one.product} by {said(one.channel)}, words “{one.wording}” on {one.screen or 'no screen named'}"
        yield Line(one.occurred_at, "Consent", sentence, "the player")
    for one in found.trails.get("register", ()):
        yield Line(
            one.asked_at,
            "Register",
            f"{said(one.register)}: {one.get_result_display()}",
            _ASKED.get(one.purpose, one.purpose),
        )
    for one in found.trails.get("audit", ()):
        sentence = _message(one) or "; ".join(part for part in (one.reason, one.change) if part)
        yield Line(one.at, one.what, sentence, f"staff {one.actor_id}" if one.actor_id else "Pitboss")
    for one in found.measures:
        until = f" until {one.ends_at:%-d %b %Y %H:%M} UTC" if one.ends_at else ""
        yield Line(one.received_at, "Restriction", f"{one.get_kind_display()}{until}", one.get_origin_display())


def _message(one: AuditEntry) -> str:
    """What was handed over, or why not, as one sentence; '' for any other entry."""
    if one.kind not in ("message.sent", "message.refused"):
        return ""
    told = json.loads(one.payload).get("after", {})
    by = f" by decision {told['decision_id']}" if told.get("decision_id") else ""
    code = told.get("code") or ""
    why = (
        f": {reasons.sentence(code, 'compliance') if code in reasons.TEXTS else code.replace('_', ' ')}" if code else ""
    )
    return f"“{told.get('campaign', '')}”, {said(told.get('channel', ''))}{by}{why}"
