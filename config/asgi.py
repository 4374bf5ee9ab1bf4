"""HTTP and WebSocket entry point."""

import os
from typing import cast

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
http = get_asgi_application()  # loads the apps; what follows needs them

from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from channels.security.websocket import AllowedHostsOriginValidator  # noqa: E402
from django.conf import settings  # noqa: E402

from campaigns.routing import websocket_urlpatterns as inboxes  # noqa: E402
from config.bodies import App, bounded  # noqa: E402
from config.lib.garbage import leave_what_is_loaded  # noqa: E402
from players.routing import websocket_urlpatterns as player_pages  # noqa: E402

application = ProtocolTypeRouter(
    {
        "http": bounded(cast(App, http), settings.IMPORT_MAX_BYTES),
        "websocket": AllowedHostsOriginValidator(URLRouter([*inboxes, *player_pages])),
    }
)
leave_what_is_loaded()
