"""A known text sealed with every key and kept in the database: it shows whether the two belong together."""

from __future__ import annotations

from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhijia.kernel.crypto import keyring, values
from zhijia.kernel.crypto.cipher import TamperedError, WrongKeyError
from zhijia.kernel.verdict import Verdict, passed, refused

TEXT = "canary"
SOURCE = "house:keys"
_MISMATCH = refused(
    gettext_lazy("加密密钥与数据库不匹配，系统暂停写入。请放回这个数据库的密钥后重启。"), SOURCE
)
_known: dict[tuple[str, str], Verdict] = {}


def _token(kid: str) -> str:
    """Seal the canary with one key, be it an old one; the keys that never seal mark it instead."""
    ring = values.ring()
    key = ring.key(kid)
    if key.domain in keyring.MARKS:
        return values.mac(f"{key.domain}:canary", TEXT.encode())
    return values.seal(key.domain, TEXT, f"canary|{kid}")


def planted() -> bool:
    """Say whether the database holds canaries, and so values that were sealed."""
    try:
        with transaction.atomic():
            return bool(apps.get_model("kernel", "KeyCanary").objects.exists())
    except DatabaseError:  # a database without tables
        return False


def plant() -> None:
    """Keep a canary for each key that has none and seals now."""
    canaries = apps.get_model("kernel", "KeyCanary").objects
    ring = values.ring()
    kids = [ring.active(domain).kid for domain in (*keyring.DOMAINS, *keyring.MARKS)]
    held = set(canaries.values_list("kid", flat=True))
    fresh = [canaries.model(kid=kid, token=_token(kid)) for kid in kids if kid not in held]
    canaries.bulk_create(fresh, ignore_conflicts=True)  # another process may be just as new


def _check() -> Verdict:
    canaries = dict(apps.get_model("kernel", "KeyCanary").objects.values_list("kid", "token"))
    try:
        ring = values.ring()
        for kid, token in canaries.items():
            key = ring.key(kid)
            if key.domain not in keyring.MARKS:
                values.unseal(token, f"canary|{kid}")
            elif kid == ring.active(key.domain).kid and token != _token(kid):
                return _MISMATCH
    except WrongKeyError as error:
        return refused(_("加密密钥不可用，系统暂停写入：%(why)s") % {"why": error}, SOURCE)
    except TamperedError:
        return _MISMATCH
    return passed()


def keys_fit(*, again: bool = False) -> Verdict:
    """Say whether the keys open what this database holds; asked once for each database and ring.

    A database without canaries is new: they are planted now, in the transaction of the first command.
    """
    try:
        mark = values.ring().fingerprint()
    except WrongKeyError:
        mark = ""
    place = (str(connection.settings_dict["NAME"]), mark)
    if again or place not in _known:
        verdict = _check()
        if verdict and mark:
            plant()
        if not verdict:
            return verdict  # asked again next time: the keys may be put back
        _known[place] = verdict
    return _known[place]
