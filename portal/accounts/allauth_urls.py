"""The addresses of allauth that the portal uses, ours first where a page does more than allauth's.

Not `allauth.urls` as a whole: that also brings addresses without a name, and pages to connect accounts by oneself.
"""

from django.urls import include, path

from portal.accounts.by_provider.protocol import PROVIDER_ID
from portal.accounts.by_provider.views import come_back, ended, set_out
from portal.accounts.second_factor.views import RemovePasskeyView
from portal.accounts.sessions.views import own_sessions

urlpatterns = [
    # Names and part of the address as allauth looks them up; there is one provider.
    path("organisaatio/", set_out, {"provider_id": PROVIDER_ID}, name="openid_connect_login"),
    path("organisaatio/paluu/", come_back, {"provider_id": PROVIDER_ID}, name="openid_connect_callback"),
    path("organisaatio/<slug:outcome>/", ended, name="sign_in_ended"),
    path("2fa/webauthn/keys/<int:pk>/remove/", RemovePasskeyView.as_view(), name="mfa_remove_webauthn"),
    path("", include("allauth.account.urls")),
    path("2fa/", include("allauth.mfa.urls")),
    path("sessions/", own_sessions, name="usersessions_list"),
]
