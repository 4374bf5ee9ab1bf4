from django.db import migrations, models


_TELL = """
UPDATE players_playerstate s SET stake_90d = c.stake
FROM (SELECT player_id, sum(stake_90d) AS stake FROM players_playercategory GROUP BY player_id) AS c
WHERE c.player_id = s.player_id AND c.stake <> 0;
UPDATE players_playerstate s SET bonuses_offered = b.offered, bonuses_taken = b.taken
FROM (SELECT player_id, count(*) AS offered, count(taken_at) AS taken FROM players_playerbonus WHERE status <> ''
      GROUP BY player_id) AS b
WHERE b.player_id = s.player_id
"""


class Migration(migrations.Migration):

    dependencies = [
        ('players', '0004_scopes_of_keys'),
    ]

    operations = [
        migrations.AddField(
            model_name='playerstate',
            name='bonuses_offered',
            field=models.IntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='playerstate',
            name='bonuses_taken',
            field=models.IntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='playerstate',
            name='stake_90d',
            field=models.BigIntegerField(db_default=0, default=0, help_text='All categories together.'),
        ),
        migrations.AddIndex(
            model_name="player",
            index=models.Index(condition=models.Q(("is_test", True)), fields=["id"], name="player_tests"),
        ),
        migrations.RunSQL(_TELL, migrations.RunSQL.noop),
    ]
