"""Forms about other people's accounts and roles."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from portal.accounts.roles import Role
from portal.accounts.teams.forms import day_field
from portal.accounts.users import RoleMembership, User
from portal.ui.free_words import FreeText


def role_choices(roles: Any = Role) -> list[tuple[str, str]]:
    """Roles to choose from, an empty line first."""
    return [("", str(_("Choose a role"))), *((role.value, capfirst(str(role.label))) for role in roles)]


class RoleForm(forms.ModelForm):
    """A role, where, and from when to when."""

    NEEDED_AT_TIMES = frozenset({"area"})

    valid_from = day_field(_("First day"))
    valid_to = day_field(_("Last day"), required=False, help_text=_("Empty: until further notice."))

    class Meta:
        model = RoleMembership
        fields = ("role", "area", "valid_from", "valid_to")
        help_texts = {"area": _("Administrators and auditors have none: their role holds everywhere.")}
        error_messages = {"role": {"required": _("Choose the role.")}}

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.user = person
        role: Any = self.fields["role"]
        role.choices = role_choices()
        self.fields["valid_from"].initial = timezone.localdate()

    def validate_constraints(self) -> None:
        """The person is set by us, and counts in the constraints all the same."""
        try:
            self.instance.validate_constraints()
        except forms.ValidationError as error:
            self.add_error(None, error)


class DetailsForm(forms.Form):
    """Name, address and language of somebody."""

    first_name = FreeText(label=_("First name"), max_length=100)
    last_name = FreeText(label=_("Last name"), max_length=100)
    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("A new address has to be confirmed by its owner at the next sign-in."),
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, widget=forms.RadioSelect)
