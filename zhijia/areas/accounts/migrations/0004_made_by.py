from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_counters")]
    operations = [
        migrations.AddField(
            model_name="user",
            name="made_by_id",
            field=models.BigIntegerField(editable=False, null=True),
        ),
    ]
