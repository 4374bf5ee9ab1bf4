from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("segments", "0004_exports")]

    operations = [
        migrations.AddField(
            model_name="export",
            name="told",
            field=models.JSONField(
                default=dict, help_text="What the messages say, as the gate hears it: ask, incentive, content, audience."
            ),
        ),
        migrations.AlterField(
            model_name="export",
            name="left_out",
            field=models.JSONField(
                default=dict, help_text="class -> how many: consent, protected, caps, address, offer, other."
            ),
        ),
    ]
