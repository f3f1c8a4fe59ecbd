"""Making, fetching and emptying documents of all data of a person."""

import zlib
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from jobmatching.seekers.errors import NotPossible
from jobmatching.seekers.models import JobSeeker
from jobmatching.seekers.rights.enums import ExportState, IdentityProof
from jobmatching.seekers.rights.models import CONTENT_KEPT, SubjectExport, SubjectRequest
from portal.privacy.access import Action, record_system
from portal.privacy.identity import UnreadableCode, decrypt, encrypt
from portal.privacy.subject import document

if TYPE_CHECKING:
    from portal.accounts.models import User

GIVEN_UP_AFTER: Final = timedelta(hours=1)


class Gone(Exception):
    """The content is not there (any more)."""


def ask_for(
    seeker_id: int,
    by: "User",
    identity: IdentityProof,
    identity_note: str,
    language: str,
    request: SubjectRequest | None = None,
) -> SubjectExport:
    """Ask for a document; a worker makes it. Raises NotPossible while one is being made."""
    from jobmatching.seekers.rights.tasks import make_document

    if not identity_note.strip():
        raise NotPossible(_("Write how the identity was confirmed."))
    try:
        with transaction.atomic():
            made = SubjectExport.objects.create(
                seeker_id=seeker_id,
                request=request,
                identity=identity,
                identity_note=identity_note.strip(),
                language=language,
                made_by=by,
                total=document.steps(),
            )
    except IntegrityError:
        raise NotPossible(_("A document is being made already.")) from None
    transaction.on_commit(lambda: make_document.delay(made.pk))
    return made


def make(export_id: int) -> None:
    """Gather everything, encrypt and keep it; the second call, or one for a document that has ended, does nothing."""
    begun = SubjectExport.objects.filter(pk=export_id, state__in=(ExportState.QUEUED, ExportState.RUNNING))
    if not begun.update(state=ExportState.RUNNING, done=0):
        return
    export = SubjectExport.objects.without_content().get(pk=export_id)
    seeker = JobSeeker.objects.for_page().get(pk=export.seeker_id)
    record_system("make_document", Action.SUBJECT_EXPORT, view="seekers:document", seekers=[seeker.pk])
    made = document.build(seeker, export.language, str(seeker.area), _progress_of(export_id))
    text = document.as_json(made)
    now = timezone.now()
    SubjectExport.objects.filter(pk=export_id, state=ExportState.RUNNING).update(
        state=ExportState.READY,
        content=sealed(text),
        size=len(text.encode()),
        done=F("total"),
        ready_at=now,
        expires_at=now + CONTENT_KEPT,
    )


def fail(export_id: int) -> None:
    """The document could not be made."""
    SubjectExport.objects.filter(pk=export_id, state__in=(ExportState.QUEUED, ExportState.RUNNING)).update(
        state=ExportState.FAILED
    )


@transaction.atomic
def fetch(export_id: int) -> str:
    """The text of the document, counted. Raises Gone."""
    export = SubjectExport.objects.select_for_update().get(pk=export_id)
    now = timezone.now()
    if export.content is None or export.expires_at is None or export.expires_at <= now:
        raise Gone
    try:
        text = opened(bytes(export.content))
    except UnreadableCode:
        raise Gone from None  # encrypted with a key that is no longer set
    SubjectExport.objects.filter(pk=export_id).update(downloads=F("downloads") + 1, downloaded_at=now)
    return text


def empty_old() -> int:
    """Delete the content of documents that have had their days, and give up those that nobody makes."""
    now = timezone.now()
    SubjectExport.objects.filter(
        state__in=(ExportState.QUEUED, ExportState.RUNNING), asked_at__lt=now - GIVEN_UP_AFTER
    ).update(state=ExportState.FAILED)
    emptied: int = SubjectExport.objects.to_be_emptied(now).update(state=ExportState.EXPIRED, content=None)
    return emptied


@transaction.atomic
def delete_content(export_id: int) -> None:
    """Delete the content before its time: it was handed over."""
    SubjectExport.objects.filter(pk=export_id, state=ExportState.READY).update(state=ExportState.EXPIRED, content=None)


def sealed(text: str) -> bytes:
    """Packed and encrypted with the key ring of identity codes; the packing keeps large documents small."""
    return encrypt(zlib.compress(text.encode()).hex())


def opened(content: bytes) -> str:
    """What `sealed` has closed."""
    return zlib.decompress(bytes.fromhex(decrypt(content))).decode()


def _progress_of(export_id: int) -> Callable[[int], None]:
    def told(done: int) -> None:
        SubjectExport.objects.filter(pk=export_id).update(done=done)

    return told
