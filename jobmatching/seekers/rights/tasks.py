"""Celery tasks about documents of all data: ids in, nothing out."""

from celery import shared_task

from jobmatching.seekers.rights import documents


@shared_task(time_limit=1800)
def make_document(export_id: int) -> None:
    """Make a document; where that goes wrong, the page says so and another can be asked for."""
    try:
        documents.make(export_id)
    except Exception:
        documents.fail(export_id)
        raise


@shared_task
def empty_documents() -> None:
    """Delete the content of documents that have had their days."""
    documents.empty_old()
