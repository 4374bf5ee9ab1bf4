"""How long a raised or removed limit waits, per licence (regulation §1.10). Lowering counts at once everywhere."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class Timing:
    """Until the wait is over the old, lower limit is the limit."""

    relax: timedelta
    sentence: str
    source: str
    confidence: str
    period_end: bool = False  # and not before the running period is over
    second_word: bool = False  # and only when the player says it again after the wait


_DAY = timedelta(hours=24)

# Nobody could tell the wait of these licences: as long as the longest known one, and only on a second word.
UNKNOWN = Timing(
    timedelta(days=7), "7 days and the player's second word, until counsel confirms the law's own wait",
    "Not verified", "G", second_word=True,
)  # fmt: skip

TIMINGS = {
    "GB": Timing(_DAY, "24 hours and the player's second word", "RTS 12, 31 Oct 2025; second word unverified", "A/G",
                 second_word=True),
    "SE": Timing(timedelta(hours=72), "72 hours and the end of the running period, whichever is later",
                 "Spelinspektionen, 13 Dec 2021", "A", period_end=True),
    "DE": Timing(timedelta(days=7), "7 days", "GluStV s. 6c; lottosachsenanhalt.de 2021", "B"),
    "DK": Timing(_DAY, "24 hours", "egr.global 2020; paymentexpert.com 9 Dec 2022", "C"),
    "ON": Timing(_DAY, "24 hours, on the player's request only", "AGCO Standard 2.24", "A"),
    "MT": Timing(_DAY, "24 hours", "Player Protection Directive art. 14", "B"),
}  # fmt: skip


# The rule whose source is the open one.
OPEN = {"NL": "NL-11", "ES": "ES-07", "GB": "GB-16c", "DK": "DK-09"}


def timing(jurisdiction: str) -> Timing:
    return TIMINGS.get(jurisdiction, UNKNOWN)
