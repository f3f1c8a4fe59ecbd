"""`/healthz`: the process answers. `/readyz`: the portal can do its work; if not, why, told only to those who may know.

Load balancers look at `/readyz` and put the portal aside while it answers 503; `/healthz` says only that the process
need not be started again, and touches neither the database nor the broker.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv6Address, ip_address

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import Error, connection, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis import Redis
from redis.exceptions import RedisError

from portal.accounts.permissions import may
from portal.accounts.roles import Permission
from portal.outbox.counting import standing
from portal.runs.heartbeat import FRESH_FOR, any_alive
from portal.runs.schedule import day_to_be_done, is_late

logger = logging.getLogger(__name__)

MATCHING_JOB = "matching"
BROKER_TIMEOUT_S = 2.0
# Headers by which a proxy says that it asks for somebody else.
_FORWARDED = (
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_FORWARDED",
    "HTTP_X_REAL_IP",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_VIA",
)


@dataclass(frozen=True)
class Reason:
    """Why the portal is not ready: a code for machines, a sentence for people."""

    code: str
    detail: str


@login_not_required
@transaction.non_atomic_requests
@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers: always 200."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@login_not_required
@transaction.non_atomic_requests
@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when the portal can do its work, otherwise 503 with a problem document (RFC 9457).

    To those who may know, also how messages stand: that some could not be sent is no reason to put the portal aside.
    """
    now = timezone.now()
    reasons = reasons_against_ready(now)
    if not reasons:
        answer: dict[str, object] = {"status": "ready"}
        if _may_know_why(request, reasons):
            answer["messages"] = _messages(now)
        return JsonResponse(answer)
    logger.warning("Not ready: %s", ", ".join(reason.code for reason in reasons))
    problem: dict[str, object] = {"type": "about:blank", "title": "Service Unavailable", "status": 503}
    if _may_know_why(request, reasons):
        problem["detail"] = " ".join(reason.detail for reason in reasons)
        problem["reasons"] = [{"code": reason.code, "detail": reason.detail} for reason in reasons]
        if not _database_is_away(reasons):
            problem["messages"] = _messages(now)
    return JsonResponse(problem, status=503, content_type="application/problem+json")


def reasons_against_ready(now: datetime) -> list[Reason]:
    """What keeps the portal from its work at `now`; what cannot be looked at without the database is left out then."""
    database = _database_answers()
    if database:
        return [*database, *_broker_answers()]
    checks: tuple[Callable[[], list[Reason]], ...] = (
        _broker_answers,
        lambda: _worker_lives(now),
        lambda: _matching_is_in_time(now),
    )
    return [reason for check in checks for reason in check()]


def _database_answers() -> list[Reason]:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return [Reason("database", "The database does not answer.")]
    return []


def _broker_answers() -> list[Reason]:
    timeouts = {"socket_connect_timeout": BROKER_TIMEOUT_S, "socket_timeout": BROKER_TIMEOUT_S}
    try:
        with Redis.from_url(settings.CELERY_BROKER_URL, **timeouts) as broker:
            broker.ping()
    except (RedisError, OSError):
        return [Reason("broker", "The broker does not answer.")]
    return []


def _worker_lives(now: datetime) -> list[Reason]:
    if any_alive(now):
        return []
    return [Reason("worker", f"No worker has shown a sign of life for {FRESH_FOR.seconds} seconds.")]


def _matching_is_in_time(now: datetime) -> list[Reason]:
    if not is_late(MATCHING_JOB, now):
        return []
    return [Reason("matching", f"Matching has not succeeded for {day_to_be_done(now).isoformat()}.")]


def _may_know_why(request: HttpRequest, reasons: list[Reason]) -> bool:
    """This machine itself, and administrators; who somebody is cannot be asked of a database that does not answer."""
    if is_loopback(request):
        return True
    return not _database_is_away(reasons) and may(request.user, Permission.ADMIN_USE)


def _database_is_away(reasons: list[Reason]) -> bool:
    return any(reason.code == "database" for reason in reasons)


def _messages(now: datetime) -> dict[str, int]:
    """How many messages wait, failed, and need somebody to decide; how long the oldest one due has waited."""
    counted = standing(now)
    return {
        "queued": counted.queued,
        "failed": counted.failed,
        "uncertain": counted.uncertain,
        "given_up": counted.given_up,
        "oldest_due_s": counted.oldest_due_s,
    }


def is_loopback(request: HttpRequest) -> bool:
    """Whether the request comes from this machine and was not handed on by a proxy on it."""
    if any(header in request.META for header in _FORWARDED):
        return False
    try:
        address = ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:  # a socket in the file system, say
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        return address.ipv4_mapped.is_loopback
    return address.is_loopback
