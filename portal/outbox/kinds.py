"""The kinds of messages, one plain table.

A kind's templates are `templates/outbox/<code>/subject.txt` and `body.html`; the plain text is made from the HTML, so
that both say the same. A kind that may go as a text message also has `sms.txt`. Subjects and text messages are read on
locked screens by whoever holds the telephone: they hold no personal data.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.accounts.roles import Permission
from portal.outbox.enums import Channel


class Keep(Enum):
    """How long what a message says is kept. The row itself (who, when, what became of it) is kept for six months."""

    UNTIL_SENT = "until sent"
    """Sign-in: of no use to anybody once it has been sent."""
    WITH_ROW = "with the row"
    """What people are told about their matter can be looked up later."""


@dataclass(frozen=True)
class Kind:
    """A kind of message."""

    code: str
    label: Promise
    """What the list of messages and the page of preferences call it."""
    needs: frozenset[str]
    """Names that its templates use: the context of `send` has exactly these."""
    channels: tuple[Channel, ...] = (Channel.MAIL,)
    """Ways that it may go, the first one preferred where the recipient has no wish."""
    optional: bool = False
    """Whether the recipient may choose not to get it."""
    permission: Permission | None = None
    """What a user may who gets it; None: everybody."""
    keep: Keep = Keep.WITH_ROW
    useful_for: timedelta | None = None
    """So long after its creation it still makes sense to send it; None: always."""


def _sign_in(code: str, label: Promise, *needs: str, useful_for: timedelta | None = None) -> Kind:
    """About the sign-in of a user: always by mail, never silenced, forgotten once sent."""
    return Kind(code, label, frozenset(needs), keep=Keep.UNTIL_SENT, useful_for=useful_for)


_DAY = timedelta(days=1)

_ALL: Final = (
    _sign_in("address_confirmation", _("Confirm the e-mail address"), "link", useful_for=3 * _DAY),
    _sign_in("account_exists", _("There is an account already"), "link", useful_for=_DAY),
    _sign_in("unknown_account", _("There is no such account"), "link", useful_for=_DAY),
    _sign_in("password_reset", _("New password"), "link", useful_for=_DAY),
    _sign_in("password_changed", _("The password was changed"), "at", "ip", "browser"),
    _sign_in("address_changed", _("The e-mail address was changed"), "at", "ip", "browser"),
    _sign_in("address_removed", _("An e-mail address was removed"), "at", "ip", "browser"),
    _sign_in("second_factor_changed", _("Two-step sign-in was changed"), "change", "at", "ip", "browser"),
    _sign_in("new_device", _("Sign-in from a new device"), "link", "at", "ip", "browser"),
    _sign_in("provider_linked", _("Sign-in by the organisation was taken into use"), "at", "ip", "browser"),
    _sign_in("invitation_waits", _("There is an invitation already")),
    _sign_in("invitation", _("Invitation to the portal"), "link", "expires", useful_for=7 * _DAY),
    _sign_in("second_factor_reset", _("Two-step sign-in was reset"), "at", "ip", "browser"),
    # To team leads and auditors, about what an administrator has done: nobody silences it.
    _sign_in("role_given", _("Somebody was given a role that sees jobseekers"), "who", "address", "role", "area", "by"),
    _sign_in("way_in_replaced", _("Somebody's address and two-step sign-in were replaced"), "who", "address", "by"),
    _sign_in("first_role", _("First role of the staff: choose a password"), "link", useful_for=_DAY),
    Kind(
        "contact_question",
        _("How the jobseeker wants to be contacted"),
        frozenset({"link", "expires", "area"}),
        channels=(Channel.MAIL, Channel.SMS),
        useful_for=3 * _DAY,
    ),
    # What waits the message does not say: it may be about somebody whose data is secret.
    Kind(
        "matter_waiting",
        _("Something waits for you in the portal"),
        frozenset({"link"}),
        keep=Keep.UNTIL_SENT,
        useful_for=7 * _DAY,
    ),
    Kind(
        "night_failed",
        _("The nightly matching failed"),
        frozenset({"link", "day"}),
        optional=True,
        permission=Permission.RUNS_START,
        useful_for=_DAY,
    ),
    # About everybody's work at once: not to be silenced, and no news after some days.
    Kind(
        "matching_stopped",
        _("Matching has been stopped"),
        frozenset({"link", "at", "until", "reason", "hidden"}),
        useful_for=3 * _DAY,
    ),
    Kind("matching_resumed", _("Matching goes on"), frozenset({"link", "at", "reason"}), useful_for=3 * _DAY),
    Kind("retention_notice", _("Data is about to be deleted"), frozenset({"link", "count", "first_day"})),
)

KINDS: Final[dict[str, Kind]] = {kind.code: kind for kind in _ALL}
"""Code -> kind."""

OPTIONAL: Final = tuple(kind for kind in _ALL if kind.optional)
"""Kinds that a user may choose not to get, in the order of the table."""
