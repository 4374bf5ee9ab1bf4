"""The tour of the demo: an operator's questions, answered by pressing a button.

"Do it now" posts through the public API with the simulator's own key and then watches what Pitboss does;
a row shows only while the player or page it speaks of exists.
"""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from campaigns.models import Delivery, Enrolment
from compliance import gate
from compliance.asking import Incentive, Request
from compliance.models import Standing
from compliance.models.decision import Purpose
from compliance.reasons import sentence
from compliance.verdict import for_player
from config.casino import keys_file
from config.casino.books import Books
from config.casino.feed import Feed
from config.lib.clock import utcnow
from players.models import Player
from segments.models import Segment

PATIENCE = 5.0  # seconds we watch before saying that it is still under way


@dataclass(frozen=True)
class Row:
    key: str
    question: str
    answer: str
    see: Callable[[], tuple[str, str]]  # label, address; '' hides the link
    act: Callable[[], str] | None = None
    button: str = ""
    permission: str = ""  # of the page behind "See it"
    who: str = ""  # the player of the cast it needs


def rows(request: HttpRequest) -> list[dict[str, Any]]:
    """What works here and now."""
    known = set(
        Player.objects.filter(external_id__in=[row.who for row in ROWS if row.who]).values_list(
            "external_id", flat=True
        )
    )
    shown = [drawn(request, row) for row in ROWS if not row.who or row.who in known]
    return [one for one in shown if one["href"] or one["has_act"]]


def drawn(request: HttpRequest, row: Row, result: str = "") -> dict[str, Any]:
    """What the template gets: words only. A template calls whatever it is given, so it never gets the acts."""
    may = not row.permission or request.user.may(row.permission)  # type: ignore[union-attr]
    label, href = row.see() if may else ("", "")
    return {
        "key": row.key, "question": row.question, "answer": row.answer, "button": row.button,
        "has_act": row.act is not None, "label": label, "href": href, "result": result,
    }  # fmt: skip


# --- the way in: as the PAM would ----------------------------------------------------------------


def post(player: Player, events: Sequence[tuple[str, dict[str, object]]]) -> tuple[datetime, dict[str, Any]]:
    """Posts to /api/v1/events with the key of the player's brand; the moment of the answer and the answer."""
    keys = json.loads(keys_file(settings.DATA_DIR).read_text())
    feed = Feed(settings.PUBLIC_URL, keys, connections=1, books=Books(settings.DATA_DIR / "books"))
    try:
        bodies: list[dict[str, object]] = [
            {
                "event": kind, "event_id": f"tour-{uuid4()}", "player": player.external_id,
                "occurred_at": utcnow().isoformat(), "properties": properties,
            }
            for kind, properties in events
        ]  # fmt: skip
        answer = feed.post(player.brand.slug, bodies)
        return utcnow(), answer
    finally:
        feed.close()


def cast(external_id: str) -> Player:
    return Player.objects.select_related("brand__licence").get(external_id=external_id)


def at(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%H:%M:%S}.{moment.microsecond // 1000:03d}"


def until(done: Callable[[], Any]) -> Any:
    """What `done` finds, or None when patience ends."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if found := done():
            return found
        time.sleep(0.05)
    return None


# --- what the buttons do ---------------------------------------------------------------------------


def deposit_during_wait() -> str:
    run = _waiting()
    if run is None:
        return "Nobody waits in a journey that a deposit ends at this moment. Try again in a minute."
    player, number = run.player, f"tour-{uuid4().hex[:8]}"
    paid: dict[str, object] = {"payment_id": number, "amount": 5000, "method": "card"}
    answered, _ = post(player, [("deposit.requested", paid), ("deposit.approved", paid)])
    left = until(lambda: Enrolment.objects.filter(pk=run.pk).exclude(state=Enrolment.State.ACTIVE).first())
    name = run.version.campaign.name
    if left is None:
        return (
            f"{player.external_id} deposited at {at(answered)}; “{name}” has not been left yet: is the worker running?"
        )
    gap = (utcnow() - answered).total_seconds()  # ours: what we saw, not what a row claims
    return f"{player.external_id} deposited at {at(answered)}; {gap:.1f} s later the wait in “{name}” was over."


def _waiting() -> Enrolment | None:
    waiting = Enrolment.objects.filter(state=Enrolment.State.ACTIVE, version__goal_fact="deposit.approved")
    known = waiting.filter(due_at__gt=utcnow()).select_related("player__brand", "version__campaign").order_by("id")
    return known.filter(player__external_id="ewa").last() or known.last()


def limit() -> str:
    dev = cast("dev")
    before = Standing.objects.get(person_id=dev.person_id).generation
    answered, _ = post(dev, [("rg.limit_set", {
        "measure_id": "tour-limit", "sequence": int(time.time()), "kind": "deposit_limit", "period": "week",
        "amount": 2000, "currency": dev.currency, "origin": "player",
    })])  # fmt: skip
    standing = Standing.objects.get(person_id=dev.person_id)
    closed = at(standing.updated_at) if standing.generation > before else "already"
    offer = _ask(
        dev, "email", Incentive("free_spins", 500, dev.currency, days=7, products=frozenset({"casino"}), stake=20)
    )
    return f"Limit acknowledged {at(answered)}; the gate knew at {closed}. An offer to Dev now: {offer}."


def bonus_to_excluded() -> str:
    bo = cast("bo")
    gift = Incentive("free_cash", 1000, bo.currency, days=7, products=frozenset({"casino"}))
    return f"A bonus of 10.00 {bo.currency} for Bo: {_ask(bo, 'bonus', gift)}."


def _ask(player: Player, channel: str, incentive: Incentive) -> str:
    request = Request(
        player_id=player.pk, purpose=Purpose.PROMOTIONAL, channel=channel, products=frozenset({"casino"}),
        criteria=frozenset(), reference=f"tour:{uuid4()}", incentive=incentive,
    )  # fmt: skip
    answer = gate.preview([request], now=utcnow())[0]
    word = "allowed" if answer.allowed else "refused"
    return f"{word} ({sentence(answer.code, 'crm').lower()})"


def time_out() -> str:
    lena = cast("lena")
    ends = utcnow() + timedelta(days=1)
    answered, _ = post(lena, [("rg.time_out", {
        "measure_id": "tour-break", "sequence": int(time.time()), "ends_at": ends.isoformat(),
    })])  # fmt: skip
    now = for_player(lena, now=utcnow())
    return f"Time-out acknowledged {at(answered)}. {now.short}; it re-opens 24 h after the break ends."


def broken_event() -> str:
    _, answer = post(cast("anna"), [("deposit.approved", {"payment_id": "tour", "amount": "fifty"})])
    result = answer["results"][0]
    return f"Received 1 = applied 0 + quarantined {answer['quarantined']}: {result['detail']} ({result['pointer']})"


def straight_into_the_database() -> str:
    """What a bug or an intruder with our own rights would try."""
    bo = cast("bo")
    try:
        with transaction.atomic(), connection.cursor() as db:
            db.execute("UPDATE compliance_standing SET promotions_ok = true WHERE person_id = %s", [bo.person_id])
    except DatabaseError as error:
        return f"The database said: {str(error).splitlines()[0]}."
    return "The database let it through. It must not."


# --- where to look -----------------------------------------------------------------------------------


def _to(label: str, name: str, *args: object) -> tuple[str, str]:
    try:
        return label, reverse(name, args=args)
    except NoReverseMatch:
        return "", ""


def _player(external_id: str, tab: str, label: str) -> Callable[[], tuple[str, str]]:
    return lambda: _to(label, "players:tab", cast(external_id).pk, tab)


def _page(label: str, name: str) -> Callable[[], tuple[str, str]]:
    return lambda: _to(label, name)


def _reference_segment() -> tuple[str, str]:
    segment = Segment.objects.filter(name__icontains="silent for 14 days").order_by("id").first()
    return _to("The segment", "segments:detail", segment.pk) if segment else _to("Build it", "segments:new")


def _last_message() -> tuple[str, str]:
    sent = Delivery.objects.filter(status=Delivery.Status.SENT).order_by("-id").first()
    return _to("The newest message", "campaigns:message", sent.player_id, sent.pk) if sent else ("", "")


def _left_last() -> tuple[str, str]:
    gone = Enrolment.objects.filter(state=Enrolment.State.EXITED, goal_at__isnull=True).order_by("-ended_at")
    gone = gone or Enrolment.objects.exclude(goal_at=None).order_by("-goal_at")
    run = gone.first()
    return _to("Who left last", "players:tab", run.player_id, "timeline") if run else ("", "")


def _proof() -> tuple[str, str]:
    return _to("Nothing after, for Bo", "compliance:proof", cast("bo").pk)


ROWS = (
    Row("segment", "Show me slots players who haven't played in 14 days but whose last 5 sessions averaged over 45 minutes.",
        "Built by clicking, counted while you type; each member explained condition by condition.",
        _reference_segment, permission="segments.view"),
    Row("twins", "Two players stake 200 EUR a week. Are they the same player?",
        "No: Gil plays one long evening of slots, Hana bets every day. Sessions, categories and days tell them apart.",
        _player("gil", "play", "Gil"), permission="players.view", who="gil"),
    Row("twin", "… and the other one?", "The same 200 EUR, in a small bet every day.",
        _player("hana", "play", "Hana"), permission="players.view", who="hana"),
    Row("deposit", "A player deposits while a reactivation journey is waiting. What does he get?",
        "Nothing more: the deposit ends the journey in the middle of the wait, within the second.",
        _left_last, deposit_during_wait, "Deposit for somebody who waits", permission="players.view"),
    Row("limit", "A player sets a deposit limit this morning. What happens to this afternoon's campaign?",
        "The gate knows before the PAM has its answer; nothing promotional follows for 24 hours.",
        _player("dev", "timeline", "Dev"), limit, "Dev sets 20 GBP a week", permission="players.view", who="dev"),
    Row("excluded", "How do you stop a bonus to an excluded player?",
        "The gate refuses, and the database takes no grant without its fresh yes.",
        _player("bo", "timeline", "Bo"), bonus_to_excluded, "Offer Bo a bonus", permission="players.view", who="bo"),
    Row("database", "And if somebody goes round it, straight into the database?",
        "Our own role may not write whether a player may be contacted; it may only read it.",
        _page("Audit trail", "compliance:audit"), straight_into_the_database, "Try it", "compliance.view", who="bo"),
    Row("break", "What does a cooling-off break do?",
        "Promotions stop with the PAM's answer and re-open 24 hours after the break has ended, by themselves.",
        _player("lena", "timeline", "Lena"), time_out, "Lena takes a day off", permission="players.view", who="lena"),
    Row("proof", "Prove that nothing was sent after he excluded himself.",
        "Every decision and every try is on record; the page lists what came after the moment.",
        _proof, permission="compliance.view", who="bo"),
    Row("why", "Why did this player get this message?",
        "The message as sent, what started it, who decided, and every rule that was checked.",
        _last_message, permission="campaigns.view"),
    Row("broken", "What happens when the integration breaks?",
        "What cannot be applied is kept whole with the reason and the place in it; what depends on a silent feed pauses.",
        _page("Quarantine", "integration:quarantine"), broken_event, "Post a broken deposit", "integration.view", who="anna"),
    Row("ngr", "How does a bonus reach the financial report?",
        "Through a ledger: every figure of the NGR statement opens down to its entries.",
        _page("NGR statement", "reports:ngr"), permission="reports.view"),
)  # fmt: skip
