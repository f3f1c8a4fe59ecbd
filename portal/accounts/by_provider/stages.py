"""The second step of sign-in, where the provider has not taken it."""

from allauth.mfa.stages import AuthenticateStage
from django.http import HttpRequest

from portal.accounts.by_provider.services import TOLD


class SecondFactorStage(AuthenticateStage):
    """Asks for our own second factor of whoever has one.

    Not of those whom the provider has just asked for one, unless this sign-in is the first of its kind: then only the
    second factor shows that the account of that address is the same person's.
    """

    def _should_handle(self, request: HttpRequest) -> bool:
        told = (self.login.signal_kwargs or {}).get(TOLD)
        if told is not None and told["second_factor"] and not told["first"]:
            return False
        asked: bool = super()._should_handle(request)
        return asked
