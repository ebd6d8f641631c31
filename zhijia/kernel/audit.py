"""The audit: who did what to which record. Written with the command, never changed afterwards."""

from django.apps import apps

from zhijia.kernel.command import Running


def write(running: Running) -> None:
    """Append one line per change; a command that changed nothing leaves no line."""
    events = apps.get_model("kernel", "AuditEvent")
    events.objects.bulk_create(
        events(
            actor_id=running.actor.user_id,
            actor_name=running.actor.name,
            action=running.action,
            path=running.path,
            model=change.model,
            object_id=change.object_id,
            verb=change.verb,
            before=change.values,
            rows=change.rows,
            reason=running.reason,
        )
        for change in running.changes
    )
