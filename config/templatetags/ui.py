"""Words and numbers as pages print them. Builtins: no {% load %} needed."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from config.lib.clock import NEVER, utcnow
from config.lib.money import Money
from config.lib.words import number as grouped
from config.lib.words import said
from config.trust import warnings
from players.families import FAMILIES, families_named
from players.models import Brand, Player, Stage
from players.views.masks import masked_name

register = template.Library()

CLOSING = {key for key, family in FAMILIES.items() if family.closes}
TONES = {"green": "tone-green", "red": "tone-red", "yellow": "tone-yellow", "blue": "tone-blue"}


@register.simple_tag
def money(minor: int | str | None, currency: str = "") -> SafeString:
    """{% money 123450 "EUR" %} -> 1 234.50 EUR. Nothing known prints a dash, never a zero."""
    if minor is None or minor == "":
        return format_html('<span class="text-secondary">{}</span>', "–")
    return format_html('<span class="num">{}</span>', Money(int(minor), currency))


@register.simple_tag
def number(value: Any, digits: int = 0) -> str:
    """12480 -> 12 480; None -> a dash. What is told in words already stays as it is."""
    if value is None or value == "":
        return "–"
    if isinstance(value, str):
        return value
    return grouped(value, digits)


@register.simple_tag
def count(value: int | None, one: str, many: str = "") -> str:
    """{% count 1 "round" %} -> 1 round; {% count 0 "reply" "replies" %} -> 0 replies."""
    return f"{number(value)} {one if value == 1 else many or f'{one}s'}"


@register.simple_tag
def percent(part: float | None, whole: float | None = 100, digits: int = 1) -> str:
    """{% percent 62.5 %} or {% percent 1750 2800 %}; no base, no percentage."""
    if part is None or not whole:
        return "n/a"
    return f"{float(part) / float(whole) * 100:.{digits}f}\u00a0%".replace("-", "−")


@register.simple_tag
def duration(seconds: float | None) -> str:
    """2710 -> 45 min; 7500 -> 2 h 5 min."""
    if seconds is None:
        return "–"
    whole = int(seconds)
    if whole < 60:
        return f"{whole} s"
    hours, minutes = divmod(whole // 60, 60)
    return (f"{hours} h {minutes} min" if minutes else f"{hours} h") if hours else f"{minutes} min"


@register.simple_tag
def when(moment: datetime | None, zone: str = "", seconds: bool = False) -> SafeString:
    """In the zone of the page (the brand's), or in `zone`; the year only when it is another one."""
    if not moment or moment == NEVER:
        return format_html('<span class="text-secondary">{}</span>', "never")
    local = timezone.localtime(moment, ZoneInfo(zone) if zone else None)
    this_year = local.year == timezone.localtime(utcnow(), local.tzinfo).year
    clock = "%H:%M:%S" if seconds else "%H:%M"
    text = local.strftime(f"%-d %b {clock}" if this_year else f"%-d %b %Y {clock}")
    full = f"{local:%-d %B %Y %H:%M:%S} {local.tzinfo}"
    return format_html('<time datetime="{}" title="{}">{}</time>', moment.isoformat(), full, text)


@register.simple_tag
def ago(moment: datetime | None) -> SafeString:
    """'3 min ago', 'in 2 h', '12 d ago'; the exact time on hover."""
    if not moment or moment == NEVER:
        return format_html('<span class="text-secondary">{}</span>', "never")
    gap = utcnow() - moment
    text = f"{span(abs(gap))} ago" if gap >= timedelta(0) else f"in {span(-gap)}"
    local = timezone.localtime(moment)
    full = f"{local:%-d %B %Y %H:%M:%S} {local.tzinfo}"
    return format_html('<time datetime="{}" title="{}">{}</time>', moment.isoformat(), full, text)


def span(gap: timedelta) -> str:
    """The largest unit that says something: 0.4 s, 42 s, 7 min, 3 h, 12 d."""
    seconds = gap.total_seconds()
    if seconds < 10:
        return f"{seconds:.1f}\u00a0s"
    for limit, size, unit in ((90, 1, "s"), (5400, 60, "min"), (172_800, 3600, "h")):
        if seconds < limit:
            return f"{int(seconds // size)}\u00a0{unit}"
    return f"{int(seconds // 86_400)}\u00a0d"


@register.simple_tag
def lag(gap: timedelta) -> str:
    """0.4 s, 42 s, 7 min."""
    return span(gap)


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """One symbol of static/icons.svg. Decoration unless `label` says what it means."""
    href = f"{static('icons.svg')}#{name}"
    if label:
        return format_html('<svg class="icon" role="img" aria-label="{}"><use href="{}"/></svg>', label, href)
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}"/></svg>', href)


@register.simple_tag
def badge(text: str, tone: str = "muted", hint: str = "") -> SafeString:
    """Tones: green, red, yellow, blue, muted. The word carries the meaning, the colour only helps."""
    kind = TONES.get(tone, "tone-muted")
    if hint:
        return format_html('<span class="badge {}" title="{}">{}</span>', kind, hint, text)
    return format_html('<span class="badge {}">{}</span>', kind, text)


STAGE_TONES = {0: "muted", 1: "blue", 2: "green", 3: "yellow", 4: "muted", 5: "muted", 6: "green"}


@register.simple_tag
def stage_chip(stage: int) -> SafeString:
    """The lifecycle stage in the words of the interface."""
    return badge(Stage(stage).label, STAGE_TONES[stage])


@register.simple_tag
def lasting(moment: datetime) -> str:
    """How long something has been so: '9 d'."""
    return span(abs(utcnow() - moment))


@register.simple_tag
def meter(part: float | None, whole: float = 100, label: str = "") -> SafeString:
    """A bar without inline style: an SVG whose width attribute carries the share."""
    share = min(max(float(part or 0) / float(whole or 1), 0), 1) * 100
    text = label or f"{share:.0f} %"
    return format_html(
        '<svg class="meter" viewBox="0 0 100 6" preserveAspectRatio="none" role="img" aria-label="{}">'
        '<rect class="meter__track" width="100" height="6"/><rect class="meter__bar" width="{}" height="6"/></svg>',
        text,
        f"{share:.2f}",
    )


@register.simple_tag
def trend(current: int, before: int) -> str:
    """Against the period of the same length before: '+12 % on 340 before'. No base, no percentage."""
    if not before:
        return "none in the 7 days before"
    change = (current - before) / before * 100
    sign = "±" if round(change) == 0 else "+" if change > 0 else "−"
    return f"{sign}{abs(change):.0f}\u00a0% on {number(before)} before"


@register.inclusion_tag("ui/bars.html")
def bars(points: list[dict[str, Any]]) -> dict[str, Any]:
    """Vertical bars as SVG. Each point: at (datetime) or label, value, and bad (drawn red on top), if any."""
    top = max((point["value"] + point.get("bad", 0) for point in points), default=0) or 1
    drawn = []
    for number, point in enumerate(points):
        good, bad = 46 * point["value"] / top, 46 * point.get("bad", 0) / top
        bad = max(bad, 1.5) if point.get("bad") else 0  # one in a thousand still shows
        drawn.append(
            {"x": str(10 * number + 1), "y": f"{48 - good:.2f}", "height": f"{good:.2f}", "bad_y": f"{48 - good - bad:.2f}",
             "bad_height": f"{bad:.2f}"} | point
        )  # fmt: skip
    return {"points": drawn, "width": str(10 * len(points))}


@register.simple_tag
def value(given: Any) -> Any:
    """Whatever a state row holds: a moment, money, a number, words; nothing = a dash."""
    if given is None or given == "":
        return format_html('<span class="text-secondary">{}</span>', "–")
    if isinstance(given, datetime):
        return when(given)
    if isinstance(given, bool):
        return "yes" if given else "no"
    if isinstance(given, int):
        return number(given)
    return f"{given:.1f}" if isinstance(given, float) else given


@register.inclusion_tag("ui/stale.html", takes_context=True)
def stale(context: template.Context, brands: Any, families: Any = None) -> dict[str, Any]:
    """{% stale player.brand %} or {% stale brands "payments play" %}: what this page shows may be out of date.

    `brands`: one or several; `families`: names of players.families, as a text or a set. Nothing while all is fresh.
    """
    asked = [brands] if isinstance(brands, Brand) else list(brands or ())
    named = families.split() if isinstance(families, str) else families
    wanted = None if named is None else families_named(named) | CLOSING
    user = getattr(context.get("request"), "user", None)
    return {
        "warnings": warnings([brand.pk for brand in asked], wanted) if asked else [],
        "may_open": bool(user and user.is_authenticated and user.may("integration.view")),
    }


@register.inclusion_tag("ui/empty.html")
def empty(title: str, todo: str = "", href: str = "", label: str = "", symbol: str = "inbox") -> dict[str, str]:
    """An empty state teaches: what this is, what to do, the button that does it."""
    return {"title": title, "todo": todo, "href": href, "label": label, "symbol": symbol}


@register.inclusion_tag("ui/figure.html")
def figure(label: str, value: Any, unit: str = "", href: str = "", note: str = "", tone: str = "") -> dict[str, Any]:
    """A number with its unit; a link when it can be opened."""
    shown = number(value) if type(value) is int else value
    return {"label": label, "value": shown, "unit": unit, "href": href, "note": note, "tone": tone}


@register.simple_tag
def link(name: str, *args: Any, **kwargs: Any) -> str:
    """The address of a URL name, '' when nobody serves it: what does not exist is not shown."""
    try:
        return reverse(name, args=args, kwargs=kwargs)
    except NoReverseMatch:
        return ""


@register.simple_tag(takes_context=True)
def may(context: template.Context, permission: str) -> bool:
    """{% may "players.reveal" as can_reveal %}"""
    user = getattr(context.get("request"), "user", None)
    return bool(user and user.is_authenticated and user.may(permission))


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: Any) -> str:
    """This page's query string with `changes`; a None removes. {% query sort="name" after=None %}"""
    params = context["request"].GET.copy()
    for name, value in changes.items():
        if value is None or value == "":
            params.pop(name, None)
        else:
            params[name] = value
    return f"?{params.urlencode()}" if params else "?"


@register.filter
def singular(unit: str) -> str:
    """days -> day, for the one case where a unit follows a 1."""
    return unit.removesuffix("s") if len(unit) > 2 else unit


@register.filter
def masked(player: Player) -> str:
    """The name as lists show it: initials only, nobody reads a full name without revealing it."""
    return masked_name(player)


register.filter("said", said)

_REFERENCES = {"delivery": "Message", "enrolment": "Journey run", "export": "List", "goodwill": "Goodwill bonus"}


@register.filter
def said_reference(reference: str) -> str:
    """What a decision was asked for: delivery:644 -> Message 644. What only tells two askings apart is left out."""
    kind, _, number = reference.partition(":")
    words = _REFERENCES.get(kind)
    if kind == "outside":
        return f"Asked from outside: {number.partition(':')[2].rpartition('@')[0]}"
    if not words:
        return reference
    return words if kind == "goodwill" else f"{words} {number.partition(':')[0]}"


@register.filter
def get(mapping: Any, key: Any) -> Any:
    return mapping.get(key) if mapping else None
