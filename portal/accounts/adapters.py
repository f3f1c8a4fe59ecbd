"""How allauth behaves here."""

import time
from datetime import datetime
from typing import Any, ClassVar, Final

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.accounts.demo import is_refused
from portal.accounts.language import remember_language
from portal.accounts.second_factor.duty import ENROLLED_AT, lacks_second_factor
from portal.accounts.sessions.clock import SIGNED_IN_AT
from portal.accounts.sessions.devices import recognise
from portal.accounts.users import User

ENROL_WITHIN_S: Final = 15 * 60
"""So long after signing in one may enrol a first second factor without typing the password once more."""


class AccountAdapter(DefaultAccountAdapter):
    """Nobody of the staff signs up alone: an administrator invites them (`portal.accounts.invitations`).

    People of employers do (`portal.accounts.sign_up`); the account alone opens nothing.
    """

    error_messages: ClassVar[dict[str, str | Promise]] = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("The e-mail address or the password is not right."),
        "enter_current_password": _("The present password is not right."),
        "incorrect_password": _("The password is not right."),
        "too_many_login_attempts": _("Too many attempts. Wait for some minutes and try again."),
        "rate_limited": _("Too many attempts. Wait for some minutes and try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return True

    def addresses_told(self, mail: str, account: User, since: datetime) -> list[str]:
        """The addresses to which mails of this name went to an account since a time.

        The floor that keeps messages answers (`portal.outbox.account_mail`).
        """
        raise NotImplementedError

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse | None:
        """A demo account of a copied database opens nothing where demo accounts are off."""
        if is_refused(user):
            refused: HttpResponse = self.respond_user_inactive(request, user)
            return refused
        response: HttpResponse | None = super().pre_login(request, user, **kwargs)
        return response

    def get_login_stages(self) -> list[str]:
        """The second step is ours: it knows when the municipality's provider has taken it."""
        ours = "portal.accounts.by_provider.stages.SecondFactorStage"
        theirs = "allauth.mfa.stages.AuthenticateStage"
        return [ours if stage == theirs else stage for stage in super().get_login_stages()]

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whoever enrols right after signing in has just shown the password, and shall see the recovery codes next;
        later changes ask for it again.
        """
        if app == "allauth.mfa":
            session = self.request.session
            began = session.get(SIGNED_IN_AT, 0) if lacks_second_factor(self.request) else session.get(ENROLLED_AT, 0)
            if time.time() - began < ENROL_WITHIN_S:
                return False
        required: bool = super().is_reauthentication_required(app=app, **kwargs)
        return required

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """Go on in the language that the person has saved, and tell them where the device is new.

        The language that this browser has chosen already is left as it is.
        """
        response: HttpResponse = super().post_login(request, user, **kwargs)
        if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            remember_language(response, user.language)
        device = recognise(request, response, user)
        if device is not None:
            self.send_mail(
                "accounts/new_device",
                user.email,
                {
                    "sessions_url": reverse("usersessions_list"),
                    "timestamp": timezone.now(),
                    "ip": self.get_client_ip(request),
                    "browser": device.words,
                    "language": user.language,
                },
            )
        return response
