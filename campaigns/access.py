"""Whose campaigns is this operator looking at? Those of other brands do not exist for him: 404."""

from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from campaigns.models import Campaign, Version
from compliance.models import Operator
from players.access import brands_for, shown_brands


def operator(request: HttpRequest) -> Operator:
    """Who is asking; every page but the public ones is behind the login."""
    assert isinstance(request.user, Operator)
    return request.user


def visible(request: HttpRequest) -> QuerySet[Campaign]:
    return Campaign.objects.select_related("brand", "owner").filter(brand__in=shown_brands(request))


def campaign_for(request: HttpRequest, pk: int) -> Campaign:
    campaigns = Campaign.objects.select_related("brand__licence", "owner").filter(brand__in=brands_for(request))
    return get_object_or_404(campaigns, pk=pk)


def version_for(request: HttpRequest, pk: int) -> Version:
    """The one asked for by ?v=, or the newest."""
    versions = campaign_for(request, pk).versions.select_related(
        "campaign__brand__licence", "author", "approver", "trigger_segment", "only_if_segment"
    )
    number = request.GET.get("v", "")
    chosen = versions.filter(number=int(number)).first() if number.isdecimal() and len(number) < 4 else None
    return chosen or versions.order_by("-number")[0]
