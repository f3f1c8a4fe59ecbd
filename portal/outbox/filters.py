"""How the list of messages is narrowed; every choice stands in the address."""

from typing import Any, Final

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from portal.outbox.enums import Channel, MessageState
from portal.outbox.kinds import KINDS
from portal.outbox.models import Message
from portal.ui.fields import OpenChoices

_KINDS: Final = [(kind.code, kind.label) for kind in KINDS.values()]


class MessageFilter(django_filters.FilterSet):
    """State, kind, channel, and the days on which messages were written."""

    state = django_filters.MultipleChoiceFilter(label=_("State"), choices=MessageState.choices, widget=OpenChoices)
    kind = django_filters.MultipleChoiceFilter(label=_("Kind"), choices=_KINDS, widget=forms.CheckboxSelectMultiple)
    channel = django_filters.MultipleChoiceFilter(
        label=_("Channel"), choices=Channel.choices, widget=forms.CheckboxSelectMultiple
    )
    day = django_filters.DateFilter(
        label=_("Written on"), method="written_on", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    class Meta:
        model = Message
        fields: tuple[str, ...] = ()

    def written_on(self, queryset: "QuerySet[Message]", _name: str, value: Any) -> "QuerySet[Message]":
        """Messages of one day, as the portal's clocks have it."""
        return queryset.filter(created_at__date=value) if value else queryset
