"""What the words of a message do. Tags are those of the gate (vocabulary.CONTENT), so a law about them is a rule of the
licence; where no law forbids them, POLICIES says what the operator's own answer is."""

import re
from collections.abc import Iterable
from typing import NamedTuple


class Found(NamedTuple):
    tag: str
    words: str  # as they stand in the message


class Policy(NamedTuple):
    rule: str
    level: str
    sentence: str


_I = re.IGNORECASE
_TAGS = {
    "urgency": re.compile(
        r"\b(hurry|last chance|only today|today only|act now|don.t miss|ends soon|ends tonight|final hours|"
        r"before it.s too late|while (?:it|stocks?) lasts?|limited time)\b", _I,
    ),
    "chasing_losses": re.compile(
        r"\b(win (?:it|them|your \w+) back|win back your \w+|recover your loss\w*|make up for your loss\w*|"
        r"get even|bounce back from)\b", _I,
    ),
    "raise_stakes": re.compile(
        r"\b(raise your stakes?|bet (?:more|bigger|higher)|go (?:big|all in)|double (?:up|down)|keep playing|"
        r"don.t stop now|play on)\b", _I,
    ),
    "cancel_withdrawal": re.compile(r"\b(cancel|reverse|stop) your (?:withdrawal|cash-?out|payout)\b", _I),
    "credit": re.compile(r"\b(play now,? pay later|on credit|borrow|loan|instal?ments)\b", _I),
}  # fmt: skip
# Never to be said anywhere; no licence's rule speaks of it by a tag.
_PROMISES = re.compile(r"\b(risk[- ]free|guaranteed (?:win|profit)s?|can.t lose|sure (?:win|bet)|easy money)\b", _I)
# What is an offer wherever it stands, so that nobody writes of one the gate was not told of.
_OFFERS = re.compile(
    r"\b(bonus(?:es)?|free (?:spins?|bets?|money|cash|play)|cashback|deposit match|no[- ]deposit|risk[- ]free bets?)\b",
    _I,
)
_FREE = re.compile(
    r"\b(?:it.s |completely |totally )?(free (?:spins?|bets?|money|cash|play|bonus(?:es)?)|for free|on the house)\b", _I
)
# PD-04: a promotional element turns a service message into marketing.
_SELLING = re.compile(
    r"\b(bonus(?:es)?|free (?:spins?|bets?)|offers?|promo\w*|cashback|jackpots?|win big|rewards?|deposit now|play now|"
    r"odds)\b", _I,
)  # fmt: skip

POLICIES = {
    "urgency": Policy("POL-L1", "amber", "presses the player"),
    "chasing_losses": Policy("POL-L2", "red", "lures with money that was lost"),
    "raise_stakes": Policy("POL-L3", "red", "asks to play more or longer"),
    "cancel_withdrawal": Policy("POL-L4", "red", "tempts the player to cancel a withdrawal"),
    "credit": Policy("POL-L5", "red", "speaks of playing on credit"),
    "promise": Policy("POL-L6", "red", "promises what no game can"),
    "offer": Policy("POL-L9", "red", "is an offer, and the message declares none"),
    "free": Policy("POL-L10", "red", "calls free what has to be paid in or played through for"),
}


def found(text: str) -> list[Found]:
    """Each tag once, with the first words that earned it."""
    plain = _plain(text)
    hits = [Found(tag, hit[0]) for tag, pattern in _TAGS.items() if (hit := pattern.search(plain))]
    promise = _PROMISES.search(plain)
    return [*hits, Found("promise", promise[0])] if promise else hits


def tags(hits: Iterable[Found]) -> frozenset[str]:
    """Those the gate knows."""
    return frozenset(one.tag for one in hits) & _TAGS.keys()


def selling(text: str) -> str:
    """The first words that sell; '' when none do."""
    hit = _SELLING.search(_plain(text))
    return hit[0] if hit else ""


def offer(text: str) -> str:
    """The first words that offer something; '' when none do."""
    hit = _OFFERS.search(_plain(text))
    return hit[0] if hit else ""


def free(text: str) -> str:
    hit = _FREE.search(_plain(text))
    return hit[1] if hit else ""


def _plain(text: str) -> str:
    """Without markup, so that tags in the middle of a phrase hide nothing."""
    return " ".join(re.sub(r"<[^>]*>", " ", text).split())
