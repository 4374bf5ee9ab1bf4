from compliance.models.audit import AuditEntry
from compliance.models.consent import Consent, Suppression
from compliance.models.decision import Decision
from compliance.models.measure import Measure, RegisterCheck
from compliance.models.operator import Operator, Seat
from compliance.models.person import Identity, IdentityKey, Keyed, PersonLink
from compliance.models.policy import PolicySwitch
from compliance.models.sealing import Block, TrailCheck
from compliance.models.standing import BrandStop, Standing

__all__ = [
    "AuditEntry", "Block", "BrandStop", "Consent", "Decision", "Identity", "IdentityKey", "Keyed", "Measure",
    "Operator", "PersonLink", "PolicySwitch", "RegisterCheck", "Seat", "Standing", "Suppression", "TrailCheck",
]  # fmt: skip
