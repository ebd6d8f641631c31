"""The addresses of the accounts area."""

from django.urls import path

from zhijia.areas.accounts import views

app_name = "accounts"
urlpatterns = [
    path("", views.user_list, name="user-list"),
    path("new/", views.user_new, name="user-create"),
    path("seats/", views.seat_options, name="seat-options"),
    path("<int:pk>/", views.user_detail, name="user-detail"),
    path("<int:pk>/seats/", views.holding_new, name="holding-grant"),
    path("<int:pk>/password/", views.password_new, name="password-reset"),
    path("holdings/<int:pk>/revoke/", views.holding_end, name="holding-revoke"),
    path("login/", views.Login.as_view(), name="login"),
    path("logout/", views.Logout.as_view(), name="logout"),
    path("me/", views.my_seats, name="my-seats"),
    path("me/password/", views.my_password, name="password-change"),
    path("me/language/", views.my_language, name="language"),
]
