"""Pages of segments. Every view sees only brands the operator has a seat at."""
