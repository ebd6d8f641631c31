"""Seal what was kept in the open: keys are outside the database from here on."""

import uuid
import zhijia.kernel.crypto.columns
from django.db import migrations

from zhijia.kernel.crypto.existing import seal_existing, unseal_existing


class Migration(migrations.Migration):

    dependencies = [
        ("kernel", "0003_key_canary"),
        ('aid', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='relief',
            name='row_key',
            field=zhijia.kernel.crypto.columns.RowKeyField(default=uuid.uuid4, editable=False),
        ),
        migrations.AlterField(
            model_name='relief',
            name='note',
            field=zhijia.kernel.crypto.columns.SealedField(blank=True, domain='hardship', verbose_name='说明'),
        ),
        migrations.RunPython(
            seal_existing("aid", "relief", ["note"]),
            unseal_existing("aid", "relief", ["note"]),
        ),
    ]
