"""allauth's forms about second factors with our words."""

from typing import Any

from allauth.mfa.base.forms import AuthenticateForm as AllauthAuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as AllauthReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm as AllauthActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm as AllauthAddWebAuthnForm
from allauth.mfa.webauthn.forms import EditWebAuthnForm as AllauthEditWebAuthnForm
from django import forms
from django.utils.translation import gettext_lazy as _

from portal.ui.free_words import FreeText


def _for_digits(field: forms.Field) -> None:
    """Digits on telephones, filled in by password managers."""
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs |= {"inputmode": "numeric", "autocomplete": "one-time-code", "maxlength": "12"}


class AuthenticateForm(AllauthAuthenticateForm):
    """The second step of sign-in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        code = self.fields["code"]
        _for_digits(code)
        code.label = _("Code")
        code.help_text = _("Six digits from your authenticator app, or a recovery code of eight digits.")


class ReauthenticateForm(AllauthReauthenticateForm):
    """The code once more, before something important changes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        code = self.fields["code"]
        _for_digits(code)
        code.label = _("Code")
        code.help_text = _("Six digits from your authenticator app, or a recovery code of eight digits.")


class ActivateTOTPForm(AllauthActivateTOTPForm):
    """The first code of a new app."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _for_digits(self.fields["code"])
        self.fields["code"].label = _("Code from the app")


class AddWebAuthnForm(AllauthAddWebAuthnForm):
    """A new passkey."""

    name = FreeText(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name = self.fields["name"]
        name.label, name.help_text = _("Name of the passkey"), _("By which you know it again: work computer, blue key.")
        name.initial = self.initial["name"] = ""


class EditWebAuthnForm(AllauthEditWebAuthnForm):
    """Another name of a passkey."""

    name = FreeText()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name of the passkey")
