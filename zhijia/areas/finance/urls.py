"""Pages of the money ledger and of the payments."""

from django.urls import path

from zhijia.areas.finance.views import entries, payments

app_name = "finance"
urlpatterns = [
    path("", entries.entry_list, name="entry-list"),
    path("new/", entries.entry_new, name="entry-new"),
    path("<int:pk>/", entries.entry_detail, name="entry-detail"),
    path("<int:pk>/edit/", entries.entry_edit, name="entry-edit"),
    path("<int:pk>/formalities/<str:state>/", entries.formalities, name="formalities-set"),
    path("payments/", payments.payment_list, name="payment-list"),
    path("payments/mine/", payments.payment_mine, name="payment-mine"),
    path("payments/mine/<int:pk>/", payments.payment_own, name="payment-own"),
    path("payments/new/", payments.payment_new, name="payment-new"),
    path("payments/<int:pk>/", payments.payment_detail, name="payment-detail"),
    path("payments/<int:pk>/edit/", payments.payment_edit, name="payment-edit"),
    path("payments/<int:pk>/withdraw/", payments.payment_withdraw, name="payment-withdraw"),
    path("payments/<int:pk>/check/", payments.payment_check, name="payment-check"),
    path("payments/<int:pk>/return/", payments.payment_return, name="payment-return"),
    path("payments/<int:pk>/send-back/", payments.payment_send_back, name="payment-send-back"),
    path("payments/<int:pk>/refuse/", payments.payment_refuse, name="payment-refuse"),
    path("payments/<int:pk>/approve/", payments.payment_approve, name="payment-approve"),
    path("payments/<int:pk>/pay/", payments.payment_pay, name="payment-pay"),
    path("payments/<int:pk>/account/", payments.account_reveal, name="account-reveal"),
]
