"""Pages of privacy."""

from django.urls import path

from zhijia.areas.privacy import views

app_name = "privacy"
urlpatterns = [
    path("", views.register, name="register"),
    path("own/", views.own, name="own"),
    path("export/", views.export, name="export"),
    path("requests/", views.request_list, name="request-list"),
    path("requests/new/", views.request_new, name="request-new"),
    path("requests/<int:pk>/", views.request_detail, name="request-detail"),
    path("requests/<int:pk>/answer/", views.request_answer, name="request-answer"),
    path("consents/", views.consent_list, name="consent-list"),
    path("consents/new/", views.consent_new, name="consent-new"),
    path("consents/<int:pk>/withdraw/", views.consent_withdraw, name="consent-withdraw"),
    path("erasures/", views.erasure_list, name="erasure-list"),
    path("erasures/new/", views.erasure_new, name="erasure-new"),
    path("erasures/<int:pk>/", views.erasure_detail, name="erasure-detail"),
    path("erasures/<int:pk>/approve/", views.erasure_approve, name="erasure-approve"),
    path("erasures/<int:pk>/reject/", views.erasure_reject, name="erasure-reject"),
    path("overdue/", views.overdue_list, name="overdue-list"),
]
