"""The figures of Today, each a few set-based questions; remembered for a minute per set of brands."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db.models import Count, F, Q, Sum
from django.utils import timezone

from bonuses.models import Grant
from campaigns import protecting
from campaigns.models import Delivery, Enrolment
from compliance.models import Decision, Measure, Operator, Standing
from compliance.vocabulary import EXCLUSIONS, LIMITS
from config.lib.money import Money
from players.models import (
    Brand,
    DailyActivity,
    Feed,
    FeedTally,
    Player,
    PlayerState,
    Quarantine,
    Stage,
    StageChange,
    Waiting,
)

WEEK = timedelta(days=7)
MINUTE = 60


def remembered(name: str, brands: Sequence[Brand], now: datetime, ask: Callable[..., Any]) -> Any:
    """`ask(brands, now)`, at most once a minute."""
    key = f"today:{name}:{'-'.join(str(brand.pk) for brand in brands)}"
    found = cache.get(key)
    if found is None:
        found = ask(brands, now)
        cache.set(key, found, MINUTE)
    return found


def base(brands: Sequence[Brand], now: datetime) -> list[dict[str, Any]]:
    """Players per stage, and how many came and went in the last 24 hours."""
    return _by_stage(Q(player__brand__in=brands, player__is_test=False), now)


def vips(brands: Sequence[Brand], now: datetime) -> list[dict[str, Any]]:
    """The same of VIP players alone: whom a host looks after. Empty where there are none."""
    rows = _by_stage(Q(player__brand__in=brands, player__is_test=False, player__vip_tier__gt=0), now)
    return rows if any(row["size"] for row in rows) else []


def _by_stage(real: Q, now: datetime) -> list[dict[str, Any]]:
    size = dict(PlayerState.objects.filter(real).values_list("stage").annotate(n=Count("pk")))
    moves = StageChange.objects.filter(real, at__gte=now - timedelta(days=1), at__lte=now)
    came = dict(moves.values_list("after").annotate(n=Count("pk")))
    went = dict(moves.values_list("before").annotate(n=Count("pk")))
    total = sum(size.values())
    return [
        {
            "stage": int(stage), "size": size.get(stage, 0), "came": came.get(stage, 0), "went": went.get(stage, 0),
            "share": 100 * size.get(stage, 0) / total if total else 0,
        }
        for stage in Stage
    ]  # fmt: skip


def messages_figures(brands: Sequence[Brand], now: datetime) -> list[dict[str, Any]]:
    """Two weeks side by side: sent, not sent, goals, bonuses given. Without journeys that tell of protection: the figures
    of all others taken from these would leave theirs."""
    rows = protecting.open_messages(Delivery.objects.filter(player__brand__in=brands, player__is_test=False), "crm")
    sent = Q(status=Delivery.Status.SENT)
    refused = Q(status__in=[Delivery.Status.REFUSED, Delivery.Status.DROPPED])
    settled = rows.aggregate(
        sent=Count("pk", sent & _within("settled_at", now)), sent_before=Count("pk", sent & _before("settled_at", now)),
        not_sent=Count("pk", refused & _within("settled_at", now)),
        not_sent_before=Count("pk", refused & _before("settled_at", now)),
    )  # fmt: skip
    runs = protecting.open_runs(Enrolment.objects.filter(player__brand__in=brands, player__is_test=False), "crm")
    goals = runs.aggregate(
        now=Count("pk", _within("goal_at", now)), before=Count("pk", _before("goal_at", now)),
        active=Count("pk", Q(state=Enrolment.State.ACTIVE)),
    )  # fmt: skip
    grants = Grant.objects.filter(player__brand__in=brands, player__is_test=False).aggregate(
        now=Count("pk", _within("granted_at", now)), before=Count("pk", _before("granted_at", now))
    )
    return [
        {"label": "Messages sent", "value": settled["sent"], "before": settled["sent_before"]},
        {"label": "Not sent", "value": settled["not_sent"], "before": settled["not_sent_before"]},
        {"label": "Goals reached", "value": goals["now"], "before": goals["before"]},
        {"label": "Bonuses given", "value": grants["now"], "before": grants["before"]},
        {"label": "Players in journeys", "value": goals["active"], "note": "at this moment"},
    ]


def protection(brands: Sequence[Brand], now: datetime) -> list[dict[str, Any]]:
    """What compliance looks at first: what was asked of the gate, what restrictions came in."""
    decisions = Decision.objects.filter(player__brand__in=brands, decided_at__gte=now - 2 * WEEK).aggregate(
        asked=Count("pk", _within("decided_at", now)), asked_before=Count("pk", _before("decided_at", now)),
        refused=Count("pk", ~Q(outcome="allow") & _within("decided_at", now)),
        refused_before=Count("pk", ~Q(outcome="allow") & _before("decided_at", now)),
    )  # fmt: skip
    kinds = Measure.Kind
    people = Player.objects.filter(brand__in=brands, is_test=False).values("person")
    measures = Measure.objects.filter(person__in=people, received_at__gte=now - 2 * WEEK)
    limits = Q(kind__in=sorted(LIMITS))
    out = Q(kind__in=sorted(EXCLUSIONS))
    found = measures.aggregate(
        **{
            f"{name}{suffix}": Count("pk", which & period("received_at", now))
            for name, which in (("limits", limits), ("breaks", Q(kind=kinds.TIME_OUT)), ("out", out))
            for suffix, period in (("", _within), ("_before", _before))
        }
    )
    unknown = Standing.objects.filter(person__in=people, verdict=Standing.Verdict.UNKNOWN).count()
    return [
        {"label": "Asked of the gate", "value": decisions["asked"], "before": decisions["asked_before"]},
        {"label": "Refused or later", "value": decisions["refused"], "before": decisions["refused_before"]},
        {"label": "Limits set", "value": found["limits"], "before": found["limits_before"]},
        {"label": "Time-outs", "value": found["breaks"], "before": found["breaks_before"]},
        {"label": "Exclusions", "value": found["out"], "before": found["out_before"]},
        {"label": "Restrictions not stated", "value": unknown, "note": "players: nothing promotional until they are"},
    ]


def money(brands: Sequence[Brand], now: datetime) -> list[dict[str, Any]]:
    """Per currency, the last 7 gaming days that are over: deposits, withdrawals, stakes, GGR; bonuses open now."""
    found = []
    for currency in sorted({brand.currency for brand in brands}):
        houses = [brand for brand in brands if brand.currency == currency]
        until = timezone.localdate(now)
        rows = DailyActivity.objects.filter(
            player__brand__in=houses, player__is_test=False, player__currency=currency,
            day__gte=until - WEEK, day__lt=until,
        ).aggregate(
            deposits=Sum("deposit_sum"), withdrawals=Sum("withdrawal_sum"), stakes=Sum(F("stake_real") + F("stake_bonus")),
            ggr=Sum(F("stake_real") + F("stake_bonus") - F("win_real") - F("win_bonus")),
        )  # fmt: skip
        open_grants = Grant.objects.filter(
            player__brand__in=houses, player__is_test=False, currency=currency, status__in=Grant.OPEN
        ).aggregate(n=Count("pk"), sum=Sum("amount"))
        amounts = {name: Money(total or 0, currency) for name, total in rows.items()}
        open_sum = Money(open_grants["sum"] or 0, currency)
        found.append({"currency": currency, "brands": ", ".join(brand.name for brand in houses),
                      "open": open_grants["n"], "open_sum": open_sum} | amounts)  # fmt: skip
    return found


def arriving(brands: Sequence[Brand], now: datetime) -> list[dict[str, Any]]:
    """What the PAMs of these brands sent in a day, and what became of it."""
    of_brands = Q(feed__brand__in=brands)
    told = FeedTally.objects.filter(of_brands, minute__gte=now - timedelta(days=1)).aggregate(
        accepted=Sum("accepted", default=0), duplicate=Sum("duplicate", default=0),
        quarantined=Sum("quarantined", default=0),
    )  # fmt: skip
    feeds = Feed.objects.filter(brand__in=brands)
    fresh = feeds.filter(freshness=Feed.Freshness.FRESH).count()
    waiting = Waiting.objects.filter(of_brands).count()
    kept = Quarantine.objects.filter(of_brands, resolved_at=None).count()
    return [
        {"label": "Fresh feeds", "value": fresh, "note": f"of {feeds.count()}", "href": "integration:feeds"},
        {"label": "Events received", "value": sum(told.values()), "note": f"{told['duplicate']} known already"},
        {"label": "Accepted", "value": told["accepted"], "note": f"{waiting} waiting to be applied now"},
        {"label": "Put in quarantine", "value": told["quarantined"], "note": f"{kept} open now",
         "href": "integration:quarantine"},
    ]  # fmt: skip


def staff(brands: Sequence[Brand], now: datetime) -> list[dict[str, Any]]:
    """Who works here, as the admin sees it."""
    users = Operator.objects.filter(is_active=True).aggregate(
        open=Count("pk"), lately=Count("pk", _within("last_login", now)), never=Count("pk", Q(last_login=None))
    )
    return [
        {"label": "Users who may log in", "value": users["open"], "note": "", "href": "settings:operators"},
        {"label": "Logged in, last 7 days", "value": users["lately"], "note": ""},
        {"label": "Never logged in", "value": users["never"], "note": "close what nobody needs"},
        {"label": "Brands", "value": len(brands), "note": "as chosen above", "href": "settings:brands"},
    ]


def _within(column: str, now: datetime) -> Q:
    return Q(**{f"{column}__gte": now - WEEK, f"{column}__lte": now})


def _before(column: str, now: datetime) -> Q:
    return Q(**{f"{column}__gte": now - 2 * WEEK, f"{column}__lt": now - WEEK})
