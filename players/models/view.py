from django.conf import settings
from django.db import models


class SavedView(models.Model):
    """A filter and an order of the player list under a name: for its owner, or for everybody of a role."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=400, help_text="Query string of the list; never what was searched for.")
    role = models.CharField(max_length=20, blank=True, help_text="Empty: only the owner sees it.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="view_name_once_per_owner")]
        indexes = [models.Index(fields=["role"], name="view_of_role", condition=~models.Q(role=""))]

    def __str__(self) -> str:
        return self.name
