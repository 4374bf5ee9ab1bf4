"""The readings of a rule beside each other, and what they disagree on in words."""

from collections.abc import Iterable, Mapping
from typing import Any

from segments.language import compile as sql
from segments.language import evaluate
from segments.language.criteria import criteria
from segments.language.record import Record, load
from segments.language.tree import At, Group
from segments.reading import read
from tests.language.brute_force import answer
from tests.language.brute_force.reading import READINGS
from tests.language.brute_force.world import Place

Rule = dict[str, Any]


class Comparison:
    """One brand at one instant. Each method returns a sentence per disagreement."""

    def __init__(self, place: Place, now: Any) -> None:
        self.place, self.at = place, At.brand(place.brand, now)
        self.crowd, self.ids = place.crowd(now)
        self._records: Mapping[int, Record] | None = None

    def by_sql(self, rule: Rule) -> list[str]:
        found = sql.matching(self.place.brand, self._read(rule), self.at).values_list("pk", flat=True)
        return self._differing("SQL", rule, set(found))

    def in_memory(self, rule: Rule) -> list[str]:
        if self._records is None:
            self._records = load(self.ids)
        tree = self._read(rule)
        found = {pk for pk, record in self._records.items() if evaluate.holds(tree, record, self.at)}
        return self._differing("memory", rule, found)

    def by_criteria(self, rule: Rule) -> list[str]:
        ours, theirs = answer.criteria(rule, self.place.segments), criteria(self._read(rule))
        # Who is absent, and what is behaviour at all, has a table of its own (tests/segments/test_who_stays_away…).
        more, less = set(theirs) - set(ours) - {"inactivity", "lifecycle"}, set(ours) - set(theirs) - {"all"}
        return [f"{rule} is chosen by {ours}, not by {theirs}"] if more or less else []

    def _read(self, rule: Rule) -> Group:
        return read(rule, self.place.brand.pk)

    def tells_apart(self, rule: Rule) -> bool:
        return 0 < self.crowd.members(rule).bit_count() < len(self.ids)

    def _differing(self, how: str, rule: Rule, found: set[int]) -> list[str]:
        expected = {self.ids[place] for place in self.crowd.places(self.crowd.members(rule))}
        if found == expected:
            return []
        wrong = self.ids.index(min(found ^ expected))
        told = [f"{key}={self.crowd.values(key, params)[wrong]!r}" for key, params in _asked(rule)]
        return [
            f"{how} at {self.at.now.isoformat()} in {self.place.house.slug}: {len(found - expected)} too many, "
            f"{len(expected - found)} missing of {len(expected)}, e.g. player {self.ids[wrong]} ({', '.join(told)})\n{rule}"
        ]


def _asked(rule: Rule) -> Iterable[tuple[str, dict[str, str]]]:
    """Attributes with their parameters; those of named segments are left out."""
    if "attribute" not in rule:
        for child in rule.get("of") or next(iter(rule.values())):
            yield from _asked(child)
    elif rule["attribute"] in READINGS:
        for one in (rule, *([rule["than"]] if "than" in rule else [])):
            yield (
                one["attribute"],
                {key: word for key, word in one.get("params", {}).items() if key not in ("currency", "days")},
            )
