"""A log with seals, and what checking it tells."""

from datetime import UTC, datetime
from io import StringIO

from django.core.management import call_command

from portal.privacy.access.models import AccessLogSeal
from portal.privacy.access.sealing import seal
from portal.privacy.access.verifying import Kind, verify
from tests.portal.privacy.access.logged import add_row

MAY = datetime(2015, 5, 20, 9, 0, tzinfo=UTC)
JUNE = datetime(2015, 6, 3, 9, 0, tzinfo=UTC)


def seals() -> list[AccessLogSeal]:
    return list(AccessLogSeal.objects.order_by("pk"))


def kinds_found() -> list[Kind]:
    return [finding.kind for finding in verify().checked.findings]


def three_seals() -> list[int]:
    """Nine rows under three seals; their ids."""
    ids = []
    for _ in range(3):
        ids += [add_row() for _ in range(3)]
        seal()
    return ids


def check_log(*arguments: str) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("verify_access_log", *arguments, stdout=out)
    except SystemExit as ended:
        return int(str(ended.code)), out.getvalue()
    return 0, out.getvalue()
