"""Signed-in clients for tests, beyond what `force_login` gives."""

import time

from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY,
    AUTHENTICATION_METHODS_SESSION_KEY,
)
from allauth.account.internal.userkit import user_id_to_str
from allauth.account.models import EmailAddress
from django.test import Client

from portal.accounts.models import User


def confirm_address(user: User) -> User:
    """The person has shown that the e-mail address is theirs, as the pages of sign-in ask."""
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def sign_in(client: Client, user: User, *, confirmed: bool = False) -> None:
    """Sign somebody in without the pages of sign-in; `confirmed`: as one who has just typed the password once more."""
    client.force_login(user)
    if confirmed:
        session = client.session
        session[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = user_id_to_str(user)
        shown = session.get(AUTHENTICATION_METHODS_SESSION_KEY, [])
        # In the future: a long run of tests shall not outlast it.
        session[AUTHENTICATION_METHODS_SESSION_KEY] = [
            *shown,
            {"method": "password", "at": time.time() + 3600, "reauthenticated": True},
        ]
        session.save()
