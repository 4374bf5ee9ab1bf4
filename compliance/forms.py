import re
from typing import Any

from django import forms

from compliance import supposing
from compliance.jurisdictions import PACKS
from compliance.models import Decision, Measure, PersonLink, RegisterCheck
from compliance.models.decision import Purpose
from compliance.registers.catalogue import REGISTERS
from compliance.vocabulary import CRITERIA, INCENTIVES, criterion
from config.lib.forms import FilterForm, ReasonForm

_CHANNELS = [("email", "E-mail"), ("sms", "SMS"), ("push", "Push"), ("onsite", "On site"), ("phone", "Phone"),
             ("post", "Post"), ("social", "Direct message"), ("affiliate", "Affiliate"), ("ads", "Matched ads"),
             ("bonus", "Bonus")]  # fmt: skip
_DAY = forms.DateInput(attrs={"type": "date"})
_LONGEST = 4_000_000  # bytes of a file of rates; how many characters are read is said there

# Beginnings of AuditEntry.kind, in the words of the menu.
_RECORDED = [
    ("", "Everything"), ("campaign.", "Campaigns"), ("conflict_rules.", "Conflict rules"), ("segment.", "Segments"),
    ("bonus.", "Bonuses"), ("goodwill.", "Goodwill bonuses"), ("terms.", "Bonus terms"), ("budget.", "Bonus budgets"), ("policy.", "Policy switches"),
    ("case.", "Cases"), ("marker.", "Markers of harm"), ("clearances.", "Lists and amounts asked about outside"),
    ("suppressions.", "Do-not-write lists read outside"), ("rates.", "Exchange rates"),
    ("trail.", "Restores declared"), ("definitions.", "NGR definitions"),
    ("promotions.", "Stops of promotions"), ("proof.", "Proofs read"), ("player.", "Looks at personal data"),
    ("import.", "Imports"), ("totals.", "Reconciliation"), ("quarantine.", "Quarantine"), ("gap.", "Gaps in a feed"),
    ("event.", "Single events"), ("key.", "API keys"), ("stages.", "Stages"), ("brand.", "Brands"),
    ("operator.", "Users & roles, logins"), ("message.", "Messages handed over"), ("rg.", "Restrictions told"),
    ("export.", "Exports"), ("retention.", "Retention"), ("counsel.", "Counsel's answers"),
]  # fmt: skip


def _amount(label: str) -> forms.DecimalField:
    return forms.DecimalField(required=False, min_value=0, max_value=10**9, decimal_places=2, label=label)


class DecisionFilter(FilterForm):
    q = forms.CharField(required=False, max_length=120)
    outcome = forms.ChoiceField(required=False, choices=[("", "Any outcome"), *Decision.Outcome.choices])
    since = forms.DateField(required=False, widget=_DAY)
    until = forms.DateField(required=False, widget=_DAY)
    rule = forms.CharField(required=False, max_length=12)
    purpose = forms.ChoiceField(required=False, choices=[("", "Any purpose"), *Purpose.choices])
    restricted = forms.BooleanField(required=False)


class RestrictionFilter(FilterForm):
    q = forms.CharField(required=False, max_length=120)
    kind = forms.ChoiceField(required=False, choices=[("", "Every kind"), *Measure.Kind.choices])
    status = forms.ChoiceField(required=False, choices=[("", "Any state"), *Measure.Status.choices])


class LinkFilter(FilterForm):
    q = forms.CharField(required=False, max_length=64)
    status = forms.ChoiceField(required=False, choices=PersonLink.Status.choices)


class AnswersFilter(FilterForm):
    q = forms.CharField(required=False, max_length=64)
    register = forms.ChoiceField(
        required=False, choices=[("", "Every register"), *((one.key, one.name) for one in REGISTERS.values())]
    )
    result = forms.ChoiceField(
        required=False, choices=[("", "Any answer"), *RegisterCheck.Result.choices], label="Answer"
    )
    purpose = forms.ChoiceField(
        required=False,
        choices=[("", "Any reason"), ("marketing", "Before a mailing"), ("login", "At log-in")],
        label="Why",
    )
    by = forms.ChoiceField(
        required=False, choices=[("", "Asked by anybody"), ("us", "Asked by Pitboss"), ("pam", "Asked by the PAM")],
        label="Asked by",
    )  # fmt: skip
    since = forms.DateField(required=False, widget=_DAY)
    until = forms.DateField(required=False, widget=_DAY)


class AuditFilter(FilterForm):
    q = forms.CharField(required=False, max_length=120)
    by = forms.ChoiceField(
        required=False,
        choices=[
            ("", "By people; all when sought"),
            ("system", "By Pitboss, the feed"),
        ],
    )
    kind = forms.ChoiceField(required=False, choices=_RECORDED)
    day = forms.DateField(required=False, widget=_DAY)


class RulesFilter(FilterForm):
    licence = forms.ChoiceField(required=False, choices=[(name, name) for name in PACKS])
    day = forms.DateField(required=False, widget=_DAY)


class RatesForm(forms.Form):
    """Lines of 'currency, day, EUR for one unit', as a spreadsheet copies them."""

    lines = forms.CharField(
        label="Rates", widget=forms.Textarea(attrs={"rows": 5, "placeholder": "GBP, 2026-11-23, 1.1504"}),
        help_text="One per line: currency, day, what one unit is worth in EUR.",
    )  # fmt: skip
    source = forms.CharField(label="Source", max_length=60, help_text="Who published them.")

    def clean_lines(self) -> list[tuple[str, str, str]]:
        rows = [re.split(r"[,;\t]", line) for line in self.cleaned_data["lines"].splitlines() if line.strip()]
        for number, row in enumerate(rows, start=1):
            if len(row) != 3:
                raise forms.ValidationError(f"Line {number}: three parts are needed, this has {len(row)}.")
        return [(row[0], row[1], row[2]) for row in rows]


class RateFileForm(forms.Form):
    """First a file, then its text again with somebody's yes: what is recorded is what was shown."""

    file = forms.FileField(
        required=False, label="File", help_text="CSV, as the European Central Bank publishes it, or currency, day, rate.",
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv,text/plain"}),
    )  # fmt: skip
    text = forms.CharField(required=False, widget=forms.HiddenInput)
    source = forms.CharField(
        label="Source", max_length=60, initial="European Central Bank", help_text="Who published them."
    )

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or self.cleaned_data
        if upload := told.get("file"):
            try:
                told["text"] = upload.read(_LONGEST + 1).decode("utf-8-sig")
            except UnicodeDecodeError:
                self.add_error("file", "This is no text: unpack it first, or save it as CSV in UTF-8.")
        elif not told.get("text"):
            self.add_error("file", "Choose a file.")
        return told


class StopForm(ReasonForm):
    """`brands`: those of the operator; nothing chosen = all of them."""

    def __init__(self, *args: Any, brands: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["brand"] = forms.ModelChoiceField(brands, required=False, empty_label="All brands", label="Brand")
        self.order_fields(["brand", "reason"])


class AskForm(forms.Form):
    """Who (a player, or a made-up one of a licence), what, when, and what is supposed to be otherwise."""

    player = forms.CharField(
        max_length=64,
        required=False,
        label="Player id",
        help_text="The id in the PAM, or ours. Empty: a made-up player.",
    )
    licence = forms.ChoiceField(
        required=False, choices=[(code, pack.place) for code, pack in PACKS.items()], label="Made-up player under",
        help_text="Verified, agreed to everything, no restriction, has not played.",
    )  # fmt: skip
    moment = forms.DateTimeField(
        required=False, label="At", help_text="Empty: now. In the zone of this page.",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
    )  # fmt: skip
    purpose = forms.ChoiceField(choices=Purpose.choices)
    channel = forms.ChoiceField(choices=_CHANNELS)
    product = forms.MultipleChoiceField(
        choices=[("casino", "Casino"), ("betting", "Betting"), ("bingo", "Bingo")], required=False,
        widget=forms.CheckboxSelectMultiple, label="Products it is about",
    )  # fmt: skip
    criteria = forms.ChoiceField(
        required=False, label="Chosen by",
        choices=[("", "Nobody said"), *((word, criterion(word)) for word in sorted(CRITERIA))],
    )  # fmt: skip
    ask_kind = forms.ChoiceField(
        choices=[("", "Asks for nothing"), ("deposit", "Asks for a deposit of"), ("stake", "Asks for a stake of")],
        required=False, label="What it asks for",
    )  # fmt: skip
    ask_amount = _amount("Amount asked for")
    bonus_type = forms.ChoiceField(
        required=False, label="Offer",
        choices=[("", "Nothing"), *((word, word.replace("_", " ").capitalize()) for word in sorted(INCENTIVES))],
    )  # fmt: skip
    bonus_value = _amount("Value of the offer")
    wagering = forms.DecimalField(required=False, min_value=0, decimal_places=2, label="Wagering, times the bonus")
    days = forms.IntegerField(required=False, min_value=1, max_value=3650, label="Days to meet the conditions")
    on_winnings = forms.NullBooleanField(
        required=False, label="Winnings must be played through too",
        widget=forms.Select(choices=[("", "Nobody said"), ("false", "No"), ("true", "Yes")]),
    )  # fmt: skip
    least_share = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=100,
        label="Of a stake counts at least, %",
        help_text="Empty: nobody said.",
    )
    stake = _amount("Stake of one free spin")
    audience = forms.IntegerField(
        required=False, min_value=1, max_value=10**9, label="Players offered the same", help_text="Empty: nobody counted."
    )  # fmt: skip
    restriction = forms.ChoiceField(required=False, choices=supposing.RESTRICTIONS)
    consent = forms.ChoiceField(required=False, choices=supposing.CONSENTS, label="Consents")
    register = forms.ChoiceField(required=False, choices=supposing.REGISTERS, label="Self-exclusion register")
    risk = forms.ChoiceField(required=False, choices=supposing.RISKS, label="RG risk")
    age = forms.IntegerField(required=False, min_value=1, max_value=120)
    played = forms.ChoiceField(required=False, choices=supposing.PLAYED, label="Play")
    limit_amount = _amount("A deposit limit of")
    limit_period = forms.ChoiceField(
        required=False, choices=[("week", "a week"), ("day", "a day"), ("month", "a month")], label="Limit per"
    )
    limit_left = _amount("Of it is left")
    limit_lowered = forms.BooleanField(required=False, label="Lowered five minutes ago")

    WHO, WHAT = ("player", "licence", "moment"), ("purpose", "channel", "product", "criteria")
    OFFER = ("ask_kind", "ask_amount", "bonus_type", "bonus_value", "wagering", "days", "on_winnings", "least_share",
             "stake", "audience")  # fmt: skip
    SUPPOSED = ("restriction", "consent", "register", "risk", "played", "age", "limit_amount", "limit_period",
                "limit_left", "limit_lowered")  # fmt: skip

    def parts(self) -> list[tuple[str, str, list[forms.BoundField]]]:
        """(heading, hint, fields)"""
        return [
            ("Who and when", "", [self[name] for name in self.WHO]),
            ("What is sent or given", "", [self[name] for name in self.WHAT]),
            ("What it asks for and offers", "in the player's currency", [self[name] for name in self.OFFER]),
            ("What if", "changed in thought only", [self[name] for name in self.SUPPOSED]),
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for kind, amount in (("ask_kind", "ask_amount"), ("bonus_type", "bonus_value")):
            if data.get(kind) and not data.get(amount):
                self.add_error(amount, "How much?")
        return data
