"""Forms about jobseekers."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jobmatching.seekers.enums import PauseKind
from jobmatching.seekers.importing.files import Table, read_table
from jobmatching.seekers.imports import column_names
from portal.classifications.models import EmploymentArea
from portal.privacy.history.context import LONGEST_REASON
from portal.ui.free_words import FreeText
from portal.ui.spreadsheets.limits import MOST_BYTES
from portal.ui.spreadsheets.reading import NotReadable


class PauseForm(forms.Form):
    """Why a person is left out of matching for a time."""

    kind = forms.ChoiceField(
        label=_("Why is matching paused?"),
        choices=[choice for choice in PauseKind.choices if choice[0] != PauseKind.OBJECTION],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose why matching is paused.")},
    )
    reason = FreeText(
        label=_("The reason in words"),
        help_text=_("Shown on the profile and kept in its history. Do not write about health."),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write why matching is paused.")},
    )


class ResumeForm(forms.Form):
    """Why a person is taken into matching again."""

    reason = FreeText(
        label=_("Why does matching go on?"),
        help_text=_("Kept in the history of the person's data. Do not write about health."),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Write why matching goes on.")},
    )


class ImportForm(forms.Form):
    """A file of jobseekers, and the area that they come into; the area is asked where there are several."""

    area = forms.ModelChoiceField(
        label=_("Area"),
        queryset=EmploymentArea.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": _("Choose the area.")},
    )
    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV or XLSX. The first row names the columns."),
        error_messages={
            "required": _("Choose a file."),
            "empty": _("The file is empty. Choose another file."),
        },
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )

    def __init__(self, *args: Any, areas: Sequence[EmploymentArea], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["area"]
        field.queryset = EmploymentArea.objects.filter(pk__in=[area.pk for area in areas]).order_by("name_fi", "pk")
        if len(areas) == 1:
            field.widget, field.required = forms.HiddenInput(), False
        self._areas = areas

    def clean_area(self) -> EmploymentArea:
        """The area chosen, or the only one."""
        chosen: EmploymentArea = self.cleaned_data["area"] if len(self._areas) > 1 else self._areas[0]
        return chosen

    def clean_file(self) -> Table:
        """The rows of the file."""
        uploaded = self.cleaned_data["file"]
        try:
            # What is too large is not even read.
            return read_table(uploaded.read(MOST_BYTES + 1), column_names(), column_names(required=True))
        except NotReadable as error:
            raise forms.ValidationError(str(error), code="file") from error
