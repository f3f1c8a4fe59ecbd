"""Forms about invitations."""

from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.invitations.models import Invitation
from portal.accounts.passwords.forms import rule_for
from portal.accounts.people.forms import role_choices
from portal.accounts.roles import STAFF_ROLES, Role
from portal.accounts.teams.forms import day_field
from portal.accounts.users import User
from portal.ui.free_words import FreeText


class InvitationForm(forms.ModelForm):
    """Whom, in which role, where, and from when to when."""

    NEEDED_AT_TIMES = frozenset({"area"})

    valid_from = day_field(_("First day"))
    valid_to = day_field(_("Last day"), required=False, help_text=_("Empty: until further notice."))

    class Meta:
        model = Invitation
        fields = ("first_name", "last_name", "email", "language", "role", "area", "valid_from", "valid_to")
        field_classes = {"first_name": FreeText, "last_name": FreeText}
        widgets = {"language": forms.RadioSelect}
        help_texts = {
            "email": _("The address at work. It becomes the sign-in name."),
            "language": _("The language of the mail and of the portal to begin with."),
            "area": _("Administrators and auditors have none: their role holds everywhere."),
        }
        error_messages = {
            "first_name": {"required": _("Write the first name.")},
            "last_name": {"required": _("Write the last name.")},
            "email": {"required": _("Write the e-mail address.")},
            "role": {"required": _("Choose the role.")},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["role"].choices = role_choices(role for role in Role if role in STAFF_ROLES)
        fields["language"].choices = [choice for choice in fields["language"].choices if choice[0]]
        fields["valid_from"].initial = timezone.localdate()


class AcceptForm(forms.Form):
    """The password of an account that is about to be made."""

    password1 = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("Choose a password.")},
    )
    password2 = forms.CharField(
        label=_("Password again"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("Write the password again.")},
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._user = user
        self.fields["password1"].help_text = rule_for(user)

    def clean_password1(self) -> str:
        password: str = self.cleaned_data["password1"]
        password_validation.validate_password(password, self._user)
        return password

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if cleaned and "password1" in cleaned and cleaned.get("password2") not in (None, cleaned["password1"]):
            self.add_error("password2", _("The two passwords are not the same."))
        return cleaned
