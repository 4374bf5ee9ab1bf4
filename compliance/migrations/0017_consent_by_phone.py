from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("compliance", "0016_lifecycle")]

    operations = [
        migrations.AlterField(
            model_name="consent",
            name="channel",
            field=models.CharField(
                choices=[
                    ("email", "E-mail"), ("sms", "SMS"), ("push", "Push"), ("onsite", "On site"), ("phone", "Phone"),
                ],
                max_length=8,
            ),
        ),
    ]  # fmt: skip
