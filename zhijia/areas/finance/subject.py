"""Which payments one person got, and how long the books need to know who it was."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from django.utils import timezone
from django.utils.translation import gettext as _

from zhijia.areas.finance.models import Payment
from zhijia.areas.finance.payment_forms import masked_account
from zhijia.kernel.money import yuan
from zhijia.kernel.scope import EVERYWHERE, Scope
from zhijia.kit.subjects import SubjectTable, Use

VIEW = "finance.view"
WHY = "terms of keeping are counted over all records of a person, wherever they lie"
ENDED = (Payment.State.PAID, Payment.State.REFUSED, Payment.State.WITHDRAWN)


def subject_part(scope: Scope, person_id: int) -> list[SubjectTable]:
    """Return the payments to a person in reach, with the account they went to."""
    heads = (
        *(_("工会"), _("编号"), _("事由"), _("金额（元）"), _("状态"), _("申请时间")),
        *(_("付款日期"), _("收款人"), _("开户银行"), _("银行账号")),
    )
    rows = Payment.objects.within(scope, VIEW).filter(person_id=person_id).select_related("union")
    return [
        SubjectTable(
            _("付款"),
            heads,
            tuple(_row(one, is_own=scope == EVERYWHERE) for one in rows.order_by("requested_at", "pk")),
        )
    ]


def _row(payment: Payment, *, is_own: bool) -> tuple[object, ...]:
    """Return a payment's line; the whole account is for its owner, and for the cashier at the payment."""
    account = payment.bank_account if is_own else masked_account(payment.bank_account)
    return (
        payment.union.name,
        payment.code,
        payment.title,
        str(yuan(payment.amount)),
        str(payment.get_state_display()),
        payment.requested_at,
        payment.paid_on or "",
        payment.payee,
        payment.bank_name,
        account,
    )


def uses(person_ids: Collection[int] | None = None) -> Iterator[Use]:
    """Tell when a person was paid last; a payment under way still needs it."""
    rows = Payment.objects.everywhere(WHY).exclude(person=None)
    if person_ids is not None:
        rows = rows.filter(person_id__in=person_ids)
    for person_id, state, paid_on, asked in rows.values_list("person_id", "state", "paid_on", "requested_at"):
        if person_id is None:
            continue
        last = (paid_on or timezone.localdate(asked)) if state in ENDED else None
        yield Use(person_id, "finance.Payment", last, _("还有付款没有办结"))
