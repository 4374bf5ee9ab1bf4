"""The operators of the demo: one for each seat, and a second one where it takes two to approve or to sign."""

from dataclasses import dataclass

from compliance.roles import Role

PASSWORD = "pitboss-demo"  # noqa: S105 - of a demo that listens on this machine only


@dataclass(frozen=True)
class Person:
    first: str
    name: str
    role: Role

    @property
    def email(self) -> str:
        return f"{self.first}@pitboss.example"

    @property
    def title(self) -> str:
        return f"{self.name}, {self.role.label}"


OPERATORS = (
    Person("carla", "Carla Reyes", Role.CRM_MANAGER),
    Person("conrad", "Conrad Lunn", Role.CRM_MANAGER),
    Person("olivia", "Olivia Marsh", Role.COMPLIANCE_OFFICER),
    Person("oskar", "Oskar Nyman", Role.COMPLIANCE_OFFICER),
    Person("fiona", "Fiona Adeyemi", Role.FINANCE),
    Person("rolf", "Rolf Kessler", Role.ANALYST),
    Person("sam", "Sam Okafor", Role.SUPPORT_AGENT),
    Person("vera", "Vera Lindqvist", Role.VIP_HOST),
    Person("dan", "Dan Hughes", Role.API_DEVELOPER),
    Person("ada", "Ada Byrne", Role.ADMIN),
)
