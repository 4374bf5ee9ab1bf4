from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0006_let_go")]

    operations = [
        migrations.AddIndex(
            model_name="attempt",
            index=models.Index(
                condition=models.Q(("status", "unknown")), fields=["created_at"], name="attempt_unknown"
            ),
        ),
    ]
