"""Reconciliation: what the PAM says each gaming day adds up to, beside what its events added up to."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import Count, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from compliance import audit
from config.coverage import attributes_by_family
from config.lib.clock import utcnow
from config.lib.forms import ReasonForm
from config.lib.http import requires
from config.lib.keyset import take
from config.lib.pages import page
from config.views.integration import shown_brands
from players import totals
from players.models import Brand, Payment, TotalsDay, TotalsDifference, TotalsLine
from players.pam.generic.kinds import Refused
from players.totals.comparing import differs
from players.totals.ids import complete, listed
from players.totals.kinds import KINDS

LARGEST = 2 * 1024 * 1024
TONES = {"matched": "green", "differs": "red", "accepted": "blue", "waiting": "muted"}


def _days(request: HttpRequest, permission: str = "reconciliation.view") -> QuerySet[TotalsDay]:
    return TotalsDay.objects.filter(brand__in=shown_brands(request, permission)).select_related("brand")


@requires("reconciliation.view")
@require_safe
def days(request: HttpRequest) -> HttpResponse:
    status = request.GET.get("status", "")
    rows = _days(request)
    if status in TONES:
        rows = rows.filter(status=status)
    found = take(rows, sort="-day", token=request.GET.get("after", ""), size=40)
    _summarise(found.rows)
    context = {"found": found, "status": status, "statuses": TotalsDay.Status.choices, "any": _days(request).exists()}
    return page(request, "integration/reconciliation.html", context, partials={"rows"})


def _summarise(rows: list[Any]) -> None:
    """Per day: lines that match, ids only one side has, and the money between them per currency."""
    ids = [row.pk for row in rows]
    where = {
        (totals_id, kind): n
        for totals_id, kind, n in TotalsDifference.objects.filter(totals__in=ids).order_by()
        .values_list("totals_id", "where").annotate(n=Count("id"))
    }  # fmt: skip
    lines: dict[int, list[TotalsLine]] = {row.pk: [] for row in rows}
    for line in TotalsLine.objects.filter(totals__in=ids):
        lines[line.totals_id].append(line)
    for row in rows:
        row.tone = TONES[row.status]
        row.total = len(lines[row.pk])
        row.matched = sum(not differs(line) for line in lines[row.pk]) if row.compared_at else 0
        row.there, row.here = where.get((row.pk, "there"), 0), where.get((row.pk, "here"), 0)
        row.amounts = where.get((row.pk, "amount"), 0)
        row.hours = where.get((row.pk, "hour"), 0)
        row.money = _money(lines[row.pk]) if row.compared_at else []


def _money(lines: list[Any]) -> list[tuple[str, int]]:
    """(currency, ours less theirs) of the payments that do not agree."""
    sums: dict[str, int] = {}
    for line in lines:
        if not KINDS[line.kind].is_play and line.their_amount is not None and line.our_amount is not None:
            gap = line.our_amount - line.their_amount
            if gap:
                sums[line.currency] = sums.get(line.currency, 0) + (gap if line.kind == "deposits" else -gap)
    return sorted(sums.items())


@requires("reconciliation.view")
@require_safe
def day(request: HttpRequest, pk: int) -> HttpResponse:
    found_day = get_object_or_404(_days(request), pk=pk)
    lines: list[Any] = list(found_day.lines.order_by("kind", "currency", "category"))
    order = list(KINDS)
    lines.sort(key=lambda line: (order.index(line.kind), line.currency, line.category))
    for line in lines:
        line.label, line.differs = KINDS[line.kind].label, found_day.compared_at is not None and differs(line)
        line.count_gap = _gap(line.our_count, line.their_count)
        line.amount_gap = _gap(line.our_amount, line.their_amount)
    wrong = [line for line in lines if line.differs]
    rows = found_day.differences.select_related("player")
    found = take(rows, sort="id", token=request.GET.get("after", ""))
    _explain(found.rows)
    families = {KINDS[line.kind].family for line in wrong}
    context = {
        "day": found_day, "tone": TONES[found_day.status], "lines": lines, "wrong": wrong, "found": found,
        "right": [line for line in lines if not line.differs],
        "lists": _lists(found_day, wrong), "sums": _sums(rows),
        "touched": [a.label for key in sorted(families) for a in attributes_by_family().get(key, [])],
        "sees_players": request.user.may("players.view", found_day.brand_id),  # type: ignore[union-attr]
        "may_edit": request.user.may("reconciliation.edit", found_day.brand_id),  # type: ignore[union-attr]
    }  # fmt: skip
    return page(request, "integration/reconciliation_day.html", context, partials={"rows"})


def _gap(ours: int | None, theirs: int | None) -> int | None:
    return None if ours is None or theirs is None else ours - theirs


def _sums(rows: QuerySet[TotalsDifference]) -> list[dict[str, Any]]:
    """Per kind and side: how many ids, and how much money."""
    found = rows.exclude(where="hour").order_by().values("kind", "where", "currency")
    return [
        row | {"label": KINDS[row["kind"]].label, "words": TotalsDifference.Where(row["where"]).label}
        for row in found.annotate(n=Count("id"), theirs=Sum("theirs"), ours=Sum("ours")).order_by("kind", "where")
    ]


def _lists(found_day: TotalsDay, wrong: list[Any]) -> list[str]:
    """What is still needed to say more of the lines that differ."""
    have, whole = listed(found_day), complete(found_day)
    words = []
    for kind in dict.fromkeys(line.kind for line in wrong):
        about = KINDS[kind]
        if not about.listed or kind in whole:
            continue
        asked = f"PUT /api/v1/totals/{found_day.day}/ids"
        if have.get(kind):
            words.append(f"{about.label}: {have[kind]} ids are listed so far, fewer or more than were counted.")
        else:
            words.append(f"{about.label}: let the PAM list the ids ({asked}) and each difference is told by id.")
    return words


def _explain(rows: list[Any]) -> None:
    """Of a payment only the PAM counts: what we know of it all the same."""
    asked = [row for row in rows if row.where == "there" and row.player_id and not KINDS[row.kind].is_play]
    known: dict[tuple[int, str], list[Payment]] = {}
    payments = Payment.objects.filter(
        player_id__in={row.player_id for row in asked}, payment_id__in={row.ref for row in asked}
    ).order_by("occurred_at")
    for payment in payments:
        known.setdefault((payment.player_id, payment.payment_id), []).append(payment)
    for row in rows:
        row.label, row.words = KINDS[row.kind].label, row.get_where_display()
        row.hint = ""
        if row.where == "there" and row.player_id is None:
            row.hint = "No such player here"
        elif row in asked:
            statuses = known.get((row.player_id or 0, row.ref), [])
            said = ", ".join(f"{p.get_status_display().lower()} {p.occurred_at:%-d %b %H:%M} UTC" for p in statuses)
            row.hint = f"Known here: {said}" if said else "Never heard of here"


class UploadForm(forms.Form):
    brand = forms.ModelChoiceField(Brand.objects.none(), label="Brand", empty_label="Choose a brand")
    day = forms.DateField(label="Gaming day", widget=forms.DateInput(attrs={"type": "date"}))
    file = forms.FileField(
        label="CSV file", help_text="Columns: kind, currency, category, count, amount (minor units)."
    )

    def clean_file(self) -> str:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError("The totals of one day are smaller than 2 MB.")
        try:
            text = str(file.read().decode("utf-8-sig"))
        except UnicodeDecodeError:
            raise forms.ValidationError("Not a text in UTF-8.") from None
        if "\0" in text:
            raise forms.ValidationError("Not a text: it holds the character U+0000.")
        return text


@requires("reconciliation.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    form = UploadForm(request.POST or None, request.FILES or None)
    brands = shown_brands(request, "reconciliation.edit")
    form.fields["brand"].queryset = Brand.objects.filter(pk__in=[brand.pk for brand in brands])  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            found = _upload(request, data["brand"], data["day"], data["file"])
        except Refused as refused:
            form.add_error("file", f"Line {refused.pointer.strip('/').replace('/', ', ') or '1'}: {refused.detail}")
        except totals.Unfinished as unfinished:
            form.add_error("day", str(unfinished))
        else:
            messages.success(request, f"Totals of {found.day:%-d %B} are here; they are being compared.")
            return redirect("integration:reconciliation-day", found.pk)
    context = {"form": form, "kinds": KINDS.values()}
    return page(request, "integration/totals_upload.html", context, status=422 if form.errors else 200)


def _upload(request: HttpRequest, brand: Brand, day: date, text: str) -> TotalsDay:
    lines = totals.read_csv(text)
    with transaction.atomic():
        found = totals.put(brand, day, lines, source="upload", now=utcnow())
        after = {"brand": brand.slug, "day": day, "lines": len(lines)}
        audit.record(request.user, "totals.uploaded", f"totals:{found.pk}", brand=brand.pk, after=after)  # type: ignore[arg-type]
    return found


@requires("reconciliation.view")
@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Compares now: late events may have closed a difference."""
    found = get_object_or_404(_days(request), pk=pk)
    with transaction.atomic():
        totals.compare(
            TotalsDay.objects.select_for_update(of=("self",)).select_related("brand").get(pk=pk), now=utcnow()
        )
    messages.success(request, f"{found.brand.name}, {found.day:%-d %B}: compared again.")
    return redirect("integration:reconciliation-day", pk)


@requires("reconciliation.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(_days(request, "reconciliation.edit"), pk=pk, status=TotalsDay.Status.DIFFERS)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        with transaction.atomic():
            TotalsDay.objects.filter(pk=pk).update(
                status=TotalsDay.Status.ACCEPTED, accepted_by=request.user, reason=reason, due_at=None
            )
            after = {"brand": found.brand.slug, "day": found.day, "differences": found.differences.count()}
            audit.record(request.user, "totals.accepted", f"totals:{pk}", brand=found.brand_id,  # type: ignore[arg-type]
                         reason=reason, after=after)  # fmt: skip
        messages.success(request, "Accepted; the differences stay on record.")
        return redirect("integration:reconciliation-day", pk)
    context = {
        "form": form, "heading": f"Accept {found.brand.name}, {found.day:%-d %B %Y}, as it is", "submit": "Accept",
        "cancel": reverse("integration:reconciliation-day", args=[pk]),
        "consequence": "The day counts as looked at. Nothing is corrected: the differences stay listed with your reason.",
    }  # fmt: skip
    return page(request, "ui/reason.html", context, status=422 if form.errors else 200)
