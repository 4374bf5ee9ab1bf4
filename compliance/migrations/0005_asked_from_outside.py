import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """What is on a list already is known by our own hash only: it stays listed with us and cannot be shared."""

    dependencies = [("compliance", "0004_audit_of_a_brand")]

    operations = [
        migrations.AddField(
            model_name="suppression",
            name="shared",
            field=models.BinaryField(
                default=b"", help_text="Its plain SHA-256, sealed: what others are told it from.", max_length=61
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="policyswitch",
            name="declined_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="policyswitch",
            name="declined_by",
            field=models.ForeignKey(
                help_text="Nothing changes, and nobody is asked any more. Whoever asked may take it back.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="policyswitch",
            constraint=models.CheckConstraint(
                condition=models.Q(("signed_by", None), ("declined_by", None), _connector="OR"),
                name="policy_signed_or_declined",
            ),
        ),
    ]
