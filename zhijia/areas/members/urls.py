"""The addresses of the members area."""

from django.urls import path

from zhijia.areas.members import views
from zhijia.areas.members.pages import numbers

app_name = "members"
urlpatterns = [
    path("", views.roster, name="roster"),
    path("new/", views.member_new, name="member-enrol"),
    path("<int:pk>/", views.person_detail, name="person-detail"),
    path("<int:pk>/numbers/", numbers.person_reveal, name="reveal"),
    path("find/", numbers.person_find, name="person-find"),
    path("exports/", numbers.export_list, name="full-export-list"),
    path("exports/new/", numbers.export_ask, name="full-export-ask"),
    path("exports/<int:pk>/", numbers.export_detail, name="full-export-detail"),
    path("exports/<int:pk>/approve/", numbers.export_approve, name="full-export-approve"),
    path("exports/<int:pk>/refuse/", numbers.export_refuse, name="full-export-refuse"),
    path("exports/<int:pk>/take/", numbers.export_take, name="full-export-take"),
    path("<int:pk>/edit/", views.person_edit, name="person-correct"),
    path("applications/", views.application_list, name="application-list"),
    path("transfers/", views.transfer_list, name="transfer-list"),
    path("transfers/<int:pk>/<slug:word>/", views.transfer_answer, name="transfer"),
    path("memberships/<int:pk>/edit/", views.membership_edit, name="membership-correct"),
    path("memberships/<int:pk>/<slug:word>/", views.membership_step, name="step"),
    path("persons/options/", views.person_options, name="person-options"),
    path("employers/options/", views.employer_options, name="employer-options"),
]
