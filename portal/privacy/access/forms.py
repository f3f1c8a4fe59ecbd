"""Forms of the auditor's pages. No name and no identity code ever stands in an address."""

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.accounts.models import User
from portal.accounts.roles import EMPLOYER_ROLES
from portal.privacy.access.enums import Action, AnomalyKind, AnomalyState
from portal.privacy.identity import normalise
from portal.ui.free_words import FreeText

_MOST: Final = 2**62


def _users() -> Any:
    """Those who can have rows: everybody but the people of employers."""
    return User.objects.exclude(memberships__role__in=sorted(EMPLOYER_ROLES)).order_by("last_name", "first_name", "pk")


class UserField(forms.ModelChoiceField):
    """A user, by number in the address and by name on the screen."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=User.objects.none(), **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.last_name} {obj.first_name}".strip() or obj.email


class LogFilter(forms.Form):
    """What is asked of the log; all of it stands in the address, as numbers and codes."""

    person = forms.IntegerField(
        label=_("Number of the person"), required=False, min_value=1, max_value=_MOST, widget=forms.TextInput()
    )
    user = UserField(label=_("User"), required=False, empty_label=_("everybody"))
    action = forms.MultipleChoiceField(
        label=_("What was done"),
        choices=[(value, capfirst(label)) for value, label in Action.choices],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    start = forms.DateField(
        label=pgettext_lazy("days", "From"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    end = forms.DateField(
        label=pgettext_lazy("days", "To"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        users: Any = self.fields["user"]
        users.queryset = _users()

    def clean(self) -> None:
        """The days are in their order."""
        start, end = self.cleaned_data.get("start"), self.cleaned_data.get("end")
        if start and end and end < start:
            self.add_error("end", _("The last day must not be before the first day."))


class FindForm(forms.Form):
    """What must not stand in an address: an identity code, or words that somebody searched for."""

    identity_code = forms.CharField(
        label=_("Identity code"), required=False, max_length=20, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    words = forms.CharField(
        label=_("Words that were searched for"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_identity_code(self) -> str:
        """The code in its one written form."""
        code: str = self.cleaned_data["identity_code"]
        return normalise(code) if code else ""

    def clean(self) -> None:
        """One of the two is given."""
        if not self.errors and not any(self.cleaned_data.get(name, "").strip() for name in self.fields):
            raise ValidationError(_("Write an identity code or words."), code="nothing")


class RevealForm(forms.Form):
    """Why the auditor needs the name of a person."""

    words = FreeText(
        label=_("Why do you need the name?"),
        help_text=_("For example the number of the case. The reason is kept with your name."),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Write why you need the name.")},
    )


class AnomalyFilter(forms.Form):
    """Which anomalies are listed."""

    state = forms.MultipleChoiceField(
        label=_("State"),
        choices=[(value, capfirst(label)) for value, label in AnomalyState.choices],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    kind = forms.MultipleChoiceField(
        label=_("What was found"),
        choices=[(value, capfirst(label)) for value, label in AnomalyKind.choices],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    user = UserField(label=_("User"), required=False, empty_label=_("everybody"))
    start = forms.DateField(
        label=pgettext_lazy("days", "From"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    end = forms.DateField(
        label=pgettext_lazy("days", "To"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        users: Any = self.fields["user"]
        users.queryset = _users()


class HandleForm(forms.Form):
    """What was found out about an anomaly, and the state that follows."""

    to_state = forms.ChoiceField(
        label=_("What do you decide?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what you decide.")},
    )
    note = FreeText(
        label=_("What did you find out?"),
        help_text=_("Whom you asked and what they said. Do not write names of jobseekers."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write what you found out.")},
    )

    def __init__(self, *args: Any, states: list[AnomalyState], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields["to_state"]
        choices.choices = [(state.value, DECISIONS[state]) for state in states]


DECISIONS: Final[dict[AnomalyState, Any]] = {
    AnomalyState.EXPLAINED: _("There is an explanation: nothing more is to be done"),
    AnomalyState.ESCALATED: _("It is taken further: to the superior or the data protection officer"),
}
