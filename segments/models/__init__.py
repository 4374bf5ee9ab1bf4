from segments.models.export import Export
from segments.models.handpick import Handpick
from segments.models.membership import Membership
from segments.models.request import ApiRequest
from segments.models.segment import Segment, Version

__all__ = ["ApiRequest", "Export", "Handpick", "Membership", "Segment", "Version"]
