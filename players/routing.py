"""WebSocket addresses."""

from channels.auth import AuthMiddlewareStack
from django.urls import URLPattern, path

from players.consumers import PlayerConsumer

websocket_urlpatterns: list[URLPattern] = [
    path("ws/players/<int:pk>/", AuthMiddlewareStack(PlayerConsumer.as_asgi())),
]
