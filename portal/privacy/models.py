"""The app's models, gathered from its rooms for Django."""

from portal.privacy.access.models import (
    AccessAnomaly,
    AccessLogEntry,
    AccessLogSeal,
    AccessReason,
    AccessThreshold,
    AnomalyHandling,
)
from portal.privacy.history.models import HistoryEvent
from portal.privacy.retention.models import (
    DepartedCount,
    RetentionClass,
    RetentionHold,
    RetentionLine,
    RetentionNotice,
    RetentionProposal,
    RetentionReport,
    Tombstone,
)

__all__ = [
    "AccessAnomaly",
    "AccessLogEntry",
    "AccessLogSeal",
    "AccessReason",
    "AccessThreshold",
    "AnomalyHandling",
    "DepartedCount",
    "HistoryEvent",
    "RetentionClass",
    "RetentionHold",
    "RetentionLine",
    "RetentionNotice",
    "RetentionProposal",
    "RetentionReport",
    "Tombstone",
]
