"""Addresses of the summaries."""

from django.urls import path

from zhijia.summaries import views

app_name = "summaries"
urlpatterns = [
    path("", views.summary_list, name="summary-list"),
    path("new/", views.summary_new, name="summary-new"),
    path("preview/", views.summary_preview, name="summary-preview"),
    path("silent/", views.silent, name="silent"),
    path("<int:pk>/", views.summary_detail, name="summary-detail"),
    path("<int:pk>/download/", views.download, name="summary-download"),
    path("jobs/<int:pk>/", views.job, name="job"),
    path("jobs/<int:pk>/progress/", views.progress, name="job-progress"),
    path("jobs/<int:pk>/cancel/", views.cancel, name="job-cancel"),
]
