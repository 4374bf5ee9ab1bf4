"""The operator's day: brand time zone plus the hour it starts at. Always computed by PostgreSQL."""


def day_of(instant: str, brand: str = "b") -> str:
    """SQL: the gaming day of timestamptz `instant` at the brand in alias `brand`."""
    return f"(({instant} AT TIME ZONE {brand}.timezone) - make_interval(hours => {brand}.day_start_hour))::date"


def starts_at(day: str, brand: str = "b") -> str:
    """SQL: the instant gaming day `day` begins, right on days of 23 and 25 hours too."""
    return f"(({day})::timestamp + make_interval(hours => {brand}.day_start_hour)) AT TIME ZONE {brand}.timezone"
