from django.urls import path

from players.views import detail, list, money, play, state, timeline

app_name = "players"
urlpatterns = [
    path("", list.players, name="list"),
    path("<int:pk>/", detail.player, name="detail"),
    path("<int:pk>/timeline/", timeline.panel, name="panel-timeline"),
    path("<int:pk>/state/", state.panel, name="panel-state"),
    path("<int:pk>/play/", play.panel, name="panel-play"),
    path("<int:pk>/money/", money.panel, name="panel-money"),
    path("<int:pk>/tab/<slug:tab>/", detail.player, name="tab"),
]
