"""What was changed on the administration pages: kept, and only to be read."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal.ui.administration import OnlyToRead


@admin.register(LogEntry)
class LogEntryAdmin(OnlyToRead, admin.ModelAdmin):
    """Who changed what and when. Nobody changes or deletes an entry."""

    date_hierarchy = "action_time"
    list_display = ("action_time", "user", "kind", "content_type", "object_repr", "told")
    list_filter = ("action_flag", ("content_type", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("user", "content_type")
    search_fields = ("object_repr", "object_id")
    search_help_text = _("Name or number of what was changed")
    list_display_links = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[LogEntry]:
        return super().get_queryset(request).order_by("-action_time", "-pk")

    @admin.display(description=_("What was done"), ordering="action_flag")
    def kind(self, entry: LogEntry) -> Any:
        """Added, changed or deleted."""
        return entry.get_action_flag_display()

    @admin.display(description=_("Details"))
    def told(self, entry: LogEntry) -> str:
        """The fields that were changed, in words."""
        return entry.get_change_message()
