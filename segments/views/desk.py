"""What lies on the builder's desk during one request: the draft as posted, what it means and what is wrong with it."""

from dataclasses import dataclass, field

from django.http import HttpRequest

from compliance.models import Operator
from players.models import Brand
from segments import builder, edits, library
from segments.language.parse import RuleError
from segments.language.tree import Group
from segments.models import Segment
from segments.permitted import Rights, Sight, sight
from segments.validating import check
from segments.views.access import editable_brands, operator


@dataclass
class Desk:
    segment: Segment | None
    brand: Brand
    brands: list[Brand]
    operator: Operator
    name: str
    box: builder.Box
    target: str = builder.ROOT
    focus: str = ""
    rule: Group | None = None
    loose: list[str] = field(default_factory=list)
    name_problem: str = ""

    def read(self, *, strict: bool = False) -> None:
        """Reads the draft; puts problems on the cards."""
        try:
            self.rule = check(self.box.json(), self.brand, self.operator, segment=self.segment)
        except RuleError as error:
            self.rule, self.loose = None, builder.show_problems(self.box, error.problems, strict=strict)

    def edit(self, do: edits.Edit) -> None:
        before = self.size
        self.target = edits.apply(self.box, do, self.target, self.brand.currency)
        parent = builder.find(self.box, self.target)
        if do.verb == "add" and self.size > before and isinstance(parent, builder.Box):
            self.focus = parent.of[-1].path

    @property
    def size(self) -> int:
        return sum(1 for _ in builder.cards(self.box))

    @property
    def blanks(self) -> int:
        return sum(card.is_blank for card in builder.cards(self.box))

    @property
    def rights(self) -> Rights:
        return Rights.of(self.operator, self.brand.pk)

    def sight(self, rule: Group) -> Sight:
        return sight(rule, self.brand, self.rights)


def laid(request: HttpRequest, segment: Segment | None) -> Desk | None:
    """None: the operator may build for no brand. Raises Unreadable."""
    brands = [segment.brand] if segment else editable_brands(request)
    if not brands:
        return None
    data = request.POST if request.method == "POST" else request.GET
    wanted = data.get("brand", "")
    brand = next((brand for brand in brands if str(brand.pk) == wanted), brands[0])
    desk = Desk(segment, brand, brands, operator(request), "", builder.numbered(builder.Box()))
    if request.method == "POST":
        desk.box = builder.numbered(builder.from_post(request.POST))
        desk.name = data.get("name", "").replace("\0", "").strip()[:120]
        desk.target = data.get("target", builder.ROOT)
    elif segment:
        rule = segment.draft or (segment.current.rule if segment.current else None)
        desk.name, desk.box = segment.name, builder.from_rule(rule) if rule else desk.box
    elif (starter := library.BY_KEY.get(data.get("start", ""))) and starter in library.offered(desk.rights):
        desk.name, desk.box = starter.name, builder.from_rule(starter.rule)
    return desk
