from campaigns.models.campaign import Campaign, ConflictRules, Version
from campaigns.models.delivery import Attempt, Card, Delivery
from campaigns.models.enrolment import Enrolment, Trace
from campaigns.models.provider_log import ProviderLog
from campaigns.models.step import Arm, Reach, Step, Variant

__all__ = [
    "Arm", "Attempt", "Campaign", "Card", "ConflictRules", "Delivery", "Enrolment", "ProviderLog", "Reach", "Step",
    "Trace", "Variant", "Version",
]  # fmt: skip
