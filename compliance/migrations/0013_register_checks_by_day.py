import django.contrib.postgres.indexes
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("compliance", "0012_limits_and_rates")]

    operations = [
        migrations.AddIndex(
            model_name="registercheck",
            index=django.contrib.postgres.indexes.BrinIndex(
                autosummarize=True, fields=["asked_at"], name="register_check_days"
            ),
        ),
    ]
