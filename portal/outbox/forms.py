"""Forms of messages: what a user wants to get, what a person answers by a link, why a message is withdrawn."""

from typing import Any, Final

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.outbox.enums import Channel, Wish
from portal.outbox.preferences import offered_kinds, wanted_kinds
from portal.ui.free_words import FreeText


class PreferencesForm(forms.Form):
    """The language of messages, and the optional kinds of them."""

    language = forms.ChoiceField(
        label=_("Language"),
        choices=settings.LANGUAGES,
        widget=forms.RadioSelect,
        help_text=_("Pages and messages come in this language."),
    )
    kinds = forms.MultipleChoiceField(
        label=_("Messages that you get"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Take the tick away from what you do not need."),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        kwargs["initial"] = {"language": user.language, "kinds": wanted_kinds(user)}
        super().__init__(*args, **kwargs)
        offered = [(kind.code, kind.label) for kind in offered_kinds(user)]
        if offered:
            self.fields["kinds"].choices = offered  # type: ignore[attr-defined]
        else:
            del self.fields["kinds"]


_WISHES: Final = {
    Wish.MAIL: _("By e-mail"),
    Wish.SMS: _("By text message"),
    Wish.NONE: _("Neither: call me or write a letter"),
}


class ContactForm(forms.Form):
    """How a jobseeker wants to be written to; the person answers by a link."""

    wish = forms.ChoiceField(
        label=_("How may we send you messages?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how we may send you messages.")},
    )
    language = forms.ChoiceField(
        label=_("Language of the messages"), choices=settings.LANGUAGES, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, channels: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [wish for wish in Wish if wish is Wish.NONE or Channel(wish.value) in channels]
        self.fields["wish"].choices = [(wish.value, _WISHES[wish]) for wish in offered]  # type: ignore[attr-defined]


class WithdrawForm(forms.Form):
    """Why a message is not to be sent."""

    reason = FreeText(
        label=_("Reason"),
        max_length=200,
        required=False,
        help_text=_("For your colleagues. Do not write names or addresses."),
    )
