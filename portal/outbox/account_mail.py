"""What allauth (and our own sign-in) sends goes through the outbox: written with the change it tells about, sent once.

The adapter is that of `portal.accounts`, with these two things added: mails, and that people of employers may sign up.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

from allauth.account.models import EmailAddress
from django.conf import settings
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language, gettext_noop

from portal.accounts.adapters import AccountAdapter
from portal.accounts.models import User
from portal.outbox.enums import RecipientKind
from portal.outbox.models import Message
from portal.outbox.secret_links import SecretLink
from portal.outbox.services import Recipient, send

Context = Mapping[str, Any]
_SALT: Final = "portal.outbox.account_mail"
_NOT_KNOWN: Final = "–"
_EXISTS: Final = "account/email/account_already_exists"
_INVITED: Final = "accounts/invitation_waits"


@dataclass(frozen=True)
class AccountMail:
    """A mail of the sign-in: its kind, and what its templates show, made from the sender's context."""

    kind: str
    shown: Callable[[Context], dict[str, object]]


def _link(name: str) -> Callable[[Context], dict[str, object]]:
    """A link, at the portal's own address whatever host the request named."""

    def shown(context: Context) -> dict[str, object]:
        address = urlsplit(str(context[name]))
        query = f"?{address.query}" if address.query else ""
        return {"link": SecretLink(f"{settings.SITE_URL.rstrip('/')}{address.path}{query}")}

    return shown


def _from_where(context: Context) -> dict[str, object]:
    """When, from which address and browser something was done."""
    at = context.get("timestamp") or timezone.now()
    browser = str(context.get("browser") or context.get("user_agent") or _NOT_KNOWN)
    return {"at": at, "ip": context.get("ip") or _NOT_KNOWN, "browser": browser[:120]}


def _change(words: str) -> Callable[[Context], dict[str, object]]:
    return lambda context: {"change": words, **_from_where(context)}


def _named(*names: str) -> Callable[[Context], dict[str, object]]:
    return lambda context: {name: context[name] for name in names}


def _new_device(context: Context) -> dict[str, object]:
    return {**_link("sessions_url")(context), **_from_where(context)}


def _invitation(context: Context) -> dict[str, object]:
    return {**_link("invitation_url")(context), "expires": context["expires"]}


MAILS: Final[dict[str, AccountMail]] = {
    "account/email/email_confirmation": AccountMail("address_confirmation", _link("activate_url")),
    "account/email/email_confirmation_signup": AccountMail("address_confirmation", _link("activate_url")),
    _EXISTS: AccountMail("account_exists", _link("password_reset_url")),
    "account/email/unknown_account": AccountMail("unknown_account", _link("signup_url")),
    "account/email/password_reset_key": AccountMail("password_reset", _link("password_reset_url")),
    "account/email/password_reset": AccountMail("password_changed", _from_where),
    "account/email/password_changed": AccountMail("password_changed", _from_where),
    "account/email/password_set": AccountMail("password_changed", _from_where),
    "account/email/email_changed": AccountMail("address_changed", _from_where),
    "account/email/email_deleted": AccountMail("address_removed", _from_where),
    "mfa/email/totp_activated": AccountMail(
        "second_factor_changed", _change(gettext_noop("An authenticator app was added."))
    ),
    "mfa/email/totp_deactivated": AccountMail(
        "second_factor_changed", _change(gettext_noop("The authenticator app was removed."))
    ),
    "mfa/email/webauthn_added": AccountMail(
        "second_factor_changed", _change(gettext_noop("A security key was added."))
    ),
    "mfa/email/webauthn_removed": AccountMail(
        "second_factor_changed", _change(gettext_noop("A security key was removed."))
    ),
    "mfa/email/recovery_codes_generated": AccountMail(
        "second_factor_changed", _change(gettext_noop("New recovery codes were made."))
    ),
    "accounts/new_device": AccountMail("new_device", _new_device),
    _INVITED: AccountMail("invitation_waits", lambda context: {}),
    "accounts/linked": AccountMail("provider_linked", _from_where),
    "accounts/invitation": AccountMail("invitation", _invitation),
    "accounts/factor_reset": AccountMail("second_factor_reset", _from_where),
    "accounts/role_given": AccountMail("role_given", _named("who", "address", "role", "area", "by")),
    "accounts/way_in_replaced": AccountMail("way_in_replaced", _named("who", "address", "by")),
    "accounts/first_role": AccountMail("first_role", _link("password_url")),
}
"""The name by which a sender asks for a mail -> the mail."""


class OutboxAccountAdapter(AccountAdapter):
    """The portal's account adapter, as settings.ACCOUNT_ADAPTER names it."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write a mail of the sign-in. KeyError for one that the table does not have.

        An address that is taken without an account is that of somebody who is invited, and is told so.

        `context` may name the `recipient` whose address it is or was; otherwise the address itself tells. It may name
        `language`; otherwise the account's own counts, or that of the page where nobody has the address: the answer to
        a known and an unknown address is then the same.
        """
        if template_prefix == _EXISTS and not User.objects.filter(email__iexact=email).exists():
            template_prefix = _INVITED
        mail = MAILS[template_prefix]
        owner: User | None = context.get("recipient") or _owner_of(email)
        recipient = Recipient.account(owner, email) if owner else Recipient.address(email)
        language = context.get("language") or ("" if owner else get_language() or "")
        send(mail.kind, recipient, mail.shown(context), language, key=_key(template_prefix, email, context))

    def addresses_told(self, mail: str, account: User, since: datetime) -> list[str]:
        """The addresses to which mails of this name went to an account since a time."""
        sent = Message.objects.to(RecipientKind.ACCOUNT, account.pk).filter(
            kind=MAILS[mail].kind, created_at__gte=since
        )
        return sorted(set(sent.order_by().values_list("address", flat=True)))


def _owner_of(email: str) -> User | None:
    found = EmailAddress.objects.filter(email__iexact=email).select_related("user").order_by("-verified", "pk").first()
    return found.user if found else None


def _key(prefix: str, email: str, context: Context) -> str:
    """The same for the same event: a link is one, a change at a time is one, else what happens in one minute."""
    event = context.get("key") or context.get("timestamp") or context.get("invitation_url")
    if event is None:
        event = timezone.now().replace(second=0, microsecond=0)
    told = event.isoformat() if isinstance(event, datetime) else str(event)
    return salted_hmac(_SALT, f"{prefix}|{email.lower()}|{told}", algorithm="sha256").hexdigest()
