from django.urls import path

from players.api import fasttrack
from players.api.baseline import BaselineStateView, BaselineView
from players.api.conformance import ConformanceView
from players.api.events import EventsView
from players.api.games import GamesView
from players.api.schemas import SchemasView, SchemaView
from players.api.totals import TotalsIdsView, TotalsView

app_name = "players-api"
urlpatterns = [
    path("events", EventsView.as_view(), name="events"),
    path("baseline", BaselineView.as_view(), name="baseline"),
    path("baseline/<str:snapshot>", BaselineStateView.as_view(), name="baseline-state"),
    path("totals/<str:day>", TotalsView.as_view(), name="totals"),
    path("totals/<str:day>/ids", TotalsIdsView.as_view(), name="totals-ids"),
    path("schemas/fasttrack/", fasttrack.schemas, name="fasttrack-schemas"),
    path("schemas/fasttrack/<str:name>.json", fasttrack.schema, name="fasttrack-schema"),
    path("conformance", ConformanceView.as_view(), name="conformance"),
    path("games", GamesView.as_view(), name="games"),
    path("schemas/", SchemasView.as_view(), name="schemas"),
    path("schemas/<str:event>.json", SchemaView.as_view(), name="schema"),
]
