import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from config.lib.tables import CreateTables


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('players', '0001_initial'),
    ]

    operations = [
        CreateTables([
            migrations.CreateModel(
                name='Segment',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('brand', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='segments', to='players.brand')),
                    ('name', models.CharField(max_length=120)),
                    ('status', models.CharField(choices=[('draft', 'Draft'), ('live', 'Live'), ('archived', 'Archived')], default='draft', max_length=8)),
                    ('current', models.ForeignKey(help_text='The rule in force.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='segments.version')),
                    ('draft', models.JSONField(blank=True, help_text='Rule being worked on; becomes a version when live.', null=True)),
                    ('build_after', models.BigIntegerField(blank=True, help_text='Players up to this id are done.', null=True)),
                    ('acts_on_existing', models.BooleanField(default=False, help_text='Whether the build tells journeys about the players it finds.')),
                    ('live_at', models.DateTimeField(blank=True, null=True)),
                    ('created_at', models.DateTimeField()),
                    ('changed_at', models.DateTimeField()),
                    ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('brand', 'name'), name='segment_name_once_per_brand')],
                },
            ),
            migrations.CreateModel(
                name='Membership',
                fields=[
                    ('id', models.BigAutoField(primary_key=True, serialize=False)),
                    ('segment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to='segments.segment')),
                    ('player', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to='players.player')),
                    ('entered_at', models.DateTimeField()),
                    ('left_at', models.DateTimeField(blank=True, null=True)),
                    ('cause', models.CharField(help_text='events, time, day turn or build: what made them enter.', max_length=20)),
                    ('left_cause', models.CharField(blank=True, max_length=20)),
                ],
                options={
                    'indexes': [models.Index(condition=models.Q(('left_at', None)), fields=['segment', 'player'], name='members_now'), models.Index(fields=['segment', 'entered_at'], name='membership_entered'), models.Index(condition=models.Q(('left_at__isnull', False)), fields=['segment', 'left_at'], name='membership_left')],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('left_at', None)), fields=('player', 'segment'), name='one_open_membership')],
                },
            ),
            migrations.CreateModel(
                name='Version',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('segment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='segments.segment')),
                    ('number', models.PositiveIntegerField()),
                    ('rule', models.JSONField()),
                    ('sentence', models.TextField()),
                    ('criteria', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), size=None)),
                    ('created_at', models.DateTimeField()),
                    ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['-number'],
                    'constraints': [models.UniqueConstraint(fields=('segment', 'number'), name='segment_version_once')],
                },
            ),
        ]),
    ]
