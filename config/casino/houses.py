"""The four brands and their games, as the PAM knows them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class House:
    """A brand, the licence it plays under, and what its players are like."""

    slug: str
    name: str
    jurisdiction: str
    licensee: str
    number: str
    currency: str
    timezone: str
    language: str
    register: str  # national self-exclusion register; empty where there is none
    rate: float  # units of currency per euro, to keep stakes comparable
    share: float  # of all players


HOUSES = (
    House(
        *("northlight", "Northlight", "GB", "Northlight Gaming Ltd", "000-054321-R", "GBP", "Europe/London", "en"),
        register="gamstop",
        rate=0.87,
        share=0.50,
    ),
    House(
        *("bjork", "Björk Spel", "SE", "Björk Spel AB", "24Si/1234", "SEK", "Europe/Stockholm", "sv"),
        register="spelpaus",
        rate=11.0,
        share=0.25,
    ),
    House(
        *("azura", "Azura", "MT", "Azura Play Ltd", "MGA/B2C/777/2019", "EUR", "Europe/Malta", "en"),
        register="",
        rate=1.0,
        share=0.21,
    ),
    House(
        *("havblik", "Havblik", "DK", "Havblik Spil A/S", "18-0650512", "DKK", "Europe/Copenhagen", "da"),
        register="rofus",
        rate=7.46,
        share=0.04,
    ),
)
BY_SLUG = {house.slug: house for house in HOUSES}


@dataclass(frozen=True)
class Game:
    game_id: str
    title: str
    category: str
    provider: str
    rtp: float  # percent; 0 for sports, where the margin sits in the odds

    @property
    def type(self) -> str:
        """Of table games what is played, which their titles say."""
        return next((word for word in _TYPES if word in self.title.lower()), "")


_TYPES = ("roulette", "blackjack", "baccarat", "wheel", "game night", "hold’em")


def _games(category: str, provider: str, *titles: tuple[str, float]) -> list[Game]:
    return [
        Game(f"{category}-{title.lower().replace(' ', '-').replace('’', '')}", title, category, provider, rtp)
        for title, rtp in titles
    ]


GAMES = tuple(
    _games("slots", "Sixfold Studio", ("Copper Canyon", 96.2), ("Moonlit Orchard", 95.9), ("Rune Harbour", 96.4))
    + _games("slots", "Sixfold Studio", ("Paper Lanterns", 95.6), ("Tin Robots", 96.0), ("Salt Road", 96.1))
    + _games("slots", "Brass Fox", ("Foxglove Falls", 96.3), ("Nine Anchors", 95.5), ("Polar Express Reels", 96.0))
    + _games("slots", "Brass Fox", ("Velvet Scarabs", 95.8), ("Comet Cafe", 96.5), ("Hidden Fjord", 96.2))
    + _games("slots", "Lumen Reels", ("Glass Garden", 95.7), ("Drum of Clouds", 96.1), ("Seven Lighthouses", 96.0))
    + _games("slots", "Lumen Reels", ("Sugar Foundry", 95.4), ("Amber Trail", 96.3), ("Wolf and Willow", 95.9))
    + _games("live_casino", "Northern Table", ("Roulette Riverside", 97.3), ("Blackjack Salon", 99.3))
    + _games("live_casino", "Northern Table", ("Baccarat Pearl", 98.8), ("Wheel of Hours", 96.1))
    + _games("live_casino", "Casa Viva", ("Roulette Clasica", 97.3), ("Game Night Live", 95.9), ("Blackjack Uno", 99.4))
    + _games(
        "table", "Oak and Felt", ("European Roulette", 97.3), ("Blackjack Classic", 99.5), ("Casino Hold’em", 97.8)
    )
    + _games("sports", "Own book", ("Football", 0), ("Tennis", 0), ("Ice hockey", 0))
    + _games("poker", "Oak and Felt", ("Three Card Poker", 96.6))
    + _games("bingo", "Penny Hall", ("Bingo Ninety", 88.0), ("Bingo Sunrise", 87.0))
    + _games("virtuals", "Pixel Turf", ("Virtual Greyhounds", 91.0), ("Virtual League", 91.0))
    + _games("crash", "Rocketry", ("Stratos", 97.0), ("Updraft", 97.0))
)
BY_CATEGORY: dict[str, list[Game]] = {}
for game in GAMES:
    BY_CATEGORY.setdefault(game.category, []).append(game)
BY_ID = {game.game_id: game for game in GAMES}
