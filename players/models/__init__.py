from players.models.brand import Brand, Licence
from players.models.catalogue import Category, Game
from players.models.change import StageChange
from players.models.daily import DailyActivity
from players.models.facts import Fact, Owed, Payment, Round, RoundRollback, Session
from players.models.feed import Feed, FeedKey, FeedTally
from players.models.inbox import Event, Quarantine
from players.models.person import Contact, Person, Player
from players.models.state import PlayerCategory, PlayerState, Stage

__all__ = [
    "Brand", "Category", "Contact", "DailyActivity", "Event", "Fact", "Feed", "FeedKey", "FeedTally",
    "Game", "Licence", "Owed", "Payment", "Person", "Player", "PlayerCategory", "PlayerState",
    "Quarantine", "Round", "RoundRollback", "Session", "Stage", "StageChange",
]  # fmt: skip
