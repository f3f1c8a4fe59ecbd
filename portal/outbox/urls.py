"""Addresses of messages, of preferences, and of links that people without an account follow."""

from django.urls import path

from portal.outbox import demo_views, link_views, preference_views, views

app_name = "outbox"
urlpatterns = [
    path("lahtevat/", views.message_list, name="list"),
    path("lahtevat/vienti/", views.export, name="export"),
    path("lahtevat/uudelleen/", views.send_all_again, name="send_all_again"),
    path("lahtevat/<int:pk>/", views.message_page, name="page"),
    path("lahtevat/<int:pk>/uudelleen/", views.send_again, name="send_again"),
    path("lahtevat/<int:pk>/peruuta/", views.withdraw, name="withdraw"),
    path("lahtevat/<int:pk>/perilla/", views.confirm_sent, name="confirm_sent"),
    path("tili/viestit/", preference_views.own, name="preferences"),
    path("vastaa/<str:token>/", link_views.contact_answer, name="contact_answer"),
    path("ei-enaa/<str:token>/", link_views.unsubscribe, name="unsubscribe"),
    path("postilaatikko/", demo_views.mailbox, name="mailbox"),
    path("postilaatikko/<int:pk>/", demo_views.letter, name="letter"),
    path("postilaatikko/<int:pk>/html/", demo_views.letter_html, name="letter_html"),
]
