"""Pages of activities and results."""

from django.urls import path

from zhijia.areas.activities import views

app_name = "activities"
urlpatterns = [
    path("", views.activity_list, name="activity-list"),
    path("calendar/", views.calendar, name="calendar"),
    path("new/", views.activity_new, name="activity-new"),
    path("<int:pk>/", views.activity_detail, name="activity-detail"),
    path("<int:pk>/edit/", views.activity_edit, name="activity-edit"),
    path("<int:pk>/participants/", views.participants, name="participants"),
    path("<int:pk>/results/new/", views.result_new, name="result-new"),
    path("results/", views.result_list, name="result-list"),
    path("results/<int:pk>/", views.result_detail, name="result-detail"),
    path("results/<int:pk>/edit/", views.result_edit, name="result-edit"),
]
