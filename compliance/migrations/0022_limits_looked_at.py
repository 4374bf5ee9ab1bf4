import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("compliance", "0021_gate_troubles"), ("players", "0013_quarantine_sealed")]

    operations = [
        migrations.CreateModel(
            name="LimitReview",
            fields=[
                (
                    "player",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="limit_review",
                        serialize=False,
                        to="players.player",
                    ),
                ),
                (
                    "reminded_at",
                    models.DateTimeField(db_index=True, help_text="Before the first reminder: since when we know them."),
                ),
            ],
        ),
        migrations.AlterField(
            model_name="interaction",
            name="kind",
            field=models.CharField(
                choices=[
                    ("system", "Pitboss"),
                    ("outreach", "Message sent"),
                    ("call", "Call or chat"),
                    ("restriction", "Restriction set by us"),
                    ("not_done", "Decided not to contact"),
                    ("contest", "Player contests the decision"),
                    ("answer", "Answer to the player's objection"),
                    ("lift_asked", "Player asks to lift or shorten a restriction"),
                    ("lift_answer", "Decision on that request, told to the player"),
                    ("review", "Review"),
                    ("note", "Note"),
                ],
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="interaction",
            name="upheld",
            field=models.BooleanField(help_text="Of an answer: were they right, or is it granted?", null=True),
        ),
    ]
