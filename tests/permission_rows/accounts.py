"""Accounts, roles, teams, invitations, sign-in."""

from portal.accounts.roles import EMPLOYER_ROLES, Permission
from tests.permission_rows.kinds import Row
from tests.permission_rows.who import ADMINISTRATORS, KEEPS_TEAMS, who_may

ROWS: tuple[Row, ...] = (
    # Tells those who are not signed in that they are not.
    Row("accounts:session_left", get=200, post=200, public=True, html=False),
    Row("accounts:own", get=200, post=302, data=lambda side: {"language": "sv"}),
    # Whoever has a second factor is led on to it, and asked for the password before it changes.
    Row("accounts:enrol", get=200, allowed=EMPLOYER_ROLES, otherwise=302),
    Row("accounts:replace_totp", get=302, post=302, html=False),
    *(
        Row(name, get=200, post=post, allowed=KEEPS_TEAMS, objects=objects, everywhere=ADMINISTRATORS)
        for name, post, objects in (
            ("accounts:teams", None, ()),
            ("accounts:new_team", 200, ()),
            ("accounts:team", 200, ("team",)),
            ("accounts:rename_team", 200, ("team",)),
            ("accounts:end_team_membership", 200, ("team_membership",)),
            ("accounts:pairs", None, ()),
            ("accounts:new_pair", 200, ()),
            ("accounts:end_pair", 200, ("pair",)),
            ("accounts:stand_ins", None, ()),
            ("accounts:new_stand_in", 200, ()),
            ("accounts:end_stand_in", 200, ("stand_in",)),
        )
    ),
    Row("accounts:lead", post=302, allowed=KEEPS_TEAMS, objects=("team_membership",), everywhere=ADMINISTRATORS),
    *(
        Row(name, get=get, post=post, allowed=ADMINISTRATORS, objects=objects, html=html)
        for name, get, post, objects, html in (
            ("accounts:people", 200, None, (), True),
            ("accounts:search_people", None, 302, (), False),
            ("accounts:export_people", 200, None, (), False),
            ("accounts:person", 200, 200, ("somebody",), True),
            ("accounts:person_details", 200, 200, ("somebody",), True),
            ("accounts:reset_factor", 200, 302, ("somebody",), True),
            ("accounts:forget_organisation", 200, 302, ("somebody",), True),
            ("accounts:close_account", 200, 302, ("somebody",), True),
            ("accounts:open_account", None, 302, ("somebody",), False),
            ("accounts:sign_out_person", None, 302, ("somebody",), False),
            ("accounts:end_role", 200, 200, ("somebodys_role",), True),
            ("accounts:invitations", 200, None, (), True),
            ("accounts:new_invitation", 200, 200, (), True),
            ("accounts:resend_invitation", None, 302, ("invitation",), False),
            ("accounts:withdraw_invitation", 200, 302, ("invitation",), True),
        )
    ),
    # The person invited has no account yet; without a good link there is nothing to see.
    Row("accounts:accept_invitation", get=410, post=410, public=True, html=False),
    Row("accounts:invited", get=302, public=True, words=("forged",), html=False),
    # The municipality's own sign-in is not set up here.
    Row("openid_connect_login", post=404, public=True, html=False),
    Row("openid_connect_callback", get=404, public=True, html=False),
    Row("sign_in_ended", get=404, public=True, words=("peruttu",), html=False),
    Row("accounts:roles", get=200, allowed=who_may(Permission.ROLES_VIEW)),
    Row("accounts:export_roles", get=200, allowed=who_may(Permission.ROLES_VIEW), html=False),
)
