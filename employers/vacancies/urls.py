"""Addresses of vacancies."""

from django.urls import path

from employers.vacancies import views

app_name = "vacancies"
urlpatterns = [
    path("", views.vacancy_list, name="list"),
    path("<int:pk>/", views.vacancy_page, name="page"),
    path("<int:pk>/ilmoitus/", views.vacancy_posting, name="posting"),
    path("<int:pk>/muutokset/", views.vacancy_history, name="history"),
]
