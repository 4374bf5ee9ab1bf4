from django.urls import path

from players.views import detail, imports, list, money, play, state, timeline

app_name = "players"
urlpatterns = [
    path("", list.players, name="list"),
    path("views/save/", list.save_view, name="view-save"),
    path("views/<int:pk>/forget/", list.forget_view, name="view-forget"),
    path("imports/", imports.imports, name="imports"),
    path("imports/new/<slug:kind>/", imports.new, name="import-new"),
    path("imports/<int:pk>/", imports.one, name="import"),
    path("imports/<int:pk>/check/", imports.check, name="import-check"),
    path("imports/<int:pk>/errors/", imports.errors, name="import-errors"),
    path("imports/<int:pk>/<slug:verb>/", imports.act, name="import-act"),
    path("<int:pk>/", detail.player, name="detail"),
    path("<int:pk>/header/", detail.header, name="header"),
    path("<int:pk>/timeline/", timeline.panel, name="panel-timeline"),
    path("<int:pk>/state/", state.panel, name="panel-state"),
    path("<int:pk>/play/", play.panel, name="panel-play"),
    path("<int:pk>/money/", money.panel, name="panel-money"),
    path("<int:pk>/tab/<slug:tab>/", detail.player, name="tab"),
]
