"""Built-in attributes told from runs of rounds and from the middle of amounts: RTP sensitivity, bet size to deposit.

What a run is, players.folding.habits says; its thresholds are the brand's (Settings · Bad runs).
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q
from django.db.models.lookups import GreaterThanOrEqual

from segments.language.attributes import Criterion, Family, register
from segments.language.catalogue import PLAY_AND_PAY
from segments.language.numbers import Number
from segments.language.quantities import Column, Less, Product, habit, purse
from segments.language.record import Record
from segments.language.tree import At, Leaf

_BAD, _OTHER = habit("bad_runs"), habit("other_runs")
_BAD_STOPS, _OTHER_STOPS = habit("bad_stops"), habit("other_stops")
_RUN = (
    "A run is 20 rounds of a session in a row, counted from its first one; it is bad when it returned less than 80 % "
    "of its stakes. Play was stopped by a run when the session ended at most 5 rounds after it."
)
_BRAND = "The brand sets 20, 80, 5 and 10 under Settings · Bad runs. Sports bets are left out."


@dataclass(frozen=True, kw_only=True)
class Sensitivity(Number):
    """The share of bad runs that stopped play less that of the other runs, in percentage points. Unknown below the
    brand's number of cases, of either kind."""

    def condition(self, leaf: Leaf, at: At) -> Q:
        return super().condition(leaf, at) & Q(*(GreaterThanOrEqual(runs.sql({}), _cases()) for runs in (_BAD, _OTHER)))

    def holds(self, leaf: Leaf, record: Record, at: At) -> bool:
        return self._is_known(record) and super().holds(leaf, record, at)

    @staticmethod
    def _is_known(record: Record) -> bool:
        return all(runs.read(record, {}) >= record.state.brand.run_cases for runs in (_BAD, _OTHER))

    def shown(self, leaf: Leaf, record: Record, at: At) -> str:
        counts = [part.read(record, {}) for part in (_BAD_STOPS, _BAD, _OTHER_STOPS, _OTHER)]
        if not self._is_known(record):
            return f"unknown: {counts[1]:,} bad runs and {counts[3]:,} others, {record.state.brand.run_cases} of each needed"
        bad, other = 100 * counts[0] / counts[1], 100 * counts[2] / counts[3]
        return f"{bad - other:.1f} points ({bad:.0f} % after bad runs, {other:.0f} % after others)"


def _cases() -> Any:
    return F("brand__run_cases")


register(
    Sensitivity(
        key="rtp_sensitivity", label="RTP sensitivity", family=Family.RESULTS, unit="points", least=-100, most=100,
        help=f"How much likelier the player is to stop after a bad run: the share of bad runs that stopped play, less "
        f"the share of the other runs that did. {_RUN}",
        example="15 of 20 bad runs and 3 of 30 others stopped play: 75 % − 10 % = 65 points.",
        words="leaves after a bad run tilt loss aversion quit rtp sensitivity streak losing volatility",
        of=Less(Product(_BAD_STOPS, _OTHER), Product(_OTHER_STOPS, _BAD)), per=Product(_BAD, _OTHER), down=100, wide=True,
        phrase="who are {cmp} {value} likelier to stop after a bad run",
        note=f"Players with fewer than 10 bad runs or fewer than 10 others do not match. {_BRAND}",
        criterion=Criterion.LOSS,
    ),
    Number(
        key="bad_endings", label="Leaves after a bad run", family=Family.RESULTS, unit="%", most=100, down=100,
        help=f"Sessions stopped by a bad run, as a share of the sessions with a stake. {_RUN}",
        example="4 of 10 sessions ended right after 20 rounds that returned half: 40 %.",
        words="rtp sensitivity streak losing quit", of=habit("bad_stops"), per=habit("staked_sessions"), per_least=5,
        phrase="of whose sessions {cmp} {value} ended soon after a bad run",
        note=f"Players with fewer than 5 sessions with a stake do not match. {_BRAND}", criterion=Criterion.LOSS,
    ),
    Number(
        key="median_bet_to_deposit", label="Bet size relative to deposit", family=Family.RESULTS, unit="%", down=100,
        help="Median stake divided by median deposit. The median stake is taken of each of the newest 10 sessions that "
        "had a stake, then the middle one of these; the median deposit is that of the newest 10 deposits. Of an even "
        "number the smaller one of the two in the middle.",
        example="Hands of 25 in most sessions, deposits of mostly 200: 12.5 %.", most=100_000, per_least=1,
        words="median stake high roller ratio bet sizing stake to deposit bankroll",
        of=habit("median_stake"), per=purse("median_deposit"),
        phrase="whose usual bet is {cmp} {value} of their usual deposit", feeds=PLAY_AND_PAY,
        note="Players without a deposit do not match; without a stake in a session it is 0 %.",
        criterion=Criterion.DEPOSIT_LEVEL,
    ),
    Number(
        key="stake_after_deposit", label="Stakes within 24 hours of a deposit", family=Family.RESULTS, unit="%",
        help="What was staked in sessions at most 24 hours after a deposit, real and bonus money, divided by the amount "
        "deposited, all time. A stake after two deposits counts once; one inside two sessions of a category that overlap "
        "counts in both.",
        example="Deposited 200 twice, staked 300 and 500 on those days: 800 ÷ 400 = 200 %.", down=100, most=10_000_000,
        words="turnover velocity burn intensity stake to deposit", of=habit("stake_near"), per=Column("deposit_sum"),
        phrase="who stake {cmp} {value} of a deposit within 24 hours of it", feeds=PLAY_AND_PAY,
        note="24 hours to the second. Players who have never deposited do not match.",
        criterion=Criterion.DEPOSIT_LEVEL,
    ),
)  # fmt: skip
