"""Pages of honours."""

from django.urls import path

from zhijia.areas.honours import views

app_name = "honours"
urlpatterns = [
    path("", views.honour_list, name="honour-list"),
    path("new/", views.honour_new, name="honour-new"),
    path("<int:pk>/", views.honour_detail, name="honour-detail"),
    path("<int:pk>/edit/", views.honour_edit, name="honour-edit"),
]
