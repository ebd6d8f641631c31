"""The page of the system's state."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from zhijia.kit.access import ActorRequest, needs
from zhijia.web.system import VIEW, lines


@needs(VIEW)
def status(request: ActorRequest) -> HttpResponse:
    """Show how the system is: no records of anyone."""
    return render(request, "web/system.html", {"title": _("系统状态"), "lines": lines()})
