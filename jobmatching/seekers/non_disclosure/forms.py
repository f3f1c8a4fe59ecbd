"""Forms about non-disclosure."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jobmatching.seekers.non_disclosure.enums import Ground, LiftGround
from portal.accounts.models import User
from portal.ui.free_words import FreeText

_GROUNDS = [choice for choice in Ground.choices if choice[0] != Ground.EARLIER]


# Labels are lazy strings, whose type Django keeps to itself.
def _day(label: Any, **kwargs: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Write the day as 31.12.2026."), "required": _("Write the first day.")},
        **kwargs,
    )


def _note(label: Any, help_text: Any = "") -> forms.CharField:
    return FreeText(
        label=label,
        help_text=help_text or _("Seen by the named workers. Write nothing about where the person lives or is safe."),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class WorkersForm(forms.Form):
    """Who sees the person: workers of the area, at least one."""

    workers = forms.MultipleChoiceField(
        label=_("Named workers"),
        help_text=_("Only they see the person. Name those who serve the person, and one more for holidays."),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Name at least one worker: otherwise nobody serves the person."),
            "invalid_choice": _("One of those chosen no longer works with the area's jobseekers. Choose again."),
        },
    )

    without_coach = _note(
        _("Why is the personal coach not named?"),
        _("Only where you leave the coach out, who then loses the person without a word. Kept with your name."),
    )

    def __init__(
        self, *args: Any, candidates: Sequence[User], coach_to_keep: User | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._candidates = {str(user.pk): user for user in candidates}
        self.coach_to_keep = coach_to_keep
        field: Any = self.fields["workers"]
        field.choices = [(pk, str(user)) for pk, user in self._candidates.items()]
        if coach_to_keep is None:
            del self.fields["without_coach"]

    def clean(self) -> None:
        """Whoever leaves the personal coach out says why."""
        super().clean()
        coach, chosen = self.coach_to_keep, self.cleaned_data.get("workers")
        left_out = coach is not None and chosen is not None and str(coach.pk) not in chosen
        if left_out and not self.cleaned_data.get("without_coach") and "without_coach" not in self.errors:
            self.add_error(
                "without_coach", _("Name the personal coach, or write why the coach must not see the person.")
            )

    @property
    def chosen(self) -> list[User]:
        """The workers chosen, by name."""
        return [self._candidates[pk] for pk in self._candidates if pk in self.cleaned_data["workers"]]


class _WithValidity(forms.Form):
    """A ground, and the last day, which the population register always tells."""

    ground = forms.ChoiceField(
        label=_("Ground"),
        choices=_GROUNDS,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the ground.")},
    )
    valid_to = _day(
        _("Last day"),
        help_text=_(
            "As the population register tells it. The person stays hidden after it, until a named worker lifts the "
            "non-disclosure; the workers are reminded before it."
        ),
        required=False,
    )

    def clean_valid_to(self) -> date | None:
        """Today or later."""
        day: date | None = self.cleaned_data["valid_to"]
        if day is not None and day < timezone.localdate():
            raise forms.ValidationError(_("The last day has gone by already. Check it in the register."))
        return day

    def clean(self) -> None:
        """The register has a last day."""
        super().clean()
        if (
            self.cleaned_data.get("ground") == Ground.REGISTER
            and not self.cleaned_data.get("valid_to")
            and "valid_to" not in self.errors
        ):
            self.add_error("valid_to", _("Write the last day: the population register tells it."))


class SetForm(_WithValidity, WorkersForm):
    """Why somebody is hidden, from when until when, and who still sees the person."""

    valid_from = _day(
        _("First day"),
        help_text=_("The day from which the register has it, or today. The person is hidden at once."),
    )
    note = _note(_("More about the ground"))
    field_order = ("ground", "valid_from", "valid_to", "workers", "without_coach", "note")

    def clean_valid_from(self) -> date:
        """Today or earlier: nobody is hidden later on."""
        day: date = self.cleaned_data["valid_from"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("Choose today or an earlier day: the person is hidden at once."))
        return day


class ProlongForm(_WithValidity):
    """Another last day, and the ground that it is known from."""

    note = _note(_("More about the change"))


class LiftForm(forms.Form):
    """Why somebody is no longer hidden."""

    ground = forms.ChoiceField(
        label=_("Why is the non-disclosure lifted?"),
        choices=LiftGround.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose why the non-disclosure is lifted.")},
    )
    note = _note(_("How this was checked"), _("For example: register looked at on 21.11.2026. Kept with your name."))


class NameForm(forms.Form):
    """One worker for a person whom the one who names does not see."""

    worker = forms.ChoiceField(
        label=_("Who serves the person from now on?"),
        help_text=_("The worker sees the person at once, and is told by e-mail to look at the own page."),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose a worker."),
            "invalid_choice": _("The one chosen no longer works with the area's jobseekers. Choose again."),
        },
    )

    def __init__(self, *args: Any, candidates: Collection[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._candidates = {str(user.pk): user for user in candidates}
        field: Any = self.fields["worker"]
        field.choices = [(pk, str(user)) for pk, user in self._candidates.items()]

    @property
    def chosen(self) -> User:
        """The worker chosen."""
        return self._candidates[self.cleaned_data["worker"]]
