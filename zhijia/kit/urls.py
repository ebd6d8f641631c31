"""The addresses of the kit: import of ledgers, export of lists, attachments."""

from django.urls import path

from zhijia.kit import taking_out
from zhijia.kit.attachments import views as attachments
from zhijia.kit.books import views

app_name = "books"
urlpatterns = [
    path("", views.upload, name="import-upload"),
    path("template/", views.template, name="import-template"),
    path("files/<str:token>/", views.columns, name="import-columns"),
    path("jobs/<int:pk>/", views.job, name="import-job"),
    path("jobs/<int:pk>/progress/", views.progress, name="import-progress"),
    path("jobs/<int:pk>/confirm/", views.confirm, name="import-confirm"),
    path("jobs/<int:pk>/cancel/", views.cancel, name="import-cancel"),
    path("jobs/<int:pk>/failed/", views.failed_rows, name="import-failed"),
    path("export/", taking_out.export, name="export"),
    path("attachments/<str:model>/<int:subject_id>/", attachments.add, name="attachment-add"),
    path("attachments/<uuid:key>/", attachments.download, name="attachment"),
    path("attachments/<uuid:key>/remove/", attachments.remove, name="attachment-remove"),
]
