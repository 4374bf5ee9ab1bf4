"""Players · Imports: upload, say what the columns are, check, import, watch."""

from contextlib import suppress
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from config.lib import flow
from config.lib.clock import utcnow
from config.lib.http import requires
from config.lib.keyset import take
from config.lib.pages import page, partial_of
from players import access
from players.imports import guess, preview, running, upload
from players.imports.fields import BY_KIND, KINDS, FileKind
from players.models import Brand
from players.models.imports import PROTECTION, Import, PlayerList

PERMISSION = "players.import"
DATES = (("ymd", "2026-03-31"), ("dmy", "31/03/2026"), ("mdy", "03/31/2026"))
AMOUNTS = (("major", "12.50 (with a point)"), ("minor", "1250 (minor units)"))


class UploadForm(forms.Form):
    brand = forms.ModelChoiceField(Brand.objects.none(), label="Brand", empty_label=None)
    list_name = forms.CharField(label="Name of the list", max_length=80, required=False)
    file = forms.FileField(
        label="CSV file", widget=forms.ClearableFileInput(attrs={"accept": ".csv,.tsv,.txt,text/csv"})
    )

    def __init__(self, request: HttpRequest, kind: FileKind) -> None:
        super().__init__(request.POST or None, request.FILES or None)
        brands = [brand.pk for brand in access.brands(request) if _may(request, kind, brand.pk)]
        field: Any = self.fields["brand"]
        field.queryset = Brand.objects.filter(pk__in=brands)
        field.initial = access.current_brand(request)
        if kind.kind != "list":
            del self.fields["list_name"]
        else:
            self.fields["list_name"].required = True
        self.request = request

    def clean(self) -> dict[str, Any]:
        """Lines that are on a list already are counted apart: nobody may ask so who is on one they may not know."""
        data = super().clean() or {}
        if _is_hidden(self.request, data.get("brand"), data.get("list_name", "")):
            self.add_error("list_name", "You cannot add to a list of this name: choose another.")
        return data


def _may(request: HttpRequest, kind: FileKind, brand_id: int | None = None) -> bool:
    return bool(request.user.may(kind.permission, brand_id))  # type: ignore[union-attr]


def _import_for(request: HttpRequest, pk: int) -> Import:
    """404 for a brand without a seat, 403 for a kind the role may not import."""
    found = get_object_or_404(
        Import.objects.select_related("brand", "created_by"), pk=pk, brand__in=access.brands(request)
    )
    if not _may(request, BY_KIND[found.kind], found.brand_id):
        raise PermissionDenied(BY_KIND[found.kind].permission)
    return found


def _is_hidden(request: HttpRequest, brand: Brand | None, list_name: str) -> bool:
    """There is a list of that name at the brand, and it tells of protection, which this operator may not know."""
    if brand is None or not list_name or access.may(request, access.SEES_PROTECTION, brand):
        return False
    return PlayerList.objects.filter(brand=brand, name=list_name, criteria__contains=[PROTECTION]).exists()


def _sees(request: HttpRequest, one: Import) -> bool:
    """The cells of a file are personal data: for who uploaded it, and for roles that may reveal."""
    return one.created_by_id == request.user.pk or bool(request.user.may("players.reveal", one.brand_id))  # type: ignore[union-attr]


def _note(request: HttpRequest, kind: str, one: Import, **after: Any) -> None:
    flow.hook(
        "AUDIT", request.user, f"import.{kind}", f"import:{one.pk}", brand=one.brand_id,
        after={"kind": one.kind, "file": one.name, **after},
    )  # fmt: skip


@requires(PERMISSION)
@require_safe
def imports(request: HttpRequest) -> HttpResponse:
    rows = Import.objects.filter(brand__in=access.shown_brands(request)).select_related("brand", "created_by")
    kinds = [kind for kind in KINDS if _may(request, kind)]
    rows = rows.filter(kind__in=[kind.kind for kind in kinds])
    context = {"found": take(rows, sort="-id", token=request.GET.get("after", "")), "kinds": kinds}
    return page(request, "players/imports.html", context)


@requires(PERMISSION)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, kind: str) -> HttpResponse:
    if kind not in BY_KIND:
        raise Http404(kind)
    file_kind = BY_KIND[kind]
    if not _may(request, file_kind):
        raise PermissionDenied(file_kind.permission)
    form = UploadForm(request, file_kind)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            with transaction.atomic():
                one = preview.begin(kind, given["brand"], given["file"].name, given["file"].chunks(), request.user,
                                    now=utcnow(), list_name=given.get("list_name", ""))  # fmt: skip
                _note(request, "uploaded", one, lines=one.rows)
            return redirect("players:import", pk=one.pk)
        except upload.Refused as refused:
            form.add_error("file", str(refused))
    context = {"form": form, "kind": file_kind, "limit_mb": settings.IMPORT_MAX_BYTES // 1_048_576}
    return page(request, "players/import_new.html", context, status=422 if form.errors else 200)


@requires(PERMISSION)
@never_cache
@require_safe
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """The import as it stands. With columns in the query string: the same under those, not saved."""
    found = _import_for(request, pk)
    if found.status in (Import.Status.UPLOADED, Import.Status.CHECKED) and not found.purged_at:
        _choose(found, request.GET)
    response = _show(request, found)
    if partial_of(request) == "progress" and not found.running:
        response["HX-Refresh"] = "true"  # it is over: the whole page has something else to say now
    return response


def _show(request: HttpRequest, found: Import, status: int = 200) -> HttpResponse:
    kind = BY_KIND[found.kind]
    choosing = (
        found.status in (Import.Status.UPLOADED, Import.Status.CHECKED, Import.Status.FAILED) and not found.purged_at
    )
    context: dict[str, Any] = {
        "import": found, "kind": kind, "choosing": choosing, "missing": guess.missing(kind, found.mapping),
        "dates": DATES, "amounts": AMOUNTS, "sees": _sees(request, found),
        "money": any(column.money for column in kind.columns),
        "fields": [(column, found.mapping.get(column.key)) for column in kind.columns],
    }  # fmt: skip
    if found.list_name:
        there = access.lists(request).filter(brand=found.brand, name=found.list_name).first()
        context["on_list"] = there.pk if there else None
    with timezone.override(ZoneInfo(found.brand.timezone)):
        if choosing and context["sees"]:
            labels, lines = preview.shown(found, now=utcnow())
            context |= {"odd": preview.odd(found), "labels": labels, "lines": lines}
        return page(request, "players/import.html", context, partials={"preview", "progress"}, status=status)


def _choose(found: Import, given: Any) -> None:
    """Columns and options out of a form; nonsense is left out."""
    if "dates" not in given:
        return
    header = given.get("header") == "yes"
    if header != bool(found.options.get("header")):
        with suppress(upload.Refused):  # a single line is no header: it stays what it was
            preview.learn(found, header)
    chosen: dict[str, int] = {}
    for column in BY_KIND[found.kind].columns:
        number = given.get(f"column_{column.key}", "")
        if number.isdecimal() and len(number) < 4 and int(number) < len(found.header):
            chosen[column.key] = int(number)
    found.mapping = chosen
    found.options |= {
        "dates": given["dates"] if given["dates"] in dict(DATES) else "ymd",
        "amounts": "minor" if given.get("amounts") == "minor" else "major",
    }


@requires(PERMISSION)
@require_POST
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """Keeps the columns and counts what an import would do."""
    found = _import_for(request, pk)
    if _is_hidden(request, found.brand, found.list_name):
        raise PermissionDenied(access.SEES_PROTECTION)
    if found.status not in (Import.Status.UPLOADED, Import.Status.CHECKED, Import.Status.FAILED) or found.purged_at:
        return redirect("players:import", pk=pk)
    _choose(found, request.POST)
    if guess.missing(BY_KIND[found.kind], found.mapping):
        return _show(request, found, status=422)
    with transaction.atomic():
        running.check(found, now=utcnow())
    return redirect("players:import", pk=pk)


@requires(PERMISSION)
@require_POST
def act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """go: import what was checked · resume: go on behind the last line · cancel: stop behind the present lines."""
    found = _import_for(request, pk)
    if _is_hidden(request, found.brand, found.list_name):
        raise PermissionDenied(access.SEES_PROTECTION)
    now, stands = utcnow(), found.status
    with transaction.atomic():
        if verb == "go" and stands == Import.Status.CHECKED:
            running.go(found, now=now)
        elif (
            verb == "resume"
            and stands in (Import.Status.FAILED, Import.Status.CANCELLED)
            and found.line
            and found.checked
        ):
            running.resume(found, now=now)
        elif verb == "cancel" and stands != Import.Status.DONE:
            running.cancel(pk, now=now)
        else:
            messages.warning(request, "It has moved on meanwhile; this is where it stands now.")
            return redirect("players:import", pk=pk)
        _note(request, {"go": "started", "resume": "resumed", "cancel": "cancelled"}[verb], found, line=found.line)
    return redirect("players:import", pk=pk)


@requires(PERMISSION)
@never_cache
@require_safe
def errors(request: HttpRequest, pk: int) -> HttpResponse:
    found = _import_for(request, pk)
    if not _sees(request, found):
        raise PermissionDenied("players.reveal")
    path = upload.errors_of(found.token)
    if not path.exists() or not found.errors_size:
        raise Http404("errors")
    with transaction.atomic():
        _note(request, "errors_downloaded", found, refused=found.refused)
    name = f"import-{found.pk}-refused.csv"
    kind = "text/csv; charset=utf-8"
    return FileResponse(open(path, "rb"), as_attachment=True, filename=name, content_type=kind)  # type: ignore[return-value]
