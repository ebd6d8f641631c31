"""What the aid area offers."""

from django.utils.translation import gettext_lazy as _

from zhijia.kernel.registry import Action, AttachTo, Card, MenuItem, Privacy, Tab

CARD = Card(
    name="aid",
    label=_("慰问救助"),
    icon="heart-handshake",
    urls="zhijia.areas.aid.urls",
    menu=(MenuItem(_("慰问救助"), "aid:relief-list", "heart-handshake", "aid.view"),),
    actions=(
        Action("aid.view", _("查看慰问救助")),
        Action("aid.record", _("登记和更正慰问救助")),
    ),
    facts=("zhijia.areas.aid.facts.RELIEF",),
    sheets=("zhijia.areas.aid.sheets.RELIEF",),
    tabs=(
        Tab("person", _("慰问救助"), "zhijia.areas.aid.queries.person_tab"),
        Tab("union", _("慰问救助"), "zhijia.areas.aid.queries.union_tab"),
    ),
    recent=("zhijia.areas.aid.queries.recent",),
    search=("zhijia.areas.aid.queries.search",),
    panels=("aid.person_times", "aid.amount"),
    privacy=(
        Privacy(
            "Relief",
            "sensitive",
            _("发放慰问和救助，证明资金用途；说明中可能有健康、困难情况，六一慰问涉及儿童"),
            (
                "person",
                "beneficiary",
                "amount",
                "goods",
                "goods_value",
                "basis",
                "note",
            ),
            basis=_(
                "个人信息保护法第13条第1款第3项；健康、家庭困难、未满十四周岁儿童的信息须单独同意（第28、29、31条）"
            ),
            months=60,
            seen_by=(
                "aid.view",
                "members.own",
            ),
        ),
    ),
    attachments=(
        AttachTo(
            "aid.Relief",
            page="aid:relief-detail",
            view="aid.view",
            record="aid.record",
            load="zhijia.areas.aid.queries.relief_load",
        ),
    ),
    subject=("zhijia.areas.aid.subject.subject_part",),
    uses=("zhijia.areas.aid.subject.uses",),
    erasers=("zhijia.areas.aid.services.reliefs_anonymise",),
)
