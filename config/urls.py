"""Who answers which address."""

from django.contrib import admin
from django.urls import path

urlpatterns = [
    path("engine-room/", admin.site.urls),
]
