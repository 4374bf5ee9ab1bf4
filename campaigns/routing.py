"""WebSocket addresses."""

from django.urls import URLPattern, path

from campaigns.consumers import InboxConsumer

websocket_urlpatterns: list[URLPattern] = [
    path("ws/inbox/<str:token>/", InboxConsumer.as_asgi()),
]
