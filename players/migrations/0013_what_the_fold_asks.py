import django.db.models.deletion
from django.db import migrations, models

SQL = """
ALTER TABLE players_playerstate ADD COLUMN brand_id bigint, ADD COLUMN top_stake_90d bigint NOT NULL DEFAULT 0;
UPDATE players_playerstate s SET
    brand_id = p.brand_id,
    top_stake_90d = coalesce((SELECT max(stake_90d) FROM players_playercategory c WHERE c.player_id = p.id), 0)
FROM players_player p WHERE p.id = s.player_id;
ALTER TABLE players_playerstate ALTER COLUMN brand_id SET NOT NULL;
"""


class Migration(migrations.Migration):

    dependencies = [("players", "0012_redrawing_stages")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AddField(
                    "playerstate",
                    "brand",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="players.brand",
                    ),
                    preserve_default=False,
                ),
                migrations.AddField(
                    "playerstate",
                    "top_stake_90d",
                    models.BigIntegerField(
                        db_default=0,
                        default=0,
                        help_text="What was staked in the top category: others are measured against it.",
                    ),
                ),
            ],
            database_operations=[
                migrations.RunSQL(SQL, "ALTER TABLE players_playerstate DROP COLUMN brand_id, DROP COLUMN top_stake_90d")
            ],
        ),
    ]
