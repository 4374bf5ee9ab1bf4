"""What stays the operator's: beside each sort of rule, and wholly."""

from typing import NamedTuple

# By the module a rule's function is written in: what has to be true outside of Pitboss for the rule to mean anything.
BESIDE = {
    "consent": "Asking without ticked boxes or nudges, keeping the words shown, telling Pitboss of every change.",
    "register": "The contract and the credentials with the register; asking it at registration and at login.",
    "limits": "Holding the player to the limit in the cashier and in play; telling Pitboss of every change.",
    "standing": "Taking the request, closing the account, paying out the balance, telling Pitboss at once.",
    "bonus": "Showing all terms before the player accepts; running the wagering as the terms say.",
    "pressure": "Messages that leave through other systems without asking here.",
    "selection": "Saying truthfully what an uploaded list was chosen by.",
    "protecting": "A person who reads each case, talks to the player and decides a contest.",
    "everywhere": "Telling Pitboss who the player is, where, how old, and what is in force for them.",
}
ARRIVING = "Telling Pitboss of each limit and restriction when it is set, changed and confirmed."
ELSEWHERE = "Whatever of it happens outside of messages, bonuses and the case desk."
OTHERWISE = "Telling Pitboss truthfully and at once what the rule reads."


class Duty(NamedTuple):
    source: str
    words: str
    confidence: str


_EVERYWHERE = (
    Duty("Data protection law", "A legal basis for what is sent here, and a record of it.", "B"),
    Duty("Every licence", "Play, payments, identity checks and complaint handling are not here.", "A"),
)
OUTSIDE: dict[str, tuple[Duty, ...]] = {
    "GB": (
        Duty("High value customer guidance", "Affordability, occupation and senior approval before a VIP scheme.", "B"),
        Duty("SR 3.4.4", "Financial vulnerability checks above 150 GBP net deposits in 30 days.", "B"),
        Duty("SI 2025/215", "Slot stakes of at most 2 or 5 GBP, by age.", "A"),
        Duty("RTS 13", "Reality checks in play.", "B"),
        Duty("RTS 14", "No cancelling of a withdrawal in the cashier.", "B"),
        Duty("Financial risk assessments", "Not a duty yet: the Commission has named no date (GB-22).", "B"),
    ),
    "SE": (
        Duty("Gambling Act ch. 14", "Mandatory deposit limits before play, and stopping play at them.", "A"),
        Duty("Gambling Act ch. 14 s. 1", "The action plan of the duty of care beyond messages and bonuses.", "B"),
        Duty(
            "KOVFS 2025:2",
            "Where an offer is shown that is not sent from here: its conditions one click away, and up "
            "front that it is for new players only.",
            "B",
        ),
        Duty("Spelforordningen", "Leaving the player at least 60 days to meet a bonus's conditions.", "B"),
        Duty("Amendment of 1 May 2026", "No gambling on credit.", "B"),
    ),
    "DE": (
        Duty("GluStV s. 6c", "LUGAS: asking for the limit over all operators before each deposit.", "A"),
        Duty("GluStV s. 6h", "The activity file and five minutes between operators.", "B"),
        Duty("GluStV s. 22a", "1 EUR a spin, five seconds on average, no autoplay.", "B"),
        Duty("GluStV s. 6i(2)", "The safe server for play data; the trail here holds messages and bonuses only.", "A"),
    ),
    "NL": (
        Duty("Wok, Cruks", "Asking CRUKS at registration and at each login.", "B"),
        Duty(
            "Ksa policy rule",
            "Stopping deposits above 700 EUR a month (300 for the young) without proof of means.",
            "A",
        ),
        Duty("Regeling art. 2(3)", "The yearly report; its figures of messages and bonuses can be exported here.", "B"),
    ),
    "DK": (
        Duty("Order 682/2025", "Mandatory deposit limits, and stopping deposits at them.", "C"),
        Duty("Guides of 15 Jul 2025", "The worked example and the terms shown with an offer.", "B"),
    ),
    "ES": (
        Duty("RD 176/2023", "Suspending an intensive player who does not answer within 72 hours.", "C"),
        Duty("RD 958/2020", "Advertising outside addressed messages.", "C"),
    ),
    "ON": (
        Duty("AGCO 2.14", "Logging a self-excluded player out at once.", "A"),
        Duty("AGCO 2.14.1", "No new registrations while BetGuard does not answer.", "B"),
        Duty("AGCO 2.05", "No bonus in advertising outside the site and consented direct channels.", "A"),
    ),
    "MT": (
        Duty("PPD art. 11", "Deciding a request to lift an exclusion and telling the player within seven days.", "B"),
        Duty("PPD art. 16, 17", "Keeping the record of investigations made outside of here.", "B"),
    ),
}


def outside(jurisdiction: str) -> tuple[Duty, ...]:
    return (*OUTSIDE.get(jurisdiction, ()), *_EVERYWHERE)
