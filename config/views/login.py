"""The way in. In demo mode the page names the staff of the demo casino, so that nobody has to look for them."""

from typing import Any

from django.conf import settings
from django.contrib.auth.views import LoginView


class Login(LoginView):
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        if settings.DEMO:
            from config.casino.people import OPERATORS, PASSWORD

            context |= {"staff": OPERATORS, "staff_password": PASSWORD}
        return context
