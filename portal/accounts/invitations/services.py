"""Invitations: written, sent, sent again, withdrawn, accepted. The link carries a signed, random, one-time part."""

import hashlib
import secrets
from typing import Final

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from django.core import signing
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.invitations.models import LASTS, Invitation
from portal.accounts.people.services import NotAllowed, keep_administration
from portal.accounts.people.watching import tell_of_role
from portal.accounts.sign_up.unconfirmed import make_room_for, unconfirmed
from portal.accounts.users import RoleMembership, User

_SALT: Final = "portal.accounts.invitations"


class LinkNotGood(Exception):
    """The link is forged, too old, used or withdrawn."""


def invite(invitation: Invitation, by: User) -> Invitation:
    """Write an invitation and send its link. The row is not saved yet.

    Raises NotAllowed where the address has an account or is the inviter's own, ValidationError where a constraint
    refuses.
    """
    invitation.email = invitation.email.strip().lower()
    left_over = unconfirmed().filter(email=invitation.email).values("pk")
    if User.objects.filter(email__iexact=invitation.email).exclude(pk__in=left_over).exists():
        raise NotAllowed(_("This address has an account: give the role on the person's page."))
    if invitation.valid_from < timezone.localdate():
        raise NotAllowed(_("The first day can be today at the earliest."))
    invitation.invited_by = by
    token = _renew(invitation)
    invitation.full_clean(exclude=["link_hash"])
    with transaction.atomic():
        make_room_for(invitation.email)
        invitation.save()
        _send(invitation, token)
        key = f"invitation {invitation.pk}"
        tell_of_role(key, invitation.role, invitation.area, becomes(invitation), invitation.email, by)
    return invitation


def send_again(invitation: Invitation, by: User) -> None:
    """Send a new link; the old one no longer works. Raises NotAllowed for one that has been answered."""
    with transaction.atomic():
        locked = _locked(invitation.pk)
        token = _renew(locked)
        locked.invited_by = by
        locked.save(update_fields=["sent_at", "expires_at", "link_hash", "invited_by"])
        _send(locked, token)


def withdraw(invitation: Invitation) -> None:
    """The link no longer works. Raises NotAllowed for one that has been answered."""
    with transaction.atomic():
        locked = _locked(invitation.pk)
        locked.withdrawn_at = timezone.now()
        locked.save(update_fields=["withdrawn_at"])


def read(token: str) -> Invitation:
    """The invitation of a link; changes nothing. Raises LinkNotGood."""
    try:
        pk, random = signing.loads(token, salt=_SALT, max_age=LASTS)
    except (signing.BadSignature, ValueError, TypeError):
        raise LinkNotGood from None
    found = Invitation.objects.open().select_related("area").filter(pk=pk, link_hash=_hash(random)).first()
    if found is None:
        raise LinkNotGood
    return found


def accept(token: str, password: str) -> User:
    """Make the account with its role, once. Raises LinkNotGood, ValidationError for a password that does not do."""
    return _accept(read(token), password)


def accept_by_provider(email: str) -> User | None:
    """Make the account of somebody invited whom the municipality's sign-in knows by this address; None where nobody
    with the address is invited.
    """
    today = timezone.localdate()
    # The role has to be in force: nobody is let in to have none.
    in_force = Q(valid_to__isnull=True) | Q(valid_to__gte=today)
    found = Invitation.objects.open().filter(in_force, email=email, valid_from__lte=today).first()
    return _accept(found, None) if found else None


def becomes(invitation: Invitation) -> User:
    """The account that the invitation would make, not saved: what a new password is held against."""
    user = User(
        email=invitation.email,
        first_name=invitation.first_name,
        last_name=invitation.last_name,
        language=invitation.language,
    )
    user.becomes_staff = True  # type: ignore[attr-defined]  # read by the rule for the length of passwords
    return user


def _accept(invitation: Invitation, password: str | None) -> User:
    with transaction.atomic():
        locked = Invitation.objects.select_for_update().get(pk=invitation.pk)
        taken = User.objects.filter(email__iexact=locked.email).exists()
        if locked.link_hash != invitation.link_hash or locked.state != "open" or taken:
            raise LinkNotGood
        user = becomes(locked)
        if password is not None:
            get_adapter().clean_password(password, user)
        user.set_password(password)
        user.save()
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        membership = RoleMembership(
            user=user,
            role=locked.role,
            area=locked.area,
            valid_from=locked.valid_from,
            valid_to=locked.valid_to,
        )
        membership.save()
        keep_administration(user)
        locked.accepted_at, locked.user = timezone.now(), user
        locked.save(update_fields=["accepted_at", "user"])
    return user


def _locked(pk: int) -> Invitation:
    locked = Invitation.objects.select_for_update().get(pk=pk)
    if locked.accepted_at or locked.withdrawn_at:
        raise NotAllowed(_("This invitation has been answered or withdrawn already."))
    return locked


def _renew(invitation: Invitation) -> str:
    """A new random part, kept as a hash; return it."""
    random = secrets.token_urlsafe(32)
    invitation.sent_at = timezone.now()
    invitation.expires_at = invitation.sent_at + LASTS
    invitation.link_hash = _hash(random)
    return random


def _send(invitation: Invitation, random: str) -> None:
    token = signing.dumps([invitation.pk, random], salt=_SALT)
    get_adapter().send_mail(
        "accounts/invitation",
        invitation.email,
        {
            "invitation_url": reverse("accounts:invited", args=[token]),
            "expires": invitation.expires_at,
            "language": invitation.language,
            "key": f"{invitation.pk}:{invitation.link_hash}",
        },
    )


def _hash(random: object) -> str:
    return hashlib.sha256(str(random).encode()).hexdigest()
