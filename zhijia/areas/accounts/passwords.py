"""Passwords that are easy to guess: words of the house, and common passwords with a tail."""

from __future__ import annotations

import re
from typing import Any

from django.contrib.auth.password_validation import CommonPasswordValidator, MinimumLengthValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

# Documented in docs/security/log-in.md; names of the own union are added by hand in the settings if wanted.
WORDS = ("zhijia", "职家", "gonghui", "工会", "zhigong", "职工", "huiyuan", "会员", "zhuxi", "主席",
         "union", "admin", "guanliyuan", "管理员", "mima", "密码", "password", "welcome")  # fmt: skip
LEFT = 8  # signs that must be left without the words and the figures and marks at the ends
_TAIL = re.compile(r"^[\d\W_]+|[\d\W_]+$")


class LengthValidator(MinimumLengthValidator):
    """Django's own rule, in words that are there in every language of the house."""

    def validate(self, password: str, user: Any = None) -> None:  # noqa: ARG002 - Django's signature
        """Raise ValidationError when the password is too short."""
        if len(password) < self.min_length:
            raise ValidationError(self.get_help_text(), code="password_too_short")

    def get_help_text(self) -> str:
        """Say the rule."""
        return gettext("密码至少要有%(count)d个字符。") % {"count": self.min_length}


class GuessableValidator(CommonPasswordValidator):
    """Refuses words of the house with a few more signs, and common passwords with figures around them."""

    def validate(self, password: str, user: Any = None) -> None:  # noqa: ARG002 - Django's signature
        """Raise ValidationError when little is left without the words, or a common password is."""
        bare = _TAIL.sub("", password.strip()).lower()
        rest = password.lower()
        for word in WORDS:
            rest = rest.replace(word, "")
        shortened = rest != password.lower()
        if bare in self.passwords or (shortened and len(rest) < LEFT):
            raise ValidationError(_("密码太容易猜到：含有常见词或本单位用词。"), code="password_guessable")

    def get_help_text(self) -> str:
        """Say the rule."""
        return gettext("不要用常见密码，也不要用“工会”“职家”“管理员”等词加几个数字。")
