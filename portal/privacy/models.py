"""The app's models, gathered from its rooms for Django."""

from portal.privacy.access.models import (
    AccessAnomaly,
    AccessLogEntry,
    AccessLogSeal,
    AccessReason,
    AccessThreshold,
    AnomalyHandling,
)

__all__ = [
    "AccessAnomaly",
    "AccessLogEntry",
    "AccessLogSeal",
    "AccessReason",
    "AccessThreshold",
    "AnomalyHandling",
]
