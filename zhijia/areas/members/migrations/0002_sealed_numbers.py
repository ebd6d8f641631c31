"""Seal what was kept in the open: keys are outside the database from here on."""

import uuid
import zhijia.kernel.crypto.columns
import zhijia.kernel.identity
from django.db import migrations

from zhijia.kernel.crypto.existing import seal_existing, unseal_existing


class Migration(migrations.Migration):

    dependencies = [
        ("kernel", "0003_key_canary"),
        ('members', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='person',
            name='id_index',
            field=zhijia.kernel.crypto.columns.BlindIndexField(of='id_number', part=zhijia.kernel.identity.whole, unique=True),
        ),
        migrations.AddField(
            model_name='person',
            name='id_tail',
            field=zhijia.kernel.crypto.columns.BlindIndexField(db_index=True, of='id_number', part=zhijia.kernel.identity.last_four),
        ),
        migrations.AddField(
            model_name='person',
            name='phone_index',
            field=zhijia.kernel.crypto.columns.BlindIndexField(db_index=True, of='phone', part=zhijia.kernel.identity.whole),
        ),
        migrations.AddField(
            model_name='person',
            name='phone_tail',
            field=zhijia.kernel.crypto.columns.BlindIndexField(db_index=True, of='phone', part=zhijia.kernel.identity.last_four),
        ),
        migrations.AddField(
            model_name='person',
            name='row_key',
            field=zhijia.kernel.crypto.columns.RowKeyField(default=uuid.uuid4, editable=False),
        ),
        migrations.AlterField(
            model_name='person',
            name='id_number',
            field=zhijia.kernel.crypto.columns.SealedField(blank=True, domain='identity', null=True, verbose_name='证件号码'),
        ),
        migrations.AlterField(
            model_name='person',
            name='phone',
            field=zhijia.kernel.crypto.columns.SealedField(blank=True, domain='identity', verbose_name='移动电话'),
        ),
        migrations.RunPython(
            seal_existing("members", "person", ["id_number", "phone"]),
            unseal_existing("members", "person", ["id_number", "phone"]),
        ),
    ]
