"""Forms about retention times."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.privacy.retention.classes import NewTime
from portal.privacy.retention.models import RetentionProposal
from portal.ui.free_words import FreeText


class ProposalForm(forms.ModelForm):
    """Another time for a class: how long, from when, by what source, why."""

    class Meta:
        model = RetentionProposal
        fields = ("months", "notice_days", "valid_from", "source", "provisional", "reason")
        field_classes = {"source": FreeText, "reason": FreeText}
        widgets = {
            "valid_from": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "reason": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].error_messages["required"] = _("Write why the time is changed.")

    def clean_valid_from(self) -> date:
        """Tomorrow at the earliest: what is deleted today is deleted by the time of today."""
        chosen: date = self.cleaned_data["valid_from"]
        if chosen <= timezone.localdate():
            raise forms.ValidationError(_("Choose tomorrow or a later day."))
        return chosen

    def clean(self) -> dict[str, Any]:
        """A time that is settled names its source."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not cleaned.get("provisional") and not cleaned.get("source", "").strip():
            self.add_error("source", _("Name the source of a time that is not provisional."))
        return cleaned

    def new_time(self) -> NewTime:
        """What is proposed."""
        values = self.cleaned_data
        return NewTime(
            months=values["months"],
            notice_days=values["notice_days"],
            valid_from=values["valid_from"],
            source=values["source"],
            provisional=values["provisional"],
            reason=values["reason"],
        )


class DecisionForm(forms.Form):
    """Whether a proposed time is approved, and why."""

    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=(("approve", _("Approve: the time changes")), ("reject", _("Reject: the time stays"))),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what you decide.")},
    )
    reason = FreeText(
        label=_("Reason of the decision"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write the reason of the decision.")},
    )


class DayForm(forms.Form):
    """The day as of which a dry run looks."""

    day = forms.DateField(
        label=_("As of the day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Today or later: a later day shows what will be due then."),
    )

    def chosen(self) -> date:
        """The day, today where none or an earlier one was given, five years ahead at most."""
        today = timezone.localdate()
        day: date = (self.cleaned_data.get("day") if self.is_valid() else None) or today
        return min(max(day, today), today + timedelta(days=5 * 366))
