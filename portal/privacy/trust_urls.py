"""The address of the front page of trust."""

from django.urls import path

from portal.privacy import trust

app_name = "trust"
urlpatterns = [path("", trust.index, name="index")]
