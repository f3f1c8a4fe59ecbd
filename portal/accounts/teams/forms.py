"""Forms about teams, work pairs and stand-ins."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from portal.accounts.permissions import areas_where
from portal.accounts.roles import Permission
from portal.accounts.teams.models import StandIn, Team, TeamMembership, WorkPair
from portal.accounts.teams.scope import colleagues
from portal.accounts.users import User
from portal.classifications.models import EmploymentArea
from portal.ui.free_words import FreeText


def day_field(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    """A day, chosen from the browser's calendar."""
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Choose the day."), "invalid": _("Write the day as day.month.year.")},
    )


def _only(field: Any, rows: QuerySet[Any]) -> None:
    """Offer these rows; where there is one, that one without a question."""
    field.queryset = rows
    if rows.count() == 1:
        field.initial, field.empty_label = rows.get().pk, None


class _NotBackwards(forms.ModelForm):
    """A form of a row that begins today or later: who served whom in days that have passed is not changed."""

    def clean_valid_from(self) -> date:
        day: date = self.cleaned_data["valid_from"]
        if day < timezone.localdate():
            raise forms.ValidationError(_("The first day can be today at the earliest: what has been stays as it was."))
        return day


class TeamForm(forms.ModelForm):
    """A team: its area and name."""

    class Meta:
        model = Team
        fields = ("area", "name")
        field_classes = {"name": FreeText}
        error_messages = {
            "area": {"required": _("Choose the employment area.")},
            "name": {"required": _("Give the team a name.")},
        }

    def __init__(self, *args: Any, areas: QuerySet[EmploymentArea], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _only(self.fields["area"], areas)
        if self.instance.pk:
            del self.fields["area"]


class MemberForm(_NotBackwards):
    """Somebody comes into a team."""

    valid_from = day_field(_("First day"))
    valid_to = day_field(_("Last day"), required=False, help_text=_("Empty: until further notice."))

    class Meta:
        model = TeamMembership
        fields = ("user", "lead", "valid_from", "valid_to")
        labels = {"lead": _("Leads the team")}
        help_texts = {"lead": _("A lead serves the clients of all members.")}
        error_messages = {"user": {"required": _("Choose the person.")}}

    def __init__(self, *args: Any, team: Team, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.team = team
        self._by = by
        user: Any = self.fields["user"]
        user.queryset, user.label = colleagues([team.area]), _("Person")
        self.fields["valid_from"].initial = timezone.localdate()

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if cleaned and cleaned.get("lead") and cleaned.get("user") == self._by:
            self.add_error(
                "lead", _("Somebody else has to name you as the lead: another team lead, or an administrator.")
            )
        return cleaned

    def validate_constraints(self) -> None:
        """The team is set by us, and counts in the constraint about overlaps all the same."""
        try:
            self.instance.validate_constraints(exclude=[])
        except forms.ValidationError as error:
            self.add_error(None, error)


class PairForm(_NotBackwards):
    """Two people begin to serve a sector together."""

    valid_from = day_field(_("First day"))
    valid_to = day_field(_("Last day"), required=False, help_text=_("Empty: until further notice."))

    class Meta:
        model = WorkPair
        fields = ("area", "first", "second", "sector", "valid_from", "valid_to")
        field_classes = {"sector": FreeText}
        labels = {"first": _("First of the pair"), "second": _("Second of the pair")}
        error_messages = {
            "area": {"required": _("Choose the employment area.")},
            "first": {"required": _("Choose the person.")},
            "second": {"required": _("Choose the person.")},
            "sector": {"required": _("Tell the sector that the pair serves.")},
        }

    def __init__(self, *args: Any, areas: QuerySet[EmploymentArea], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _only(self.fields["area"], areas)
        people = colleagues(areas)
        for name in ("first", "second"):
            field: Any = self.fields[name]
            field.queryset, field.label = people, capfirst(str(field.label))
        self.fields["valid_from"].initial = timezone.localdate()

    def clean(self) -> dict[str, Any] | None:
        """Both work in the area."""
        cleaned = super().clean()
        area = (cleaned or {}).get("area")
        if cleaned and area is not None:
            here = set(colleagues([area]).values_list("pk", flat=True))
            for name in ("first", "second"):
                person = cleaned.get(name)
                if person is not None and person.pk not in here:
                    self.add_error(name, _("This person does not serve jobseekers in that area."))
        return cleaned


class StandInForm(_NotBackwards):
    """Somebody serves an absent colleague's clients from day to day."""

    valid_from = day_field(_("First day"))
    valid_to = day_field(_("Last day"), help_text=_("The stand-in ends by itself after this day."))

    class Meta:
        model = StandIn
        fields = ("absent", "stand_in", "valid_from", "valid_to", "reason")
        widgets = {"reason": forms.RadioSelect}
        help_texts = {"reason": _("Colleagues see this. Nothing about health is written here.")}
        error_messages = {
            "absent": {"required": _("Choose the person.")},
            "stand_in": {"required": _("Choose the person.")},
            "reason": {"required": _("Choose the reason.")},
        }

    def __init__(self, *args: Any, areas: QuerySet[EmploymentArea], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = colleagues(areas)
        for name in ("absent", "stand_in"):
            field: Any = self.fields[name]
            field.queryset, field.label = people, capfirst(str(field.label))
        reason: Any = self.fields["reason"]
        reason.choices = [choice for choice in reason.choices if choice[0]]
        self.fields["valid_from"].initial = timezone.localdate()

    def clean(self) -> dict[str, Any] | None:
        """Both serve jobseekers in an area that they share."""
        cleaned = super().clean() or {}
        absent, stand_in = cleaned.get("absent"), cleaned.get("stand_in")
        if absent and stand_in and absent != stand_in:
            shared = areas_where(absent, Permission.SEEKERS_VIEW) & areas_where(stand_in, Permission.SEEKERS_VIEW)
            if not shared:
                self.add_error("stand_in", _("These two do not serve jobseekers in the same area."))
        return cleaned


class EndForm(forms.Form):
    """The last day of a membership, a pair, a stand-in or a role."""

    last_day = day_field(_("Last day"), help_text=_("Holds to the end of this day."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["last_day"].initial = timezone.localdate()
