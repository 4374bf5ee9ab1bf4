"""Who answers which address. A thing has one address; its panels are sub-addresses."""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from config.views import chrome
from config.views.login import Login, Logout
from config.views.reveal import identity, reveal
from config.views.search import search
from config.views.today import today
from config.views.urls import demo_urls, integration_urls, settings_urls

urlpatterns = [
    path("", today, name="today"),
    path("search/", search, name="search"),
    path("login/", login_not_required(Login.as_view()), name="login"),
    path("logout/", Logout.as_view(), name="logout"),
    path("brand/", chrome.choose_brand, name="choose-brand"),
    path("theme/", chrome.choose_theme, name="choose-theme"),
    path("feed-light/", chrome.feed_light, name="feed-light"),
    path("healthz", chrome.healthz, name="healthz"),
    *demo_urls,
    path("players/<int:pk>/reveal/", reveal, name="player-reveal"),
    path("players/<int:pk>/identity/", identity, name="player-identity"),
    path("players/", include("players.urls")),
    path("segments/", include("segments.urls")),
    path("campaigns/", include("campaigns.urls")),
    path("bonuses/", include("bonuses.urls")),
    path("compliance/", include("compliance.urls")),
    path("reports/", include("reporting.urls")),
    path("integration/", include((integration_urls, "integration"))),
    path("settings/", include((settings_urls, "settings"))),
    path("api/v1/", include("players.api.urls")),
    path("api/v1/", include("segments.api.urls")),
    path("api/v1/", include("compliance.api.urls")),
    path("", include("players.api.integration_urls")),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs/", SpectacularSwaggerSplitView.as_view(url_name="schema"), name="api-docs"),
    path("", include("campaigns.public_urls")),
    path("engine-room/", admin.site.urls),
]
