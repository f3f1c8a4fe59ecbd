"""The app's models, gathered from its rooms for Django."""

from portal.privacy.access.models import (
    AccessAnomaly,
    AccessLogEntry,
    AccessLogSeal,
    AccessReason,
    AccessThreshold,
    AnomalyHandling,
)
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
    "RetentionClass",
    "RetentionHold",
    "RetentionLine",
    "RetentionNotice",
    "RetentionProposal",
    "RetentionReport",
    "Tombstone",
]
