"""The form by which somebody who acts for an employer makes an account."""

from typing import Any

from allauth.account.forms import SignupForm as AllauthSignupForm
from django import forms
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from portal.accounts.invitations.models import Invitation
from portal.accounts.passwords.forms import rule_for
from portal.accounts.services import choose_language
from portal.accounts.users import User
from portal.ui.free_words import FreeText


class SignUpForm(AllauthSignupForm):
    """Name, address, password. Neither the answer nor its time tells whether the address has an account already."""

    first_name = FreeText(
        label=_("First name"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
        error_messages={"required": _("Write your first name.")},
    )
    last_name = FreeText(
        label=_("Last name"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
        error_messages={"required": _("Write your last name.")},
    )
    acts_for_employer = forms.BooleanField(
        label=_("I act for an employer"),
        help_text=_("Jobseekers need no account: their personal coach serves them."),
        error_messages={"required": _("Accounts made here are for those who act for an employer. Tick it if you do.")},
    )
    field_order = ("first_name", "last_name", "email", "password1", "password2", "acts_for_employer")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail address")
        self.fields["email"].help_text = _("We send a link there. Use your address at work.")
        self.fields["password1"].label = _("Password")
        self.fields["password1"].help_text = rule_for(User())
        self.fields["password2"].label = _("Password again")
        for name, message in (
            ("email", _("Write your e-mail address.")),
            ("password1", _("Choose a password.")),
            ("password2", _("Write the password again.")),
        ):
            self.fields[name].error_messages["required"] = message

    def validate_unique_email(self, value: str) -> str:
        """An address with an invitation of the staff that nobody has answered is taken, too: an account made here would
        keep the person from accepting it.
        """
        email: str = super().validate_unique_email(value)
        if Invitation.objects.unanswered().filter(email=email.lower()).exists():
            self.account_already_exists = True
        return email

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        """Make the account; where the address has one, only a mail goes there, and the password is hashed all the same.

        Hashing is what takes the time of this request: without it a short answer would tell that the address is known.
        """
        if self.account_already_exists:
            make_password(self.cleaned_data["password1"])
        saved: tuple[User | None, HttpResponse | None] = super().try_save(request)
        return saved

    def signup(self, request: HttpRequest, user: User) -> None:
        """Write to the person in the language in which the form was filled in."""
        choose_language(user, get_language() or user.language)
