"""Thresholds of the access log: what an administrator may change. Rows of the log itself are on no page of these."""

from django.contrib import admin

from portal.privacy.access.models import AccessThreshold
from portal.ui.administration import ByRole


@admin.register(AccessThreshold)
class AccessThresholdAdmin(ByRole, admin.ModelAdmin):
    """A threshold changes by ending the row in force and adding another one."""

    list_display = ("code", "value", "valid_from", "valid_to", "why")
    list_filter = ("code",)
    ordering = ("code", "-valid_from")
    fields = ("code", "value", "why", "valid_from", "valid_to")
