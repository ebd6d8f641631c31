"""Addresses of the figures; each takes ``?union=CODE&period=2025H1``."""

from django.urls import path

from zhijia.figures import views

app_name = "figures"
urlpatterns = [
    path("", views.catalogue, name="catalogue"),
    path("<str:key>/", views.figure, name="figure"),
    path("<str:key>/rows/", views.rows, name="rows"),
]
