"""What stands under every message: who may play, who sent it, where help is, how to stop it.

Added by us and not by the author of the message, so that it cannot be forgotten.
"""

from dataclasses import dataclass
from html import escape

from players.models import Brand, Licence


@dataclass(frozen=True, slots=True)
class Help:
    age: str
    words: str
    site: str


_J = Licence.Jurisdiction
HELP = {
    _J.GB: Help("18+ only.", "Free, confidential help: National Gambling Helpline 0808 8020 133", "https://www.begambleaware.org"),
    _J.SE: Help("18+ år.", "Hjälp och stöd: Stödlinjen 020-81 91 00. Stäng av dig: spelpaus.se", "https://www.stodlinjen.se"),
    _J.DE: Help("Ab 18.", "Glücksspiel kann süchtig machen. Kostenlose Hilfe: 0800 1372700", "https://www.check-dein-spiel.de"),
    _J.NL: Help("18+.", "Wat kost gokken jou? Stop op tijd. Hulp: Loket Kansspel 0800 24 000 22", "https://www.loketkansspel.nl"),
    _J.DK: Help("18+.", "Spil ansvarligt. Hjælp: StopSpillet 70 22 28 25. Udeluk dig: rofus.nu. Tilsyn: Spillemyndigheden", "https://www.stopspillet.dk"),
    _J.ES: Help("+18.", "Juega con responsabilidad. Ayuda: FEJAR 900 200 225", "https://www.fejar.org"),
    _J.ON: Help("19+.", "Free, confidential help: ConnexOntario 1-866-531-2600", "https://www.connexontario.ca"),
    _J.MT: Help("18+ only.", "Play responsibly. Free support: Responsible Gaming Foundation 1777", "https://www.rgf.org.mt"),
}  # fmt: skip


# What must stand in or beside every message (DK-10), as words of the lines above; the Authority's label as its name.
_DEMANDED = {_J.DK: ("18+", "rofus", "stopspillet", "spillemyndigheden")}


def missing(jurisdiction: str) -> list[str]:
    """What the licence demands and the footer does not say."""
    given = HELP.get(_J(jurisdiction)) if jurisdiction in _J.values else None
    said = f"{given.age} {given.words} {given.site}".lower() if given else ""
    return [word for word in _DEMANDED.get(_J(jurisdiction), ()) if word not in said] if given else ["footer"]


def lines(brand: Brand) -> list[str]:
    """The obligatory words, without markup. An unknown licence has none and may not send: KeyError."""
    given = HELP[_J(brand.licence.jurisdiction)]
    return [
        f"{given.age} {given.words} · {given.site}",
        f"{brand.name} is operated by {brand.licence.licensee}, licence {brand.licence.number}"
        f" ({brand.licence.jurisdiction}).",
    ]


def as_html(brand: Brand, stop_url: str = "") -> str:
    body = "".join(f"<p>{escape(line)}</p>" for line in lines(brand))
    stop = (
        f'<p><a href="{escape(stop_url)}">Stop these messages</a> with one click, or'
        f' <a href="{escape(stop_url)}choices/">choose what you get</a>.</p>'
        if stop_url
        else ""
    )
    return f"<hr>{body}{stop}"


def as_text(brand: Brand, stop_url: str = "") -> str:
    stop = [f"Stop these messages: {stop_url}", f"Choose what you get: {stop_url}choices/"] if stop_url else []
    return "\n".join(["--", *lines(brand), *stop])
