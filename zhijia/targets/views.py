"""The pages of targets."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from zhijia.kit.access import ActorRequest, needs
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
    """Set or change a target."""
    form = TargetForm(request.POST or None, scope=request.actor.scope, initial=request.GET.dict())
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        key = request.POST.get("idempotency_key", "")
        services.target_set(actor=request.actor.keyed(key), **data)
        return redirect("targets:target-list")
    return render(request, "kit/form.html", {"title": _("设定目标"), "form": form})
