"""The access log: who looked at whose data, when, why and from where.

Views note each read by `record` before they show anything; jobs and commands by `record_system`.
"""

from portal.privacy.access.enums import Action, Purpose, ReasonCode
from portal.privacy.access.recording import AccessNotRecorded, about_person, record, record_system

__all__ = ["AccessNotRecorded", "Action", "Purpose", "ReasonCode", "about_person", "record", "record_system"]
