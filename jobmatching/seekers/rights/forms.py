"""Forms about requests of people, restriction of processing, holds on deletion and documents of all data."""

from datetime import date, timedelta
from typing import Any, Final

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jobmatching.seekers.rights.enums import (
    DECISIONS,
    IdentityProof,
    RequestKind,
    RequestState,
    RestrictionGround,
    Sender,
)
from jobmatching.seekers.rights.services import Decision, Received
from portal.privacy.retention.models import HoldKind
from portal.ui.free_words import FreeText

_NOT_ABOUT_HEALTH = _("Do not write about health or other sensitive matters, and no identity code.")


def _words(label: Any, required: Any, help_text: Any = "", rows: int = 3, **kwargs: Any) -> forms.CharField:
    """A field for some sentences; `required` is the error where nothing was written, "" where nothing needs to be."""
    return FreeText(
        label=label,
        help_text=help_text,
        max_length=4000,
        required=bool(required),
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": required} if required else None,
        **kwargs,
    )


def _day(label: Any, required: Any = "", help_text: Any = "", **kwargs: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=help_text,
        required=bool(required),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": required} if required else None,
        **kwargs,
    )


class RequestForm(forms.Form):
    """A request of a person, as it came."""

    NEEDED_AT_TIMES = frozenset({"sender_name"})

    kind = forms.ChoiceField(
        label=_("What does the person ask?"),
        choices=RequestKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what the person asks.")},
    )
    received_on = _day(
        _("When did the request come?"), _("Give the day."), _("The month to answer is counted from this day.")
    )
    sender = forms.ChoiceField(
        label=_("From whom?"), choices=Sender.choices, widget=forms.RadioSelect, initial=Sender.PERSON
    )
    sender_name = FreeText(
        label=_("Name of the representative or guardian"),
        help_text=_("Needed when somebody else than the person asks."),
        max_length=200,
        required=False,
    )
    identity = forms.ChoiceField(
        label=_("How was the identity confirmed?"),
        choices=IdentityProof.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how the identity was confirmed.")},
    )
    wanted = _words(
        _("What does the person want, in their words?"), _("Write what the person wants."), _NOT_ABOUT_HEALTH, rows=4
    )

    def clean_received_on(self) -> date:
        """A request that has come."""
        day: date = self.cleaned_data["received_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("The request cannot have come later than today."))
        if day < timezone.localdate() - timedelta(days=366):
            raise forms.ValidationError(_("Check the day: it is more than a year ago."))
        return day

    def clean(self) -> dict[str, Any]:
        """Whoever asks for somebody else is named, and showed by what right."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for_other = cleaned.get("sender") in (Sender.REPRESENTATIVE, Sender.GUARDIAN)
        if for_other and not cleaned.get("sender_name", "").strip():
            self.add_error("sender_name", _("Write the name of the representative or guardian."))
        if for_other and cleaned.get("identity") == IdentityProof.KNOWN:
            self.add_error(
                "identity", _("Of a representative or guardian, see a document or use strong identification.")
            )
        return cleaned

    def received(self) -> Received:
        """The request of the form."""
        values = self.cleaned_data
        return Received(
            kind=RequestKind(values["kind"]),
            received_on=values["received_on"],
            sender=Sender(values["sender"]),
            sender_name=values["sender_name"],
            identity=IdentityProof(values["identity"]),
            wanted=values["wanted"],
        )


class ExtendForm(forms.Form):
    """Why two more months are needed."""

    reason = _words(
        _("Why is more time needed?"),
        _("Write why more time is needed."),
        _("The person is told within the first month, with this reason."),
    )


class DecideForm(forms.Form):
    """How a request is decided, and whether the person has been told."""

    state = forms.ChoiceField(
        label=_("Decision"),
        choices=[(state.value, state.label) for state in DECISIONS],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how the request is decided.")},
    )
    reasons = _words(
        _("Decision and its reasons, as told to the person"),
        _("Write the decision and its reasons."),
        _("A refusal also says that the person may complain to the Data Protection Ombudsman or go to court."),
        rows=5,
    )
    statement = _words(
        _("The person's own statement"),
        "",
        _("Where data was not corrected: what the person says about it is kept beside the data."),
    )
    told_on = _day(_("When was the person told?"), help_text=_("Leave it empty if the person has not been told yet."))

    def __init__(self, *args: Any, kind: RequestKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kind != RequestKind.RECTIFICATION:
            del self.fields["statement"]
        if kind == RequestKind.ERASURE:
            field: Any = self.fields["state"]
            field.choices = [(state.value, state.label) for state in DECISIONS if state != RequestState.ACCEPTED]
            field.help_text = _("To accept it whole, use the erasure: it deletes the data and this request.")

    def decision(self) -> Decision:
        """The decision of the form."""
        values = self.cleaned_data
        return Decision(
            RequestState(values["state"]), values["reasons"], values["told_on"], values.get("statement", "")
        )


class ToldForm(forms.Form):
    """When the person was told of the decision."""

    told_on = _day(_("When was the person told?"), _("Give the day."))


class WithdrawForm(forms.Form):
    """The person takes the request back."""

    note = _words(_("How did the person take it back?"), _("Write how the person took the request back."), rows=2)


class RestrictForm(forms.Form):
    """Why the processing is restricted."""

    ground = forms.ChoiceField(
        label=_("Ground"),
        choices=RestrictionGround.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the ground.")},
    )
    reason = _words(_("Reason"), _("Write why the processing is restricted."), _NOT_ABOUT_HEALTH)


class LiftForm(forms.Form):
    """Why a restriction is lifted; the person has been told before."""

    told_on = _day(
        _("When was the person told that the restriction is lifted?"),
        _("Tell the person first, and give the day."),
        _("The law asks that the person is told before."),
    )
    reason = _words(_("Why is the restriction lifted?"), _("Write why the restriction is lifted."))


class HoldForm(forms.Form):
    """Why data is kept beyond its time, and when that is looked at again."""

    kind = forms.ChoiceField(
        label=_("Why is the data kept?"),
        choices=HoldKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose why the data is kept.")},
    )
    reason = _words(_("Reason"), _("Write why the data is kept."), _NOT_ABOUT_HEALTH)
    review_on = _day(_("When is it looked at again?"), _("Give the day."), _("A day to come, within a year."))

    def __init__(self, *args: Any, may_decide: bool, **kwargs: Any) -> None:
        """`may_decide`: a legal hold is set by those who decide on requests."""
        super().__init__(*args, **kwargs)
        if not may_decide:
            field: Any = self.fields["kind"]
            field.choices = [(HoldKind.NAMED_REASON.value, HoldKind.NAMED_REASON.label)]
            field.initial = HoldKind.NAMED_REASON

    def clean_review_on(self) -> date:
        """A day to come, but not far off."""
        day: date = self.cleaned_data["review_on"]
        today = timezone.localdate()
        if not today < day <= today + timedelta(days=366):
            raise forms.ValidationError(_("Choose a day to come, within a year."))
        return day


class ReleaseForm(forms.Form):
    """Why a hold is released."""

    reason = _words(_("Why is the hold released?"), _("Write why the hold is released."))


class EraseForm(forms.Form):
    """Confirms that a person is erased."""

    told_on = _day(_("When was the person told?"), _("Tell the person first, and give the day."))
    sure = forms.BooleanField(
        label=_("I have checked that no law asks to keep the data, and that it cannot be brought back."),
        error_messages={"required": _("Check this first.")},
    )


EXPORT_LANGUAGES: Final = settings.LANGUAGES


class ExportForm(forms.Form):
    """For whom all data is taken out: how the identity was confirmed, and in which language."""

    identity = forms.ChoiceField(
        label=_("How was the identity confirmed?"),
        choices=IdentityProof.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how the identity was confirmed.")},
    )
    identity_note = FreeText(
        label=_("More about it"),
        help_text=_("For example which document was seen. Never the number of the document or an identity code."),
        max_length=300,
        error_messages={"required": _("Write how the identity was confirmed.")},
    )
    language = forms.ChoiceField(
        label=_("Language of the document"), choices=EXPORT_LANGUAGES, widget=forms.RadioSelect
    )
    request: forms.ModelChoiceField = forms.ModelChoiceField(
        label=_("Answers the request"), queryset=None, required=False, empty_label=_("no request noted")
    )

    def __init__(self, *args: Any, requests: Any, **kwargs: Any) -> None:
        """`requests`: open requests of the person to see the data."""
        super().__init__(*args, **kwargs)
        field: Any = self.fields["request"]
        field.queryset = requests
        if not requests:
            del self.fields["request"]
