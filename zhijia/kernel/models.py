"""The kernel's own tables: audit, outbox, receipts of commands, jobs."""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class AuditEvent(models.Model):
    """One line of the audit. Triggers in the database refuse any change or deletion.

    Lines are chained by ``seq``, which has no gaps: ``hash`` is a keyed mark of this line and of the hash
    before it (``kernel.chain``). ``subject_id`` is the person concerned, ``fields`` the names of columns.
    """

    seq = models.BigIntegerField(unique=True)
    prev = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now, db_index=True)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=100)
    post = models.CharField(max_length=200, blank=True)
    address = models.CharField(max_length=45, blank=True)
    action = models.CharField(max_length=60)
    path = models.CharField(max_length=120, blank=True)
    model = models.CharField(max_length=60, blank=True)
    object_id = models.BigIntegerField(null=True)
    subject_id = models.BigIntegerField(null=True, db_index=True)
    verb = models.CharField(max_length=10)
    fields = models.JSONField(default=list)
    before = models.JSONField(default=dict)
    rows = models.PositiveIntegerField(default=1)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["model", "object_id"], name="audit_by_object"),
            models.Index(fields=["actor_id", "at"], name="audit_by_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor_name} {self.action}"


class AuditHead(models.Model):
    """The end of the audit's chain: one row, which only moves forward (triggers refuse anything else)."""

    seq = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.seq}:{self.hash}"


class OutboxEvent(models.Model):
    """An event waiting for its listeners, or delivered."""

    name = models.CharField(max_length=60)
    payload = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)
    delivered_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["id"], condition=models.Q(delivered_at=None), name="outbox_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.pk}"


class CommandReceipt(models.Model):
    """What one submission made, so that sending it twice returns the same record."""

    user_id = models.BigIntegerField(null=True)
    key = models.CharField(max_length=64)
    action = models.CharField(max_length=60)
    digest = models.CharField(max_length=64)
    model = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["user_id", "key", "action"], name="receipt_once"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.key}"


class Job(models.Model):
    """A long task with its progress, owner and result."""

    class State(models.TextChoices):
        """Where a job stands; parked = its worker died, the reason is in ``message``."""

        QUEUED = "queued", _("排队中")
        RUNNING = "running", _("进行中")
        DONE = "done", _("已完成")
        FAILED = "failed", _("失败")
        CANCELLED = "cancelled", _("已取消")
        PARKED = "parked", _("已中断")

    kind = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    owner_id = models.BigIntegerField(null=True)
    language = models.CharField(max_length=10, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    message = models.CharField(max_length=500, blank=True)
    parameters = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    result_file = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.title

    @property
    def percent(self) -> int:
        """Return the progress from 0 to 100."""
        return min(100, self.done * 100 // self.total) if self.total else 0

    @property
    def is_over(self) -> bool:
        """Say whether nothing more will happen."""
        return self.state not in (self.State.QUEUED, self.State.RUNNING)


class KeyCanary(models.Model):
    """A known text sealed with each key: it shows whether keys and database belong together."""

    kid = models.CharField(max_length=40, unique=True)
    token = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.kid
