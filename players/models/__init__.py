from players.models.baseline import Baseline, BaselineChunk, BaselineName
from players.models.brand import Brand, Licence
from players.models.catalogue import Category, Game
from players.models.change import StageChange
from players.models.daily import DailyActivity
from players.models.drops import DropFile
from players.models.facts import Fact, LiveSession, Owed, Payment, Round, RoundRollback, Session
from players.models.feed import ConformanceRun, Feed, FeedFamily, FeedGap, FeedKey, FeedTally
from players.models.habits import PlayerHabits
from players.models.imports import Import, ListMember, PlayerList
from players.models.inbox import Event, Quarantine, ReplayRun, Waiting
from players.models.operator import ExchangeRate, Fetch, OperatorApi, Origin
from players.models.own import CustomAttribute, PlayerAttribute
from players.models.person import Contact, Person, Player
from players.models.purse import PlayerMoney
from players.models.recount import Recount
from players.models.sports import Bet
from players.models.state import PlayerCategory, PlayerState, Stage
from players.models.told import PlayerBonus, PlayerTag, SeenName
from players.models.totals import TotalsDay, TotalsDifference, TotalsId, TotalsLine
from players.models.view import SavedView

__all__ = [
    "Baseline", "BaselineChunk", "BaselineName", "Bet", "Brand", "Category", "ConformanceRun", "Contact", "CustomAttribute",
    "DailyActivity", "DropFile", "Event", "ExchangeRate", "Fact", "Feed", "FeedFamily", "FeedGap", "FeedKey",
    "FeedTally", "Fetch", "Game", "Import", "Licence", "ListMember", "LiveSession", "OperatorApi", "Origin", "Owed",
    "Payment", "Person", "Player", "PlayerAttribute", "PlayerBonus", "PlayerCategory", "PlayerHabits", "PlayerList", "PlayerMoney",
    "PlayerState", "PlayerTag", "Quarantine", "Recount", "ReplayRun", "Round", "RoundRollback", "SavedView",
    "SeenName", "Session", "Stage", "StageChange", "TotalsDay", "TotalsDifference", "TotalsId", "TotalsLine", "Waiting",
]  # fmt: skip
