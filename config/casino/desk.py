"""What the CRM team of each brand has set up: segments, offers with budgets, campaigns that two people launched."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction

from bonuses import budgets
from bonuses.models import Template, Terms
from campaigns import publishing, reach, recipes
from campaigns.models import Campaign, Step, Version
from compliance.models import Operator
from compliance.models.decision import Purpose
from config.casino.houses import BY_SLUG
from players.models import Brand, Stage
from segments.building import go_live, save_draft
from segments.library import BY_KEY
from segments.models import Segment

STARTED_WITH = ("long-slots-silent", "slots-slipping", "no-second-deposit", "registered-no-deposit")
# Nothing is offered to whoever stays away (DK-07), so no campaign looks for them.
_NOBODY_LURED_BACK = {"DK"}
_FIRST_BONUS_ONLY = {"SE"}
LONG_AND_SILENT, SLIPPING_ON_SLOTS = (BY_KEY[key].name for key in STARTED_WITH[:2])
GOODWILL = "With our apologies"
_RECIPES = ("welcome", "win_back", "limit_active", "review_limits", "rg_outreach")
CASINO_ONLY = {"slots": 100, "table": 10, "live_casino": 10}  # bingo is another product (GB-13)
IN_FULL = {"slots": 100}  # where a game counts with the whole stake or not at all (DK-04)


def set_up(brand: Brand, author: Operator, approver: Operator, *, now: datetime) -> None:
    """Idempotent: what has its name already is left as it is."""
    _segments(brand, author, now)
    _, gift, _ = _offers(brand, author, now)
    if not Campaign.objects.filter(brand=brand).exists():
        _campaigns(brand, author, approver, gift, now)


def _segments(brand: Brand, author: Operator, now: datetime) -> None:
    for starter in map(BY_KEY.__getitem__, STARTED_WITH):
        if Segment.objects.filter(brand=brand, name=starter.name).exists():
            continue
        segment = save_draft(None, brand, starter.name, starter.rule, author, now=now)
        with transaction.atomic():
            go_live(segment, author, acts_on_existing=False, now=now)


def _offers(brand: Brand, author: Operator, now: datetime) -> list[Terms]:
    unit = round(BY_SLUG[brand.slug].rate) * 100
    most = {"amount": 20 * unit, "wagering_multiplier": 1}
    offer(brand, author, now, GOODWILL, Template.Kind.GOODWILL, 1_000 * unit, **most)
    match = {"percent": Decimal(100), "cap": 50 * unit, "min_deposit": 10 * unit, "max_bet": 5 * unit}
    return [
        offer(brand, author, now, "Welcome match", Template.Kind.DEPOSIT_MATCH, 20_000 * unit, **match),
        offer(brand, author, now, "Good to see you again", Template.Kind.NO_DEPOSIT, 5_000 * unit, amount=5 * unit),
        offer(brand, author, now, "Ten spins", Template.Kind.FREE_SPINS, 2_000 * unit, amount=10 * (unit // 5), spins=10,
              spin_value=unit // 5),
    ]  # fmt: skip


def offer(brand: Brand, author: Operator, now: datetime, name: str, kind: str, budget: int, **values: object) -> Terms:
    found = Template.objects.filter(brand=brand, name=name).select_related("current").first()
    if found is not None and found.current is not None:
        return found.current
    template = Template.objects.create(brand=brand, name=name, kind=kind, created_at=now, created_by=author)
    days = 60 if brand.licence.jurisdiction in ("SE", "DK") else 7  # SE-05, DK-05
    wagering = 10  # the most British rules allow
    counted = IN_FULL if brand.licence.jurisdiction == "DK" else CASINO_ONLY
    same = {"currency": brand.currency, "contributions": counted, "product": "casino", "expiry_days": days,
            "on_winnings": "no", "wagering_multiplier": wagering} | values  # fmt: skip
    template.current = Terms.objects.create(
        template=template,
        version=1,
        created_at=now,
        created_by=author,
        **same,
    )
    template.save(update_fields=["current"])
    reason = "Budget of the quarter"
    budgets.top_up(template, budget, brand.currency, f"seed:{template.pk}", actor=author, reason=reason, now=now)
    return template.current


def _campaigns(brand: Brand, author: Operator, approver: Operator, gift: Terms, now: datetime) -> None:
    lures = brand.licence.jurisdiction not in _NOBODY_LURED_BACK
    live = [recipes.create(brand, key, author, now=now) for key in _RECIPES if lures or key != "win_back"]
    live += [*_service(brand, author, now), _at_login(brand, author, now)]
    if lures and brand.licence.jurisdiction not in _FIRST_BONUS_ONLY:
        live.append(_welcome_back(brand, author, gift, now))
    for version in live:
        _launch(version, author, approver, now)
    recipes.create(brand, "blank", author, name="Autumn studio news", now=now)


def _welcome_back(brand: Brand, author: Operator, gift: Terms, now: datetime) -> Version:
    """Whoever returns after a month gets a small bonus and is told so."""
    version = recipes.create(
        brand, "blank", author, name="Welcome back", now=now, trigger=Version.Trigger.STAGE,
        trigger_stage=Stage.REACTIVATED, goal_fact="deposit.approved", reentry_days=90, control_percent=10,
    )  # fmt: skip
    Step.objects.create(version=version, position=0, kind=Step.Kind.BONUS, terms=gift, if_refused=Step.Refused.LEAVE)
    words = {
        "subject": "Something to start with, {{ player.first_name }}",
        "body": "<p>Hi {{ player.first_name }},</p><p>Good to see you again. {{ bonus.amount }} of bonus"
        " money is in your account. Stakes of {{ bonus.wagering }} turn it real; the full terms are beside it.</p>",
        "button": "See the terms",
        "url": "{{ brand.site_url }}",
    }
    recipes.message(version, 1, [words], channel=Step.Channel.ONSITE, terms=gift)
    recipes.message(version, 2, [words], terms=gift)
    return version


def _service(brand: Brand, author: Operator, now: datetime) -> list[Version]:
    """Mails about the account: no promotion in them, so they go at any hour and need no consent."""
    opened = recipes.create(
        brand, "blank", author, name="Service: your account is open", now=now, trigger=Version.Trigger.FACT,
        trigger_fact="player.registered",
    )  # fmt: skip
    words = {
        "subject": "Your account at {{ brand.name }} is open",
        "body": "<p>Hi {{ player.first_name }},</p><p>Your account is open. Under “My limits” you say how much and how"
        " long you want to play.</p>",
    }
    recipes.message(opened, 0, [words], purpose=Purpose.TRANSACTIONAL)
    declined = recipes.create(
        brand, "blank", author, name="Service: your deposit did not go through", now=now,
        trigger=Version.Trigger.FACT, trigger_fact="deposit.rejected", reentry_days=1,
    )  # fmt: skip
    words = {
        "subject": "Your deposit did not go through",
        "body": "<p>Hi {{ player.first_name }},</p><p>Your bank declined the deposit. Nothing was taken from your"
        " account.</p>",
    }
    recipes.message(declined, 0, [words], purpose=Purpose.TRANSACTIONAL, channel=Step.Channel.ONSITE)
    recipes.message(declined, 1, [words], purpose=Purpose.TRANSACTIONAL)
    return [opened, declined]


def _at_login(brand: Brand, author: Operator, now: datetime) -> Version:
    """A card for whoever comes in today."""
    version = recipes.create(
        brand, "blank", author, name="Game of the day", now=now, trigger=Version.Trigger.FACT,
        trigger_fact="player.login", reentry_days=1, control_percent=10,
    )  # fmt: skip
    words = {
        "subject": "Game of the day",
        "body": "<p>Every day our studio picks one game it likes. Today: Salt Road.</p>",
        "button": "Have a look",
        "url": "{{ brand.site_url }}",
    }
    recipes.message(version, 0, [words], channel=Step.Channel.ONSITE)
    return version


def journeys_in_flight(now: datetime) -> None:
    """Once the history is there: a campaign sent once to everybody slipping away, so that journeys are under way."""
    author, approver = operators()
    lured = Segment.objects.exclude(brand__licence__jurisdiction__in=_NOBODY_LURED_BACK).select_related("brand")
    for segment in lured.filter(name=SLIPPING_ON_SLOTS):
        if not Campaign.objects.filter(brand=segment.brand, name="New this week").exists():
            _launch(_new_this_week(segment, author, now), author, approver, now)
    for segment in lured.filter(name=LONG_AND_SILENT):
        if not Campaign.objects.filter(brand=segment.brand, name="Quiet evening").exists():
            _launch(_quiet_evening(segment, author, now), author, approver, now)
    reach.count_running(now=now)  # launched before the players came


def _new_this_week(segment: Segment, author: Operator, now: datetime) -> Version:
    version = recipes.create(
        segment.brand, "blank", author, name="New this week", now=now, trigger=Version.Trigger.LAUNCH,
        trigger_segment=segment, goal_fact="deposit.approved", exit_facts=["player.login"], control_percent=10,
    )  # fmt: skip
    Campaign.objects.filter(pk=version.campaign_id).update(kind=Campaign.Kind.ONCE)
    words = {
        "subject": "Six new games at {{ brand.name }}",
        "body": "<p>Hi {{ player.first_name | default: 'there' }},</p><p>Six games came in this week, three of them by"
        " studios you know.</p>",
        "button": "See them",
        "url": "{{ brand.site_url }}",
    }
    recipes.message(version, 0, [words], channel=Step.Channel.ONSITE)
    recipes.wait(version, 1, wait_minutes=24 * 60)
    recipes.message(version, 2, [words])
    return version


def _quiet_evening(segment: Segment, author: Operator, now: datetime) -> Version:
    """A mail at once. After ten at night it waits for the morning of the player."""
    version = recipes.create(
        segment.brand, "blank", author, name="Quiet evening", now=now, trigger=Version.Trigger.LAUNCH,
        trigger_segment=segment, goal_fact="deposit.approved", control_percent=10,
    )  # fmt: skip
    Campaign.objects.filter(pk=version.campaign_id).update(kind=Campaign.Kind.ONCE)
    words = {
        "subject": "Your games, where you left them",
        "body": "<p>Hi {{ player.first_name | default: 'there' }},</p><p>It has been a while. Your games are where you"
        " left them, and your limits are too.</p>",
        "button": "Have a look",
        "url": "{{ brand.site_url }}",
    }
    recipes.message(version, 0, [words])
    return version


def operators() -> tuple[Operator, Operator]:
    """Who writes and who approves."""
    author, approver = (Operator.objects.get(email=f"{first}@pitboss.example") for first in ("carla", "conrad"))
    return author, approver


def _launch(version: Version, author: Operator, approver: Operator, now: datetime) -> None:
    publishing.submit(version, author, now=now)
    publishing.approve(version, approver, now=now)
    publishing.launch(version, author, now=now)
