from django.urls import path

from players.api.baseline import BaselineStateView, BaselineView
from players.api.events import EventsView
from players.api.games import GamesView

app_name = "players-api"
urlpatterns = [
    path("events", EventsView.as_view(), name="events"),
    path("baseline", BaselineView.as_view(), name="baseline"),
    path("baseline/<str:snapshot>", BaselineStateView.as_view(), name="baseline-state"),
    path("games", GamesView.as_view(), name="games"),
]
