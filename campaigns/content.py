"""Turning a variant into words for one player. Liquid, strict: a hole in a sentence is never sent.

Templates see a plain dict of allowed fields and nothing else. A field without a value is left out of
the dict, so that using it fails; `{{ player.first_name | default: "there" }}` says what to print instead.
"""

import html as html_text
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import nh3
from liquid import DictLoader, Environment, StrictDefaultUndefined
from liquid.exceptions import LiquidError, UndefinedError

from campaigns.models import Variant
from config.lib.money import Money
from players.models import Brand, Category, Player


class Hole(Exception):
    """The message cannot be written for this player; says which field is missing or what is wrong."""


class Liquid(Environment):
    loop_iteration_limit = 200
    output_stream_limit = 200_000
    local_namespace_limit = 20_000
    context_depth_limit = 8


_MARKUP = Liquid(autoescape=True, undefined=StrictDefaultUndefined, loader=DictLoader({}))
_PLAIN = Liquid(autoescape=False, undefined=StrictDefaultUndefined, loader=DictLoader({}))
for _environment in (_MARKUP, _PLAIN):
    for _tag in ("include", "render", "increment", "decrement", "tablerow", "liquid"):
        _environment.tags.pop(_tag, None)

# What a template may name, with what it means and an example for the picker.
FIELDS: Mapping[str, tuple[str, str]] = {
    "player.first_name": ("First name", "Anna"),
    "player.last_name": ("Last name", "Berg"),
    "player.currency": ("Currency", "GBP"),
    "player.country": ("Country", "GB"),
    "player.favourite": ("Most-staked category", "Slots"),
    "brand.name": ("Brand", "Northlight"),
    "brand.site_url": ("Site", "https://northlight.example"),
    "brand.support_email": ("Support address", "support@northlight.example"),
    "event.amount": ("Amount of the event that started the journey", "20.00 GBP"),
    "event.period": ("Period of the limit that started the journey", "week"),
    "event.what": ("What was set", "deposit limit"),
    "bonus.amount": ("Bonus this journey gave", "10.00 GBP"),
    "bonus.wagering": ("Wagering still required", "350.00 GBP"),
}
_TAGS = {"p", "br", "strong", "b", "em", "i", "u", "a", "ul", "ol", "li", "h1", "h2", "h3", "blockquote", "hr", "span"}


@dataclass(frozen=True, slots=True)
class Words:
    """A message as one player reads it: subject and text are plain, html is safe markup."""

    subject: str
    html: str
    text: str
    button: str
    url: str

    @property
    def said(self) -> str:
        """Everything the player reads, without markup."""
        return "\n".join(filter(None, (self.subject, self.text, self.button)))


def fields(
    player: Player, event: Mapping[str, Any] | None = None, bonus: Mapping[str, Any] | None = None
) -> dict[str, dict[str, str]]:
    """The dict a template sees. `player` with brand and state loaded."""
    state = getattr(player, "state", None)
    favourite = Category(state.top_category).label if state and state.top_category else ""
    brand = player.brand
    return {
        "player": _known(
            first_name=player.first_name,
            last_name=player.last_name,
            currency=player.currency,
            country=player.country,
            favourite=favourite,
        ),
        "brand": brand_fields(brand),
        "event": _known(**_event(event or {}, player.currency)),
        "bonus": _known(**(bonus or {})),
    }


def brand_fields(brand: Brand) -> dict[str, str]:
    return _known(name=brand.name, site_url=brand.site_url, support_email=brand.support_email)


_PERIODS = {"month_rolling": "30 days"}


def _event(data: Mapping[str, Any], currency: str) -> dict[str, str]:
    amount = data.get("amount")
    kind, period = str(data.get("kind", "")), str(data.get("period", ""))
    if isinstance(amount, int) and kind == "session_limit":
        words = f"{amount} minutes"
    else:
        words = str(Money(amount, str(data.get("currency") or currency))) if isinstance(amount, int) else ""
    return {"amount": words, "period": _PERIODS.get(period, period), "what": kind.replace("_", " ")}


def _known(**values: str) -> dict[str, str]:
    return {name: value for name, value in values.items() if value}


def write(variant: Variant, known: Mapping[str, Any]) -> Words:
    """Raises Hole when a field has no value or the template is broken."""
    try:
        markup = nh3.clean(
            _MARKUP.from_string(variant.body).render(**known),
            tags=_TAGS,
            attributes={"a": {"href", "title"}},
            url_schemes={"https", "http", "mailto"},
        )
        plain = [
            _PLAIN.from_string(source).render(**known).strip()
            for source in (variant.subject, variant.button, variant.url)
        ]
    except UndefinedError as error:
        raise Hole(str(error).split(" is undefined")[0].strip("'") + " has no value") from error
    except LiquidError as error:
        raise Hole(str(error).splitlines()[0]) from error
    subject, button, url = (re.sub(r"[\x00-\x1f\x7f]+", " ", line) for line in plain)
    if url and not url.startswith(("https://", "http://")):
        raise Hole("the button's address must start with https://")
    return Words(subject[:150], markup, as_text(markup), button[:80], url[:500])


def as_it_reads(source: str, *, without: Collection[str] = ()) -> str | None:
    """With the examples of the fields, as markup; None where it would be sent to nobody for want of one."""
    known: dict[str, dict[str, str]] = {}
    for path, (_, example) in FIELDS.items():
        whose, _, name = path.partition(".")
        known.setdefault(whose, {}).update({} if path in without else {name: example})
    try:
        return _PLAIN.from_string(source).render(**known)
    except LiquidError:
        return None


def problems(source: str) -> list[str]:
    """What is wrong with a template, in words; empty when it can be used."""
    try:
        used = uses(source)
    except LiquidError as error:
        return [str(error).splitlines()[0]]
    return [f"{path} is no field" for path in sorted(used - FIELDS.keys())]


def uses(source: str) -> set[str]:
    """The fields a template names. Raises LiquidError."""
    template = _MARKUP.from_string(source)
    return {str(path) for paths in template.analyze().globals.values() for path in paths}


def as_text(markup: str) -> str:
    """The plain part of an e-mail: links keep their address."""
    text = re.sub(r'<a [^>]*href="([^"]*)"[^>]*>(.*?)</a>', r"\2 (\1)", markup, flags=re.S)
    text = re.sub(r"<li>", "- ", text)
    text = re.sub(r"</(p|h1|h2|h3|li|ul|ol|blockquote)>|<br ?/?>", "\n", text)
    text = html_text.unescape(re.sub(r"<[^>]+>", "", text))
    return re.sub(r"\n{3,}", "\n\n", text).strip()
