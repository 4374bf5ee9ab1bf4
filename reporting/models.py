from django.db import models


class NgrDefinition(models.Model):
    """What one report means by NGR: bonus-cost method, deductions, rates, since when. Versions are never edited."""

    class Method(models.TextChoices):
        ISSUE = "issue", "When issued"
        ISSUE_NET = "issue_net", "When issued, forfeits returned"
        RELEASE = "release", "When turned real"
        WAGERING = "wagering", "As played and turned real"
        PROVISION = "provision", "By provision"

    name = models.CharField(max_length=80)
    version = models.PositiveSmallIntegerField(default=1)
    jurisdiction = models.CharField(max_length=2, blank=True, help_text="Default for brands licensed there.")
    method = models.CharField(max_length=10, choices=Method)
    provision_rate = models.DecimalField(
        max_digits=5, decimal_places=4, default=0, help_text="Share of open bonus money expected to turn real."
    )
    deductions = models.JSONField(
        help_text="In order: key, label, level, base, rate, and optionally categories, per, fixed, floor."
    )
    effective_from = models.DateField()
    effective_to = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["name", "-version"]
        constraints = [models.UniqueConstraint(fields=["name", "version"], name="definition_version_once")]

    def __str__(self) -> str:
        return f"{self.name} v{self.version}"
