import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from config.lib.tables import CreateTables


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('compliance', '0001_operator'),
        ('players', '0001_initial'),
    ]

    operations = [
        CreateTables([
            migrations.CreateModel(
                name='AuditEntry',
                fields=[
                    ('id', models.BigAutoField(primary_key=True, serialize=False)),
                    ('at', models.DateTimeField()),
                    ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('kind', models.CharField(help_text="'campaign.approved', 'player.revealed', …", max_length=60)),
                    ('subject', models.CharField(help_text="'campaign:12', 'player:7'", max_length=120)),
                    ('reason', models.CharField(blank=True, max_length=300)),
                    ('payload', models.TextField(default='{}')),
                ],
                options={
                    'indexes': [models.Index(fields=['subject', '-at'], name='audit_by_subject'), models.Index(fields=['-at'], name='audit_newest')],
                },
            ),
            migrations.CreateModel(
                name='Consent',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('player', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consents', to='players.player')),
                    ('product', models.CharField(choices=[('casino', 'Casino'), ('betting', 'Betting'), ('bingo', 'Bingo')], max_length=8)),
                    ('channel', models.CharField(choices=[('email', 'E-mail'), ('sms', 'SMS'), ('push', 'Push'), ('onsite', 'On site')], max_length=8)),
                    ('granted', models.BooleanField(help_text='Empty: a change was announced and is not told yet.', null=True)),
                    ('wording', models.CharField(blank=True, help_text='Version of the words shown.', max_length=60)),
                    ('screen', models.CharField(blank=True, help_text='Where it was asked.', max_length=60)),
                    ('occurred_at', models.DateTimeField()),
                    ('recorded_at', models.DateTimeField()),
                    ('key', models.CharField(max_length=160, unique=True)),
                ],
                options={
                    'indexes': [models.Index(fields=['player', 'product', 'channel', '-occurred_at', 'granted', '-id'], name='consent_newest')],
                },
            ),
            migrations.CreateModel(
                name='Suppression',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('brand', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='players.brand')),
                    ('channel', models.CharField(max_length=8)),
                    ('digest', models.BinaryField(max_length=32)),
                    ('reason', models.CharField(help_text='bounce, complaint, unsubscribe, erased', max_length=20)),
                    ('created_at', models.DateTimeField()),
                ],
                options={
                    'indexes': [models.Index(fields=['digest'], name='suppression_digest')],
                    'constraints': [models.UniqueConstraint(fields=('brand', 'channel', 'digest'), name='suppressed_once', nulls_distinct=False)],
                },
            ),
            migrations.CreateModel(
                name='Decision',
                fields=[
                    ('id', models.BigAutoField(primary_key=True, serialize=False)),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='players.person')),
                    ('player', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='players.player')),
                    ('purpose', models.CharField(choices=[('promotional', 'Promotional'), ('transactional', 'Service'), ('rg_outreach', 'RG outreach'), ('rg_confirmation', 'RG confirmation'), ('regulatory_notice', 'Regulatory notice'), ('security', 'Security'), ('legal', 'Legal'), ('research', 'Research')], max_length=20)),
                    ('channel', models.CharField(help_text="email, onsite, … or 'bonus' for a grant.", max_length=10)),
                    ('outcome', models.CharField(choices=[('allow', 'Allowed'), ('deny', 'Refused'), ('defer', 'Later'), ('reroute_rg', 'To RG outreach')], max_length=10)),
                    ('code', models.CharField(help_text='The primary reason.', max_length=40)),
                    ('reasons', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), default=list, help_text="Every rule that refused: 'CODE rule-id'.", size=None)),
                    ('reference', models.CharField(help_text='Opaque: what the caller wanted it for.', max_length=120)),
                    ('ruleset', models.CharField(max_length=40)),
                    ('inputs', models.JSONField(help_text='Snapshot the decision can be replayed from.')),
                    ('generation', models.BigIntegerField(help_text='Of Standing, at decision time.')),
                    ('decided_at', models.DateTimeField()),
                    ('retry_at', models.DateTimeField(help_text='Deferred until.', null=True)),
                ],
                options={
                    'indexes': [models.Index(fields=['player', '-decided_at'], name='decision_by_player'), models.Index(fields=['-decided_at'], name='decision_newest'), models.Index(condition=models.Q(('channel', 'bonus'), ('outcome', 'allow')), fields=['player'], include=('reference',), name='decision_bonuses')],
                },
            ),
            migrations.CreateModel(
                name='Measure',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='measures', to='players.person')),
                    ('player', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='measures', to='players.player')),
                    ('kind', models.CharField(choices=[('self_exclusion', 'Self-exclusion'), ('national_exclusion', 'National self-exclusion register'), ('time_out', 'Time-out (cooling-off break)'), ('deposit_limit', 'Deposit limit'), ('loss_limit', 'Loss limit'), ('stake_limit', 'Stake limit'), ('session_limit', 'Session time limit'), ('marketing_block', 'Promotions blocked'), ('bonus_block', 'Bonuses blocked'), ('unknown', 'Unclear which')], max_length=20)),
                    ('source', models.CharField(help_text="Feed or 'operator'.", max_length=40)),
                    ('ref', models.CharField(help_text="The measure's id at its source.", max_length=100)),
                    ('form', models.CharField(blank=True, db_default='', default='', help_text='Limits: kind/period/currency. Another one under the same ref is another limit.', max_length=60)),
                    ('sequence', models.BigIntegerField(default=0)),
                    ('status', models.CharField(choices=[('active', 'Active'), ('awaiting_return', 'Term over, not returned'), ('ended', 'Ended')], default='active', max_length=16)),
                    ('origin', models.CharField(choices=[('player', 'Player'), ('onboarding', 'At registration'), ('operator', 'Operator'), ('register', 'Register')], default='player', max_length=10)),
                    ('received_at', models.DateTimeField()),
                    ('effective_at', models.DateTimeField()),
                    ('ends_at', models.DateTimeField(help_text='Empty = until further notice.', null=True)),
                    ('ended_at', models.DateTimeField(null=True)),
                    ('amount', models.BigIntegerField(help_text='Limits: minor units, or minutes for session limits.', null=True)),
                    ('currency', models.CharField(blank=True, max_length=5)),
                    ('period', models.CharField(blank=True, choices=[('day', 'day'), ('week', 'week'), ('month', 'month')], max_length=6)),
                    ('previous_amount', models.BigIntegerField(help_text='What the limit was before, to tell lowering from raising.', null=True)),
                    ('pending_amount', models.BigIntegerField(null=True)),
                    ('pending_from', models.DateTimeField(help_text='With no pending amount: the limit goes away then.', null=True)),
                    ('needs_confirmation', models.BooleanField(default=False, help_text="The relaxation waits for the player's second word (GB-16).")),
                    ('tightened_at', models.DateTimeField(help_text='When the limit was last set or lowered (POL-04).', null=True)),
                    ('relaxed_at', models.DateTimeField(help_text='When a raise or removal last took effect (POL-05).', null=True)),
                ],
                options={
                    'indexes': [models.Index(fields=['person', 'kind'], name='measure_by_person'), models.Index(condition=models.Q(('status', 'active')), fields=['ends_at'], name='measure_ends')],
                    'constraints': [models.UniqueConstraint(fields=('person', 'source', 'ref'), name='measure_once')],
                },
            ),
            migrations.CreateModel(
                name='RegisterCheck',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='register_checks', to='players.person')),
                    ('register', models.CharField(help_text='gamstop, spelpaus, …', max_length=20)),
                    ('purpose', models.CharField(default='marketing', help_text='marketing or login: Sweden keeps them apart (SE-01).', max_length=10)),
                    ('result', models.CharField(choices=[('clear', 'Not registered'), ('listed', 'Registered'), ('unavailable', 'No definite answer')], max_length=12)),
                    ('asked_at', models.DateTimeField()),
                    ('received_at', models.DateTimeField()),
                ],
                options={
                    'indexes': [models.Index(fields=['person', 'register', '-asked_at'], name='register_check_newest')],
                },
            ),
            migrations.CreateModel(
                name='Seat',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('operator', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='seats', to=settings.AUTH_USER_MODEL)),
                    ('role', models.CharField(choices=[('crm_manager', 'CRM manager'), ('compliance_officer', 'Compliance officer'), ('finance', 'Finance'), ('support_agent', 'Support agent'), ('vip_host', 'VIP host'), ('api_developer', 'API developer'), ('analyst', 'Analyst'), ('admin', 'Admin')], max_length=20)),
                    ('brand', models.ForeignKey(blank=True, help_text='Empty: every brand.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='players.brand')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('operator', 'role', 'brand'), name='seat_once', nulls_distinct=False)],
                },
            ),
            migrations.CreateModel(
                name='PolicySwitch',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('brand', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='players.brand')),
                    ('rule', models.CharField(help_text='POL-01, …', max_length=10)),
                    ('enabled', models.BooleanField()),
                    ('reason', models.CharField(max_length=300)),
                    ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('asked_at', models.DateTimeField()),
                    ('signed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('signed_at', models.DateTimeField(null=True)),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(('signed_by', None), models.Q(('signed_by', models.F('asked_by')), _negated=True), _connector='OR'), name='policy_needs_two_people')],
                },
            ),
            migrations.CreateModel(
                name='Standing',
                fields=[
                    ('person', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='standing', serialize=False, to='players.person')),
                    ('generation', models.BigIntegerField(default=1, help_text='Bumped by every change that could turn a yes into a no.')),
                    ('verdict', models.CharField(choices=[('unknown', 'Unknown'), ('open', 'May be contacted'), ('excluded', 'Self-excluded'), ('awaiting_return', 'Exclusion over, not returned'), ('time_out', 'Time-out'), ('blocked', 'Blocked by the operator')], default='unknown', max_length=16)),
                    ('promotions_ok', models.BooleanField(default=False)),
                    ('bonuses_ok', models.BooleanField(default=False)),
                    ('valid_until', models.DateTimeField(help_text='When time alone changes it; in the past = deny until derived anew.', null=True)),
                    ('declared_at', models.DateTimeField(help_text="When the PAM stated this person's restrictions; without it nothing is known.", null=True)),
                    ('updated_at', models.DateTimeField()),
                ],
                options={
                    'indexes': [models.Index(condition=models.Q(('verdict__in', ['excluded', 'awaiting_return', 'time_out', 'blocked'])), fields=['person'], name='standing_closed')],
                },
            ),
            migrations.CreateModel(
                name='BrandStop',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('brand', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stops', to='players.brand')),
                    ('stopped_at', models.DateTimeField()),
                    ('stopped_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('reason', models.CharField(max_length=300)),
                    ('lifted_at', models.DateTimeField(blank=True, null=True)),
                    ('lifted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(condition=models.Q(('lifted_at', None)), fields=('brand',), name='one_stop_per_brand')],
                },
            ),
        ]),
    ]
