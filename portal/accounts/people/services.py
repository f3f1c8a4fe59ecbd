"""Changes of other people's accounts and roles. Nobody changes their own: somebody else has to see it and agree.

Rows of roles end; they are not rewritten, so that one sees later who could do what on a day. What ends or closes takes
effect at once: roles are read anew at each request, and sessions are ended.
"""

from datetime import date, timedelta

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.people.becoming_staff import address_is_confirmed, begin_anew, made_by_oneself
from portal.accounts.people.watching import tell_of_new_address, tell_of_reset, tell_of_role
from portal.accounts.roles import STAFF_ROLES, Role
from portal.accounts.sessions.own import end_all
from portal.accounts.sign_up.unconfirmed import unconfirmed
from portal.accounts.users import RoleMembership, User


class NotAllowed(Exception):
    """A change that the rules refuse; its text says why, for people."""


def _not_oneself(user_id: int, by: User) -> None:
    if user_id == by.pk:
        raise NotAllowed(_("You cannot change your own account here: another administrator has to do it."))


def give_role(membership: RoleMembership, by: User) -> RoleMembership:
    """Give somebody a role from a day on. The row is not saved yet.

    The first role of the staff for somebody who made the account by themselves takes the account over
    (`becoming_staff`). Raises NotAllowed for oneself, for a closed account, for an address that nobody has confirmed
    and for a day that has passed; ValidationError where a constraint refuses (the same role twice, duties that must be
    apart).
    """
    _not_oneself(membership.user_id, by)
    if not membership.user.is_active:
        raise NotAllowed(_("The account is closed: open it first."))
    if membership.valid_from < timezone.localdate():
        raise NotAllowed(_("The first day can be today at the earliest: what has been stays as it was."))
    if unconfirmed().filter(pk=membership.user_id).exists():
        raise NotAllowed(
            _("Nobody has confirmed the address of this account, so it may be somebody else's. Invite the person.")
        )
    if not address_is_confirmed(membership.user):
        raise NotAllowed(
            _("Nobody has confirmed the present address: its owner does at the next sign-in. Give the role after that.")
        )
    membership.full_clean()
    with transaction.atomic():
        if membership.role in STAFF_ROLES and made_by_oneself(membership.user):
            begin_anew(membership.user)
        membership.save()
        keep_administration(membership.user)
        person = membership.user
        tell_of_role(f"role {membership.pk}", membership.role, membership.area, person, person.email, by)
    return membership


def end_role(membership: RoleMembership, last_day: date, by: User) -> None:
    """Let a role end with a day, today at the earliest; one that has not begun by then goes altogether.

    Raises NotAllowed for oneself, a day that has passed, a later day than the role has anyway, and where no
    administrator would be left.
    """
    _not_oneself(membership.user_id, by)
    if last_day < timezone.localdate():
        raise NotAllowed(_("The last day can be today at the earliest: what has been stays as it was."))
    with transaction.atomic():
        locked = RoleMembership.objects.select_for_update().select_related("user").get(pk=membership.pk)
        if locked.valid_to is not None and last_day > locked.valid_to:
            raise NotAllowed(_("This ends earlier than that already."))
        if locked.valid_from > last_day:
            locked.delete()
        else:
            locked.valid_to = last_day
            locked.save(update_fields=["valid_to"])
        if locked.role == Role.ADMINISTRATOR:
            _keep_an_administrator(after=last_day)
        keep_administration(locked.user)


def take_role_away(membership: RoleMembership, by: User) -> None:
    """Take a role away at once, and end the person's sessions: for the day when it cannot wait until the evening.

    A role that began earlier ends with yesterday; one of today goes altogether. Raises NotAllowed as `end_role`.
    """
    _not_oneself(membership.user_id, by)
    yesterday = timezone.localdate() - timedelta(days=1)
    with transaction.atomic():
        locked = RoleMembership.objects.select_for_update().select_related("user").get(pk=membership.pk)
        if locked.valid_from > yesterday:
            locked.delete()
        elif locked.valid_to is None or locked.valid_to > yesterday:
            locked.valid_to = yesterday
            locked.save(update_fields=["valid_to"])
        if locked.role == Role.ADMINISTRATOR:
            _keep_an_administrator(after=timezone.localdate())
        keep_administration(locked.user)
    end_all(locked.user)


def close_account(user: User, by: User) -> None:
    """Nobody signs in with the account any more; roles end at once, as `take_role_away` ends them: who opens it again
    gives them anew. Raises NotAllowed for oneself and the last administrator.
    """
    _not_oneself(user.pk, by)
    today = timezone.localdate()
    with transaction.atomic():
        locked = User.objects.select_for_update().get(pk=user.pk)
        locked.is_active, locked.closed_at = False, timezone.now()
        locked.save(update_fields=["is_active", "closed_at"])
        rows = locked.memberships.not_over(today)
        was_administrator = rows.filter(role=Role.ADMINISTRATOR).exists()
        rows.filter(valid_from__gte=today).delete()
        rows.update(valid_to=today - timedelta(days=1))
        if was_administrator:
            _keep_an_administrator(after=today)
        keep_administration(locked)
    end_all(user)


def open_account(user: User, by: User) -> None:
    """Open a closed account again; roles are given anew. Raises NotAllowed for oneself."""
    _not_oneself(user.pk, by)
    User.objects.filter(pk=user.pk).update(is_active=True, closed_at=None)


def reset_second_factor(user: User, by: User) -> int:
    """Take away every second factor of somebody who has lost them, end the sessions, and tell the person by mail.

    The person signs in with the password and enrols anew. Returns how many there were. Raises NotAllowed for oneself.
    """
    _not_oneself(user.pk, by)
    with transaction.atomic():
        gone: int = Authenticator.objects.filter(user=user).delete()[0]
        end_all(user)
        if gone:
            get_adapter().send_mail(
                "accounts/factor_reset",
                user.email,
                {"timestamp": timezone.now(), "language": user.language, "recipient": user},
            )
        tell_of_reset(user, by)
    return gone


def forget_link(user: User, by: User) -> int:
    """Forget by which account of the organisation somebody signs in: they have a new one there, say.

    Sessions end. The next sign-in by the organisation links anew, by address and second factor. Returns how many links
    there were. Raises NotAllowed for oneself.
    """
    _not_oneself(user.pk, by)
    with transaction.atomic():
        gone: int = SocialAccount.objects.filter(user=user).delete()[0]
        if gone:
            end_all(user)
    return gone


def sign_out_everywhere(user: User, by: User) -> int:
    """End all sessions of somebody else. Raises NotAllowed for oneself (the own page does it)."""
    _not_oneself(user.pk, by)
    return end_all(user)


def change_details(user: User, *, first_name: str, last_name: str, email: str, language: str, by: User) -> None:
    """Change name, address and language. A new address has to be confirmed at the next sign-in; the old one is told.

    Raises NotAllowed for oneself, ValidationError for an address that somebody has.
    """
    _not_oneself(user.pk, by)
    email = email.strip().lower()
    if User.objects.filter(email__iexact=email).exclude(pk=user.pk).exists():
        raise ValidationError({"email": _("Another account has this address.")})
    with transaction.atomic():
        locked = User.objects.select_for_update().get(pk=user.pk)
        old = locked.email
        locked.first_name, locked.last_name, locked.email, locked.language = first_name, last_name, email, language
        locked.save(update_fields=["first_name", "last_name", "email", "language"])
        if old != email:
            EmailAddress.objects.filter(user=locked).delete()
            EmailAddress.objects.create(user=locked, email=email, primary=True, verified=False)
            end_all(locked)
            get_adapter().send_mail(
                "account/email/email_changed",
                old,
                {"timestamp": timezone.now(), "language": language, "recipient": locked},
            )
            tell_of_new_address(locked, by)


def _keep_an_administrator(after: date) -> None:
    """Somebody who is an administrator today must still be one after a day; raises NotAllowed.

    Asked once an administrator's role has ended. Who is to become one later does not count: that may change. Two who
    end each other's role wait for one another.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('accounts.administrators'))")
    left = (
        RoleMembership.objects.active(timezone.localdate())
        .not_over(after + timedelta(days=1))
        .filter(role=Role.ADMINISTRATOR, user__is_active=True)
    )
    if not left.exists():
        raise NotAllowed(_("This is the last administrator: name another one first."))


def keep_administration(user: User) -> None:
    """Whoever is an administrator may open the administration pages, and nobody else."""
    is_administrator = (
        user.is_active and user.memberships.filter(role=Role.ADMINISTRATOR).not_over(timezone.localdate()).exists()
    )
    if user.is_staff != is_administrator:
        user.is_staff = is_administrator
        user.save(update_fields=["is_staff"])
