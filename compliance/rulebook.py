"""The rules page: what is in force for a licence on a day, in chapters, and what it refused lately."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from compliance import counsel, switches
from compliance.jurisdictions import Pack
from compliance.models import CounselAnswer
from compliance.rules import Rule
from players.models import Brand, Licence

# family -> heading and what it means
_CHAPTERS = {
    "law": ("Laws and our own safeguards", "Locked: nobody can switch them off."),
    "counsel": (
        "To be confirmed with counsel",
        "Sources conflict or were not seen. Not presented as law: kept on the safe side until two people decide.",
    ),
    "policy": ("Policies", "The operator's own. Two people switch them, per brand."),
}


@dataclass(frozen=True)
class Line:
    rule: Rule
    refused: int  # in 7 days
    states: list[tuple[Brand, bool]]  # of what has a switch
    answers: list["Answer"]  # of what is to be confirmed with counsel: each licence of the operator's

    @property
    def is_open(self) -> bool:
        """Nobody has confirmed it with counsel for every licence."""
        return self.rule.open_question and (not self.answers or any(one.signed is None for one in self.answers))


@dataclass(frozen=True)
class Answer:
    licence: Licence
    signed: CounselAnswer | None
    waiting: CounselAnswer | None


@dataclass(frozen=True)
class Chapter:
    heading: str
    meaning: str
    lines: list[Line]


def chapters(pack: Pack, day: date, brands: Iterable[Brand], refused: Mapping[str, int]) -> list[Chapter]:
    """Rules the gate is asked about first, duties that are kept elsewhere after them."""
    known, here = switches.signed(brands), list(brands)
    answers = _answers(here)
    found: dict[str, list[Line]] = {family: [] for family in _CHAPTERS}
    for rule in sorted(pack.on(day), key=lambda rule: not rule.is_asked):
        states = [(brand, known.get((brand.pk, rule.id), rule.default_on)) for brand in here] if rule.switchable else []
        found[rule.family].append(Line(rule, refused.get(rule.id, 0), states, answers(rule)))
    return [Chapter(*_CHAPTERS[family], lines) for family, lines in found.items() if lines]


def _answers(brands: Iterable[Brand]) -> Callable[[Rule], list[Answer]]:
    licences = list({brand.licence_id: brand.licence for brand in brands}.values())
    signed, waiting = counsel.signed(licences), {(row.licence_id, row.rule): row for row in counsel.waiting(licences)}

    def of(rule: Rule) -> list[Answer]:
        keys = [(one, (one.pk, rule.id)) for one in licences] if rule.open_question else []
        return [Answer(one, signed.get(key), waiting.get(key)) for one, key in keys]

    return of


def changes(pack: Pack, day: date) -> tuple[Sequence[Rule], Sequence[Rule]]:
    """Rules that come after that day, and those that were over by then."""
    coming = sorted((rule for rule in pack.rules if rule.effective_from > day), key=lambda rule: rule.effective_from)
    over = [rule for rule in pack.rules if rule.effective_to is not None and rule.effective_to <= day]
    return coming, over
