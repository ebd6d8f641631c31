from django.core.management import call_command
from django.db import migrations


def make(_apps, editor):
    """Make the table in which all processes count failures and used codes (settings.CACHES)."""
    call_command("createcachetable", database=editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_person_and_first_password")]
    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
