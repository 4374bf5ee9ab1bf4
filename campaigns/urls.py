from django.urls import path

from campaigns.views import detail, lists, overruling, panel, provider_log, tree

app_name = "campaigns"
urlpatterns = [
    path("", lists.index, name="list"),
    path("new/", lists.new, name="new"),
    path("approvals/", lists.approvals, name="approvals"),
    path("conflicts/", lists.conflicts, name="conflicts"),
    path("provider-log/", provider_log.index, name="provider-log"),
    path("provider-log/<int:pk>/", provider_log.read, name="provider-log-read"),
    path("player/<int:pk>/panel/", panel.player, name="player-panel"),
    path("player/<int:pk>/messages/<int:delivery>/", panel.message, name="message"),
    path("<int:pk>/", tree.build, name="detail"),
    path("<int:pk>/settings/", detail.settings, name="settings"),
    path("<int:pk>/launch/", detail.launch, name="launch"),
    path("<int:pk>/live/", detail.live, name="live"),
    path("<int:pk>/trace/", detail.trace, name="trace"),
    path("<int:pk>/discard/", lists.unused, name="discard"),
    path("<int:pk>/cards/<str:card>/", tree.save, name="save"),
    path("<int:pk>/tree/<str:verb>/", tree.change, name="change"),
    path("<int:pk>/overrule/<str:rule>/<str:fingerprint>/", overruling.ask, name="overrule"),
    path("<int:pk>/do/<str:verb>/", detail.act, name="act"),
]
