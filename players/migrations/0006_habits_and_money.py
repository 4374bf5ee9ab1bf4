import datetime
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('players', '0005_what_else_a_pam_tells'),
    ]

    operations = [
        migrations.CreateModel(
            name='PlayerHabits',
            fields=[
                ('state', models.OneToOneField(db_column='player_id', on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='habits', serialize=False, to='players.playerstate')),
                ('session3_at', models.DateTimeField(db_default=datetime.datetime(1, 1, 1, 0, 0, tzinfo=datetime.timezone.utc), default=datetime.datetime(1, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))),
                ('session5_at', models.DateTimeField(db_default=datetime.datetime(1, 1, 1, 0, 0, tzinfo=datetime.timezone.utc), default=datetime.datetime(1, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))),
                ('session8_at', models.DateTimeField(db_default=datetime.datetime(1, 1, 1, 0, 0, tzinfo=datetime.timezone.utc), default=datetime.datetime(1, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))),
                ('session10_at', models.DateTimeField(db_default=datetime.datetime(1, 1, 1, 0, 0, tzinfo=datetime.timezone.utc), default=datetime.datetime(1, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))),
                ('last10_from', models.DateTimeField(db_default=datetime.datetime(1, 1, 1, 0, 0, tzinfo=datetime.timezone.utc), default=datetime.datetime(1, 1, 1, 0, 0, tzinfo=datetime.timezone.utc), help_text='Start of the oldest of the newest 10: where reading may stop.')),
                ('favourite_game_id', models.BigIntegerField(db_default=0, default=0, help_text='Most often in the newest 10 sessions; 0 = none.')),
                ('last10_seconds', models.IntegerField(db_default=0, default=0, help_text='Summed length of the newest 10 sessions.')),
                ('sessions_7d', models.IntegerField(db_default=0, default=0)),
                ('sessions_90d', models.IntegerField(db_default=0, default=0)),
                ('seconds_30d', models.IntegerField(db_default=0, default=0)),
                ('night', models.IntegerField(db_default=0, default=0)),
                ('morning', models.IntegerField(db_default=0, default=0)),
                ('afternoon', models.IntegerField(db_default=0, default=0)),
                ('evening', models.IntegerField(db_default=0, default=0)),
                ('monday', models.IntegerField(db_default=0, default=0)),
                ('tuesday', models.IntegerField(db_default=0, default=0)),
                ('wednesday', models.IntegerField(db_default=0, default=0)),
                ('thursday', models.IntegerField(db_default=0, default=0)),
                ('friday', models.IntegerField(db_default=0, default=0)),
                ('saturday', models.IntegerField(db_default=0, default=0)),
                ('sunday', models.IntegerField(db_default=0, default=0)),
                ('staked_sessions', models.IntegerField(db_default=0, default=0, help_text='Sessions with a stake in them.')),
                ('bad_endings', models.IntegerField(db_default=0, default=0, help_text='Of those, the ones that ended after a bad run.')),
                ('losing_sessions', models.IntegerField(db_default=0, default=0, help_text='Sessions that lost real money.')),
                ('last10_sessions', models.SmallIntegerField(db_default=0, default=0, help_text='How many sessions the sum of 10 holds (0–10).')),
                ('favourite_provider', models.CharField(db_default='', default='', max_length=60)),
                ('device', models.CharField(db_default='', default='', help_text='Most often in the newest 10 sessions.', max_length=12)),
            ],
        ),
        migrations.CreateModel(
            name='PlayerMoney',
            fields=[
                ('state', models.OneToOneField(db_column='player_id', on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='money', serialize=False, to='players.playerstate')),
                ('deposit2_at', models.DateTimeField(db_default=datetime.datetime(1, 1, 1, 0, 0, tzinfo=datetime.timezone.utc), default=datetime.datetime(1, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))),
                ('deposit3_at', models.DateTimeField(db_default=datetime.datetime(1, 1, 1, 0, 0, tzinfo=datetime.timezone.utc), default=datetime.datetime(1, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))),
                ('deposit5_at', models.DateTimeField(db_default=datetime.datetime(1, 1, 1, 0, 0, tzinfo=datetime.timezone.utc), default=datetime.datetime(1, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))),
                ('deposit10_at', models.DateTimeField(db_default=datetime.datetime(1, 1, 1, 0, 0, tzinfo=datetime.timezone.utc), default=datetime.datetime(1, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))),
                ('declined1_at', models.DateTimeField(db_default=datetime.datetime(1, 1, 1, 0, 0, tzinfo=datetime.timezone.utc), default=datetime.datetime(1, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))),
                ('declined3_at', models.DateTimeField(db_default=datetime.datetime(1, 1, 1, 0, 0, tzinfo=datetime.timezone.utc), default=datetime.datetime(1, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))),
                ('declined5_at', models.DateTimeField(db_default=datetime.datetime(1, 1, 1, 0, 0, tzinfo=datetime.timezone.utc), default=datetime.datetime(1, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))),
                ('cancelled1_at', models.DateTimeField(db_default=datetime.datetime(1, 1, 1, 0, 0, tzinfo=datetime.timezone.utc), default=datetime.datetime(1, 1, 1, 0, 0, tzinfo=datetime.timezone.utc), help_text='Newest withdrawal the player took back.')),
                ('cancelled2_at', models.DateTimeField(db_default=datetime.datetime(1, 1, 1, 0, 0, tzinfo=datetime.timezone.utc), default=datetime.datetime(1, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))),
                ('cancelled3_at', models.DateTimeField(db_default=datetime.datetime(1, 1, 1, 0, 0, tzinfo=datetime.timezone.utc), default=datetime.datetime(1, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))),
                ('last_withdrawal_at', models.DateTimeField(db_default=datetime.datetime(1, 1, 1, 0, 0, tzinfo=datetime.timezone.utc), default=datetime.datetime(1, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))),
                ('charged_back_at', models.DateTimeField(db_default=datetime.datetime(1, 1, 1, 0, 0, tzinfo=datetime.timezone.utc), default=datetime.datetime(1, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))),
                ('largest_deposit', models.BigIntegerField(db_default=0, default=0)),
                ('deposit_gap_seconds', models.BigIntegerField(db_default=0, default=0, help_text='Time between consecutive deposits, summed.')),
                ('deposit_sum_7d', models.BigIntegerField(db_default=0, default=0)),
                ('deposit_sum_90d', models.BigIntegerField(db_default=0, default=0)),
                ('withdrawal_sum_30d', models.BigIntegerField(db_default=0, default=0)),
                ('deposit_gaps', models.IntegerField(db_default=0, default=0, help_text='How many gaps that sum holds: deposits less one.')),
                ('deposits_7d', models.IntegerField(db_default=0, default=0)),
                ('deposits_90d', models.IntegerField(db_default=0, default=0)),
                ('withdrawals_30d', models.IntegerField(db_default=0, default=0)),
                ('cancelled_withdrawals', models.IntegerField(db_default=0, default=0)),
                ('chargebacks', models.IntegerField(db_default=0, default=0)),
                ('last10_deposits', models.SmallIntegerField(db_default=0, default=0, help_text='How many deposits the two below look at (0–10).')),
                ('last10_in_session', models.SmallIntegerField(db_default=0, default=0, help_text='Of the newest 10: paid in during a session.')),
                ('last10_after_loss', models.SmallIntegerField(db_default=0, default=0, help_text='Of the newest 10: paid in within 24 hours after a session that lost real money.')),
                ('method', models.CharField(db_default='', default='', help_text='Most often in the newest 10 deposits.', max_length=30)),
            ],
        ),
        migrations.AddField(
            model_name='brand',
            name='session_gap_minutes',
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='playercategory',
            name='last10_from',
            field=models.DateTimeField(db_default=datetime.datetime(1, 1, 1, 0, 0, tzinfo=datetime.timezone.utc), default=datetime.datetime(1, 1, 1, 0, 0, tzinfo=datetime.timezone.utc), help_text='Start of the oldest of the newest 10: where reading may stop.'),
        ),
        migrations.AddField(
            model_name='playercategory',
            name='last10_seconds',
            field=models.IntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='playercategory',
            name='last5_seconds',
            field=models.IntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='session',
            name='ending',
            field=models.SmallIntegerField(choices=[(0, 'Nothing was staked'), (1, 'As usual'), (2, 'After a bad run: they returned less than half of what was staked')], db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='session',
            name='net_real',
            field=models.BigIntegerField(db_default=0, default=0, help_text='Real wins less real stakes: below zero, money was lost.'),
        ),
        migrations.AddField(
            model_name='session',
            name='rounds',
            field=models.IntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='stagechange',
            name='fact_key',
            field=models.CharField(blank=True, db_default='', default='', max_length=160),
        ),
        migrations.RunSQL(
            # As for the other rows of state: room on the page for the next version.
            "ALTER TABLE players_playerhabits SET (fillfactor = 80);"
            "ALTER TABLE players_playermoney SET (fillfactor = 80)",
            migrations.RunSQL.noop,
        ),
    ]
