"""What staff note about how a jobseeker wants to be written to."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from portal.outbox.enums import Wish


class WishForm(forms.Form):
    """Channel and language of messages."""

    wish = forms.ChoiceField(label=_("How to write to the jobseeker"), choices=Wish.choices, widget=forms.RadioSelect)
    language = forms.ChoiceField(
        label=_("Language of the messages"), choices=settings.LANGUAGES, widget=forms.RadioSelect
    )
