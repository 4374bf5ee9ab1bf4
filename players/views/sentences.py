"""What a line of the timeline says: sentences, not codes.

One line = when, kind (for the chips), icon, sentence, and where the name leads.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import NoReverseMatch, reverse

from config.lib.money import Money
from players.models import Category, Fact, Payment, Player, Session, StageChange
from players.views.masks import without_amount


@dataclass(frozen=True)
class Line:
    at: datetime
    group: str
    icon: str
    text: str
    href: str = ""
    link: str = ""  # the words that lead to href
    tone: str = ""
    extra: str = ""


GROUPS = {
    "money": "Money",
    "play": "Play",
    "messages": "Messages",
    "bonuses": "Bonuses",
    "stage": "Stage",
    "journey": "Journeys & segments",
    "protection": "Protection",
    "staff": "Account & staff",
}

_PAID = {
    "requested": "{} of {}{} requested",
    "approved": "{} {}{}",
    "rejected": "{} of {}{} declined",
    "cancelled": "{} of {}{} cancelled",
    "rolled_back": "{} of {}{} rolled back",
    "charged_back": "{} of {}{} charged back",
}


def payment_line(payment: Payment, currency: str) -> Line:
    amount = Money(payment.amount, currency)
    deposit = payment.direction == Payment.Direction.DEPOSIT
    word = ("Deposited" if deposit else "Withdrew") if payment.status == "approved" else payment.get_direction_display()
    by = f" by {payment.method.replace('_', ' ')}" if payment.method else ""
    text = _PAID[payment.status].format(word, amount, by)
    if payment.reason:
        text += f": {payment.reason.replace('_', ' ')}"
    tone = {"approved": "green" if deposit else "", "rejected": "red"}.get(payment.status, "")
    return Line(payment.occurred_at, "money", "arrow-down" if deposit else "arrow-up", text, tone=tone)


def session_line(session: Session, played: dict[str, int] | None, currency: str) -> Line:
    what = session.game.title if session.game else Category(session.category).label.lower()
    minutes = max(1, round(session.seconds / 60))
    text = f"Played {what} for {minutes} min"
    extra = ""
    if played and played["rounds"]:
        staked = played["stake_real"] + played["stake_bonus"]
        unit = "bet" if session.category == Category.SPORTS else "round"
        times = f"{played['rounds']} {unit}{'' if played['rounds'] == 1 else 's'}"
        extra = f"{times}, staked {Money(staked, currency)}, {_result(played['win'] - staked, currency)}"
    return Line(session.ended_at, "play", "device-gamepad-2", text, extra=extra)


def _result(net: int, currency: str) -> str:
    """What the session came to, for the player."""
    if net == 0:
        return "came out even"
    return f"{'won' if net > 0 else 'lost'} {Money(abs(net), currency)}"


def stage_line(change: StageChange, sees_money: bool) -> Line:
    return Line(
        change.at, "stage", "status-change", f"{change.get_before_display()} → {change.get_after_display()}",
        extra=change.cause if sees_money else without_amount(change.cause),
    )  # fmt: skip


def fact_line(fact: Fact, player: Player) -> Line:
    head = fact.kind.partition(".")[0]
    speak = _SPEAKERS.get(fact.kind) or _SPEAKERS.get(head) or _plain
    return speak(fact, player)


def _line(fact: Fact, group: str, icon: str, text: str, target: tuple[Any, ...] | None = None, name: str = "") -> Line:
    href = ""
    if target and all(target):
        try:
            href = reverse(target[0], args=target[1:])
        except NoReverseMatch:
            href = ""
    return Line(fact.occurred_at, group, icon, text, href, name)


def _plain(fact: Fact, player: Player) -> Line:
    return _line(fact, "staff", "point", fact.kind.replace(".", ": ").replace("_", " ").capitalize())


def _registered(fact: Fact, player: Player) -> Line:
    via = player.affiliate or player.acquisition_channel
    return _line(fact, "staff", "user-plus", f"Registered{f' through {via}' if via else ''}")


def _login(fact: Fact, player: Player) -> Line:
    device = fact.data.get("device")
    return _line(fact, "play", "login", f"Logged in{f' on {device}' if device else ''}")


def _logout(fact: Fact, player: Player) -> Line:
    return _line(fact, "play", "logout", "Logged out")


def _kyc(fact: Fact, player: Player) -> Line:
    words = dict(Player.Kyc.choices).get(fact.data.get("status", ""), "changed")
    level, reason = fact.data.get("level"), fact.data.get("reason")
    text = f"Identity check (KYC): {words.lower()}{f', {level}' if level else ''}{f': {reason}' if reason else ''}"
    return _line(fact, "staff", "id", text)


def _account(fact: Fact, player: Player) -> Line:
    words = {"blocked": "Account blocked", "closed": "Account closed", "unblocked": "Account opened again"}
    reason = fact.data.get("reason")
    text = words[fact.kind.partition(".")[2]] + (f": {reason}" if reason else "")
    return _line(fact, "staff", "lock", text)


def _tagged(fact: Fact, player: Player) -> Line:
    told = [f"+ {tag}" for tag in fact.data.get("add", [])] + [f"− {tag}" for tag in fact.data.get("remove", [])]
    return _line(fact, "staff", "tag", f"Tags: {', '.join(told)}")


def _custom(fact: Fact, player: Player) -> Line:
    name = fact.kind.partition(".")[2].replace("_", " ").capitalize()
    said = ", ".join(f"{key.replace('_', ' ')}: {'–' if value is None else value}" for key, value in fact.data.items())
    return Line(fact.occurred_at, "staff", "bolt", name, extra=said)


def _consent(fact: Fact, player: Player) -> Line:
    gave = "Agreed to" if fact.data.get("granted") else "Withdrew consent to"
    channel = {
        "email": "e-mail", "sms": "SMS", "push": "push", "onsite": "on-site messages", "phone": "phone calls",
        "post": "post", "social": "direct messages", "affiliate": "messages of affiliates", "ads": "matched ads",
    }  # fmt: skip
    where = channel.get(fact.data.get("channel", ""), "messages")
    return _line(fact, "messages", "rubber-stamp", f"{gave} {where} about {fact.data.get('product', 'products')}")


def _segment(fact: Fact, player: Player) -> Line:
    verb = "Entered segment" if fact.kind.endswith("entered") else "Left segment"
    target = ("segments:detail", fact.data.get("segment_id"))
    return _line(fact, "journey", "filter", verb, target, fact.data.get("name", ""))


def _bonus(fact: Fact, player: Player) -> Line:
    words = {"granted": "Bonus given", "completed": "Bonus turned real", "lost": "Bonus played to zero"}
    word = fact.kind.partition(".")[2].replace("_", " ")
    text = words.get(word, f"Bonus {word}")
    return _line(fact, "bonuses", "gift", text, ("bonuses:grant", fact.data.get("grant_id")), _named(fact))


def _message(fact: Fact, player: Player) -> Line:
    target = ("campaigns:message", player.pk, fact.data.get("delivery_id"))
    channel = {"email": "by e-mail", "onsite": "on site", "sms": "by SMS", "push": "by push", "phone": "by phone"}
    sent = fact.kind == "message.sent"
    how = channel.get(fact.data.get("channel", ""), "")
    text = f"Sent {how}:" if sent else f"Not sent {how}:"
    return _line(fact, "messages", "mail-check" if sent else "mail-off", text, target, _named(fact))


def _journey(fact: Fact, player: Player) -> Line:
    word = fact.kind.partition(".")[2].replace("_", " ")
    target = ("campaigns:detail", fact.data.get("campaign_id"))
    reason = fact.data.get("reason") or fact.data.get("why")
    return _line(fact, "journey", "route", f"Journey {word}{f': {reason}' if reason else ''}", target, _named(fact))


def _protection(fact: Fact, player: Player) -> Line:
    """Only compliance gets these lines at all; the details are on the Protection tab."""
    words = {
        "rg.limit_set": "Limit set",
        "rg.limit_removed": "Limit removed",
        "rg.time_out": "Time-out (cooling-off break) started",
        "rg.self_excluded": "Self-excluded",
        "rg.blocked": "Promotions or bonuses blocked",
        "rg.lifted": "Restriction lifted",
        "rg.announced": "The PAM announced a change of restrictions: protected until it tells which",
        "rg.baseline": "The PAM stated that there is no restriction",
        "rg.register_checked": "Self-exclusion register asked",
        "rg.person_joined": "Found to be one person with another account",
        "rg.person_separated": "Separated from the other accounts: another person",
        "rg.limit_reached": "Ran into a limit",
        "rg.reality_check": "Shown how long they have been playing",
        "rg.contact": "Spoke to support",
        "rg.tool_viewed": "Opened a tool to manage their play",
        "rg.risk_scored": "Scored by a detector outside",
        "rg.medium_signs": "Medium signs of harm: no bonus",
        "rg.strong_signs": "Strong signs of harm: promotions and bonuses stopped",
        "rg.review_due": "Six months since the player looked at their limits",
        "rg.signs_reviewed": "Level of harm lowered after review",
    }
    text = words.get(fact.kind, "Restriction changed")
    amount, currency = fact.data.get("amount"), fact.data.get("currency")
    if fact.kind == "rg.limit_set" and amount and currency and "session" not in str(fact.data.get("kind")):
        kind = str(fact.data.get("kind", "limit")).replace("_", " ")
        text = f"Set a {kind} of {Money(int(amount), currency)} per {fact.data.get('period', 'period')}"
    return _line(fact, "protection", "shield", text)


def _named(fact: Fact) -> str:
    return str(
        fact.data.get("name")
        or fact.data.get("template")
        or fact.data.get("subject")
        or fact.data.get("campaign")
        or ""
    )


_SPEAKERS: dict[str, Callable[[Fact, Player], Line]] = {
    "player.registered": _registered,
    "player.login": _login,
    "player.logout": _logout,
    "player.kyc": _kyc,
    "player.blocked": _account,
    "player.closed": _account,
    "player.unblocked": _account,
    "player.tagged": _tagged,
    "custom": _custom,
    "player.opening": lambda fact, player: _line(fact, "staff", "file-import", "Came in from a file"),
    "player.history": lambda fact, player: _line(fact, "play", "file-import", "Play from before the feed, from a file"),
    "player.identified": lambda fact, player: _line(fact, "staff", "id", "Identity details told"),
    "player.updated": lambda fact, player: _line(fact, "staff", "edit", "Details updated"),
    "player.erased": lambda fact, player: _line(fact, "staff", "eye-off", "Who this account belonged to was erased"),
    "player.revealed": lambda fact, player: _line(fact, "staff", "eye", "Contact details revealed"),
    "consent.changed": _consent,
    "consent.announced": lambda fact, player: _line(
        fact, "messages", "rubber-stamp", "Consents changed, not told yet: none counts until they are"
    ),
    "segment": _segment,
    "bonus": _bonus,
    "message": _message,
    "journey": _journey,
    "rg": _protection,
}
