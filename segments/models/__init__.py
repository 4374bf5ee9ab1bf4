from segments.models.handpick import Handpick
from segments.models.membership import Membership
from segments.models.segment import Segment, Version

__all__ = ["Handpick", "Membership", "Segment", "Version"]
