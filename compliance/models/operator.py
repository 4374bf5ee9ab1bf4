from collections.abc import Iterable

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.utils.functional import cached_property

from compliance.roles import MATRIX, Role


class OperatorManager(BaseUserManager["Operator"]):
    def create_user(self, email: str, name: str, password: str | None = None, **fields: object) -> "Operator":
        operator = self.model(email=self.normalize_email(email).lower(), name=name, **fields)
        operator.set_password(password)
        operator.save(using=self._db)
        return operator

    def create_superuser(self, email: str, name: str, password: str | None = None) -> "Operator":
        return self.create_user(email, name, password, is_staff=True, is_superuser=True)


class Operator(AbstractBaseUser, PermissionsMixin):
    """A staff member. What they may do comes from their seats, not from Django's permissions."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=80)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False, help_text="May open the engine room (Django admin).")
    theme = models.CharField(
        max_length=5, default="auto", choices=[("auto", "As the system"), ("light", "Light"), ("dark", "Dark")]
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = OperatorManager()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    def __str__(self) -> str:
        return self.name

    @cached_property
    def held(self) -> list["Seat"]:
        """The seats with their brands, read once per request."""
        return list(self.seats.select_related("brand"))

    @property
    def roles(self) -> set[Role]:
        return {Role(seat.role) for seat in self.held}

    def brand_ids(self, permission: str | None = None) -> set[int] | None:
        """Brands this operator may see (holding `permission`, if named); None means every brand."""
        seats: Iterable[Seat] = self.held
        if permission is not None:
            seats = [seat for seat in seats if seat.role in MATRIX[permission]]
        brands = {seat.brand_id for seat in seats}
        return None if None in brands else {brand for brand in brands if brand is not None}

    def may(self, permission: str, brand_id: int | None = None) -> bool:
        """True if some seat holds `permission` (at `brand_id`, if given). Unknown permissions raise KeyError."""
        if not self.is_active:
            return False
        brands = self.brand_ids(permission)
        return brands is None or (brand_id in brands if brand_id is not None else bool(brands))


class Seat(models.Model):
    operator = models.ForeignKey(Operator, on_delete=models.CASCADE, related_name="seats")
    role = models.CharField(max_length=20, choices=Role)
    brand = models.ForeignKey(
        "players.Brand",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        help_text="Empty: every brand.",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["operator", "role", "brand"], nulls_distinct=False, name="seat_once")
        ]
