"""What Olivia and Oskar have done by the time somebody looks: cases taken, players called, a level asked to be lowered."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction

from compliance import erasing, retention, wordings
from compliance.cases import reviewing, working
from compliance.markers import sweeping
from compliance.models import Case, Interaction, Level, Operator, Retention
from config.casino.gamblers import WORDING
from players.models import Brand, Licence, Player

_FIRST: dict[str, Any] = {
    "seen": "Deposits grew from 50 to 500 within a day, several of them right after a declined one; stakes rose with the losses.",
    "done": "Called. Showed the figures of the week, offered limits and a time-out, named GamCare. No offer was mentioned.",
    "answered": "Says he wanted to win back what he had lost. Will set a deposit limit tonight.",
    "outcome": "Agreed to speak again in a week.",
}
_OBJECTION: dict[str, Any] = {
    "answered": "Writes that a week of holiday was mistaken for a change of habit.",
    "seen": "Play on five days in a row, with three deposits in each session.",
}
_ANSWER: dict[str, Any] = {
    "done": "Compared with the three months before: several deposits a session are new, the stakes are not. Explained what was seen and why.",
    "outcome": "The restriction stays; looked at again in 7 days.",
}
_REQUEST: dict[str, Any] = {
    "answered": "Asks to be let out of the restriction early: says the withdrawals he took back were for a car that fell through.",
}
_WHY_NOT: dict[str, Any] = {
    "seen": "Three methods within a month, deposits as before.",
    "outcome": "Not contacted: the player changed banks and support has the letter. Watched for another 7 days.",
}

_CHANNELS = {"email": "by e-mail", "sms": "by text message", "onsite": "on the site"}
_FORM = "Sign-up form: one box for each channel, none ticked"


def work_on_cases(*, clock: Callable[[], datetime], patience: float = 30) -> None:
    """Safe to run again: whoever has been looked at is left alone."""
    sweeping.work(clock=clock, seconds=patience)
    officers = {name: Operator.objects.filter(email=f"{name}@pitboss.example").first() for name in ("olivia", "oskar")}
    olivia, oskar = officers["olivia"], officers["oskar"]
    if olivia is None or oskar is None or Interaction.objects.exclude(by=None).exists():
        return
    now, cases = clock(), _cases()
    if case := cases.get("jon"):
        working.take(case, olivia, now=now)
        working.log(case, olivia, Interaction.Kind.CALL, now=now, look_again_in=7, **_FIRST)
    if case := cases.get("una"):
        working.take(case, oskar, now=now)
        working.log(case, oskar, Interaction.Kind.CONTEST, now=now, **_OBJECTION)
        working.log(case, oskar, Interaction.Kind.ANSWER, now=now, upheld=False, look_again_in=7, **_ANSWER)
    if case := cases.get("theo"):
        working.take(case, oskar, now=now)
        working.log(case, oskar, Interaction.Kind.LIFT_ASKED, now=now, **_REQUEST)
    if case := cases.get("viggo"):
        working.take(case, oskar, now=now)
        working.log(case, oskar, Interaction.Kind.NOT_DONE, now=now, look_again_in=7, **_WHY_NOT)
        reviewing.ask(
            case, oskar, Level.LOW, "Changed banks: the letter is with support, deposits are as before", now=now
        )

    _keep(olivia, oskar, now)


def _keep(olivia: Operator, oskar: Operator, now: datetime) -> None:
    """What is kept longer than others, and what for somebody's sake."""
    with transaction.atomic():
        malta = Licence.objects.get(jurisdiction="MT")
        reason = "Counsel’s letter of 2 November: ten years, as the regulator may ask that far back"
        asked = retention.ask(malta, Retention.Data.IDENTITY, 10 * retention.YEAR, olivia, reason, now=now)
        retention.sign(asked, oskar, now=now)
        for brand in Brand.objects.order_by(
            "pk"
        ):  # the sign-up form is on record; what an API was told waits for somebody
            for channel, words in _CHANNELS.items():
                text = f"I would like to receive offers of {brand.name} {words}. I can change this at any time."
                wordings.record(brand, WORDING.format(channel=channel), text, _FORM, olivia, now=now)
        if jon := Player.objects.filter(external_id="jon").first():
            erasing.hold(jon, oskar, "Complaint to the ombudsman, reference 2026-1184", now=now)


def _cases() -> dict[str, Case]:
    """By the player's id: yara's is left for whoever looks, with its hour running."""
    rows = Case.objects.filter(closed_at=None).select_related("player", "person__standing")
    return {case.player.external_id: case for case in rows}
