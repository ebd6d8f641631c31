"""The addresses of the accounts area.

django-allauth asks for a few addresses by names of its own, without a namespace; they stand at the end. None
of its other addresses exists.
"""

from django.conf import settings
from django.urls import include, path

from zhijia.areas.accounts.outside import addresses
from zhijia.areas.accounts.views import door, officers, own, proving, roles

own_names = [
    path("", officers.user_list, name="user-list"),
    path("new/", officers.user_new, name="user-create"),
    path("seats/", officers.seat_options, name="seat-options"),
    path("<int:pk>/", officers.user_detail, name="user-detail"),
    path("<int:pk>/seats/", roles.holding_new, name="holding-grant"),
    path("<int:pk>/person/", roles.person_link, name="person-link"),
    path("<int:pk>/person/end/", roles.person_unlink, name="person-unlink"),
    path("<int:pk>/password/", officers.password_new, name="password-reset"),
    path("<int:pk>/deactivate/", officers.user_close, name="user-deactivate"),
    path("<int:pk>/reactivate/", officers.user_reopen, name="user-reactivate"),
    path("<int:pk>/second-factor/reset/", officers.second_factor_lost, name="second-factor-reset"),
    path("<int:pk>/sessions/end/", officers.sessions_over, name="sessions-end"),
    path("<int:pk>/lockout/reset/", officers.lockout_over, name="lockout-reset"),
    path("holdings/<int:pk>/revoke/", roles.holding_end, name="holding-revoke"),
    path("members/new/", roles.member_new, name="member-create"),
    path("matrix/", roles.matrix, name="matrix"),
    path("register/", roles.seat_register, name="seat-register"),
    path("register/<int:pk>/", roles.seat_detail, name="seat-detail"),
    path("register/<int:pk>/grant/", roles.seat_grant, name="seat-grant"),
    path("why/", roles.why, name="why"),
    path("options/users/", roles.user_options, name="user-options"),
    path("options/unions/", roles.union_options, name="union-options"),
    path("login/", door.Login.as_view(), name="login"),
    path("logout/", door.Logout.as_view(), name="logout"),
    path("verify/", proving.step_up, name="step-up"),
    path("me/", own.my_seats, name="my-seats"),
    path("me/password/", own.my_password, name="password-change"),
    path("me/language/", own.my_language, name="language"),
    path("me/sessions/", own.my_sessions, name="sessions"),
    path("me/sessions/others/end/", own.sessions_end_others, name="sessions-end-others"),
    path("me/sessions/<int:pk>/end/", own.session_end, name="session-end"),
    path("me/second-factor/totp/off/", proving.totp_off, name="totp-off"),
    path("me/second-factor/codes/new/", proving.recovery_codes_new, name="recovery-codes-new"),
    path("me/second-factor/passkeys/new/", proving.PasskeyAdd.as_view(), name="passkey-add"),
    path("me/second-factor/passkeys/<int:pk>/remove/", proving.passkey_remove, name="passkey-remove"),
]
if settings.DOORS.apps:
    own_names.append(path("me/outside/", own.outside_identities, name="outside-identities"))

urlpatterns = [
    path("", include((own_names, "accounts"))),
    path("login/", door.Login.as_view(), name="account_login"),
    path("login/second-step/", door.SecondStep.as_view(), name="mfa_authenticate"),
    path("verify/", proving.step_up, name="account_reauthenticate"),
    path("me/second-factor/", proving.second_factors, name="mfa_index"),
    path("me/second-factor/totp/", proving.TotpOn.as_view(), name="mfa_activate_totp"),
    path("me/second-factor/codes/", proving.recovery_codes, name="mfa_view_recovery_codes"),
    *addresses(list(settings.SOCIALACCOUNT_PROVIDERS), settings.DOORS.apps),
]
