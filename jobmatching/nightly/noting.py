"""What the access log says of people shown on the page of a vacancy."""

from collections.abc import Sequence

from django.http import HttpRequest

from employers.models import Vacancy
from portal.privacy.access import Action, Purpose, record


def note_people(request: HttpRequest, vacancy: Vacancy, seekers: Sequence[int]) -> None:
    """Note that a list of candidates or near misses was seen; nothing where it shows nobody."""
    if seekers:
        record(
            request, Action.LIST, view=_view(request), seekers=seekers,
            purpose=Purpose.CANDIDATE, about=_about(vacancy),
        )  # fmt: skip


def note_opened(request: HttpRequest, vacancy: Vacancy, seeker: int) -> None:
    """Note that the reasons of one candidate were opened: they tell what the person can and where from."""
    record(
        request, Action.PROFILE, view=_view(request), seekers=[seeker],
        purpose=Purpose.CANDIDATE, about=_about(vacancy),
    )  # fmt: skip


def _view(request: HttpRequest) -> str:
    return request.resolver_match.view_name if request.resolver_match else ""


def _about(vacancy: Vacancy) -> str:
    return f"vacancy {vacancy.pk}"
