import django.db.models.deletion
from django.db import migrations, models

# What was said before this table was there; one look through it.
_BEFORE = """
INSERT INTO players_seenname (brand_id, what, name, seen_at)
SELECT p.brand_id, said.what, said.name, min(said.at)
FROM (SELECT player_id, 'tag' AS what, tag AS name, at FROM players_playertag
      UNION ALL
      SELECT player_id, 'event', kind, recorded_at FROM players_fact WHERE kind LIKE 'custom.%'
      UNION ALL
      SELECT player_id, 'sport', sport, recorded_at FROM players_bet WHERE sport <> ''
      UNION ALL
      SELECT player_id, 'league', league, recorded_at FROM players_bet WHERE league <> '') AS said
JOIN players_player p ON p.id = said.player_id
GROUP BY 1, 2, 3
"""


class Migration(migrations.Migration):
    dependencies = [
        ("players", "0002_line_of_ours_alone"),
    ]

    operations = [
        migrations.CreateModel(
            name="SeenName",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("event", "Event of the operator's own (custom.<name>)"),
                            ("tag", "Tag"),
                            ("sport", "Sport"),
                            ("league", "League"),
                        ],
                        max_length=6,
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                ("seen_at", models.DateTimeField(help_text="When it was first folded.")),
                (
                    "brand",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="seen_names",
                        to="players.brand",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("brand", "what", "name"), name="name_seen_once"),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="bet",
            index=models.Index(
                condition=models.Q(("sport", ""), _negated=True),
                fields=["sport", "league", "player"],
                name="bet_by_sport",
            ),
        ),
        migrations.RunSQL(_BEFORE, migrations.RunSQL.noop),
    ]
