"""Addresses of the pages that belong to the frame itself."""

from django.conf import settings as django_settings
from django.urls import path

from config.views import integration, settings, tour

integration_urls = [
    path("feeds/", integration.feeds, name="feeds"),
    path("quarantine/", integration.quarantine, name="quarantine"),
    path("quarantine/<int:pk>/replay/", integration.replay, name="replay"),
    path("keys/", integration.keys, name="keys"),
    path("keys/<str:pk>/revoke/", integration.revoke, name="revoke"),
]
settings_urls = [
    path("brands/", settings.brands, name="brands"),
    path("brands/<int:pk>/", settings.brand, name="brand"),
    path("operators/", settings.operators, name="operators"),
    path("operators/new/", settings.new_operator, name="new-operator"),
    path("operators/<int:pk>/close/", settings.close_operator, name="close-operator"),
]
# What does not exist outside the demo has no address there, so no menu entry either.
tour_urls = (
    [path("tour/", tour.tour, name="tour"), path("tour/<slug:key>/", tour.act, name="tour-act")]
    if django_settings.DEMO
    else []
)
