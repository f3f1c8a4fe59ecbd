"""How the history goes that is about nobody in person: rules, teams, settings. That of people goes with them."""

from datetime import date, datetime, time
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.privacy.fields import Kept
from portal.privacy.history.forgetting import expire
from portal.privacy.history.models import HistoryEvent
from portal.privacy.history.personal_data import GOES_WITH_OWNER
from portal.privacy.retention.rules import BulkRule, Removed


class HistoryOfThings(BulkRule):
    """Events whose owner is no person, vacancy, employer or account."""

    code = "history_of_things"
    kept = Kept.FOR_ACCOUNTABILITY
    label = _("Changes of rules, teams and settings")
    covers = frozenset({"privacy.HistoryEvent"})

    def find(self, before: date) -> Removed:
        old = HistoryEvent.objects.exclude(owner_model__in=GOES_WITH_OWNER).filter(at__lt=_midnight(before))
        return Removed(old.count())

    def remove(self, before: date) -> Removed:
        old = HistoryEvent.objects.exclude(owner_model__in=GOES_WITH_OWNER).filter(at__lt=_midnight(before))
        numbers = tuple(str(pk) for pk in old.order_by("pk").values_list("pk", flat=True))
        return Removed(expire(_midnight(before), GOES_WITH_OWNER), numbers)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


OF_THINGS: Final = HistoryOfThings()
