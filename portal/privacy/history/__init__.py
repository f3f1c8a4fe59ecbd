"""History: every change of what people enter, written down by the database itself, with who made it and why.

Triggers on each tracked table write a row of `HistoryEvent` for every row that is added, changed or deleted, whoever
does it: forms, bulk changes, imports, COPY, raw SQL. Which tables these are says the `HISTORY` of each source of
PRIVACY_SOURCES (`tracking`). Who and why is told by `context` around a piece of work and by `set_context` within a
transaction. Requests, commands and jobs have a context of their own accord.
"""

from portal.privacy.history.context import Source, context, set_context
from portal.privacy.history.forgetting import StillThere, forget
from portal.privacy.history.switching import HistoryNeeded, without_history
from portal.privacy.history.tracking import NotTracked, Tracked

__all__ = [
    "HistoryNeeded",
    "NotTracked",
    "Source",
    "StillThere",
    "Tracked",
    "context",
    "forget",
    "set_context",
    "without_history",
]
