"""Pages of the register of personal fields."""

from typing import Any, Final

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from portal.accounts.permissions import permission_required
from portal.accounts.roles import Permission
from portal.privacy.fields import Audience, Basis, Kept
from portal.privacy.register.rows import (
    WHOSE_LABELS,
    RegisterRow,
    Whose,
    public_lines,
    register_rows,
)
from portal.ui.chips import chips_of
from portal.ui.fields import OpenChoices
from portal.ui.limits import Limit, limited
from portal.ui.spreadsheets.writing import as_csv

_YES_NO: Final = (("yes", gettext_lazy("yes")), ("no", gettext_lazy("no")))


class RegisterFilter(forms.Form):
    """How the register is narrowed; all of it stands in the address."""

    q = forms.CharField(label=gettext_lazy("Word"), required=False, max_length=100)
    whose = forms.MultipleChoiceField(
        label=gettext_lazy("Whose data"),
        choices=[(group.value, label) for group, label in WHOSE_LABELS.items()],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    basis = forms.MultipleChoiceField(
        label=gettext_lazy("Legal ground"), choices=Basis.choices, widget=OpenChoices, required=False
    )
    kept = forms.MultipleChoiceField(
        label=gettext_lazy("Retention counted from"),
        choices=[(kept.value.code, kept.value.after) for kept in Kept],
        widget=OpenChoices,
        required=False,
    )
    seen = forms.MultipleChoiceField(
        label=gettext_lazy("Who sees it"), choices=Audience.choices, widget=OpenChoices, required=False
    )
    history = forms.MultipleChoiceField(
        label=gettext_lazy("In the history of changes"),
        choices=_YES_NO,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    export = forms.MultipleChoiceField(
        label=gettext_lazy("In the person's own document"),
        choices=_YES_NO,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def narrowed(self, rows: list[RegisterRow]) -> list[RegisterRow]:
        """The rows that fit; everything where the address is not understood."""
        if not self.is_valid():
            return rows
        asked = self.cleaned_data
        word = asked["q"].strip().casefold()
        return [
            row
            for row in rows
            if (not word or word in f"{row.model} {row.field} {row.key}".casefold())
            and _fits(asked["whose"], row.whose.value)
            and _fits(asked["basis"], row.basis.value)
            and _fits(asked["kept"], row.kept.value.code)
            and _fits(asked["seen"], row.seen_by.value)
            and _fits(asked["history"], "yes" if row.in_history else "no")
            and _fits(asked["export"], "yes" if row.in_export else "no")
        ]


@permission_required(Permission.REGISTER_VIEW)
@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """Every personal field, narrowed by the address."""
    rows = register_rows(timezone.localdate())
    form = RegisterFilter(request.GET)
    found = form.narrowed(rows)
    return render(
        request,
        "register/register.html",
        {
            "filter_form": form,
            "groups": _by_model(found),
            "found": len(found),
            "total": len(rows),
            "chips": chips_of(form, request.GET),
            "file_query": _without_empty(request.GET).urlencode(),
            "now": timezone.now(),
        },
    )


@permission_required(Permission.REGISTER_VIEW)
@limited(Limit.EXPORT)
@require_safe
def register_file(request: HttpRequest) -> HttpResponse:
    """The same as CSV."""
    rows = RegisterFilter(request.GET).narrowed(register_rows(timezone.localdate()))
    header = [
        _("Whose data"), _("Data"), _("Field"), _("Name in the code"), _("Legal ground"), _("Kept, in months"),
        _("Counted from"), _("Provisional"), _("Who sees it"), _("In the history of changes"),
        _("In the person's own document"),
    ]  # fmt: skip
    response = HttpResponse(as_csv(header, (_row(row) for row in rows)), content_type="text/csv; charset=utf-8")
    name = _("register-file")
    response["Content-Disposition"] = f'attachment; filename="{name}-{timezone.localdate().isoformat()}.csv"'
    return response


@login_not_required
@require_safe
def public_register(request: HttpRequest) -> HttpResponse:
    """The register in short, for everybody: linked from the privacy notice."""
    lines = public_lines(register_rows(timezone.localdate()))
    return render(
        request,
        "register/public.html",
        {"groups": [(WHOSE_LABELS[group], lines[group]) for group in Whose if group in lines], "now": timezone.now()},
    )


def _fits(chosen: list[str], value: str) -> bool:
    return not chosen or value in chosen


def _by_model(rows: list[RegisterRow]) -> list[tuple[str, Any, list[RegisterRow]]]:
    """Model in words, group in words, and the model's rows."""
    grouped: dict[tuple[str, Whose], list[RegisterRow]] = {}
    for row in rows:
        grouped.setdefault((row.model, row.whose), []).append(row)
    return [(model, WHOSE_LABELS[group], fields) for (model, group), fields in grouped.items()]


def _row(row: RegisterRow) -> list[object]:
    return [
        row.whose_label,
        row.model,
        row.field,
        row.key,
        row.basis.label,
        row.time.months if row.time else "",
        row.kept.value.after,
        _("yes") if row.time and row.time.provisional else _("no"),
        row.seen_by.label,
        _("yes") if row.in_history else _("no"),
        _("yes") if row.in_export else _("no"),
    ]


def _without_empty(query: QueryDict) -> QueryDict:
    kept = query.copy()
    for name in list(kept):
        kept.setlist(name, [value for value in kept.getlist(name) if value])
    return kept
