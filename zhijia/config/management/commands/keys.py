"""``./run manage keys``: the keys that seal sensitive columns and files."""

from __future__ import annotations

import json
import shutil
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from zhijia.kernel.crypto import canary, keyring, rotation, values
from zhijia.kernel.crypto.cipher import WrongKeyError

STEPS = ("init", "status", "verify", "rotate", "backup")


class Command(BaseCommand):
    """Make, show, prove, renew and copy the keys."""

    help = "the keys outside the database: init, status, verify, rotate --kek|--domain NAME, backup --out DIR"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """See Django."""
        parser.add_argument("step", choices=STEPS)
        parser.add_argument("--kek", action="store_true", help="rotate: a new key of keys (in an instant)")
        parser.add_argument(
            "--domain",
            choices=rotation.ROTATED,
            help="rotate: a new key, and seal all anew (index: stop the server first)",
        )
        parser.add_argument("--resume", action="store_true", help="rotate: no new key, go on sealing anew")
        parser.add_argument("--out", type=Path, help="backup: an empty folder on a medium of its own")
        parser.add_argument("--json", action="store_true", help="status, verify: for programs")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Do one step; exit code 2 with a clear text for what cannot be done."""
        try:
            getattr(self, options["step"])(options)
        except WrongKeyError as error:
            raise CommandError(str(error), returncode=2) from error

    def init(self, _options: dict[str, Any]) -> None:
        """Make the keys of a new installation; never over existing ones."""
        if canary.planted() and not keyring.exists():
            raise CommandError(
                _("数据库里已有加密数据，不能另造密钥。请把原来的密钥放回 %(place)s。")
                % {"place": keyring.place()},
                returncode=2,
            )
        made = keyring.create()
        self.stdout.write(
            _("密钥已生成：%(place)s") % {"place": keyring.place()} if made else _("密钥已存在。")
        )
        self.stdout.write(_("请立即另存一份：./run manage keys backup --out 目录（放在别的介质上）。"))

    def status(self, options: dict[str, Any]) -> None:
        """Show which keys there are."""
        ring = values.ring()
        keys = [
            {
                "kid": key.kid,
                "cipher": key.cipher,
                "made_on": key.made_on,
                "seals": key == ring.active(key.domain),
            }
            for key in ring.keys
        ]
        place, fingerprint = str(keyring.place()), ring.fingerprint()
        if options["json"]:
            self._tell_json(place=place, fingerprint=fingerprint, keys=keys)
            return
        said = _("密钥位置：%(place)s　指纹：%(fingerprint)s")
        self.stdout.write(said % {"place": place, "fingerprint": fingerprint})
        for key in keys:
            used = _("使用中") if key["seals"] else _("只用于解密")
            self.stdout.write(f"  {key['kid']:<14}{key['cipher']:<13}{key['made_on']}  {used}")

    def _tell_json(self, **about: Any) -> None:
        self.stdout.write(json.dumps(about, ensure_ascii=False))

    def verify(self, options: dict[str, Any]) -> None:
        """Open the canaries and every sealed value; exit code 1 when anything does not open."""
        verdict = canary.keys_fit(again=True)
        wrong = [] if verdict else [str(verdict.reason)]
        counted = 0
        if verdict:
            for model, field, key in rotation.unreadable():
                wrong.append(f"{model._meta.label}.{field.name} #{key}")
            counted = rotation.count_sealed()
        if options["json"]:
            self.stdout.write(
                json.dumps({"ok": not wrong, "values": counted, "wrong": wrong}, ensure_ascii=False)
            )
        else:
            self.stdout.write(
                _("%(count)d 个加密值，%(wrong)d 处有误。") % {"count": counted, "wrong": len(wrong)}
            )
            for line in wrong:
                self.stdout.write(f"  {line}")
        if wrong:
            raise CommandError(_("密钥检查未通过。"), returncode=1)

    def rotate(self, options: dict[str, Any]) -> None:
        """Make a new key of keys, or a new key of a domain with which everything is sealed anew."""
        domain = options["domain"]
        if options["kek"] == bool(domain):
            raise CommandError(_("请给出 --kek 或 --domain 其中之一。"), returncode=2)
        if options["kek"]:
            rotation.rewrap()
            self.stdout.write(_("主密钥已更换，请重新备份密钥（keys backup）。"))
            return
        if not options["resume"] and domain != "index":
            self.stdout.write(_("新密钥：%(kid)s") % {"kid": rotation.renew(domain)})
        done = self._seal_anew(domain, is_new=not options["resume"])
        canary.plant()
        self.stdout.write(_("已用新密钥处理 %(count)d 处，请重新备份密钥（keys backup）。") % {"count": done})

    def _seal_anew(self, domain: str, *, is_new: bool) -> int:
        def report(what: str, done: int) -> None:
            self.stdout.write(f"  {what} {done}")

        if domain == "index":
            return rotation.mark_again(report, is_new=is_new)
        if domain == "files":
            return rotation.reseal_files(report)
        return rotation.reseal(domain, report)

    def backup(self, options: dict[str, Any]) -> None:
        """Copy the keys; they belong on another medium than the backup of the data."""
        out = options["out"]
        if out is None or (out.exists() and any(out.iterdir())):
            raise CommandError(_("请用 --out 给出一个空目录（最好在单独的U盘上）。"), returncode=2)
        values.ring()
        out.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name in (keyring.KEK, keyring.RING):
            copy = out / name
            shutil.copyfile(keyring.place() / name, copy)
            copy.chmod(0o400)
        self.stdout.write(_("密钥已备份到 %(place)s。不要和数据备份放在一起。") % {"place": out})
