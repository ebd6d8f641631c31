"""Seed the tree of kinds; officers may add to it later."""

from django.db import migrations

from zhijia.areas.activities.seed import seed_kinds


def forward(apps, schema_editor):
    seed_kinds(apps)


class Migration(migrations.Migration):
    dependencies = [("activities", "0001_initial")]
    operations = [migrations.RunPython(forward, migrations.RunPython.noop)]
