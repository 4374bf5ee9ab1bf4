"""Words from a clock that runs ahead of ours: told now, and never as if they came after what they came before.

A yes stamped for tomorrow, or local time marked as UTC, would outrank every no the player says until then (GB-11,
PD-03), and a register's answer of tomorrow would be good for a day too long (DK-01).
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from players.models import Fact

_BEFORE = timedelta(microseconds=1)


def moments(
    facts: Sequence[Fact], now: datetime, *, about: Callable[[Mapping[str, Any]], object],
    opens: Callable[[Mapping[str, Any]], bool],
) -> dict[str, datetime]:  # fmt: skip
    """Key of each fact -> since when it holds. `about`: what it is a word about; `opens`: does it open something.

    A word that opens yields to one that closes when its source stamped that one later, whichever arrives first.
    """
    held = {fact.key: min(fact.occurred_at, now) for fact in facts}
    ahead = [fact for fact in facts if fact.occurred_at > now and opens(fact.data)]
    if not ahead:
        return held
    said = Fact.objects.filter(
        kind__in={fact.kind for fact in ahead}, player_id__in={fact.player_id for fact in ahead},
        occurred_at__gte=min(fact.occurred_at for fact in ahead),
    )  # fmt: skip
    for word in said:
        if opens(word.data):
            continue
        for fact in ahead:
            same = (fact.player_id, about(fact.data)) == (word.player_id, about(word.data))
            if same and fact.occurred_at <= word.occurred_at:
                held[fact.key] = min(held[fact.key], word.recorded_at - _BEFORE)
    return held
