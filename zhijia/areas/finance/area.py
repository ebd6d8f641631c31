"""What the finance area offers."""

from django.utils.translation import gettext_lazy as _

from zhijia.kernel.registry import Action, AttachTo, Card, MenuItem, Privacy, Tab

CARD = Card(
    name="finance",
    label=_("工会经费"),
    icon="coin-yuan",
    urls="zhijia.areas.finance.urls",
    menu=(
        MenuItem(_("经费台账"), "finance:entry-list", "coin-yuan", "finance.view"),
        MenuItem(_("付款审批"), "finance:payment-list", "cash", "finance.view"),
        MenuItem(_("我的付款申请"), "finance:payment-mine", "receipt", "finance.request"),
    ),
    actions=(
        Action("finance.view", _("查看经费台账和付款审批")),
        Action("finance.record", _("登记和更正经费收支")),
        Action("finance.request", _("提出付款申请")),
        Action("finance.check", _("审核付款申请")),
        Action("finance.approve", _("审批付款")),
        Action("finance.pay", _("登记付款")),
    ),
    facts=("zhijia.areas.finance.facts.ENTRY",),
    sheets=("zhijia.areas.finance.sheets.ENTRIES",),
    tabs=(Tab("union", _("经费"), "zhijia.areas.finance.queries.union_tab"),),
    todos=("zhijia.areas.finance.queries.todos", "zhijia.areas.finance.payment_queries.todos"),
    recent=("zhijia.areas.finance.queries.recent",),
    search=("zhijia.areas.finance.queries.search", "zhijia.areas.finance.payment_queries.search"),
    panels=("finance.income", "finance.transfer_rate"),
    privacy=(
        Privacy(
            "Entry",
            "none",
            _("只登记单位之间的资金往来；付款给个人时的对方名称随付款单处理"),
        ),
        Privacy(
            "Payment",
            "sensitive",
            _("付款给个人时核对收款人和账户，证明资金用途"),
            (
                "person",
                "payee",
                "bank_name",
                "bank_account",
                "title",
                "reason",
                "requested_by",
                "checked_by",
                "approved_by",
                "paid_by",
                "stopped_by",
            ),
            basis=_(
                "个人信息保护法第13条第1款第3项；会计档案管理办法：会计凭证保存30年；银行账户按第28、29条，只用于这笔付款"
            ),
            months=360,
            seen_by=(
                "finance.view",
                "finance.check",
                "finance.approve",
                "finance.pay",
            ),
        ),
    ),
    attachments=(
        AttachTo(
            "finance.Payment",
            page="finance:payment-detail",
            view="finance.view",
            record="finance.request",
            load="zhijia.areas.finance.payment_queries.payment_file_load",
        ),
        AttachTo(
            "finance.Entry",
            page="finance:entry-detail",
            view="finance.view",
            record="finance.record",
            load="zhijia.areas.finance.queries.entry_load",
        ),
    ),
    subject=("zhijia.areas.finance.subject.subject_part",),
    uses=("zhijia.areas.finance.subject.uses",),
    erasers=("zhijia.areas.finance.services.payments_anonymise",),
)
