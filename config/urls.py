"""Who answers which address. A thing has one address; its panels are sub-addresses."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("players/", include("players.urls")),
    path("segments/", include("segments.urls")),
    path("campaigns/", include("campaigns.urls")),
    path("bonuses/", include("bonuses.urls")),
    path("compliance/", include("compliance.urls")),
    path("reports/", include("reporting.urls")),
    path("api/v1/", include("players.api.urls")),
    path("engine-room/", admin.site.urls),
]
