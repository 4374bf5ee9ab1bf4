from compliance.models.audit import AuditEntry
from compliance.models.case import Case, FollowUp, Interaction, LevelReview
from compliance.models.consent import Consent, Suppression, Wording
from compliance.models.decision import Decision
from compliance.models.erasure import Erasure, LegalHold, Retention
from compliance.models.handout import Handout
from compliance.models.harm import (
    ExternalScore,
    Level,
    LevelChange,
    MarkerHit,
    MarkerNorm,
    MarkerSource,
    MarkerVersion,
    SeenBalance,
    Sweep,
    Watch,
)
from compliance.models.measure import LimitReview, Measure, RegisterCheck
from compliance.models.operator import Operator, Seat
from compliance.models.override import Override
from compliance.models.person import Identity, IdentityKey, Keyed, PersonLink, RegisterAccess, SubjectKey
from compliance.models.policy import CounselAnswer, PolicySwitch
from compliance.models.rate import Rate
from compliance.models.sealing import Block, TrailCheck
from compliance.models.standing import BrandStop, Standing
from compliance.models.trouble import GateTrouble

__all__ = [
    "AuditEntry", "Block", "BrandStop", "Case", "Consent", "Decision", "Erasure", "ExternalScore", "FollowUp",
    "GateTrouble", "Handout", "Identity", "IdentityKey", "Interaction", "Keyed", "LegalHold", "Level", "LevelChange",
    "LevelReview", "LimitReview", "MarkerHit", "MarkerNorm", "MarkerSource", "MarkerVersion", "Measure", "Operator", "Override",
    "CounselAnswer", "PersonLink", "PolicySwitch", "Rate", "RegisterAccess", "RegisterCheck", "Retention", "Seat", "SeenBalance", "Standing",
    "SubjectKey", "Suppression", "Sweep", "TrailCheck", "Watch", "Wording",
]  # fmt: skip
