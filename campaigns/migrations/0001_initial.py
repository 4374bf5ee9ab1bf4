import django.contrib.postgres.fields
import django.db.models.constraints
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from config.lib.tables import CreateTables


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('bonuses', '0001_initial'),
        ('compliance', '0002_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('players', '0001_initial'),
        ('segments', '0001_initial'),
    ]

    operations = [
        CreateTables([
            migrations.CreateModel(
                name='Campaign',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('brand', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='campaigns', to='players.brand')),
                    ('name', models.CharField(max_length=80)),
                    ('kind', models.CharField(choices=[('journey', 'Journey'), ('once', 'Send once')], default='journey', max_length=8)),
                    ('recipe', models.CharField(blank=True, max_length=40)),
                    ('priority', models.PositiveSmallIntegerField(default=50, help_text='0 to 100; the higher one is sent first.')),
                    ('exclusive_group', models.CharField(blank=True, help_text='Of campaigns in the same group a player hears only the strongest.', max_length=40)),
                    ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('created_at', models.DateTimeField()),
                ],
                options={
                    'ordering': ['-priority', 'name'],
                    'constraints': [models.UniqueConstraint(fields=('brand', 'name'), name='campaign_name_once_per_brand')],
                },
            ),
            migrations.CreateModel(
                name='Version',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='campaigns.campaign')),
                    ('number', models.PositiveSmallIntegerField(default=1)),
                    ('status', models.CharField(choices=[('draft', 'Draft'), ('submitted', 'Waiting for approval'), ('approved', 'Approved'), ('live', 'Live'), ('paused', 'Paused'), ('closing', 'Replaced: nobody new'), ('ended', 'Ended')], default='draft', max_length=10)),
                    ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('approver', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('created_at', models.DateTimeField()),
                    ('submitted_at', models.DateTimeField(null=True)),
                    ('approved_at', models.DateTimeField(null=True)),
                    ('launched_at', models.DateTimeField(null=True)),
                    ('ended_at', models.DateTimeField(null=True)),
                    ('launch_after', models.BigIntegerField(help_text='Send once: players up to this id have been let in.', null=True)),
                    ('note', models.CharField(blank=True, help_text='Why it was returned, paused or ended.', max_length=300)),
                    ('trigger', models.CharField(choices=[('fact', 'Something happens'), ('segment', 'Player enters a segment'), ('stage', 'Player reaches a stage'), ('launch', 'Once, to a segment, at launch')], default='fact', max_length=8)),
                    ('trigger_fact', models.CharField(blank=True, max_length=40)),
                    ('trigger_segment', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='segments.segment')),
                    ('trigger_stage', models.SmallIntegerField(null=True)),
                    ('only_if_segment', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='segments.segment')),
                    ('reentry_days', models.PositiveSmallIntegerField(help_text='Empty: once in a lifetime.', null=True)),
                    ('goal_fact', models.CharField(blank=True, max_length=40)),
                    ('goal_days', models.PositiveSmallIntegerField(default=7)),
                    ('exit_facts', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list, size=None)),
                    ('products', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=8), default=list, size=None)),
                    ('control_percent', models.PositiveSmallIntegerField(default=0)),
                    ('launch_limit', models.PositiveIntegerField(default=20000, help_text='Most players that may enter in 24 hours.')),
                ],
                options={
                    'ordering': ['-number'],
                    'constraints': [models.UniqueConstraint(fields=('campaign', 'number'), name='version_number_once'), models.UniqueConstraint(condition=models.Q(('status__in', ['live', 'paused'])), fields=('campaign',), name='one_live_version'), models.UniqueConstraint(condition=models.Q(('status__in', ['draft', 'submitted', 'approved'])), fields=('campaign',), name='one_open_version'), models.CheckConstraint(condition=models.Q(('approver', None), models.Q(('approver', models.F('author')), _negated=True), _connector='OR'), name='campaign_needs_two_people'), models.CheckConstraint(condition=models.Q(('status__in', ['draft', 'submitted', 'ended']), models.Q(('approver__isnull', False), ('approved_at__isnull', False)), _connector='OR'), name='nothing_live_unapproved'), models.CheckConstraint(condition=models.Q(('control_percent__lte', 90)), name='control_leaves_somebody')],
                },
            ),
            migrations.CreateModel(
                name='ConflictRules',
                fields=[
                    ('brand', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='conflict_rules', serialize=False, to='players.brand')),
                    ('per_day', models.PositiveSmallIntegerField(default=2, help_text='Promotional messages in any 24 hours.')),
                    ('per_week', models.PositiveSmallIntegerField(default=6, help_text='Promotional messages in any 7 × 24 hours.')),
                    ('spacing_minutes', models.PositiveSmallIntegerField(default=120, help_text='Between two promotional messages.')),
                    ('holdout_percent', models.PositiveSmallIntegerField(default=0, help_text='Players who get no promotional campaign at all, to measure against.')),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(('per_day__gte', 1), ('per_week__gte', 1)), name='caps_leave_something'), models.CheckConstraint(condition=models.Q(('holdout_percent__lte', 50)), name='holdout_leaves_somebody')],
                },
            ),
            migrations.CreateModel(
                name='Step',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='campaigns.version')),
                    ('arm', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='campaigns.arm')),
                    ('position', models.PositiveSmallIntegerField()),
                    ('kind', models.CharField(choices=[('message', 'Message'), ('wait', 'Wait'), ('branch', 'Branch'), ('bonus', 'Give bonus'), ('end', 'End')], max_length=8)),
                    ('channel', models.CharField(blank=True, choices=[('email', 'E-mail'), ('onsite', 'On site')], max_length=10)),
                    ('purpose', models.CharField(choices=[('promotional', 'Promotional'), ('transactional', 'Service'), ('rg_outreach', 'RG outreach'), ('rg_confirmation', 'RG confirmation'), ('regulatory_notice', 'Regulatory notice'), ('security', 'Security'), ('legal', 'Legal'), ('research', 'Research')], default='promotional', max_length=20)),
                    ('ask', models.CharField(blank=True, choices=[('', 'Nothing'), ('deposit', 'A deposit'), ('stake', 'A stake')], max_length=8)),
                    ('ask_amount', models.BigIntegerField(default=0, help_text="Minor units of the brand's currency.")),
                    ('valid_hours', models.PositiveSmallIntegerField(default=48, help_text='Not sent by then: not sent at all.')),
                    ('wait_minutes', models.PositiveIntegerField(default=0)),
                    ('wait_fact', models.CharField(blank=True, help_text='Ends the wait early.', max_length=40)),
                    ('wait_until', models.TimeField(help_text="Then until this hour in the player's zone.", null=True)),
                    ('terms', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='bonuses.terms')),
                    ('if_refused', models.CharField(choices=[('skip', 'Go on with the next step'), ('leave', 'Leave the journey')], default='skip', max_length=5)),
                ],
                options={
                    'ordering': ['position', 'id'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('ask_amount__gte', 0)), name='ask_is_not_negative')],
                },
            ),
            migrations.CreateModel(
                name='Arm',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('step', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='arms', to='campaigns.step')),
                    ('position', models.PositiveSmallIntegerField()),
                    ('segment', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='segments.segment')),
                    ('title', models.CharField(max_length=60)),
                ],
                options={
                    'ordering': ['position'],
                    'constraints': [models.UniqueConstraint(fields=('step', 'position'), name='arm_place_once')],
                },
            ),
            migrations.CreateModel(
                name='Variant',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('step', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='variants', to='campaigns.step')),
                    ('position', models.PositiveSmallIntegerField()),
                    ('segment', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='segments.segment')),
                    ('jurisdiction', models.CharField(blank=True, max_length=2)),
                    ('silent', models.BooleanField(default=False, help_text='Send nothing to these players.')),
                    ('subject', models.CharField(blank=True, help_text='Subject of the e-mail, title of the card.', max_length=150)),
                    ('body', models.TextField(blank=True, help_text='HTML with Liquid fields.')),
                    ('button', models.CharField(blank=True, max_length=40)),
                    ('url', models.CharField(blank=True, max_length=300)),
                ],
                options={
                    'ordering': ['position'],
                    'constraints': [models.UniqueConstraint(fields=('step', 'position'), name='variant_place_once')],
                },
            ),
            migrations.CreateModel(
                name='Enrolment',
                fields=[
                    ('id', models.BigAutoField(primary_key=True, serialize=False)),
                    ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='enrolments', to='campaigns.campaign')),
                    ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='enrolments', to='campaigns.version')),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='players.person')),
                    ('player', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='enrolments', to='players.player')),
                    ('entry_key', models.CharField(help_text="'once', or the fact that let the player in.", max_length=170)),
                    ('fact_id', models.BigIntegerField(help_text='The fact that let the player in.', null=True)),
                    ('repeats', models.BooleanField(default=False, help_text='Every event its own run: a confirmation for each limit.')),
                    ('state', models.CharField(choices=[('active', 'In the journey'), ('done', 'Went through'), ('exited', 'Left early'), ('control', 'Control group'), ('holdout', 'Hold-out group')], default='active', max_length=8)),
                    ('step', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='campaigns.step')),
                    ('due_at', models.DateTimeField(help_text='Empty: waits for a message to be settled, or is over.', null=True)),
                    ('waits_for', models.CharField(blank=True, help_text='Fact kind that ends the present wait.', max_length=40)),
                    ('entered_at', models.DateTimeField()),
                    ('ended_at', models.DateTimeField(null=True)),
                    ('goal_at', models.DateTimeField(null=True)),
                    ('reason', models.CharField(blank=True, help_text='Why it ended: a fact kind or a word.', max_length=60)),
                ],
                options={
                    'indexes': [models.Index(condition=models.Q(('state', 'active')), fields=['due_at'], name='enrolment_due'), models.Index(condition=models.Q(('state', 'active')), fields=['player'], name='enrolment_active'), models.Index(fields=['version', 'state'], name='enrolment_by_version'), models.Index(fields=['player', '-entered_at'], name='enrolment_timeline')],
                    'constraints': [models.UniqueConstraint(fields=('campaign', 'player', 'entry_key'), name='enrolled_once_per_entry'), models.UniqueConstraint(condition=models.Q(('repeats', False), ('state', 'active')), fields=('campaign', 'player'), name='one_run_at_a_time')],
                },
            ),
            migrations.CreateModel(
                name='Trace',
                fields=[
                    ('id', models.BigAutoField(primary_key=True, serialize=False)),
                    ('enrolment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='traces', to='campaigns.enrolment')),
                    ('player', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='players.player')),
                    ('at', models.DateTimeField()),
                    ('kind', models.CharField(choices=[('entered', 'Entered'), ('waited', 'Waits'), ('resumed', 'Wait ended'), ('branched', 'Took a branch'), ('planned', 'Message planned'), ('sent', 'Sent'), ('refused', 'Not sent'), ('later', 'Later'), ('lost', 'Another campaign went first'), ('granted', 'Bonus given'), ('not_granted', 'Bonus refused'), ('goal', 'Goal reached'), ('exited', 'Left early'), ('done', 'Went through'), ('held', 'Kept out to measure')], max_length=12)),
                    ('step', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='campaigns.step')),
                    ('fact_id', models.BigIntegerField(null=True)),
                    ('delivery_id', models.BigIntegerField(null=True)),
                    ('detail', models.CharField(blank=True, max_length=200)),
                ],
                options={
                    'indexes': [models.Index(fields=['enrolment', 'at'], name='trace_of_run'), models.Index(fields=['step', 'kind'], name='trace_by_step')],
                },
            ),
            migrations.CreateModel(
                name='Delivery',
                fields=[
                    ('id', models.BigAutoField(primary_key=True, serialize=False)),
                    ('enrolment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='campaigns.enrolment')),
                    ('step', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='campaigns.step')),
                    ('variant', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='campaigns.variant')),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='players.person')),
                    ('player', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='players.player')),
                    ('channel', models.CharField(max_length=10)),
                    ('purpose', models.CharField(choices=[('promotional', 'Promotional'), ('transactional', 'Service'), ('rg_outreach', 'RG outreach'), ('rg_confirmation', 'RG confirmation'), ('regulatory_notice', 'Regulatory notice'), ('security', 'Security'), ('legal', 'Legal'), ('research', 'Research')], max_length=20)),
                    ('status', models.CharField(choices=[('planned', 'Waiting'), ('ready', 'About to be sent'), ('sending', 'Being sent'), ('sent', 'Sent'), ('refused', 'Not sent'), ('dropped', 'Not sent: no longer wanted'), ('failed', 'Failed'), ('unknown', 'Perhaps sent')], default='planned', max_length=8)),
                    ('created_at', models.DateTimeField()),
                    ('due_at', models.DateTimeField()),
                    ('expires_at', models.DateTimeField()),
                    ('settled_at', models.DateTimeField(null=True)),
                    ('tries', models.PositiveSmallIntegerField(default=0)),
                    ('code', models.CharField(blank=True, help_text='Why not, or why later.', max_length=40)),
                    ('detail', models.CharField(blank=True, max_length=200)),
                    ('decision', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='compliance.decision')),
                ],
                options={
                    'indexes': [models.Index(condition=models.Q(('status__in', ['planned', 'ready'])), fields=['due_at'], name='delivery_due'), models.Index(fields=['player', '-created_at'], name='delivery_timeline'), models.Index(condition=models.Q(('status', 'sent')), fields=['person', '-settled_at'], name='delivery_pressure')],
                    'constraints': [models.UniqueConstraint(fields=('enrolment', 'step'), name='delivered_once_per_step')],
                },
            ),
            migrations.CreateModel(
                name='Attempt',
                fields=[
                    ('id', models.BigAutoField(primary_key=True, serialize=False)),
                    ('delivery', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attempts', to='campaigns.delivery')),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='players.person')),
                    ('player', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='players.player')),
                    ('decision', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='attempt', to='compliance.decision')),
                    ('channel', models.CharField(max_length=10)),
                    ('purpose', models.CharField(choices=[('promotional', 'Promotional'), ('transactional', 'Service'), ('rg_outreach', 'RG outreach'), ('rg_confirmation', 'RG confirmation'), ('regulatory_notice', 'Regulatory notice'), ('security', 'Security'), ('legal', 'Legal'), ('research', 'Research')], max_length=20)),
                    ('number', models.PositiveSmallIntegerField()),
                    ('address', models.CharField(blank=True, max_length=254)),
                    ('subject', models.CharField(max_length=300)),
                    ('html', models.TextField()),
                    ('text', models.TextField()),
                    ('button', models.CharField(blank=True, max_length=80)),
                    ('url', models.CharField(blank=True, max_length=500)),
                    ('status', models.CharField(choices=[('sending', 'Being sent'), ('accepted', 'Accepted'), ('failed', 'Failed'), ('unknown', 'Unknown'), ('unbegun', 'Not begun')], default='sending', max_length=8)),
                    ('created_at', models.DateTimeField()),
                    ('lease_until', models.DateTimeField()),
                    ('sent_at', models.DateTimeField(help_text='When the provider said yes.', null=True)),
                    ('provider_id', models.CharField(blank=True, max_length=200)),
                    ('error', models.CharField(blank=True, max_length=300)),
                ],
                options={
                    'indexes': [models.Index(condition=models.Q(('status', 'sending')), fields=['lease_until'], name='attempt_lease'), models.Index(fields=['player', '-created_at'], name='attempt_timeline')],
                    'constraints': [models.UniqueConstraint(fields=('delivery', 'number'), name='attempt_number_once')],
                },
            ),
            migrations.CreateModel(
                name='Card',
                fields=[
                    ('id', models.BigAutoField(primary_key=True, serialize=False)),
                    ('delivery', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='card', to='campaigns.delivery')),
                    ('attempt', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='card', to='campaigns.attempt')),
                    ('player', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cards', to='players.player')),
                    ('created_at', models.DateTimeField()),
                    ('expires_at', models.DateTimeField()),
                    ('seen_at', models.DateTimeField(null=True)),
                    ('recalled_at', models.DateTimeField(null=True)),
                ],
                options={
                    'indexes': [models.Index(fields=['player', '-created_at'], name='card_newest')],
                },
            ),
        ]),
        # Apart: created with its table, Django 5.2 forgets `deferrable` where nulls are not distinct.
        migrations.AddConstraint(
            model_name='step',
            constraint=models.UniqueConstraint(deferrable=django.db.models.constraints.Deferrable['DEFERRED'], fields=('version', 'arm', 'position'), name='step_place_once', nulls_distinct=False),
        ),
    ]
