"""One thing that is wrong with a version, or worth a look."""

from dataclasses import dataclass

_WHERE = {"LINT-02": "start", "LINT-03": "settings", "LINT-04": "exit"}


@dataclass(frozen=True, slots=True)
class Finding:
    level: str  # red, amber
    rule: str
    words: str
    step_id: int | None = None
    # Of a policy's finding: what may be overruled, and by whom it was.
    fingerprint: str = ""
    may_be_overruled: bool = False
    overruled_by: str = ""
    is_law: bool = False

    @property
    def who(self) -> str:
        """Who could let it pass as it is."""
        if self.level != "red" or self.overruled_by:
            return ""
        if self.may_be_overruled:
            return "Your own policy: a compliance officer may overrule it, a second person having asked"
        return "A rule of the licence: nobody can overrule it" if self.is_law else ""

    @property
    def where(self) -> str:
        """The card that mends it; 'settings' for what stands on that tab, '' where nothing here mends it."""
        return str(self.step_id) if self.step_id else _WHERE.get(self.rule, "")
