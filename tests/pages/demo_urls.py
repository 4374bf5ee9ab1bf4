"""The addresses of a demo."""

from config import urls
from config.views.urls import tour_urls

urlpatterns = [*urls.urlpatterns, *tour_urls]
