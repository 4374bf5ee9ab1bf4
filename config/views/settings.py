"""Settings: brands with their lifecycle thresholds, staff with their seats. Every change is in the audit trail."""

from django import forms
from django.contrib import messages
from django.contrib.auth import password_validation
from django.db import transaction
from django.db.models import Q
from django.forms import model_to_dict
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_safe

from compliance import audit
from compliance.models import Operator, Seat
from compliance.roles import Role
from config.lib.forms import ReasonForm
from config.lib.http import requires
from config.lib.pages import page
from players import access
from players.models import Brand, Session

PAUSE = 30  # minutes; what the trade takes for the end of a session


class BrandForm(forms.ModelForm):
    session_gap_minutes = forms.TypedChoiceField(
        label="Sessions",
        coerce=int,
        choices=[
            (0, "As the platform reports them"),
            (PAUSE, f"Made from rounds: a pause of {PAUSE} minutes ends one"),
        ],
        help_text="For a platform that reports no sessions. Settled once, before the first session is known.",
    )

    class Meta:
        model = Brand
        fields = ["session_gap_minutes", "support_email", "site_url"]
        labels = {"support_email": "Support e-mail", "site_url": "Address of the site"}

    def clean_session_gap_minutes(self) -> int:
        pause = int(self.cleaned_data["session_gap_minutes"])
        known = Session.objects.filter(player__brand=self.instance.pk)
        if pause != Brand.objects.get(pk=self.instance.pk).session_gap_minutes and known.exists():
            raise forms.ValidationError("This brand has sessions already: the same play would be counted twice.")
        return pause


@requires("settings.view")
@require_safe
def brands(request: HttpRequest) -> HttpResponse:
    rows = access.brands_for(request).select_related("licence").order_by("name")
    return page(request, "settings/brands.html", {"rows": rows})


@requires("settings.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def brand(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(access.brands_for(request), pk=pk)
    before = model_to_dict(found, BrandForm.Meta.fields)
    form = BrandForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            form.save()
            after = model_to_dict(found, BrandForm.Meta.fields)
            audit.record(request.user, "brand.changed", f"brand:{pk}", brand=pk, before=before, after=after)  # type: ignore[arg-type]
        messages.success(request, f"{found.name} saved.")
        return redirect("settings:brands")
    return page(request, "settings/brand.html", {"form": form, "found": found}, status=422 if form.errors else 200)


class OperatorForm(forms.Form):
    name = forms.CharField(max_length=80, label="Name")
    email = forms.EmailField(label="E-mail")
    role = forms.ChoiceField(choices=Role.choices, label="Role")
    brand = forms.ModelChoiceField(Brand.objects.all(), required=False, empty_label="Every brand", label="Brand")
    password = forms.CharField(
        label="First password", min_length=12, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="At least 12 characters, not a common one.",
    )  # fmt: skip

    def __init__(self, request: HttpRequest) -> None:
        """Whoever looks after some brands gives seats at those, and none at every brand."""
        super().__init__(request.POST or None)
        if request.user.brand_ids("settings.edit") is not None:  # type: ignore[union-attr]
            self.fields["brand"] = forms.ModelChoiceField(access.brands_for(request), label="Brand", empty_label=None)

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).lower()
        if Operator.objects.filter(email=email).exists():
            raise forms.ValidationError("Somebody already logs in with this e-mail.")
        return email

    def clean_password(self) -> str:
        password_validation.validate_password(self.cleaned_data["password"])
        return str(self.cleaned_data["password"])


@requires("settings.view")
@require_safe
def operators(request: HttpRequest) -> HttpResponse:
    rows = Operator.objects.prefetch_related("seats__brand").order_by("-is_active", "name")
    return page(request, "settings/operators.html", {"rows": rows})


@requires("settings.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def new_operator(request: HttpRequest) -> HttpResponse:
    form = OperatorForm(request)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        with transaction.atomic():
            made = Operator.objects.create_user(data["email"], data["name"], data["password"])
            seat = {"role": data["role"], "brand": data["brand"].slug if data["brand"] else "every brand"}
            audit.record(request.user, "operator.created", f"operator:{made.pk}",  # type: ignore[arg-type]
                         brand=data["brand"].pk if data["brand"] else None, after=seat)  # fmt: skip
            Seat.objects.create(operator=made, role=data["role"], brand=data["brand"])  # behind its entry only
        messages.success(request, f"{made.name} may log in.")
        return redirect("settings:operators")
    return page(request, "settings/operator.html", {"form": form}, status=422 if form.errors else 200)


@requires("settings.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def close_operator(request: HttpRequest, pk: int) -> HttpResponse:
    others = Operator.objects.exclude(email=request.user.get_username())
    if request.user.brand_ids("settings.edit") is not None:  # type: ignore[union-attr]
        elsewhere = Seat.objects.filter(Q(brand=None) | ~Q(brand__in=access.brands_for(request)))
        others = others.exclude(pk__in=elsewhere.values("operator"))
    found = get_object_or_404(others, pk=pk, is_active=True)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            found.is_active = False
            found.save(update_fields=["is_active"])
            audit.record(request.user, "operator.closed", f"operator:{pk}",  # type: ignore[arg-type]
                         brand=audit.only(found.brand_ids() or ()), reason=form.cleaned_data["reason"])  # fmt: skip
        messages.success(request, f"{found.name} can no longer log in.")
        return redirect("settings:operators")
    context = {
        "form": form, "heading": f"Close the account of {found.name}", "submit": "Close account",
        "cancel": "/settings/operators/",
        "consequence": "They are logged out at their next click. What they did stays in the audit trail.",
    }  # fmt: skip
    return page(request, "ui/reason.html", context, status=422 if form.errors else 200)
