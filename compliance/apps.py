from django.apps import AppConfig


class ComplianceConfig(AppConfig):
    name = "compliance"
    append_only = (
        "compliance_auditentry",
        "compliance_consent",
        "compliance_registercheck",
        "compliance_suppression",
        "compliance_trailcheck",
    )
    # Written by SECURITY DEFINER functions only.
    select_only = ("compliance_standing", "compliance_decision", "compliance_block", "compliance_personlink")
    # What the fold of a measure writes. It is never deleted, and never moves to another player, source or ref.
    update_only = {
        "compliance_measure": (
            "kind",
            "sequence",
            "status",
            "origin",
            "effective_at",
            "ends_at",
            "ended_at",
            "amount",
            "currency",
            "period",
            "previous_amount",
            "pending_amount",
            "pending_from",
            "needs_confirmation",
            "tightened_at",
            "relaxed_at",
        ),
        "compliance_brandstop": ("lifted_at", "lifted_by_id"),
        "compliance_policyswitch": ("signed_by_id", "signed_at", "declined_by_id", "declined_at"),
    }

    def ready(self) -> None:
        from compliance import checks  # noqa: F401
