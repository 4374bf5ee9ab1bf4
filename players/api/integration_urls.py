"""Mounted at the root: a sender that is given our address instead of its CRM's posts here."""

from django.urls import path

from players.api.fasttrack import MessageView, views

app_name = "integration-api"
urlpatterns = [
    *(path(where, view, name=where.replace("/", "-")) for where, view in views().items()),
    path("v1/integration/messages/<str:schema>", MessageView.as_view(), name="message"),
]
