from segments.models.membership import Membership
from segments.models.segment import Segment, Version

__all__ = ["Membership", "Segment", "Version"]
