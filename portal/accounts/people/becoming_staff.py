"""An account that somebody made by signing up becomes one of the staff: by its confirmed address and nothing else.

Whoever signs up chooses the password, and need not be the person whose address it is; the click on the link of
confirmation may have been the person's own. So the password, the sessions and every other way in go, and whoever reads
the address chooses a new password, as one who is invited does.
"""

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.urls import reverse
from django.utils import timezone

from portal.accounts.invitations.models import Invitation
from portal.accounts.roles import STAFF_ROLES
from portal.accounts.sessions.own import end_all
from portal.accounts.users import User


def address_is_confirmed(user: User) -> bool:
    """Whether the owner of the account's present address has confirmed it."""
    confirmed: bool = EmailAddress.objects.filter(user=user, email__iexact=user.email, verified=True).exists()
    return confirmed


def made_by_oneself(user: User) -> bool:
    """Whether the account came by signing up, and has never been one of the staff."""
    if user.is_superuser or Invitation.objects.filter(user=user).exists():
        return False
    return not user.memberships.filter(role__in=STAFF_ROLES).exists()


def begin_anew(user: User) -> None:
    """Leave of the account's ways in the confirmed address alone, and send a link there to choose a password.

    Called in a transaction.
    """
    user.set_unusable_password()
    user.save(update_fields=["password"])
    EmailAddress.objects.filter(user=user).exclude(email__iexact=user.email).delete()
    EmailAddress.objects.filter(user=user).update(primary=True)
    Authenticator.objects.filter(user=user).delete()
    SocialAccount.objects.filter(user=user).delete()
    end_all(user)
    token = app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)
    key = {"uidb36": user_pk_to_url_str(user), "key": token}
    get_adapter().send_mail(
        "accounts/first_role",
        user.email,
        {
            "password_url": reverse("account_reset_password_from_key", kwargs=key),
            "timestamp": timezone.now(),
            "language": user.language,
        },
    )
