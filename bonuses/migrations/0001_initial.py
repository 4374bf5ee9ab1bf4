import django.db.models.deletion
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models

from config.lib.tables import CreateTables


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('compliance', '0002_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('players', '0001_initial'),
    ]

    operations = [
        CreateTables([
            migrations.CreateModel(
                name='Account',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.CharField(help_text="'bonus', 'wagering', 'budget', or a house account.", max_length=24)),
                    ('unit', models.CharField(help_text="'EUR.BONUS', 'EUR.WAGER', 'EUR.BUDGET': never mixed.", max_length=14)),
                    ('owner_kind', models.CharField(help_text='brand, template or grant', max_length=10)),
                    ('owner_id', models.BigIntegerField()),
                    ('bounded', models.BooleanField(help_text='May never be overdrawn; the database says so.')),
                    ('debits', models.BigIntegerField(default=0)),
                    ('credits', models.BigIntegerField(default=0)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('owner_kind', 'owner_id', 'code', 'unit'), name='account_once'), models.CheckConstraint(condition=models.Q(('bounded', False), ('credits__gte', models.F('debits')), _connector='OR'), name='no_overdraft')],
                },
            ),
            migrations.CreateModel(
                name='Template',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('brand', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bonus_templates', to='players.brand')),
                    ('name', models.CharField(max_length=80)),
                    ('kind', models.CharField(choices=[('deposit_match', 'Deposit match'), ('no_deposit', 'No deposit'), ('free_cash', 'Wager-free cash'), ('goodwill', 'Goodwill')], max_length=14)),
                    ('current', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='bonuses.terms')),
                    ('archived_at', models.DateTimeField(blank=True, null=True)),
                    ('created_at', models.DateTimeField()),
                    ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['name'],
                    'constraints': [models.UniqueConstraint(fields=('brand', 'name'), name='template_name_once')],
                },
            ),
            migrations.CreateModel(
                name='Terms',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('template', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='terms', to='bonuses.template')),
                    ('version', models.PositiveSmallIntegerField()),
                    ('currency', models.CharField(max_length=5)),
                    ('amount', models.BigIntegerField(default=0, help_text='Fixed amount, minor units; the most for a goodwill gift.')),
                    ('percent', models.DecimalField(decimal_places=2, default=Decimal('0'), help_text='Of the deposit.', max_digits=5)),
                    ('cap', models.BigIntegerField(default=0, help_text='The most a match gives, minor units.')),
                    ('min_deposit', models.BigIntegerField(default=0)),
                    ('wagering_multiplier', models.DecimalField(decimal_places=2, default=Decimal('0'), max_digits=5)),
                    ('wagering_base', models.CharField(choices=[('bonus', 'the bonus'), ('deposit_bonus', 'deposit plus bonus')], default='bonus', max_length=14)),
                    ('contributions', models.JSONField(default=dict, help_text='Per cent of a stake that counts, by category.')),
                    ('max_bet', models.BigIntegerField(default=0, help_text='0 = no limit on a single bet.')),
                    ('max_release', models.BigIntegerField(default=0, help_text='0 = everything left turns real.')),
                    ('expiry_days', models.PositiveSmallIntegerField()),
                    ('product', models.CharField(choices=[('casino', 'Casino'), ('betting', 'Betting'), ('bingo', 'Bingo')], max_length=8)),
                    ('created_at', models.DateTimeField()),
                    ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['template', '-version'],
                    'constraints': [models.UniqueConstraint(fields=('template', 'version'), name='terms_version_once')],
                },
            ),
            migrations.CreateModel(
                name='Grant',
                fields=[
                    ('id', models.BigAutoField(primary_key=True, serialize=False)),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='grants', to='players.person')),
                    ('player', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='grants', to='players.player')),
                    ('decision', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='compliance.decision')),
                    ('channel', models.CharField(default='bonus', max_length=10)),
                    ('purpose', models.CharField(default='promotional', max_length=20)),
                    ('terms', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='grants', to='bonuses.terms')),
                    ('reference', models.CharField(help_text='What it was given for; asking twice gives once.', max_length=120, unique=True)),
                    ('amount', models.BigIntegerField()),
                    ('deposit', models.BigIntegerField(default=0, help_text='The deposit a match was given on.')),
                    ('currency', models.CharField(max_length=5)),
                    ('status', models.CharField(choices=[('claimed', 'Being credited'), ('active', 'Active'), ('stopped', 'Stopped (protected)'), ('completed', 'Turned real'), ('lost', 'Played to zero'), ('forfeited', 'Forfeited'), ('expired', 'Expired'), ('cancelled', 'Cancelled')], max_length=10)),
                    ('wagering_required', models.BigIntegerField()),
                    ('wagering_done', models.BigIntegerField(default=0)),
                    ('reason', models.CharField(blank=True, help_text='Why a person gave it by hand.', max_length=300)),
                    ('criteria', models.JSONField(default=list, help_text='What the audience was chosen by, as told to the gate.')),
                    ('granted_at', models.DateTimeField()),
                    ('expires_at', models.DateTimeField()),
                    ('closed_at', models.DateTimeField(null=True)),
                    ('credit', models.CharField(choices=[('none', 'Not needed'), ('pending', 'Waiting'), ('sending', 'Being sent'), ('credited', 'Credited'), ('refused', 'Refused by the PAM'), ('ambiguous', 'No clear answer')], default='none', max_length=10)),
                    ('credit_tries', models.PositiveSmallIntegerField(default=0, help_text='Fences a late answer of an earlier try.')),
                    ('credit_due_at', models.DateTimeField(help_text='When to try, or when a try counts as gone silent.', null=True)),
                    ('credit_detail', models.CharField(blank=True, max_length=300)),
                ],
                options={
                    'indexes': [models.Index(condition=models.Q(('status__in', ['claimed', 'active', 'stopped'])), fields=['player', 'granted_at'], name='grant_open'), models.Index(condition=models.Q(('status__in', ['claimed', 'active', 'stopped'])), fields=['expires_at'], name='grant_expiry'), models.Index(condition=models.Q(('credit__in', ['pending', 'sending'])), fields=['credit_due_at'], name='grant_credit_due'), models.Index(fields=['-granted_at'], name='grant_newest')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='grant_is_positive'), models.CheckConstraint(condition=models.Q(('wagering_done__gte', 0), ('wagering_done__lte', models.F('wagering_required'))), name='wagering_within_requirement')],
                },
            ),
            migrations.CreateModel(
                name='GrantChange',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('grant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='bonuses.grant')),
                    ('before', models.CharField(blank=True, max_length=10)),
                    ('after', models.CharField(choices=[('claimed', 'Being credited'), ('active', 'Active'), ('stopped', 'Stopped (protected)'), ('completed', 'Turned real'), ('lost', 'Played to zero'), ('forfeited', 'Forfeited'), ('expired', 'Expired'), ('cancelled', 'Cancelled')], max_length=10)),
                    ('at', models.DateTimeField(help_text='When it became true, in event time.')),
                    ('recorded_at', models.DateTimeField()),
                    ('cause', models.CharField(max_length=160)),
                    ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'indexes': [models.Index(fields=['grant', 'id'], name='grant_change_history')],
                },
            ),
            migrations.CreateModel(
                name='Transfer',
                fields=[
                    ('id', models.BigAutoField(primary_key=True, serialize=False)),
                    ('key', models.CharField(help_text='What makes it this transfer and no other.', max_length=160, unique=True)),
                    ('request_hash', models.BinaryField(help_text='Same key with another request is an error.', max_length=32)),
                    ('debit', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='debited', to='bonuses.account')),
                    ('credit', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='credited', to='bonuses.account')),
                    ('amount', models.BigIntegerField()),
                    ('unit', models.CharField(max_length=14)),
                    ('code', models.CharField(help_text='issue, stake, win, release, forfeit, expire, cancel, …', max_length=16)),
                    ('grant', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='transfers', to='bonuses.grant')),
                    ('player', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='players.player')),
                    ('source', models.CharField(blank=True, help_text='The event or round it comes from.', max_length=120)),
                    ('effective_at', models.DateTimeField(help_text='When it happened; decides the gaming day.')),
                    ('recorded_at', models.DateTimeField()),
                ],
                options={
                    'indexes': [models.Index(fields=['grant', 'id'], name='transfer_by_grant'), models.Index(fields=['unit', 'effective_at'], name='transfer_by_unit'), models.Index(fields=['player', 'effective_at'], name='transfer_by_player')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='transfer_is_positive'), models.CheckConstraint(condition=models.Q(('debit', models.F('credit')), _negated=True), name='transfer_has_two_sides')],
                },
            ),
            migrations.CreateModel(
                name='WagerCount',
                fields=[
                    ('id', models.BigAutoField(primary_key=True, serialize=False)),
                    ('round', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='players.round')),
                    ('grant', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='wagers', to='bonuses.grant')),
                    ('player', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='players.player')),
                    ('is_rollback', models.BooleanField(default=False)),
                    ('category', models.SmallIntegerField(choices=[(0, 'None yet'), (1, 'Slots'), (2, 'Live casino'), (3, 'Table games'), (4, 'Sports'), (5, 'Poker'), (6, 'Bingo'), (7, 'Virtual sports'), (8, 'Crash games'), (9, 'Other')])),
                    ('occurred_at', models.DateTimeField()),
                    ('stake', models.BigIntegerField(help_text='Real and bonus together.')),
                    ('weight', models.SmallIntegerField(default=0, help_text='Per cent of the stake that counts in this category.')),
                    ('counted', models.BigIntegerField(default=0, help_text='What it did to the open wagering.')),
                    ('over_limit', models.BooleanField(default=False, help_text='Above the largest bet allowed: nothing counted.')),
                    ('bonus_stake', models.BigIntegerField(default=0)),
                    ('bonus_win', models.BigIntegerField(default=0)),
                    ('outside', models.BigIntegerField(default=0)),
                ],
                options={
                    'indexes': [models.Index(fields=['grant', 'id'], name='wager_by_grant')],
                    'constraints': [models.UniqueConstraint(fields=('round', 'grant', 'is_rollback'), name='round_counts_once_per_grant', nulls_distinct=False)],
                },
            ),
        ]),
    ]
