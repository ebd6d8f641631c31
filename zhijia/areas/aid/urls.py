"""Pages of relief and condolence payments."""

from django.urls import path

from zhijia.areas.aid import views

app_name = "aid"
urlpatterns = [
    path("", views.relief_list, name="relief-list"),
    path("new/", views.relief_new, name="relief-new"),
    path("batch/", views.relief_batch, name="relief-batch"),
    path("<int:pk>/", views.relief_detail, name="relief-detail"),
    path("<int:pk>/edit/", views.relief_edit, name="relief-edit"),
]
