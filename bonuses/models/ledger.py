from django.db import models


class Account(models.Model):
    """One pot. Its balance is credits − debits.

    Sums are kept on bounded accounts only (a budget, the bonus money of a grant, its wagering still
    open): updating the house's row in every grant made it the queue everybody stood in.
    """

    code = models.CharField(max_length=24, help_text="'bonus', 'wagering', 'budget', or a house account.")
    unit = models.CharField(max_length=14, help_text="'EUR.BONUS', 'EUR.WAGER', 'EUR.BUDGET': never mixed.")
    owner_kind = models.CharField(max_length=10, help_text="brand, template or grant")
    owner_id = models.BigIntegerField()
    bounded = models.BooleanField(help_text="May never be overdrawn; the database says so.")
    debits = models.BigIntegerField(default=0)
    credits = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner_kind", "owner_id", "code", "unit"], name="account_once"),
            models.CheckConstraint(
                condition=models.Q(bounded=False) | models.Q(credits__gte=models.F("debits")), name="no_overdraft"
            ),
        ]

    @property
    def balance(self) -> int:
        return self.credits - self.debits


class Transfer(models.Model):
    """So much of one unit from one account to another, once. Append-only: a correction is a transfer back."""

    id = models.BigAutoField(primary_key=True)
    key = models.CharField(max_length=160, unique=True, help_text="What makes it this transfer and no other.")
    request_hash = models.BinaryField(max_length=32, help_text="Same key with another request is an error.")
    # No database foreign key to the hot house row: its row lock cost a quarter of the posting.
    debit = models.ForeignKey(Account, on_delete=models.PROTECT, db_constraint=False, related_name="debited")
    credit = models.ForeignKey(Account, on_delete=models.PROTECT, db_constraint=False, related_name="credited")
    amount = models.BigIntegerField()
    unit = models.CharField(max_length=14)
    code = models.CharField(max_length=16, help_text="issue, stake, win, release, forfeit, expire, cancel, …")
    grant = models.ForeignKey("bonuses.Grant", null=True, on_delete=models.PROTECT, related_name="transfers")
    player = models.ForeignKey("players.Player", null=True, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=120, blank=True, help_text="The event or round it comes from.")
    effective_at = models.DateTimeField(help_text="When it happened; decides the gaming day.")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="transfer_is_positive"),
            models.CheckConstraint(condition=~models.Q(debit=models.F("credit")), name="transfer_has_two_sides"),
        ]
        indexes = [
            models.Index(fields=["grant", "id"], name="transfer_by_grant"),
            models.Index(fields=["unit", "effective_at"], name="transfer_by_unit"),
            models.Index(fields=["player", "effective_at"], name="transfer_by_player"),
        ]
