"""The pages of targets."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from zhijia.kit.access import ActorRequest, needs
from zhijia.kit.doors import form_page
from zhijia.targets import queries, services
from zhijia.targets.forms import TargetForm

PAGE = 50


@needs("targets.view")
def target_list(request: ActorRequest) -> HttpResponse:
    """Show the targets in reach with their progress."""
    page = Paginator(queries.targets(request.actor.scope), PAGE).get_page(request.GET.get("page"))
    lines = queries.measured(list(page.object_list), timezone.localdate())
    may_set = bool(request.actor.scope.may("targets.set"))
    context = {"title": _("目标任务"), "page": page, "lines": lines, "may_set": may_set}
    return render(request, "targets/target_list.html", context)


@needs("targets.set")
def target_set(request: ActorRequest) -> HttpResponse:
    """Set a target, or change the one that ``target`` in the address names."""
    scope, known = request.actor.scope, request.GET.get("target")
    target = queries.target_load(scope, known) if known else None
    return form_page(
        request,
        TargetForm(request.POST or None, scope=scope, target=target, initial=request.GET.dict()),
        lambda actor, values: services.target_set(actor=actor, **values),
        title=_("修改目标") if target else _("设定目标"),
        back=reverse("targets:target-list"),
        record=target,
    )
