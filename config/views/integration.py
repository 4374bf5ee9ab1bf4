"""Who holds a key to which feed."""

from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from compliance import audit
from config.lib.forms import ReasonForm
from config.lib.http import requires
from config.lib.pages import page
from players import access
from players.models import Brand, Feed, FeedKey


def shown_brands(request: HttpRequest, permission: str = "integration.view") -> list[Brand]:
    """The chosen brand, or all of them, as far as the operator holds `permission` there."""
    held = request.user.brand_ids(permission)  # type: ignore[union-attr]
    return [brand for brand in access.shown_brands(request) if held is None or brand.pk in held]


def visible_feeds(request: HttpRequest, permission: str = "integration.view") -> QuerySet[Feed]:
    """Feeds of those brands."""
    brands = shown_brands(request, permission)
    return Feed.objects.filter(brand__in=brands).select_related("brand").order_by("brand__name", "name")


class KeyForm(forms.Form):
    feed = forms.ModelChoiceField(
        Feed.objects.none(), label="Feed", empty_label="Choose a feed", help_text="The key may post for this feed only."
    )
    name = forms.CharField(max_length=50, label="Name", help_text="Who will hold it: 'PAM production', 'Sandbox', …")


@requires("integration.edit")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def keys(request: HttpRequest) -> HttpResponse:
    form, fresh = KeyForm(request.POST or None), ""
    form.fields["feed"].queryset = visible_feeds(request, "integration.edit")  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            key, fresh = FeedKey.objects.create_key(**form.cleaned_data)
            feed = form.cleaned_data["feed"]
            audit.record(request.user, "key.created", f"feedkey:{key.prefix}",  # type: ignore[arg-type]
                         brand=feed.brand_id, after={"feed": str(feed)})  # fmt: skip
        form = KeyForm()
        form.fields["feed"].queryset = visible_feeds(request, "integration.edit")  # type: ignore[attr-defined]
    rows = FeedKey.objects.filter(feed__in=visible_feeds(request, "integration.edit")).select_related("feed__brand")
    context = {"form": form, "fresh": fresh, "keys": rows.order_by("revoked", "-created")}
    return page(request, "integration/keys.html", context, status=422 if form.errors else 200)


@requires("integration.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: HttpRequest, pk: str) -> HttpResponse:
    key = get_object_or_404(FeedKey, Q(pk=pk), feed__in=visible_feeds(request, "integration.edit"), revoked=False)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            key.revoked = True
            key.save(update_fields=["revoked"])
            reason = form.cleaned_data["reason"]
            audit.record(request.user, "key.revoked", f"feedkey:{key.prefix}",  # type: ignore[arg-type]
                         brand=key.feed.brand_id, reason=reason)  # fmt: skip
        messages.success(request, f"Key “{key.name}” no longer opens anything.")
        return redirect("integration:keys")
    context = {
        "form": form, "heading": f"Revoke key “{key.name}”", "submit": "Revoke key", "cancel": "/integration/keys/",
        "consequence": f"From the next request on, {key.feed} is answered 401 with this key. It cannot be undone.",
    }  # fmt: skip
    return page(request, "ui/reason.html", context, status=422 if form.errors else 200)
