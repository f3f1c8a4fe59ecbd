"""Forms about a jobseeker."""

from django import forms
from django.utils.translation import gettext_lazy as _


class PauseForm(forms.Form):
    """Why a person is left out of matching for a time."""

    reason = forms.CharField(
        label=_("Why is matching paused?"),
        help_text=_("For example: the jobseeker asked for it, or is on a long leave. Do not write about health."),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write why matching is paused.")},
    )
