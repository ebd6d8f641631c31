"""Pages of the money ledger."""

from django.urls import path

from zhijia.areas.finance import views

app_name = "finance"
urlpatterns = [
    path("", views.entry_list, name="entry-list"),
    path("new/", views.entry_new, name="entry-new"),
    path("<int:pk>/", views.entry_detail, name="entry-detail"),
    path("<int:pk>/edit/", views.entry_edit, name="entry-edit"),
    path("<int:pk>/formalities/<str:state>/", views.formalities, name="formalities-set"),
]
