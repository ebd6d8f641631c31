"""Proving who one is: the step-up, and the second factors of the own log-in."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.internal import flows
from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY
from allauth.core import ratelimit
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.flows import generate_recovery_codes, view_recovery_codes
from allauth.mfa.totp.internal.flows import deactivate_totp
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.internal import auth as webauthn
from allauth.mfa.webauthn.internal.flows import reauthenticate, remove_authenticator
from allauth.mfa.webauthn.views import AddWebAuthnView
from django.conf import settings
from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from zhijia.areas.accounts import queries, services
from zhijia.areas.accounts.adapter import HAS_FACTOR
from zhijia.areas.accounts.forms_door import (
    PasskeyForm,
    StepUpCodeForm,
    StepUpKeyForm,
    StepUpPasswordForm,
    TotpForm,
)
from zhijia.areas.accounts.models import User
from zhijia.areas.accounts.proofs import Proofs, passkey_load, proofs_of
from zhijia.areas.accounts.views.own import crumbs, user_of
from zhijia.kernel.verdict import Refused
from zhijia.kit.access import AGAIN, ActorRequest, to_step_up

SECOND = _("双因素验证")
Door = Callable[..., HttpResponse]


def _proven(view: Door) -> Door:
    """Let a view run after a fresh proof only; else lead to the step-up and back to the page before."""

    @wraps(view)
    def run(request: ActorRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.actor.fresh:
            return to_step_up(request)
        try:
            return view(request, *args, **kwargs)
        except Refused as refusal:
            return _refused(request, refusal)

    return run


def _refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """Say why, on the page of the own second factors."""
    messages.error(request, str(refusal))
    return redirect("mfa_index")


# --- the step-up -----------------------------------------------------------------------------------------
def step_up(request: ActorRequest) -> HttpResponse:
    """Ask for the second factor, or for the password where there is none, and go back."""
    user = user_of(request)
    held = proofs_of(user)
    form = _proof_form(request, user, held)
    if request.method == "POST":
        limited: HttpResponse | None = ratelimit.consume_or_429(request, action="reauthenticate", user=user)
        if limited:
            return limited
        if form.is_valid():
            return _accepted(request, form)
    context: dict[str, Any] = {
        "title": _("再次验证身份"),
        "form": form if not isinstance(form, StepUpKeyForm) else _code_form(user, held),
        "failed_key": isinstance(form, StepUpKeyForm) and form.is_bound,
        "next": _back(request),
        "minutes": settings.ACCOUNT_REAUTHENTICATION_TIMEOUT // 60,
        "with_code": bool(held.totp or held.passkeys),
    }
    if held.passkeys:
        context["options"] = webauthn.begin_authentication(user)
    return render(request, "accounts/step_up.html", context)


def _proof_form(request: ActorRequest, user: User, held: Proofs) -> Any:
    """Return the form of the proof that was sent, or of the one to ask for."""
    data = request.POST if request.method == "POST" else None
    if data is not None and held.passkeys and "credential" in data:
        return StepUpKeyForm(data, user=user)
    return _code_form(user, held, data)


def _code_form(user: User, held: Proofs, data: Any = None) -> Any:
    is_strong = held.totp or held.passkeys
    return StepUpCodeForm(data, user=user) if is_strong else StepUpPasswordForm(data, user=user)


def _accepted(request: ActorRequest, form: Any) -> HttpResponse:
    """Keep the proof in the session and go on where the way was broken off."""
    if isinstance(form, StepUpPasswordForm):
        flows.reauthentication.reauthenticate_by_password(request)
    elif isinstance(form, StepUpKeyForm):
        reauthenticate(request, form.cleaned_data["credential"])
    else:
        form.save()
    user, old = user_of(request), request.session.session_key or ""
    request.session.cycle_key()  # whoever knew the key before the proof has nothing now
    new = request.session.session_key or ""
    try:
        services.own_session_move(actor=queries.own_actor(user), user=user, old=old, new=new)
    except Refused as refusal:  # the proof stands; only the list of the own sessions lacks this one
        messages.error(request, str(refusal))
    if "callback" in request.session.get(STATE_SESSION_KEY, {}):  # binding an outside identity
        return flows.reauthentication.resume_request(request) or redirect("accounts:my-seats")
    if request.session.pop(AGAIN, False):
        messages.warning(request, _("身份已验证。刚才的操作还没有办理，请再做一次。"))
    request.session.pop(STATE_SESSION_KEY, None)  # a form sent before is sent anew by its owner, not by us
    return redirect(_back(request))


def _back(request: HttpRequest) -> str:
    """Return the page of ours to go back to."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if is_ours else settings.LOGIN_REDIRECT_URL


# --- second factors --------------------------------------------------------------------------------------
def second_factors(request: ActorRequest) -> HttpResponse:
    """Show the own second factors, and what can be set up."""
    user = user_of(request)
    context = {
        "title": SECOND,
        "crumbs": crumbs(SECOND),
        "proofs": proofs_of(user),
        "owed": settings.SECOND_FACTOR == "required" and not request.session.get(HAS_FACTOR, True),
        # A passkey belongs to a name: browsers know none for an address of figures, and none without https.
        "passkeys_work": request.is_secure() or request.get_host().partition(":")[0] == "localhost",
    }
    return render(request, "accounts/second_factors.html", context)


def _set_up(request: HttpRequest, kind: str) -> None:
    """Keep in the session that there is a second factor, proven just now."""
    request.session[HAS_FACTOR] = True
    flows.login.record_authentication(request, request.user, method="mfa", type=kind, reauthenticated=True)
    user = request.user
    assert isinstance(user, User)  # noqa: S101 - nobody else passes the middleware
    here = request.session.session_key or ""
    services.own_sessions_end(actor=queries.own_actor(user), user=user, keep=here)


class TotpOn(ActivateTOTPView):  # type: ignore[misc]  # allauth has no types
    """Show the secret as a picture and take the first code."""

    template_name = "accounts/totp.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Lead back whoever has one already."""
        if proofs_of(user_of(request)).totp:  # type: ignore[arg-type]  # the middleware has set the actor
            return redirect("mfa_index")
        try:
            return super().dispatch(request, *args, **kwargs)
        except Refused as refusal:
            return _refused(request, refusal)

    def get_form_class(self) -> type[Form]:
        """Return our words around allauth's form."""
        return TotpForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what our page shows."""
        title = _("设置动态口令")
        return {**super().get_context_data(**kwargs), "title": title, "crumbs": crumbs(title)}

    def form_valid(self, form: Any) -> HttpResponse:
        """Keep it; the recovery codes come next."""
        response: HttpResponse = super().form_valid(form)
        _set_up(self.request, Authenticator.Type.TOTP)
        messages.success(self.request, str(_("动态口令已启用。")))
        return response


class PasskeyAdd(AddWebAuthnView):  # type: ignore[misc]  # allauth has no types
    """Let the browser make a passkey."""

    template_name = "accounts/passkey.html"

    def get_form_class(self) -> type[Form]:
        """Return our words around allauth's form."""
        return PasskeyForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what our page shows."""
        title = _("添加通行密钥")
        context = super().get_context_data(**kwargs)
        return {
            **context, "form": kwargs.get("form") or self.get_form(), "title": title,
            "crumbs": crumbs(title), "options": context["js_data"]["creation_options"],
        }  # fmt: skip

    def form_valid(self, form: Any) -> HttpResponse:
        """Keep it; the recovery codes come next when there were none."""
        response: HttpResponse = super().form_valid(form)
        _set_up(self.request, Authenticator.Type.WEBAUTHN)
        messages.success(self.request, str(_("通行密钥已添加。")))
        return response


def _let_go(request: ActorRequest, saved: Any) -> HttpResponse:
    """End the other sessions after a second factor was taken away, and say so."""
    user, here = user_of(request), request.session.session_key or ""
    held = proofs_of(user)
    request.session[HAS_FACTOR] = bool(held.totp or held.passkeys)
    services.own_sessions_end(actor=queries.own_actor(user), user=user, keep=here)
    messages.success(request, str(saved))
    return redirect("mfa_index")


@require_POST
@_proven
def totp_off(request: ActorRequest) -> HttpResponse:
    """Take the one-time password away."""
    held = proofs_of(user_of(request)).totp
    if held is None:
        raise Http404
    deactivate_totp(request, held)
    return _let_go(request, _("动态口令已停用。"))


@require_POST
@_proven
def passkey_remove(request: ActorRequest, pk: int) -> HttpResponse:
    """Take a passkey away."""
    remove_authenticator(request, passkey_load(user_of(request), pk))
    return _let_go(request, _("通行密钥已删除。"))


@_proven
def recovery_codes(request: ActorRequest) -> HttpResponse:
    """Show the recovery codes, once."""
    held, is_first = view_recovery_codes(request)
    if held is None:
        return redirect("mfa_index")
    title = _("恢复码")
    context = {
        "title": title,
        "crumbs": crumbs(title),
        "codes": held.get_unused_codes() if is_first else [],
        "on": reverse("mfa_index"),
    }
    return render(request, "accounts/recovery_codes.html", context)


@require_POST
@_proven
def recovery_codes_new(request: ActorRequest) -> HttpResponse:
    """Make new recovery codes; the old ones are void."""
    held = proofs_of(user_of(request))
    if not (held.totp or held.passkeys):
        messages.error(request, str(_("请先设置动态口令或通行密钥。")))
        return redirect("mfa_index")
    generate_recovery_codes(request)
    return redirect("mfa_view_recovery_codes")
