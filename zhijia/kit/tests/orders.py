"""Orders an export as the form of a list does, for the tests of all areas."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse


def ordered(
    client: Client, address: str, purpose: str = "audit", note: str = "", *, proven: bool = True, **query: Any
) -> HttpResponse:
    """Send the form, with ``proven`` just after a step-up. ``query`` are the list's filters."""
    if proven:
        _prove(client)
    asked = f"{address}?{urlencode(query)}" if query else address
    data = {"address": asked, "purpose": purpose, "note": note, "idempotency_key": "k"}
    return client.post(reverse("books:export"), data)


def _prove(client: Client) -> None:
    """Give the session a fresh proof, as the step-up page does; accounts stand above the kit's tests."""
    session = client.session
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time(), "reauthenticated": True}
    ]
    session["account_authentication_methods_user"] = session["_auth_user_id"]
    session.save()
