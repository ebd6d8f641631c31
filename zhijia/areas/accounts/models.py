"""Log-ins, and which seats they hold."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhijia.areas.members.models import Person
from zhijia.areas.organisations.models import Seat


class User(AbstractUser):
    """A log-in. What it may do comes from the seats it holds, never from flags on the account."""

    first_name = None  # type: ignore[assignment]  # Chinese names are one field
    last_name = None  # type: ignore[assignment]  # as above
    name = models.CharField(_("姓名"), max_length=50)
    language = models.CharField(_("界面语言"), max_length=10, blank=True)
    person = models.OneToOneField(
        Person, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("本人档案")
    )
    must_change_password = models.BooleanField(_("须修改密码"), default=False)
    # The log-in that made this one and knew its first password; none for the command line. No key: it stays
    # true when that log-in is gone.
    made_by_id = models.BigIntegerField(null=True, editable=False)

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        """Return the name as written in Chinese."""
        return self.name

    def get_short_name(self) -> str:
        """Return the name as written in Chinese."""
        return self.name


class Holding(models.Model):
    """A log-in holds a seat; the seat's post, union and term give the grants."""

    user = models.ForeignKey(User, models.CASCADE, related_name="holdings")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["user", "seat"], name="holding_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user} - {self.seat_id}"

    @property
    def is_awaited(self) -> bool:
        """Say whether the seat is only named for the log-in: no one with the right has granted it yet."""
        return self.revoked_at is not None and self.revoked_at == self.created_at
