import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("compliance", "0009_handouts"), ("players", "0010_own_attributes_by_file")]

    operations = [
        migrations.CreateModel(
            name="RegisterAccess",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("register", models.CharField(max_length=20)),
                ("base_url", models.URLField()),
                (
                    "actor",
                    models.CharField(blank=True, help_text="The licensee's id at the register.", max_length=40),
                ),
                (
                    "key_name",
                    models.CharField(help_text="REGISTER_KEY_…: the variable that holds the key.", max_length=60),
                ),
                ("is_on", models.BooleanField(default=True)),
                (
                    "ask_again_after",
                    models.DurationField(
                        help_text="An answer older than this is asked for anew when a send is due."
                    ),
                ),
                ("leased_until", models.DateTimeField(help_text="Somebody is asking.", null=True)),
                (
                    "failures",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="Rounds in a row without a single answer."
                    ),
                ),
                ("paused_until", models.DateTimeField(null=True)),
                ("trouble", models.CharField(blank=True, max_length=200)),
                (
                    "licence",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="register_accesses",
                        to="players.licence",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("licence", "register"), name="one_access_per_register")
                ],
            },
        ),
    ]
