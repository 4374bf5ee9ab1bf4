"""A PAM that takes credits by HTTP: POST with an Idempotency-Key, answered {"status": "credited" | "refused"}."""
