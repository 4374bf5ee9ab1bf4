"""The menu tree. An entry shows when its page exists and the operator may open it; hidden, not greyed."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse


@dataclass(frozen=True)
class Entry:
    label: str
    url: str  # URL name
    permission: str = ""  # '' = everybody who is logged in
    href: str = ""
    active: bool = False


@dataclass(frozen=True)
class Section:
    label: str
    icon: str
    entries: tuple[Entry, ...] = field(default=())
    active: bool = False

    @property
    def href(self) -> str:
        return self.entries[0].href


MENU = (
    Section("Today", "home", (Entry("Today", "today"),)),
    Section(
        "Players",
        "users",
        (Entry("List", "players:list", "players.view"), Entry("Imports", "players:imports", "players.import")),
    ),
    Section(
        "Segments",
        "filter",
        (
            Entry("All segments", "segments:list", "segments.view"),
            Entry("New segment", "segments:new", "segments.edit"),
            Entry("Starter library", "segments:library", "segments.view"),
            Entry("Uploaded lists", "segments:uploads", "segments.view"),
            Entry("Attribute catalogue", "segments:catalogue", "segments.view"),
        ),
    ),
    Section(
        "Campaigns",
        "send",
        (
            Entry("Calendar", "campaigns:calendar", "campaigns.view"),
            Entry("All campaigns", "campaigns:list", "campaigns.view"),
            Entry("New campaign", "campaigns:new", "campaigns.edit"),
            Entry("Content", "campaigns:content", "campaigns.view"),
            Entry("Conflict rules", "campaigns:conflicts", "campaigns.view"),
            Entry("Deliverability", "campaigns:deliverability", "campaigns.view"),
            Entry("Stop all promotions", "compliance:stop", "campaigns.stop_all"),
        ),
    ),
    Section(
        "Bonuses",
        "gift",
        (
            Entry("Templates", "bonuses:templates", "bonuses.view"),
            Entry("Grants", "bonuses:grants", "bonuses.view"),
            Entry("Budgets", "bonuses:budgets", "bonuses.view"),
            Entry("Liability now", "bonuses:liability", "bonuses.view"),
            Entry("PAM credit queue", "bonuses:credits", "bonuses.view"),
        ),
    ),
    Section(
        "Compliance",
        "shield-check",
        (
            Entry("Home", "compliance:home", "compliance.view"),
            Entry("Cases", "compliance:cases", "compliance.view"),
            Entry("Markers of harm", "compliance:markers", "compliance.view"),
            Entry("Decisions", "compliance:decisions", "compliance.view"),
            Entry("Rules & policies", "compliance:rules", "compliance.view"),
            Entry("Ask the gate", "compliance:ask", "compliance.view"),
            Entry("Restrictions", "compliance:restrictions", "compliance.view"),
            Entry("Consents", "compliance:consents", "compliance.view"),
            Entry("Registers", "compliance:registers", "compliance.view"),
            Entry("Linked persons", "compliance:persons", "compliance.view"),
            Entry("Audit trail", "compliance:audit", "compliance.view"),
            Entry("Exports", "compliance:exports", "compliance.view"),
            Entry("What a regulator asks", "compliance:questions", "compliance.view"),
            Entry("Coverage statement", "compliance:coverage", "compliance.view"),
            Entry("Retention & erasure", "compliance:erasure", "compliance.view"),
        ),
    ),
    Section(
        "Reports",
        "chart-bar",
        (
            Entry("NGR statement", "reports:ngr", "reports.view"),
            Entry("Campaign results", "reports:campaigns", "reports.view"),
            Entry("Bonus liability", "reports:liability", "reports.finance"),
            Entry("Reconciliation", "integration:reconciliation", "reconciliation.view"),
        ),
    ),
    Section(
        "Integration",
        "plug-connected",
        (
            Entry("Feeds", "integration:feeds", "integration.view"),
            Entry("Coverage", "integration:coverage", "integration.view"),
            Entry("Quarantine", "integration:quarantine", "integration.view"),
            Entry("Go-live checklist", "integration:golive", "integration.view"),
            Entry("API keys", "integration:keys", "integration.edit"),
            Entry("API docs", "api-docs", "integration.view"),
        ),
    ),
    Section(
        "Settings",
        "settings",
        (
            Entry("Brands & licences", "settings:brands", "settings.view"),
            Entry("Stages", "settings:stages", "settings.view"),
            Entry("Bad runs", "settings:runs", "settings.view"),
            Entry("Your own attributes", "settings:attributes", "settings.view"),
            Entry("Users & roles", "settings:operators", "settings.view"),
            Entry("Engine room", "admin:index", "settings.edit"),
        ),
    ),
    Section("Tour", "map-pin", (Entry("Tour", "tour"),)),
)


def menu_for(request: HttpRequest) -> list[Section]:
    """The sections this operator sees, the one he is in marked."""
    shown = [(section, entries) for section in MENU if (entries := tuple(_visible(request, section)))]
    here = _longest(request.path, [entry.href for _, entries in shown for entry in entries])
    sections = []
    for section, entries in shown:
        active = any(entry.href == here for entry in entries) if here else _inside(request, section)
        sections.append(Section(section.label, section.icon, entries, active))
    return sections


def _longest(path: str, hrefs: list[str]) -> str:
    """The entry whose page this is, or lies below: an address may stand in another section than its neighbours."""
    return max((href for href in hrefs if href != "/" and path.startswith(href) or path == href), key=len, default="")


def _visible(request: HttpRequest, section: Section) -> Iterator[Entry]:
    for entry in section.entries:
        if entry.permission and not request.user.may(entry.permission):  # type: ignore[union-attr]
            continue
        try:
            href = reverse(entry.url)
        except NoReverseMatch:
            continue
        yield Entry(entry.label, entry.url, entry.permission, href, request.path == href)


def _inside(request: HttpRequest, section: Section) -> bool:
    match = request.resolver_match
    return bool(match and match.namespace and match.namespace == section.entries[0].url.partition(":")[0])
