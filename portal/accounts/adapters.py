"""How allauth behaves here."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up alone: staff are added by an administrator, employers by invitation."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
