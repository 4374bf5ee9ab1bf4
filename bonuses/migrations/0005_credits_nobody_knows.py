from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("bonuses", "0004_gifts_that_wait")]

    operations = [
        migrations.AddIndex(
            model_name="grant",
            index=models.Index(
                condition=models.Q(("credit", "ambiguous")), fields=["granted_at"], name="grant_credit_unclear"
            ),
        ),
    ]
