"""Maps and stores a file's documents: all of them, or with `partial` those that can be."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.db import Error as DatabaseError
from django.db import transaction

from employers.vacancies.importing.mapping import Mapped, map_document
from employers.vacancies.importing.registers import Registers
from employers.vacancies.importing.report import Report
from employers.vacancies.services import save_imported
from portal.privacy.history import Source, context


class NoSuchArea(Exception):
    """There is no employment area with the code."""


class _HeldBack(Exception):
    """A document could not be stored and the whole file is taken back."""


def import_documents(documents: Sequence[Any], *, partial: bool = False, area_code: str | None = None) -> Report:
    """Bring the documents in. Without `partial`, one that is refused holds all of them back."""
    registers = Registers.load()
    if area_code is not None and area_code not in registers.areas:
        raise NoSuchArea(f"There is no employment area {area_code}.")
    area_id = registers.areas[area_code] if area_code is not None else None
    mapped = [
        map_document(document, registers, position, area_id) for position, document in enumerate(documents, start=1)
    ]
    _refuse_repeated(mapped)
    report = Report(read=len(mapped))
    for item in mapped:
        if item.complaints.reasons:
            report.refused.append((item.source_id, item.complaints.reasons))
        if item.complaints.notices:
            report.notices.append((item.source_id, item.complaints.notices))
    if report.refused and not partial:
        return report
    try:
        with transaction.atomic(), context(source=Source.IMPORT, name="vacancies"):
            _store(mapped, report, partial=partial)
    except _HeldBack:
        return Report(read=report.read, refused=report.refused, notices=report.notices)
    report.stored = bool(report.created or report.updated)
    return report


def _refuse_repeated(mapped: Sequence[Mapped]) -> None:
    """Two documents with one id in one file contradict each other."""
    times = Counter(item.source_id for item in mapped)
    for item in mapped:
        if times[item.source_id] > 1:
            item.complaints.reasons.append("ilmoituksenID: stands more than once in the file")


def _store(mapped: Sequence[Mapped], report: Report, *, partial: bool) -> None:
    for item in mapped:
        if item.posting is None or item.complaints.reasons:
            continue
        try:
            with transaction.atomic():
                report.count(save_imported(item.posting))
        except DatabaseError as error:
            # What the database refuses the mapping should have refused: the kind of error is told, never the row.
            report.refused.append((item.source_id, [f"document: the database refused it ({type(error).__name__})"]))
            if not partial:
                raise _HeldBack from error
