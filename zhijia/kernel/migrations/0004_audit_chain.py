"""The audit becomes a chain: lines get their number, the mark of the line before and their own.

The lines that are there are chained as they stand. The triggers of 0002 are put aside for that moment.
"""

import importlib

from django.db import migrations, models
from django.utils import timezone

BATCH = 2000
TRIGGERS = importlib.import_module("zhijia.kernel.migrations.0002_audit_append_only")
ASIDE = {
    "sqlite": TRIGGERS.UNDO["sqlite"],
    "postgresql": ("DROP TRIGGER audit_append_only ON kernel_auditevent",),
}
BACK = {"sqlite": TRIGGERS.SQLITE, "postgresql": TRIGGERS.POSTGRESQL[1:]}
GUARD = {
    "sqlite": (
        "CREATE TRIGGER audit_head_stays BEFORE DELETE ON kernel_audithead "
        "BEGIN SELECT RAISE(ABORT, 'the head of the audit stays'); END",
        "CREATE TRIGGER audit_head_forward BEFORE UPDATE ON kernel_audithead "
        "WHEN NEW.id <> OLD.id OR NEW.seq <= OLD.seq "
        "BEGIN SELECT RAISE(ABORT, 'the head of the audit moves forward only'); END",
    ),
    "postgresql": (
        "CREATE FUNCTION audit_head_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the head of the audit moves forward only'; END $$",
        "CREATE TRIGGER audit_head_stays BEFORE DELETE ON kernel_audithead "
        "FOR EACH ROW EXECUTE FUNCTION audit_head_refuse()",
        "CREATE TRIGGER audit_head_forward BEFORE UPDATE ON kernel_audithead "
        "FOR EACH ROW WHEN (NEW.id <> OLD.id OR NEW.seq <= OLD.seq) "
        "EXECUTE FUNCTION audit_head_refuse()",
    ),
}
UNGUARD = {
    "sqlite": ("DROP TRIGGER audit_head_stays", "DROP TRIGGER audit_head_forward"),
    "postgresql": (
        "DROP TRIGGER audit_head_stays ON kernel_audithead",
        "DROP TRIGGER audit_head_forward ON kernel_audithead",
        "DROP FUNCTION audit_head_refuse()",
    ),
}


def running(statements):
    def run(apps, schema_editor):
        for statement in statements[schema_editor.connection.vendor]:
            schema_editor.execute(statement)

    return run


def chain(apps, schema_editor):
    """Number and mark the lines in the order in which they were written."""
    from zhijia.kernel.chain import GENESIS, mark, spoken

    events = apps.get_model("kernel", "AuditEvent").objects
    seq, prev, after, make = 0, GENESIS, 0, None
    while batch := list(events.filter(pk__gt=after).order_by("pk")[:BATCH]):
        make = make or mark()  # a new database has no lines, and needs no keys yet
        for line in batch:
            seq += 1
            line.seq, line.prev = seq, prev
            line.fields = sorted(line.before) if line.verb in ("change", "remove") else []
            line.hash = prev = make(spoken(line).encode())
        events.bulk_create(
            batch,
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=["seq", "prev", "hash", "fields"],
            batch_size=500,
        )
        after = batch[-1].pk
    apps.get_model("kernel", "AuditHead").objects.create(pk=1, seq=seq, hash=prev)


class Migration(migrations.Migration):
    dependencies = [("kernel", "0003_key_canary")]
    operations = [
        migrations.RunPython(running(ASIDE), running(BACK)),
        migrations.AddField("auditevent", "seq", models.BigIntegerField(null=True)),
        migrations.AddField("auditevent", "prev", models.CharField(default="", max_length=64), False),
        migrations.AddField("auditevent", "hash", models.CharField(default="", max_length=64), False),
        migrations.AddField("auditevent", "post", models.CharField(blank=True, default="", max_length=200), False),
        migrations.AddField("auditevent", "address", models.CharField(blank=True, default="", max_length=45), False),
        migrations.AddField("auditevent", "subject_id", models.BigIntegerField(db_index=True, null=True)),
        migrations.AddField("auditevent", "fields", models.JSONField(default=list)),
        migrations.AlterField("auditevent", "at", models.DateTimeField(db_index=True, default=timezone.now)),
        migrations.AlterField("auditevent", "model", models.CharField(blank=True, max_length=60)),
        migrations.AddIndex("auditevent", models.Index(fields=["actor_id", "at"], name="audit_by_actor")),
        migrations.CreateModel(
            name="AuditHead",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seq", models.BigIntegerField(default=0)),
                ("hash", models.CharField(max_length=64)),
            ],
        ),
        migrations.RunPython(chain, migrations.RunPython.noop),
        migrations.AlterField("auditevent", "seq", models.BigIntegerField(unique=True)),
        migrations.RunPython(running(BACK), running(ASIDE)),
        migrations.RunPython(running(GUARD), running(UNGUARD)),
    ]
