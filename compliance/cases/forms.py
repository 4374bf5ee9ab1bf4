from typing import Any

from django import forms

from compliance.models import Case, Interaction, Level
from config.lib.forms import FilterForm, ReasonForm

_LOGGED = [
    (kind.value, kind.label)
    for kind in Interaction.Kind
    if kind not in (Interaction.Kind.SYSTEM, Interaction.Kind.REVIEW)
]
_ANSWERS = (Interaction.Kind.ANSWER, Interaction.Kind.LIFT_ANSWER)


def _lines(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class CaseFilter(FilterForm):
    q = forms.CharField(required=False, max_length=64)
    state = forms.ChoiceField(required=False, choices=[("", "Open"), ("mine", "Mine"), ("closed", "Closed")])
    level = forms.ChoiceField(required=False, choices=[("", "Every level"), *Level.choices])


class LogForm(forms.Form):
    """The record a regulator asks for: what was seen, done, said, and what came of it; or why nothing was done."""

    kind = forms.ChoiceField(choices=_LOGGED, label="What it was")
    seen = forms.CharField(required=False, max_length=2000, widget=_lines(2), label="What was seen",
                           help_text="Behaviour before, in your words.")  # fmt: skip
    done = forms.CharField(required=False, max_length=2000, widget=_lines(2), label="What we did and said")
    answered = forms.CharField(required=False, max_length=2000, widget=_lines(2), label="What the player said")
    outcome = forms.CharField(required=False, max_length=2000, widget=_lines(2), label="What came of it",
                              help_text="If nobody was contacted: why not.")  # fmt: skip
    upheld = forms.NullBooleanField(
        required=False, label="Objection right, or request granted?",
        widget=forms.Select(choices=[("", "Not an answer"), ("true", "Yes"), ("false", "No")]),
    )  # fmt: skip
    look_again_in = forms.TypedChoiceField(
        coerce=int, empty_value=None, required=False, choices=[("", "No date"), (1, "Tomorrow"), (7, "In 7 days"), (30, "In 30 days")],
        label="Look again",
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        kind = told.get("kind")
        if kind == Interaction.Kind.NOT_DONE and not told.get("outcome"):
            self.add_error("outcome", "Say why nobody was contacted.")
        elif kind == Interaction.Kind.LIFT_ASKED and not told.get("answered"):
            self.add_error("answered", "Write down the reasons the player gave.")
        elif kind == Interaction.Kind.LIFT_ANSWER and not told.get("done"):
            self.add_error("done", "Write down what was decided and how the player was told.")
        elif kind in _ANSWERS and told.get("upheld") is None:
            self.add_error("upheld", "Say yes or no.")
        elif not any(told.get(name) for name in ("seen", "done", "answered", "outcome")):
            self.add_error("done", "Say what happened.")
        return told


class LevelForm(ReasonForm):
    def __init__(self, *args: Any, below: Level, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lower = [(level.value, level.label) for level in Level if 0 < level.rank < below.rank]
        self.fields["level"] = forms.ChoiceField(choices=lower, label="New level")
        self.order_fields(["level", "reason"])


class FindingForm(forms.Form):
    finding = forms.CharField(
        min_length=8, max_length=2000, widget=_lines(3), label="Finding", help_text="Did it help, and what happens now?"
    )


class CloseForm(ReasonForm):
    outcome = forms.ChoiceField(choices=Case.Outcome.choices, label="Outcome")
    field_order = ("outcome", "reason")
