"""What the words of a message do. Tags are those of the gate (vocabulary.CONTENT), so a law about them is a rule of the
licence; where no law forbids them, POLICIES says what the operator's own answer is. What is looked for stands in
compliance.lint.languages."""

import html
import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from compliance.lint.languages import entries, telling


class Found(NamedTuple):
    tag: str
    words: str  # as they stand in the message


class Policy(NamedTuple):
    rule: str
    level: str
    sentence: str


def _any(*kinds: str) -> re.Pattern[str]:
    """Of a text in small letters, which is six times faster than asking for either."""
    said = entries(*kinds)
    inside = [entry.removeprefix(r"\w*") for entry in said if entry.startswith(r"\w*")]
    whole = [entry for entry in said if not entry.startswith(r"\w*")]
    parts = [rf"(?<!\w)(?:{'|'.join(whole)})(?!\w)", *(inside and ["|".join(inside)])]
    return re.compile("|".join(parts))


_TAGS = {
    "urgency": _any("urgency", "miss"),
    "chasing_losses": _any("chasing_losses"),
    "raise_stakes": _any("raise_stakes"),
    "play_longer": _any("play_longer"),
    "cancel_withdrawal": _any("cancel_withdrawal"),
    "credit": _any("credit"),
}
# Never to be said anywhere; no licence's rule speaks of it by a tag.
_PROMISES = _any("promise")
# What is an offer wherever it stands, so that nobody writes of one the gate was not told of.
_OFFERS = _any("offer")
_FREE = _any("free")
_NEW_ONLY = _any("new_only")
# PD-04, X-06: a promotional element turns a service message into marketing.
_SELLING = _any("offer", "selling")
_CALLS = re.compile(
    rf"(?:\A|[.!?¡¿:;,…•|–—(“„»\"\n]\s*|(?<!\w)(?:{'|'.join(entries('lead'))})\s+)({'|'.join(entries('call'))})(?!\w)"
)
_NEUTRAL = _any("neutral")
_MISS = _any("miss")
_LIMITS = _any("limits")

POLICIES = {
    "urgency": Policy("POL-L1", "amber", "presses the player"),
    "chasing_losses": Policy("POL-L2", "red", "lures with money that was lost"),
    "raise_stakes": Policy("POL-L3", "red", "asks to play for more"),
    "play_longer": Policy("POL-L12", "red", "asks to play on or to stake what was won"),
    "cancel_withdrawal": Policy("POL-L4", "red", "tempts the player to cancel a withdrawal"),
    "credit": Policy("POL-L5", "red", "speaks of playing on credit"),
    "promise": Policy("POL-L6", "red", "promises what no game can"),
    "offer": Policy("POL-L9", "red", "is an offer, and the message declares none"),
    "free": Policy("POL-L10", "red", "calls free what has to be paid in or played through for"),
}


def found(text: str) -> list[Found]:
    """Each tag once, with the first words that earned it."""
    plain = _line(_plain(text))
    hits = [Found(tag, said) for tag, pattern in _TAGS.items() if (said := _first(pattern, plain))]
    promise = _first(_PROMISES, plain)
    return [*hits, Found("promise", promise)] if promise else hits


def tags(hits: Iterable[Found]) -> frozenset[str]:
    """Those the gate knows."""
    return frozenset(one.tag for one in hits) & _TAGS.keys()


def limits(text: str) -> frozenset[str]:
    """The tag of a text that speaks of limits: no fault of its own, and not for whoever is raising one (POL-05)."""
    return frozenset({"limits"} if _first(_LIMITS, _line(_plain(text))) else ())


def selling(text: str) -> str:
    """The first words that sell; '' when none do."""
    plain = _plain(text)
    if not _MISS.search(_small(plain)):
        plain = _without(_NEUTRAL, plain)
    return _first(_SELLING, _line(plain)) or _first(_CALLS, plain)


def offer(text: str) -> str:
    """The first words that offer something; '' when none do."""
    return _first(_OFFERS, _line(_plain(text)))


def free(text: str) -> str:
    return _first(_FREE, _line(_plain(text)))


def new_only(text: str) -> str:
    """The words that say that an offer is for new players."""
    return _first(_NEW_ONLY, _line(_plain(text)))


def unread(text: str) -> str:
    """The first line in a language nobody has lists for; '' where there is none."""
    return telling.unread(_plain(text))


def _first(pattern: re.Pattern[str], plain: str) -> str:
    """As it stands in the text: a call without what leads to it, a compound from where it was known."""
    hit = pattern.search(_small(plain))
    return plain[slice(*hit.span(pattern.groups))] if hit else ""


def _without(pattern: re.Pattern[str], plain: str) -> str:
    kept, end = "", 0
    for hit in pattern.finditer(_small(plain)):
        kept, end = kept + plain[end : hit.start()], hit.end()
    return kept + plain[end:]


def _small(plain: str) -> str:
    """Letter by letter at the same place."""
    small = plain.lower()
    return small if len(small) == len(plain) else "".join(sign.lower()[:1] for sign in plain)


_SHAPES = re.compile(r"</?(?:a?b|big|em|font|i|mark|s|small|span|strong|su[bp]|u)(?:\s[^>]*)?/?>", re.IGNORECASE)


def _plain(text: str) -> str:
    """As it is read: without markup (a letter in bold parts no word, a button or a paragraph begins a sentence), without
    letters nobody sees, in one spelling of accents and apostrophes."""
    bare = html.unescape(re.sub(r"<[^>]*>", "\n", _SHAPES.sub("", text)))
    seen = "".join(sign for sign in unicodedata.normalize("NFKC", bare) if unicodedata.category(sign) != "Cf")
    return re.sub(r"[^\S\n]+", " ", re.sub(r"\s*\n\s*", "\n", seen.replace("’", "'").strip()))


def _line(plain: str) -> str:
    return plain.replace("\n", " ")
