"""What segments can ask about messages and journeys: what was sent, seen, and came of it."""

from django.db.models import QuerySet

from campaigns.models import Campaign, Card, Delivery, Enrolment
from campaigns.protecting import telling
from players.models import Brand
from segments.language.attributes import Criterion, Family, Param, register
from segments.language.belonging import Among, Carried
from segments.language.instants import Since
from segments.language.quantities import Params
from segments.language.recent import WITHIN, Moments, Newest, Recent
from segments.language.tree import Leaf

_CHANNEL = Param("channel", "Channel", {"any": "Any channel", "email": "E-mail", "onsite": "On site"})
_NONE: frozenset[str] = frozenset()
_DAYS = "1 day = 24 hours, exact to the second."
_CHOOSE = "1 day = 24 hours, or calendar days of the brand: you choose."
_KEPT_OUT = (Enrolment.State.CONTROL, Enrolment.State.HOLDOUT)


def _sent(params: Params) -> QuerySet[Delivery]:
    """Messages about protection are not among them: one more than the others would tell of a restriction."""
    rows = Delivery.objects.filter(status=Delivery.Status.SENT, settled_at__isnull=False)
    rows = rows.exclude(purpose__startswith="rg_").exclude(enrolment__version__in=telling().values("pk"))
    chosen = _CHANNEL.chosen(params)
    return rows if chosen == "any" else rows.filter(channel=chosen)


def _seen(params: Params) -> QuerySet[Card]:
    rows = Card.objects.filter(seen_at__isnull=False).exclude(delivery__purpose__startswith="rg_")
    return rows.exclude(delivery__enrolment__version__in=telling().values("pk"))


def _runs(params: Params) -> QuerySet[Enrolment]:
    """Those kept out to measure were never in it; journeys that tell of protection are asked for by name, by those who
    may know of them."""
    return _ever().exclude(version__in=telling().values("pk"))


def _ever() -> QuerySet[Enrolment]:
    return Enrolment.objects.exclude(state__in=_KEPT_OUT)


def _goals(params: Params) -> QuerySet[Enrolment]:
    return _runs(params).filter(goal_at__isnull=False)


class Named(Among):
    """By name: whoever was in a journey that tells of protection is chosen by it."""

    def telling(self, brand_id: int) -> frozenset[str]:
        return frozenset(telling(campaign__brand=brand_id).values_list("campaign__name", flat=True))

    def selects_by(self, leaf: Leaf) -> frozenset[str]:
        named = leaf.value if isinstance(leaf.value, tuple) else (leaf.value,)
        tells = telling(campaign__brand=leaf.brand_id, campaign__name__in=named).exists()
        return frozenset({Criterion.RG_NEED.value}) if tells else super().selects_by(leaf)


def _names(brand: Brand) -> list[str]:
    return list(Campaign.objects.filter(brand=brand).order_by("name").values_list("name", flat=True)[:200])


_MESSAGES, _CARDS = Moments(_sent, "settled_at"), Moments(_seen, "seen_at")
_GOALS, _ENTRIES = Moments(_goals, "goal_at"), Moments(_runs, "entered_at")

register(
    Recent(
        key="messages_sent", label="Messages sent", family=Family.MESSAGES, criterion=Criterion.LIFECYCLE, unit="messages", of=_MESSAGES, most=10_000,
        help="Messages of every campaign handed over to the channel you choose, promotional or not, none about protection, within the days you "
        "choose. Refused and failed ones do not count, nor messages about protection.",
        example="Three e-mails in the last 30 days, one of them refused by the gate: 2 messages.",
        words="sent contacted pressure frequency email onsite delivered", params=(_CHANNEL, WITHIN),
        phrase="who were sent {cmp} {value} ({channel}) in the {within}", note=_DAYS, feeds=_NONE,
    ),
    Since(
        key="days_since_message", label="Days since last message", family=Family.MESSAGES, criterion=Criterion.LIFECYCLE, of=Newest(_MESSAGES),
        help="Newest message of any campaign handed over to the channel you choose, but about protection.", params=(_CHANNEL,),
        example="An e-mail on 1 March at 10:00; on 8 March at 10:00 it is 7 days.",
        words="contacted recency pressure email onsite", verb="were sent a message ({channel})",
        phrase="who have not been sent a message ({channel}) for at least {value}", note=_CHOOSE, feeds=_NONE,
    ),
    Recent(
        key="cards_seen", label="On-site messages opened", family=Family.MESSAGES, criterion=Criterion.LIFECYCLE, unit="messages", of=_CARDS,
        help="Messages on the site that were shown to the player, each counted once when it was first shown, within the "
        "days you choose.", most=10_000,
        example="Two of three messages shown since Monday: 2 messages.", words="opened read seen engagement inbox",
        params=(WITHIN,), phrase="who opened {cmp} {value} on site in the {within}", note=_DAYS, feeds=_NONE,
    ),
    Since(
        key="days_since_card_seen", label="Days since an on-site message was opened", family=Family.MESSAGES, criterion=Criterion.LIFECYCLE,
        help="Newest time a message on the site was first shown to the player.", of=Newest(_CARDS),
        example="Shown on 1 March at 10:00; on 31 March at 10:00 it is 30 days.", words="opened read seen unengaged",
        verb="opened an on-site message", phrase="who have not opened an on-site message for at least {value}",
        note=_CHOOSE, feeds=_NONE,
    ),
    Recent(
        key="goals_reached", label="Campaign goals reached", family=Family.MESSAGES, criterion=Criterion.LIFECYCLE, unit="goals", of=_GOALS, most=10_000,
        help="Runs through a campaign in which the player reached its goal, by the time of the goal, within the days you "
        "choose. Players kept out to measure reach no goal.",
        example="A reactivation whose goal is a deposit, and a deposit four days after it began: 1 goal.",
        words="converted conversion response success engaged unengaged", params=(WITHIN,),
        phrase="who reached {cmp} {value} in the {within}", note=_DAYS, feeds=frozenset({"play", "payments"}),
    ),
    Recent(
        key="campaigns_entered", label="Campaigns entered", family=Family.MESSAGES, criterion=Criterion.LIFECYCLE, unit="campaigns", of=_ENTRIES,
        help="Times the player was let into a campaign within the days you choose, hold-out and control groups left out, and "
        "journeys of protection.",
        example="Let into a welcome journey and a weekly offer since Monday: 2 campaigns.", most=10_000,
        words="journey enrolled audience targeted", params=(WITHIN,), note=_DAYS, feeds=_NONE,
        phrase="who were let into {cmp} {value} in the {within}",
    ),
    Named(
        key="journeys", label="In a campaign now", family=Family.MESSAGES, criterion=Criterion.LIFECYCLE, feeds=_NONE, longest=80,
        help="Campaigns the player is in right now: let in, and neither through nor gone.",
        example="Waiting in step 2 of “Win back slots”: Win back slots.", words="journey active running enrolled",
        of=Carried(lambda: Enrolment.objects.filter(state=Enrolment.State.ACTIVE), "campaign__name", _names),
        phrase="who are in the campaign {value}", phrase_not="who are not in the campaign {value}", blank="none",
    ),
    Named(
        key="campaigns", label="Campaigns ever in", family=Family.MESSAGES, criterion=Criterion.LIFECYCLE, feeds=_NONE, longest=80,
        help="Campaigns the player was ever let into, hold-out and control groups left out.",
        example="Went through “Welcome” last year: Welcome.", words="journey enrolled history targeted",
        of=Carried(_ever, "campaign__name", _names),
        phrase="who were in the campaign {value}", phrase_not="who were never in the campaign {value}", blank="none",
    ),
    Named(
        key="campaign_goals", label="Campaigns whose goal was reached", family=Family.MESSAGES, criterion=Criterion.LIFECYCLE, longest=80,
        help="Campaigns in which the player ever reached the goal.", feeds=frozenset({"play", "payments"}),
        example="Deposited in time in “Win back slots”: Win back slots.", words="converted response success journey",
        of=Carried(lambda: _ever().filter(goal_at__isnull=False), "campaign__name", _names),
        phrase="who reached the goal of {value}", phrase_not="who never reached the goal of {value}", blank="none",
    ),
)  # fmt: skip
