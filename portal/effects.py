"""Tell higher floors that something happened, without importing them.

A lower floor emits an event by name; `STATE_EFFECTS` in the settings lists, per event, the dotted paths of the
functions
that are called with the event's arguments once the transaction is committed. Events without a list have no effect.

Events: `classifications.imported` (scheme, version): an import of a classification changed rows; or
(`municipalities`, ""): municipalities came, went or changed. `jobseekers.hidden` (): somebody has come under
non-disclosure; whom it is about it does not say. `run.failed` (id): a run of a nightly job has failed.
`search.measured` (scheme, language, name and digest of the judged data, queries, figures): somebody keeps what the
search of occupations was measured to be worth. `accounts.way_opened` (key of an administrator): a role that sees people
was given or offered, or somebody's way to sign in was replaced whole. `outbox.contact_answered` (key): a jobseeker has
answered how to be written to.
"""

from functools import partial

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string


def emit(event: str, *args: object) -> None:
    """Call the event's effects, in the order of the settings, when the current transaction has been committed.

    Arguments are ids and codes, never rows. An effect that cannot be imported raises here, before anything is
    committed.
    """
    for path in settings.STATE_EFFECTS.get(event, ()):
        transaction.on_commit(partial(import_string(path), *args))
