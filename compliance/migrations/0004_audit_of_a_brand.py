import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("compliance", "0003_gate"),
        ("players", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="auditentry",
            name="brand",
            field=models.ForeignKey(
                db_index=False,
                help_text="Whose officers may read it. Empty: it concerns several, only who sees every brand may.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="players.brand",
            ),
        ),
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(fields=["brand", "-at"], name="audit_by_brand"),
        ),
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(
                condition=models.Q(kind="clearances.amounts_refused"), fields=["brand", "-at"], name="audit_probed"
            ),
        ),
    ]
