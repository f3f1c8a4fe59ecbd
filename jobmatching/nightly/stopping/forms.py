"""Forms of the stop switch."""

from datetime import date, datetime, time

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.runs.schedule import zone
from portal.ui.free_words import FreeText

HIDE = "hide"
SHOW = "show"


class StopForm(forms.Form):
    """Why matching is stopped, until when, and what people see meanwhile."""

    reason = FreeText(
        label=_("Why is matching stopped?"),
        help_text=_("Shown to those who see matches, and kept. Write nothing about a single person."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write why matching is stopped.")},
    )
    results = forms.ChoiceField(
        label=_("Candidates and matches found before"),
        choices=(
            (HIDE, _("Hide them while matching is stopped")),
            (SHOW, _("Go on showing them; they do not change")),
        ),
        initial=HIDE,
        widget=forms.RadioSelect,
        help_text=_("Hide them where you suspect that they are wrong."),
        error_messages={"required": _("Choose whether the candidates and matches are shown.")},
    )
    until = forms.DateField(
        label=_("Goes on by itself on"),
        help_text=_("Matching goes on when this day begins. Leave empty: it is stopped until somebody lifts the stop."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Write the day as 31.12.2026.")},
    )

    def clean_until(self) -> date | None:
        """A day to come."""
        day: date | None = self.cleaned_data["until"]
        if day is not None and day <= timezone.localdate():
            raise forms.ValidationError(_("Choose a day later than today."))
        return day

    @property
    def until_moment(self) -> datetime | None:
        """When the stop ends by itself."""
        day: date | None = self.cleaned_data["until"]
        return datetime.combine(day, time(), zone()) if day else None

    @property
    def hides(self) -> bool:
        """Whether what was found before is hidden."""
        return bool(self.cleaned_data["results"] == HIDE)


class LiftForm(forms.Form):
    """Why matching may go on."""

    reason = FreeText(
        label=_("Why may matching go on?"),
        help_text=_("Say what was found out or mended. The reason is kept beside that of the stop."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write why matching may go on.")},
    )
