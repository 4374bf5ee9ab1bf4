from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("compliance", "0023_two_people")]

    operations = [
        migrations.AlterField(
            model_name="consent",
            name="channel",
            field=models.CharField(
                choices=[
                    ("email", "E-mail"), ("sms", "SMS"), ("push", "Push"), ("onsite", "On site"), ("phone", "Phone"),
                    ("post", "Post"), ("social", "Direct message"), ("affiliate", "Affiliate"), ("ads", "Matched ads"),
                ],
                max_length=10,
            ),
        ),
    ]  # fmt: skip
