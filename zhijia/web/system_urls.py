"""The address of the system's state."""

from django.urls import path

from zhijia.web import system_views as views

app_name = "system"
urlpatterns = [path("", views.status, name="status")]
