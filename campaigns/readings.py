"""Every way a template can read, whatever the player: each side of a condition, each word a default puts in.

What Liquid puts together of literals is read as it comes out. What it makes of a player's own data, or repeats, nobody can
read beforehand: that is said, not guessed.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice, product

from campaigns import content
from campaigns.models import Variant

MOST = 64  # ways one text may read; of more nobody reads each
_PIECE = re.compile(r"(\{%-?.*?-?%\}|\{\{-?.*?-?\}\})", re.DOTALL)
_TAG = re.compile(r"\{%(-?)\s*(\w+)(.*?)(-?)%\}", re.DOTALL)
_OUTPUT = re.compile(r"\{\{-?(.*?)-?\}\}", re.DOTALL)
_LITERAL = re.compile(r"\"[^\"]*\"|'[^']*'")
_NAME = re.compile(r"(?<![\w.])[A-Za-z_][\w.]*(?!\w*\s*:)")
_OPENS, _TURNS, _ENDS = {"if", "unless", "case"}, {"elsif", "else", "when"}, {"endif", "endunless", "endcase"}
_TOLD = {"assign", "capture", "endcapture", "comment", "endcomment", "echo"}
# Change no word into another one.
_HARMLESS = {"default", "upcase", "downcase", "capitalize", "strip", "lstrip", "rstrip", "escape", "escape_once", "h"}
_WORDS_OF_LIQUID = {"true", "false", "nil", "null", "blank", "empty"}


class Unreadable(Exception):
    """Says what cannot be read beforehand."""


@dataclass
class Fork:
    """One of its sides is read. Without an `else` there is the one that says nothing."""

    sides: list[list["str | Fork"]] = field(default_factory=lambda: [[]])
    has_else: bool = False


def of(variant: Variant) -> tuple[list[str], str]:
    """(each way it reads, subject and text and button; what cannot be read of it, '' when all can)."""
    parts, problem = [], ""
    for source in (variant.subject, variant.body, variant.button):
        try:
            parts.append(_ways(source))
        except Unreadable as unreadable:
            parts.append([source])
            problem = problem or str(unreadable)
    longest = max(len(part) for part in parts)
    # Each side of each text is in one of them; which stand beside which changes no word.
    ways = [[part[min(number, len(part) - 1)] for part in parts] for number in range(longest)]
    return ["\n".join(filter(None, way)) for way in ways], problem


def _ways(source: str) -> list[str]:
    if "{" not in source or content.problems(source):
        return [source]  # what is broken is another finding's business
    flat = list(islice(_sides(_parsed(source)), MOST + 1))
    if len(flat) > MOST:
        raise Unreadable(f"more than {MOST} ways to read")
    defaults = {name for name in content.uses(source) if re.search(rf"{re.escape(name)}\s*\|\s*default\b", source)}
    found = dict.fromkeys(
        said
        for one in flat
        for gone in (set(), defaults)
        if (said := content.as_it_reads(one, without=gone)) is not None
    )
    return list(found) or [source]


def _parsed(source: str) -> list[str | Fork]:
    root: list[str | Fork] = []
    open_: list[Fork] = []
    for piece in _PIECE.split(source):
        here = open_[-1].sides[-1] if open_ else root
        tag = _TAG.fullmatch(piece)
        word = tag[2] if tag else ""
        if tag is None or word in _TOLD:
            _look_at(piece, tag)
            here.append(piece)
            continue
        # Its dashes take the white space beside it away, whichever side is read.
        here.append(f'{{{{{tag[1]} "" {tag[4]}}}}}')
        if word in _OPENS:
            here.append(fork := Fork())
            open_.append(fork)
            fork.sides[-1].append(f'{{{{ "" {tag[4]}}}}}')
        elif word in _TURNS and open_:
            open_[-1].has_else |= word == "else"
            open_[-1].sides.append([f'{{{{ "" {tag[4]}}}}}'])
        elif word in _ENDS and open_:
            ended = open_.pop()
            if not ended.has_else:
                ended.sides.append([])
            (open_[-1].sides[-1] if open_ else root).append(f'{{{{ "" {tag[4]}}}}}')
        else:
            raise Unreadable(f"{{% {word} %}}")
    return root


def _look_at(piece: str, tag: re.Match[str] | None) -> None:
    """A filter that makes other words, of what only a player's own data tell."""
    output = _OUTPUT.fullmatch(piece)
    said = (
        output[1]
        if output
        else tag[3].partition("=")[2]
        if tag and tag[2] == "assign"
        else tag[3]
        if tag and tag[2] == "echo"
        else ""
    )
    bare = _LITERAL.sub('""', said)
    value, *filters = bare.split("|")
    names = {name for name in _NAME.findall(" ".join([value, *(one.partition(":")[2] for one in filters)]))}
    makes = {one.partition(":")[0].strip() for one in filters} - _HARMLESS
    if makes and names - _WORDS_OF_LIQUID:
        raise Unreadable(f"{{{{ {said.strip()} }}}}")


def _sides(nodes: Sequence[str | Fork]) -> Iterator[str]:
    choices = [
        [node] if isinstance(node, str) else [text for side in node.sides for text in islice(_sides(side), MOST + 1)]
        for node in nodes
    ]
    return ("".join(one) for one in product(*choices))
