"""Sessions that are over. They hold what was typed in searches for people, and where somebody signed in from."""

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef
from django.utils import timezone


def forget_ended() -> int:
    """Delete expired sessions, and the record of sign-ins whose session is gone; return how many sessions went."""
    count, _rows = Session.objects.filter(expire_date__lt=timezone.now()).delete()
    kept = Session.objects.filter(session_key=OuterRef("session_key"))
    UserSession.objects.filter(~Exists(kept)).delete()
    return count
