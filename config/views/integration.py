"""Who holds a key to which feed, and what it may do."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
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


# Nobody hands a key to what they may not do themselves; posting events and counting are the developer's own, and so is
# what other senders need so as to leave people alone: hashes of their own, and the gate's yes or no without its reason.
_GIVEN_BY = {
    FeedKey.Scope.SEGMENTS_WRITE: ("segments.edit", "build segments"),
    FeedKey.Scope.SEGMENTS_MEMBERS: ("players.view", "see players"),
    FeedKey.Scope.SEGMENTS_PROTECTION: ("compliance.reasons", "see restrictions"),
}


class KeyForm(forms.Form):
    feed = forms.ModelChoiceField(
        Feed.objects.none(),
        label="Feed",
        empty_label="Choose a feed",
        help_text="The key works for the brand of this feed only.",
    )
    scopes = forms.MultipleChoiceField(
        choices=FeedKey.Scope.choices, initial=[FeedKey.Scope.EVENTS], widget=forms.CheckboxSelectMultiple,
        label="What it may do", help_text="At the brand of the feed. As little as its holder needs.",
    )  # fmt: skip
    name = forms.CharField(max_length=50, label="Name", help_text="Who will hold it: 'PAM production', 'Sandbox', …")

    def __init__(self, request: HttpRequest, data: QueryDict | None = None) -> None:
        super().__init__(data)
        self.user: Any = request.user
        self.fields["feed"].queryset = visible_feeds(request, "integration.edit")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        feed = self.cleaned_data.get("feed")
        for scope in self.cleaned_data.get("scopes", ()):
            permission, words = _GIVEN_BY.get(scope, ("integration.edit", ""))
            if feed and not self.user.may(permission, feed.brand_id):
                label = FeedKey.Scope(scope).label
                self.add_error("scopes", f"“{label}” is given by somebody whose role may {words} at this brand.")
        return self.cleaned_data


@requires("integration.edit")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def keys(request: HttpRequest) -> HttpResponse:
    form, fresh = KeyForm(request, request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            key, fresh = FeedKey.objects.create_key(**form.cleaned_data)
            feed = form.cleaned_data["feed"]
            audit.record(request.user, "key.created", f"feedkey:{key.prefix}",  # type: ignore[arg-type]
                         brand=feed.brand_id, after={"feed": str(feed), "scopes": ", ".join(form.cleaned_data["scopes"])})  # fmt: skip
        form = KeyForm(request)
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
