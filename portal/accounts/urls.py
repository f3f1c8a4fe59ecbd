"""Addresses of a person's own account; sign-in and passwords are allauth's (`portal.accounts.allauth_urls`)."""

from django.urls import path

from portal.accounts import role_views, views
from portal.accounts.invitations import views as invitations
from portal.accounts.people import views as people
from portal.accounts.second_factor import views as second_factor
from portal.accounts.sessions import views as sessions
from portal.accounts.teams import views as teams

app_name = "accounts"
urlpatterns = [
    path("oma/", views.own, name="own"),
    path("istunto/", sessions.left, name="session_left"),
    path("kaksivaiheinen-kirjautuminen/", second_factor.enrol, name="enrol"),
    path("kaksivaiheinen-kirjautuminen/uusi-sovellus/", second_factor.ReplaceTOTPView.as_view(), name="replace_totp"),
    path("tiimit/", teams.team_list, name="teams"),
    path("tiimit/uusi/", teams.new_team, name="new_team"),
    path("tiimit/<int:pk>/", teams.team_page, name="team"),
    path("tiimit/<int:pk>/nimi/", teams.rename_team, name="rename_team"),
    path("tiimit/jasenyydet/<int:pk>/vetaja/", teams.lead, name="lead"),
    path("tiimit/jasenyydet/<int:pk>/paata/", teams.end_membership, name="end_team_membership"),
    path("tyoparit/", teams.pair_list, name="pairs"),
    path("tyoparit/uusi/", teams.new_pair, name="new_pair"),
    path("tyoparit/<int:pk>/paata/", teams.end_pair, name="end_pair"),
    path("sijaisuudet/", teams.stand_in_list, name="stand_ins"),
    path("sijaisuudet/uusi/", teams.new_stand_in, name="new_stand_in"),
    path("sijaisuudet/<int:pk>/paata/", teams.end_stand_in, name="end_stand_in"),
    path("kayttajat/", people.account_list, name="people"),
    path("kayttajat/haku/", people.search, name="search_people"),
    path("kayttajat/taulukko/", people.export, name="export_people"),
    path("kayttajat/<int:pk>/", people.person_page, name="person"),
    path("kayttajat/<int:pk>/tiedot/", people.details, name="person_details"),
    path("kayttajat/<int:pk>/toinen-vaihe/", people.reset_factor, name="reset_factor"),
    path("kayttajat/<int:pk>/organisaatio/", people.forget_organisation, name="forget_organisation"),
    path("kayttajat/<int:pk>/sulje/", people.close, name="close_account"),
    path("kayttajat/<int:pk>/avaa/", people.reopen, name="open_account"),
    path("kayttajat/<int:pk>/kirjaa-ulos/", people.sign_out, name="sign_out_person"),
    path("kayttajat/roolit/<int:pk>/paata/", people.end_held_role, name="end_role"),
    path("kutsut/", invitations.invitation_list, name="invitations"),
    path("kutsut/uusi/", invitations.new_invitation, name="new_invitation"),
    path("kutsut/<int:pk>/laheta/", invitations.resend, name="resend_invitation"),
    path("kutsut/<int:pk>/peru/", invitations.take_back, name="withdraw_invitation"),
    path("kutsu/", invitations.accept_invitation, name="accept_invitation"),
    path("kutsu/<str:token>/", invitations.invited, name="invited"),
    path("roolit/", role_views.roles, name="roles"),
    path("roolit/taulukko/", role_views.export, name="export_roles"),
]
