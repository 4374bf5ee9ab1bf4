"""Is a text in a language there are lists for? What nobody has lists for passes every check of its words unread."""

import re
import unicodedata
from functools import cache

from compliance.lint.languages import ALL, entries_of
from compliance.lint.languages.frequent import FREQUENT

_ENOUGH = 0.3  # of a line's words; of an ordinary one half are known
_FEW = 4  # a line of fewer words is known by one of them, or is a name, or a button nobody thought of
_SHORT = 0.34  # of all words, in such lines that nobody knows: then it is the language
_WORD = re.compile(r"[^\W\d_]+")
_NO_WORDS = re.compile(r"\S+@\S+|https?://\S+|www\.\S+|\b[\w-]+\.(?:com|net|org|example|test)\b")


def unread(text: str) -> str:
    """The first line in no language there are lists for; '' where there is none. `text` plain, as it is read."""
    lines = [(line.strip(), found) for line in text.splitlines() if (found := _words(line))]
    short = [(line, found) for line, found in lines if len(found) < _FEW and not _known(found)]
    strange = [line for line, found in lines if _is_strange(found)]
    if not strange and sum(len(found) for _, found in short) > max(1, _SHORT * sum(len(found) for _, found in lines)):
        strange = [line for line, _ in short]
    return next(iter(strange), "")


def _words(line: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(_NO_WORDS.sub(" ", line))]


def _is_strange(words: list[str]) -> bool:
    return any(not _is_latin(word) for word in words) or (len(words) >= _FEW and _known(words) < _ENOUGH * len(words))


def _known(words: list[str]) -> int:
    """By the language that knows most of them."""
    return max(sum(word in language for word in words) for language in _vocabularies())


def _is_latin(word: str) -> bool:
    return all(unicodedata.name(letter, "").startswith("LATIN") for letter in word)


@cache
def _vocabularies() -> tuple[frozenset[str], ...]:
    """What every text is full of, and the words of the lists themselves."""
    return tuple(
        frozenset(FREQUENT[name].split()) | frozenset(word for entry in entries_of(name) for word in re.findall(r"[^\W\d_]{3,}", entry))
        for name in ALL
    )  # fmt: skip
