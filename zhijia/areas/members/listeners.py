"""What other areas tell the members."""

from django.utils.translation import gettext as _

from zhijia.areas.members import services
from zhijia.areas.organisations.models import Union
from zhijia.kernel.actor import system


def union_closed(union_id: int) -> None:
    """Retain the memberships of a union that was closed (``organisations.UnionClosed``)."""
    union = Union.objects.everywhere("an event of the system names the union").get(pk=union_id)
    services.union_memberships_retain(actor=system(_("系统")), union=union)
