"""The page of equal treatment: the night's tables, their development, comments, and the figures as a file."""

from typing import Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from jobmatching.nightly.fairness import page
from jobmatching.nightly.fairness.asked import DIMENSION, MEASURE, NIGHT, Asked
from jobmatching.nightly.fairness.enums import COMPARED, GROUPED, OF_EVERYBODY, OF_GROUPS
from jobmatching.nightly.fairness.exports import as_table
from jobmatching.nightly.fairness.forms import CommentForm
from jobmatching.nightly.fairness.measures import FEWEST_COMPARED_WITH
from jobmatching.nightly.fairness.models import FairnessComment, FairnessReport
from jobmatching.nightly.fairness.words import MEASURES, GroupNames
from jobmatching.nightly.measuring.words import measurements
from portal.accounts.models import User
from portal.accounts.permissions import may, permission_required
from portal.accounts.roles import Permission
from portal.privacy.suppression import FEWEST
from portal.ui.limits import Limit, limited
from portal.ui.panels import panels
from portal.ui.parts import Choice

_TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@permission_required(Permission.FAIRNESS_VIEW)
@require_safe
def fairness(request: HttpRequest) -> HttpResponse:
    """One table of the night, chosen in the address."""
    asked = Asked.of(request.GET)
    return render(request, "nightly/fairness/page.html", _context(request, asked))


@permission_required(Permission.FAIRNESS_COMMENT)
@require_POST
def comment(request: HttpRequest) -> HttpResponse:
    """Add a comment to the table that the address names; the page again where something is wrong with it."""
    asked = Asked.of(request.GET)
    if asked.report is None:
        raise Http404
    context = _context(request, asked)
    form = context["form"]
    assert isinstance(form, CommentForm)
    if not form.is_valid():
        return render(request, "nightly/fairness/page.html", context)
    FairnessComment.objects.create(
        report=asked.report,
        dimension=asked.dimension,
        measure=asked.measure,
        group=form.cleaned_data["group"],
        text=form.cleaned_data["text"],
        author=request.user if isinstance(request.user, User) else None,
    )
    messages.success(request, _("The comment was added."))
    return redirect(f"{reverse('matching:fairness')}{asked.address()}#kommentit")


def _context(request: HttpRequest, asked: Asked) -> dict[str, object]:
    names = GroupNames()
    figures = page.figures_of(asked)
    report = asked.report
    context: dict[str, object] = {
        "asked": asked,
        "report": report,
        "dimensions": [
            Choice(asked.address(**{DIMENSION: one.value}), _capital(one.label), current=one == asked.dimension)
            for one in GROUPED
        ],
        "measures": [
            Choice(asked.address(**{MEASURE: one.value}), _capital(one.label), current=one == asked.measure)
            for one in OF_GROUPS
        ],
        "words": MEASURES[asked.measure],
        "all_words": [(one.label, MEASURES[one]) for one in (*OF_GROUPS, *OF_EVERYBODY)],
        "fewest": FEWEST,
        "fewest_compared": FEWEST_COMPARED_WITH,
        "decisions": panels("fairness.decisions", request, report),
        "measured": measurements(),
    }
    if report is None:
        return context
    drawn = page.drawn_groups(figures, asked)
    found = page.findings(report, asked, names)
    groups = [(one.group, names.name(one.dimension, one.group)) for one in figures if one.cell == "shown"]
    nights = FairnessReport.objects.all().latest_of_each_day()
    return context | {
        "rows": page.rows(figures, names),
        "compares": asked.measure in COMPARED,
        "has_hidden": any(one.cell != "shown" for one in figures),
        "key_figures": page.key_figures(report),
        "findings": found[: page.MOST_FINDINGS],
        "more_findings": found[page.MOST_FINDINGS :],
        "findings_count": len(found),
        "chart": page.chart(figures, asked, names),
        "development": page.development(asked, names, drawn),
        "drawn": drawn,
        "groups": groups,
        "comments": page.comments(asked, names),
        "form": CommentForm(request.POST if request.method == "POST" else None, groups=groups),
        "may_comment": may(request.user, Permission.FAIRNESS_COMMENT),
        "comment_url": f"{reverse('matching:fairness_comment')}{asked.address()}",
        "nights": [(night.for_date, night == report) for night in nights[: page.NIGHTS]],
        "csv_url": _export_url(report, "csv"),
        "xlsx_url": _export_url(report, "xlsx"),
    }


@permission_required(Permission.FAIRNESS_VIEW)
@limited(Limit.EXPORT)
@require_safe
def export(request: HttpRequest, kind: str) -> HttpResponse:
    """All figures of a night as CSV or XLSX; small groups are hidden in the file, too."""
    report = Asked.of(request.GET).report
    if report is None or kind not in _TYPES:
        raise Http404
    response = HttpResponse(as_table(report, kind), content_type=_TYPES[kind])
    name = f"{_('equal-treatment-file')}-{report.for_date.isoformat()}.{kind}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _export_url(report: FairnessReport, kind: str) -> str:
    return f"{reverse('matching:fairness_export', args=[kind])}?{NIGHT}={report.for_date.isoformat()}"


def _capital(label: object) -> str:
    text = str(label)
    return text[:1].upper() + text[1:]
