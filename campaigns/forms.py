"""What an operator fills in. Every choice in his words; what is not offered is refused."""

from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import F, Q, QuerySet

from bonuses.models import Terms
from campaigns import content
from campaigns.models import Campaign, ConflictRules, Step, Variant, Version
from campaigns.recipes import RECIPES
from campaigns.words import CONTENT, does
from compliance.models import Consent
from compliance.models.decision import Purpose
from config.lib.money import exponent
from players.models import Brand, Licence, SeenName, Stage
from segments.models import Segment
from segments.permitted import Rights, visible
from segments.sizes import SMALL

_NOTHING = [("", "Nothing")]
_STARTS = ["player.registered", "player.login", "player.kyc", "deposit.approved", "deposit.rejected",
           "deposit.charged_back", "withdrawal.approved", "rg.limit_set", "rg.review_due", "rg.medium_signs",
           "rg.strong_signs"]  # fmt: skip
_GOALS = ["deposit.approved", "player.login", "player.kyc"]
_AWAITED = ["deposit.approved", "player.login", "withdrawal.approved", "deposit.charged_back"]
_EXITS = [*_AWAITED, "segment.left", "stage.changed", "rg.self_excluded", "rg.time_out", "rg.signs_reviewed"]
_PURPOSES = [
    Purpose.PROMOTIONAL,
    Purpose.TRANSACTIONAL,
    Purpose.RG_OUTREACH,
    Purpose.RG_CONFIRMATION,
    Purpose.REGULATORY_NOTICE,
    Purpose.SECURITY,
    Purpose.LEGAL,
    Purpose.RESEARCH,
]


def _events(kinds: list[str], brand: Brand) -> list[tuple[str, str]]:
    """What may be chosen: these, and the events of its own the brand has sent so far."""
    return [(kind, f"The player {does(kind)}") for kind in [*kinds, *SeenName.of(brand, SeenName.What.EVENT)]]


def live_segments(version: Version) -> QuerySet[Segment]:
    """As far as the author may know of them: a journey's page names the players in it."""
    brand = version.campaign.brand
    live = Segment.objects.filter(brand=brand, status=Segment.Status.LIVE).order_by("name")
    return visible(live, Rights.of(version.author, brand.pk))


class NewForm(forms.Form):
    recipe = forms.ChoiceField(
        choices=[(key, recipe.name) for key, recipe in RECIPES.items()], widget=forms.RadioSelect, label="Start from"
    )
    brand = forms.ModelChoiceField(Brand.objects.none(), empty_label="Choose a brand")
    name = forms.CharField(max_length=80, required=False, help_text="If left empty: the recipe's name.")

    def __init__(self, brands: QuerySet[Brand], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["brand"].queryset = brands  # type: ignore[attr-defined]
        if brands.count() == 1:
            self.fields["brand"].initial = brands.get()


class StartForm(forms.ModelForm):
    trigger_fact = forms.ChoiceField(required=False, label="Event (when something happens)")
    trigger_stage = forms.TypedChoiceField(
        choices=[("", "–"), *Stage.choices],
        coerce=int,
        empty_value=None,
        required=False,
        label="Stage (when it is reached)",
    )

    class Meta:
        model = Version
        fields = ["trigger", "trigger_fact", "trigger_segment", "trigger_stage", "only_if_segment", "reentry_days"]
        labels = {"trigger": "Starts when", "trigger_segment": "Segment (entered, or all of it at launch)", "only_if_segment": "Only if in the segment",
                  "reentry_days": "Again after (days)"}  # fmt: skip
        help_texts = {"reentry_days": "How soon a player may enter again. Empty: once per player. 0: every time."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        starts = _events(_STARTS, self.instance.campaign.brand)
        self.fields["trigger_fact"].choices = _NOTHING + starts  # type: ignore[attr-defined]
        for name in ("trigger_segment", "only_if_segment"):
            self.fields[name].queryset = live_segments(self.instance)  # type: ignore[attr-defined]
            self.fields[name].required = False
        self.fields["trigger_segment"].empty_label = "–"  # type: ignore[attr-defined]
        self.fields["only_if_segment"].empty_label = "Any player"  # type: ignore[attr-defined]
        self.fields["reentry_days"].required = False


class ExitForm(forms.ModelForm):
    goal_fact = forms.ChoiceField(required=False, label="Goal")
    exit_facts = forms.MultipleChoiceField(
        required=False, widget=forms.CheckboxSelectMultiple, label="Leaves early when"
    )

    class Meta:
        model = Version
        fields = ["goal_fact", "goal_days", "exit_facts"]
        labels = {"goal_days": "Goal counts for (days)"}
        help_texts = {"goal_days": "Reaching the goal also ends the journey, in the middle of a wait too."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        brand = self.instance.campaign.brand
        self.fields["goal_fact"].choices = _NOTHING + _events(_GOALS, brand)  # type: ignore[attr-defined]
        self.fields["exit_facts"].choices = _events(_EXITS, brand)  # type: ignore[attr-defined]


class CampaignForm(forms.ModelForm):
    class Meta:
        model = Campaign
        fields = ["name", "priority", "exclusive_group"]


class LimitsForm(forms.ModelForm):
    products = forms.MultipleChoiceField(
        choices=Consent.Product.choices, required=False, widget=forms.CheckboxSelectMultiple, label="Products promoted"
    )

    class Meta:
        model = Version
        fields = ["products", "control_percent", "launch_limit"]
        labels = {"control_percent": "Control group (%)", "launch_limit": "Launch limit (players in 24 hours)"}
        help_texts = {"launch_limit": "One more and the campaign pauses itself.",
                      "control_percent": "Players kept out by lot, to see what the campaign does."}  # fmt: skip

    def clean_launch_limit(self) -> int:
        """A journey that pauses at the first player it lets in tells who it was: whoever it was made for."""
        limit: int = self.cleaned_data["launch_limit"]
        if limit < SMALL:
            raise forms.ValidationError(f"At least {SMALL}: fewer would tell of single players.")
        return limit


class MessageForm(forms.ModelForm):
    at_least = forms.DecimalField(min_value=0, max_digits=12, required=False, label="At least")
    declares = forms.MultipleChoiceField(
        choices=list(CONTENT.items()), required=False, widget=forms.CheckboxSelectMultiple, label="Its words",
        help_text="What they do beside what is found in them. Some licences forbid it.",
    )  # fmt: skip

    class Meta:
        model = Step
        fields = ["channel", "purpose", "terms", "ask", "ask_on", "declares", "valid_hours"]
        labels = {"ask": "Asks for", "ask_on": "A stake at", "terms": "Offers, or tells of",
                  "valid_hours": "Send within (hours)"}  # fmt: skip
        help_texts = {"terms": "The bonus this message is about: its amount, wagering and deadline count as said.",
                      "ask_on": "Not said counts as slots."}  # fmt: skip

    field_order = ["channel", "purpose", "terms", "ask", "at_least", "ask_on", "declares", "valid_hours"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["purpose"].choices = [(p.value, p.label) for p in _PURPOSES]  # type: ignore[attr-defined]
        for name in ("ask", "ask_on", "terms"):
            self.fields[name].required = False
        _choose_terms(self.fields["terms"], self.instance, empty="No bonus")
        currency = self.instance.version.campaign.brand.currency
        self.unit = 10 ** exponent(currency)
        self.fields[
            "at_least"
        ].help_text = f"In {currency}. Compared with the player's limits at the moment of sending."
        if self.instance.ask_amount:
            self.fields["at_least"].initial = Decimal(self.instance.ask_amount) / self.unit

    def clean_at_least(self) -> int:
        """Minor units; an amount with more digits than the currency has is refused."""
        minor = (self.cleaned_data["at_least"] or Decimal(0)) * self.unit
        if minor != int(minor):
            raise forms.ValidationError("This currency has fewer digits after the point.")
        return int(minor)

    def save(self, commit: bool = True) -> Step:
        self.instance.ask_amount = self.cleaned_data["at_least"] if self.cleaned_data["ask"] else 0
        if self.cleaned_data["ask"] != Step.Ask.STAKE:
            self.instance.ask_on = Step.AskOn.UNSAID
        return super().save(commit)


class WaitForm(forms.ModelForm):
    amount = forms.IntegerField(min_value=0, max_value=1000, label="Wait for")
    unit = forms.TypedChoiceField(choices=[(1440, "days"), (60, "hours"), (1, "minutes")], coerce=int)
    wait_fact = forms.ChoiceField(required=False, label="Or until")

    class Meta:
        model = Step
        fields = ["wait_until", "wait_fact"]
        labels = {"wait_until": "Then until"}
        help_texts = {"wait_until": "On the player's own clock. Exits act during this wait."}
        widgets = {"wait_until": forms.TimeInput(attrs={"type": "time"})}

    field_order = ["amount", "unit", "wait_until", "wait_fact"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        awaited = _events(_AWAITED, self.instance.version.campaign.brand)
        self.fields["wait_fact"].choices = _NOTHING + awaited  # type: ignore[attr-defined]
        minutes = self.instance.wait_minutes
        unit = next(size for size in (1440, 60, 1) if minutes % size == 0)
        self.fields["amount"].initial, self.fields["unit"].initial = minutes // unit, unit
        self.fields["wait_until"].required = False

    def save(self, commit: bool = True) -> Step:
        self.instance.wait_minutes = self.cleaned_data["amount"] * self.cleaned_data["unit"]
        return super().save(commit)


class BonusForm(forms.ModelForm):
    class Meta:
        model = Step
        fields = ["terms", "if_refused"]
        labels = {"terms": "Bonus", "if_refused": "If refused"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose_terms(self.fields["terms"], self.instance, empty="Choose")


def _choose_terms(field: Any, step: Step, *, empty: str) -> None:
    """The terms in force of the brand, and those already chosen."""
    ours = Terms.objects.filter(template__brand=step.version.campaign.brand).select_related("template")
    in_force = Q(template__current=F("pk"), template__archived_at=None)
    field.queryset = ours.filter(in_force | Q(pk=step.terms_id)).order_by("template__name", "-version")
    field.empty_label = empty
    field.label_from_instance = lambda terms: f"{terms.template.name}, terms v{terms.version}"


class BranchForm(forms.Form):
    segments = forms.ModelMultipleChoiceField(
        Segment.objects.none(), required=False, widget=forms.CheckboxSelectMultiple, label="A column for",
        help_text="First match wins, from left to right. “Everyone else” is always there.",
    )  # fmt: skip

    def __init__(self, version: Version, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["segments"].queryset = live_segments(version)  # type: ignore[attr-defined]


class VariantForm(forms.ModelForm):
    jurisdiction = forms.ChoiceField(
        choices=[("", "Any licence"), *Licence.Jurisdiction.choices], required=False, label="Under licence"
    )

    class Meta:
        model = Variant
        fields = ["segment", "jurisdiction", "silent", "subject", "body", "button", "url"]
        labels = {"silent": "Send nothing to these players", "body": "Text", "url": "Button leads to",
                  "segment": "For players in"}  # fmt: skip
        help_texts = {"silent": "", "body": "HTML. Fields in double braces: player.first_name, player.favourite, brand.name, "
                      "brand.site_url, event.amount, bonus.amount. For a missing one: | default: 'there'."}  # fmt: skip
        widgets = {"body": forms.Textarea(attrs={"rows": 8, "spellcheck": "true"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        segment = self.fields["segment"]
        segment.queryset = live_segments(self.instance.step.version)  # type: ignore[attr-defined]
        segment.required, segment.empty_label = False, "Everyone else"  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name in ("subject", "body", "button", "url"):
            for words in content.problems(data.get(name) or ""):
                self.add_error(name, words)
        return data


class RulesForm(forms.ModelForm):
    class Meta:
        model = ConflictRules
        fields = ["per_day", "per_week", "spacing_minutes", "holdout_percent"]
        help_texts = {
            "per_day": "Promotional messages per player.",
            "per_week": "",
            "spacing_minutes": "The weaker one waits that long.",
        }
        labels = {"per_day": "Most in 24 hours", "per_week": "Most in 7 days",
                  "spacing_minutes": "Minutes between two", "holdout_percent": "Hold-out group (%)"}  # fmt: skip
