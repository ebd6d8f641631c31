"""What other areas tell the accounts."""

from django.utils.translation import gettext as _

from zhijia.areas.accounts import services
from zhijia.areas.organisations.models import Union
from zhijia.kernel.actor import system


def union_closed(union_id: int) -> None:
    """Revoke every holding in a union that was closed (``organisations.UnionClosed``)."""
    union = Union.objects.everywhere("an event of the system names the union").get(pk=union_id)
    services.union_holdings_revoke(actor=system(_("系统")), union=union)
