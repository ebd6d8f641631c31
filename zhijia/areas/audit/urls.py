"""Pages of the audit."""

from django.urls import path

from zhijia.areas.audit import views

app_name = "audit"
urlpatterns = [
    path("", views.line_list, name="line-list"),
    path("verify/", views.verify, name="verify"),
    path("heads/", views.daily_head, name="daily-head"),
    path("alerts/", views.alert_list, name="alert-list"),
    path("alerts/<slug:kind>/<int:user>/<slug:day>/", views.alert_lines, name="alert-lines"),
    path("mine/", views.mine, name="mine"),
]
