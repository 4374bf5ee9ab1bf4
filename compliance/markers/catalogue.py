"""The 26 markers as Pitboss ships them. Thresholds a regulator or a paper published are marked so; the others are
proposals, and every one of them belongs to the operator (compliance.markers.definitions)."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from config.lib.money import exponent


class Family(StrEnum):
    """The seven indicator categories of UKGC SR 3.4.3, requirement 5."""

    SPEND = "Spend"
    PATTERN = "Patterns of spend"
    TIME = "Time"
    BEHAVIOUR = "Gambling behaviour"
    CONTACT = "Customer-led contact"
    TOOLS = "Use of gambling-management tools"
    ACCOUNT = "Account indicators"


@dataclass(frozen=True)
class Marker:
    """`sentence` is filled with `values`. `window`: days it looks back. `needs`: 'sessions', 'bets', 'deposits', or
    the event without which a brand's players are unknown. `published`: whose threshold it is, '' for a proposal."""

    id: str
    name: str
    family: Family
    sentence: str
    values: dict[str, Any]
    window: int
    source: str
    needs: str = "bets"
    published: str = ""
    points: int = 1
    only_with: tuple[str, ...] = ()
    critical: bool = False
    note: str = ""
    units: dict[str, str] = field(default_factory=dict)

    def in_words(self, values: dict[str, Any]) -> str:
        """With `values` for the thresholds; an amount by currency reads as '100 EUR'."""
        said = {name: _said(value) for name, value in (self.values | values).items()}
        return str(said.get("what", self.sentence)).format(**said)


def _said(value: Any) -> Any:
    if isinstance(value, dict):
        currency = "EUR" if "EUR" in value else next(iter(value), "")
        return f"{value[currency] // 10 ** exponent(currency)} {currency}" if currency else "–"
    return value


# What 100 and 600 EUR are taken for where the account has another currency and no rate of these days is told
# (compliance.markers.amounts); minor units. What is in neither cannot be told: unknown, never a guess.
_HUNDRED = {"EUR": 100_00, "GBP": 85_00, "SEK": 1_100_00, "DKK": 750_00, "CAD": 150_00}
_SIX_HUNDRED = {"EUR": 600_00, "GBP": 510_00, "SEK": 6_600_00, "DKK": 4_500_00, "CAD": 900_00}
_F = Family

MARKERS: tuple[Marker, ...] = (
    Marker("M01", "Deposits again and again while playing", _F.PATTERN,
           "{deposits} or more deposits within one session, after at least one bet, on {days} or more of the last 7 days",
           {"deposits": 3, "days": 2}, 7, "Auer & Griffiths 2023: the best of five measures of chasing", "sessions", points=2),
    Marker("M02", "Plays until nothing is left", _F.BEHAVIOUR,
           "less than {units} unit of currency left at the end of {sessions} or more of the last 10 sessions",
           {"units": 1, "sessions": 3}, 30, "NJ DGE 2023; PGSI study, N = 1 287", "balance.changed",
           published="NJ DGE: less than one dollar",
           note="Told by the balance the feed sends around the end of a session; sessions without one are not counted."),
    Marker("M03", "Stakes more after losing", _F.BEHAVIOUR,
           "stakes after a lost bet are {ratio} times those after a won one or more, over at least {bets} bets in 30 days",
           {"ratio": 1.5, "bets": 50}, 30, "UBC/PlayNow (Zhang); PLOS One 2022"),
    Marker("M04", "Pays in after losing days", _F.PATTERN,
           "on {days} or more days of 30, a loss was followed within 24 hours by deposits larger than it",
           {"days": 3}, 30, "Listed by Auer & Griffiths 2023; weak by itself", "deposits"),
    Marker("M05", "Stakes vary widely", _F.BEHAVIOUR,
           "stakes vary more than those of 95 % of the players of the same games, over at least {bets} bets in 30 days",
           {"bets": 50}, 30, "Braverman & Shaffer 2012; Finkenwirth 2021"),
    Marker("M06", "Stakes rise from the first weeks on", _F.BEHAVIOUR,
           "the mean stake of a day rises over the first 31 days ({days} or more of them played), together with M05 and M07",
           {"days": 5}, 31, "Braverman & Shaffer 2012: 73 % of that small group later closed for gambling problems",
           only_with=("M05", "M07")),
    Marker("M07", "Intense from the beginning", _F.BEHAVIOUR,
           "in the first 31 days, more days played and more bets a day than 95 % of the brand's new players",
           {}, 31, "Braverman & Shaffer 2012; LaBrie & Shaffer 2010"),
    Marker("M08", "Rises and crashes", _F.PATTERN,
           "{times} or more times in 30 days, stakes rose over three sessions and then fell by {drop} % or more",
           {"times": 2, "drop": 60}, 30, "Adami et al. 2013", "sessions"),
    Marker("M09", "Escalates lately", _F.PATTERN,
           "over the last 14 days both the loss of a day and the stake per bet rise steadily ({days} or more days played)",
           {"days": 5, "trend": 0.7}, 14, "Xuan & Shaffer 2009"),
    Marker("M10", "Plays everything", _F.BEHAVIOUR, "{types} or more types of games within 7 days",
           {"types": 4}, 7, "Hopfgartner 2022, N = 25 720"),
    Marker("M11", "Many payment methods", _F.ACCOUNT, "deposits by {methods} or more instruments within 30 days: each card or wallet the platform tells apart, and each method "
           "of which it does not (two cards are one then)",
           {"methods": 3}, 30, "Hopfgartner 2022; UKGC 2019", "deposits"),
    Marker("M12", "Several deposits a session", _F.PATTERN,
           "{mean} or more deposits per session on average over 30 days ({sessions} or more sessions)",
           {"mean": 2, "sessions": 5}, 30, "Hopfgartner 2022; PGSI study", "sessions", points=2),
    Marker("M13", "Declined deposits", _F.ACCOUNT,
           "{declined} or more declined for want of funds or by a limit within 24 hours, or {share} % or more of at least {attempts} attempts, in 7 days",
           {"declined": 3, "share": 20, "attempts": 5}, 7, "UKGC 2019; Kindred; UNLV payments clusters", "deposits", points=2),
    Marker("M14", "Takes withdrawals back", _F.ACCOUNT,
           "{times} or more withdrawals cancelled in 30 days and a bet within 24 hours after",
           {"times": 2}, 30, "UKGC 2019; Catania & Griffiths 2021", "deposits", points=2),
    Marker("M15", "Pays in, hardly ever out", _F.SPEND, "{ratio} or more deposits per withdrawal over 365 days",
           {"ratio": 53}, 365, "UNLV/Sightline 2023", "deposits", published="UNLV/Sightline: about 53 to 1 in the cluster of risk"),
    Marker("M16", "Deposits in quick succession", _F.PATTERN,
           "{hour} or more deposits within an hour, or {day} or more within 24 hours, in the last 7 days",
           {"hour": 3, "day": 5}, 7, "NJ DGE 2023; Ksa on repeated depositing", "deposits"),
    Marker("M17", "Deposits grow", _F.SPEND,
           "the deposits of 7 days are {ratio} times the median of the 8 weeks before, and worth {amounts} or more",
           {"ratio": 3, "amounts": _HUNDRED}, 63, "UKGC 2019: escalation in deposit levels", "deposits"),
    Marker("M18", "Plays longer week by week", _F.TIME,
           "three weeks running each {growth} % longer than the one before, the last of {hours} hours or more",
           {"growth": 25, "hours": 5}, 28, "NJ DGE 2023", "sessions", published="NJ DGE: increases from week to week"),
    Marker("M19", "Plays for very long", _F.TIME, "more than {hours} hours of play on one day, in the last 7 days",
           {"hours": 6}, 7, "Ksa policy rule 2024", "sessions", published="Ksa: more than 6 hours"),
    Marker("M20", "Plays at night", _F.TIME,
           "bets between 00:00 and 05:59 on {nights} or more nights of 7, or more than {share} % of at least {bets} bets",
           {"nights": 3, "share": 25, "bets": 20}, 7, "UKGC citing PwC 2017; Parke 2017"),
    Marker("M21", "Loses a lot", _F.SPEND, "{what}",
           {"what": "net loss of three weeks worth {amounts} or more", "measure": "loss", "amounts": _SIX_HUNDRED,
            "young": {}, "below": 0}, 21, "ES RD 176/2023; UKGC SR 3.4.4; Ksa 2024"),
    Marker("M22", "Raises limits", _F.TOOLS,
           "{day} or more limits raised or removed within 24 hours, or {month} or more within 30 days",
           {"day": 2, "month": 3}, 30, "NJ DGE 2023; Hopfgartner 2022; Catania 2021", "", points=2,
           published="NJ DGE: multiple requests in 24 hours"),
    Marker("M23", "Breaks again and again", _F.TOOLS,
           "{breaks} or more time-outs in 90 days, or any self-exclusion in the last 12 months",
           {"breaks": 2}, 365, "NJ DGE 2023; Hopfgartner 2022; UKGC", "", points=2),
    Marker("M24", "Looks at the exclusion tool and leaves", _F.TOOLS,
           "{visits} or more visits to the self-exclusion tool in 30 days that were not completed",
           {"visits": 3}, 30, "NJ DGE 2023: regularly", "rg.tool_viewed"),
    Marker("M25", "Asks for bonuses", _F.CONTACT, "asked for a bonus {times} or more times in 7 days",
           {"times": 2}, 7, "Catania 2021; Spillemyndigheden; UKGC 2019", "rg.contact"),
    Marker("M26", "Told us of harm", _F.CONTACT, "the player, or somebody close, told us of harm or of money they cannot afford: a person looks at it now",
           {}, 30, "UKGC SR 3.4.3 req. 5; Kindred", "rg.contact", critical=True),
)  # fmt: skip

BY_ID = {marker.id: marker for marker in MARKERS}
DISCLOSURES = ("harm_disclosed", "money_worries")  # topics of rg.contact that are M26: harm, or no money left for it

# Where a regulator's number stands in place of ours. `below`: the age under which `young` counts.
BY_JURISDICTION: dict[str, dict[str, dict[str, Any]]] = {
    "ES": {"M21": {"measure": "loss", "amounts": {"EUR": 600_00}, "young": {"EUR": 200_00}, "below": 26,
                   "what": "net loss of three weeks worth 600 EUR or more, 200 below 26 years (ES-02, confirm with counsel)"}},
    "GB": {"M21": {"measure": "net_deposits", "amounts": {"GBP": 150_00}, "young": {}, "below": 0,
                   "what": "net deposits of 30 days above 150 GBP (GB-15)"}},
    "NL": {"M21": {"measure": "net_deposits_month", "amounts": {"EUR": 700_00}, "young": {"EUR": 300_00}, "below": 24,
                   "what": "net deposits of the calendar month above 700 EUR, 300 below 24 years (NL-07)"}},
}  # fmt: skip


@dataclass(frozen=True)
class Scale:
    """From how many points on, or how many of the seven families, which level; `days` until a marker has faded."""

    low: int = 1
    medium: int = 3
    strong: int = 5
    families: int = 3
    days: int = 30


SCALE = Scale()
