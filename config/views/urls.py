"""Addresses of the pages that belong to the frame itself."""

from django.conf import settings as django_settings
from django.urls import path

from config.views import (
    coverage,
    feeds,
    golive,
    integration,
    own_attributes,
    quarantine,
    reconciliation,
    runs,
    settings,
    stages,
    tour,
)

integration_urls = [
    path("feeds/", feeds.feeds, name="feeds"),
    path("feeds/gap/<int:pk>/", feeds.accept_gap, name="gap"),
    path("coverage/", coverage.coverage, name="coverage"),
    path("go-live/", golive.golive, name="golive"),
    path("quarantine/", quarantine.quarantine, name="quarantine"),
    path("quarantine/replay/", quarantine.replay_all, name="replay-all"),
    path("quarantine/replay/<int:pk>/", quarantine.run, name="replay-run"),
    path("quarantine/dismiss/", quarantine.dismiss_all, name="dismiss-all"),
    path("quarantine/<int:pk>/", quarantine.event, name="event"),
    path("quarantine/<int:pk>/reveal/", quarantine.reveal, name="reveal"),
    path("quarantine/<int:pk>/replay/", quarantine.replay, name="replay"),
    path("quarantine/<int:pk>/dismiss/", quarantine.dismiss, name="dismiss"),
    path("reconciliation/", reconciliation.days, name="reconciliation"),
    path("reconciliation/upload/", reconciliation.upload, name="totals-upload"),
    path("reconciliation/<int:pk>/", reconciliation.day, name="reconciliation-day"),
    path("reconciliation/<int:pk>/again/", reconciliation.again, name="reconciliation-again"),
    path("reconciliation/<int:pk>/accept/", reconciliation.accept, name="reconciliation-accept"),
    path("keys/", integration.keys, name="keys"),
    path("keys/<str:pk>/revoke/", integration.revoke, name="revoke"),
]
settings_urls = [
    path("brands/", settings.brands, name="brands"),
    path("brands/<int:pk>/", settings.brand, name="brand"),
    path("stages/", stages.stages, name="stages"),
    path("stages/<int:pk>/", stages.thresholds_of, name="stages-of"),
    path("bad-runs/", runs.runs, name="runs"),
    path("bad-runs/<int:pk>/", runs.runs_of, name="runs-of"),
    path("attributes/", own_attributes.attributes, name="attributes"),
    path("attributes/new/", own_attributes.new, name="new-attribute"),
    path("attributes/<int:pk>/", own_attributes.edit, name="attribute"),
    path("operators/", settings.operators, name="operators"),
    path("operators/new/", settings.new_operator, name="new-operator"),
    path("operators/<int:pk>/close/", settings.close_operator, name="close-operator"),
]
tour_urls = [path("tour/", tour.tour, name="tour"), path("tour/<slug:key>/", tour.act, name="tour-act")]
# What does not exist outside the demo has no address there, so no menu entry either.
demo_urls = tour_urls if django_settings.DEMO else []
