"""allauth's forms with our words: what a password has to be stands beside the field."""

from typing import Any

from allauth.account.forms import ChangePasswordForm as AllauthChangePasswordForm
from allauth.account.forms import LoginForm as AllauthLoginForm
from allauth.account.forms import ReauthenticateForm as AllauthReauthenticateForm
from allauth.account.forms import ResetPasswordForm as AllauthResetPasswordForm
from allauth.account.forms import ResetPasswordKeyForm as AllauthResetPasswordKeyForm
from allauth.account.forms import SetPasswordForm as AllauthSetPasswordForm
from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from portal.accounts.passwords.validators import shortest_for


def rule_for(user: object) -> str:
    """What a password has to be, for one person, in two sentences."""
    shortest = shortest_for(user)
    return ngettext(
        "At least %(count)d character. A sentence of some words is easy to remember; use it nowhere else.",
        "At least %(count)d characters. A sentence of some words is easy to remember; use it nowhere else.",
        shortest,
    ) % {"count": shortest}


def _without_placeholders(form: forms.Form) -> None:
    """A label stands over each field: grey words in it would only be taken for an answer."""
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)


class LoginForm(AllauthLoginForm):
    """Sign-in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _without_placeholders(self)
        self.fields["login"].label = _("E-mail address")
        self.fields["password"].label = _("Password")


class ReauthenticateForm(AllauthReauthenticateForm):
    """The password once more, before something important changes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _without_placeholders(self)
        self.fields["password"].label = _("Password")


class ResetPasswordForm(AllauthResetPasswordForm):
    """Ask for a link to a new password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _without_placeholders(self)
        self.fields["email"].label = _("E-mail address")


class _NewPassword:
    """Labels of the two fields for a new password."""

    fields: dict[str, forms.Field]
    user: Any

    def _name_fields(self) -> None:
        _without_placeholders(self)  # type: ignore[arg-type]
        self.fields["password1"].label = _("New password")
        self.fields["password1"].help_text = rule_for(self.user)
        self.fields["password2"].label = _("New password again")


class ChangePasswordForm(_NewPassword, AllauthChangePasswordForm):
    """A new password in place of the present one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._name_fields()
        self.fields["oldpassword"].label = _("Present password")


class SetPasswordForm(_NewPassword, AllauthSetPasswordForm):
    """A first password, for those who came in by another way."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._name_fields()


class ResetPasswordKeyForm(_NewPassword, AllauthResetPasswordKeyForm):
    """A new password by the link of a mail."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._name_fields()
