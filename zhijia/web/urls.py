"""Addresses of the pages that belong to no area."""

from django.urls import path

from zhijia.web import views

app_name = "web"
urlpatterns = [
    path("", views.index, name="home"),
    path("todo/", views.todo, name="todo"),
    path("search/", views.search, name="search"),
]
