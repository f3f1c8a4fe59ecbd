"""Parts made by others: one rule each."""

from portal.accounts.roles import Permission
from tests.permission_rows.kinds import SIGNED_IN, Rule
from tests.permission_rows.who import who_may

RULES: tuple[Rule, ...] = (
    Rule(
        "admin:",
        "Django's administration guards each of its pages itself; only administrators come in",
        allowed=who_may(Permission.ADMIN_USE),
        public=frozenset({"admin:login", "admin:logout"}),
    ),
    Rule(
        "account_",
        "allauth: sign-in and one's own password and addresses",
        allowed=SIGNED_IN,
        public=frozenset(
            {
                "account_login",
                "account_logout",
                "account_inactive",
                "account_signup",
                "account_email_verification_sent",
                "account_confirm_email",
                "account_confirm_login_code",
                "account_reset_password",
                "account_reset_password_done",
                "account_reset_password_from_key",
                "account_reset_password_from_key_done",
            }
        ),
    ),
    Rule(
        "mfa_",
        "allauth: one's own second factors",
        allowed=SIGNED_IN,
        public=frozenset({"mfa_authenticate"}),
    ),
    Rule(
        "set_language",
        "Django's view: changes the language by POST, sends back otherwise",
        allowed=SIGNED_IN,
        public=frozenset({"set_language"}),
    ),
    Rule("usersessions_", "allauth: one's own sessions", allowed=SIGNED_IN),
)
