"""The second step of sign-in, where the provider has not taken it."""

from allauth.mfa.stages import AuthenticateStage
from django.http import HttpRequest

from portal.accounts.second_factor.duty import BY_PROVIDER


class SecondFactorStage(AuthenticateStage):
    """Asks for our own second factor, unless the provider has just told of one for this very person."""

    def _should_handle(self, request: HttpRequest) -> bool:
        user = self.login.user
        if user is not None and request.session.get(BY_PROVIDER) == str(user.pk):
            return False
        asked: bool = super()._should_handle(request)
        return asked
