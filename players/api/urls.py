from django.urls import path

from players.api.events import EventsView
from players.api.games import GamesView

app_name = "players-api"
urlpatterns = [
    path("events", EventsView.as_view(), name="events"),
    path("games", GamesView.as_view(), name="games"),
]
