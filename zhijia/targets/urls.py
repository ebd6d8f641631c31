"""Addresses of the target pages."""

from django.urls import path

from zhijia.targets import views

app_name = "targets"
urlpatterns = [
    path("", views.target_list, name="target-list"),
    path("new/", views.target_set, name="target-set"),
]
