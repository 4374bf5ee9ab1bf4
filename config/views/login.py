"""The way in. In demo mode the page names the staff of the demo casino, so that nobody has to look for them."""

from typing import Any

from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse

from compliance import audit
from compliance.models import Operator


class Login(LoginView):
    redirect_authenticated_user = True

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        _note("operator.logged_in", form.get_user())
        return super().form_valid(form)

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        """What was typed is not kept: people type their password into the wrong field."""
        email = str(form.data.get("username", ""))[:254].replace("\0", "").lower()
        known = Operator.objects.filter(email=email).first()
        if known:
            audit.record(None, "operator.login_refused", f"operator:{known.pk}", brand=_home(known))
        return super().form_invalid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        if settings.DEMO:
            from config.casino.people import OPERATORS, PASSWORD

            context |= {"staff": OPERATORS, "staff_password": PASSWORD}
        return context


class Logout(LogoutView):
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated:
            _note("operator.logged_out", request.user)
        return super().post(request, *args, **kwargs)


def _note(kind: str, operator: Operator) -> None:
    audit.record(operator, kind, f"operator:{operator.pk}", brand=_home(operator))


def _home(operator: Operator) -> int | None:
    return audit.only(operator.brand_ids() or ())
