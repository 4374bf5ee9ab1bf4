from django.apps import AppConfig


class ComplianceConfig(AppConfig):
    name = "compliance"
    append_only = (
        "compliance_auditentry",
        "compliance_externalscore",
        "compliance_interaction",
        "compliance_levelchange",
        "compliance_consent",
        "compliance_rate",
        "compliance_erasure",
        "compliance_registercheck",
        "compliance_suppression",
        "compliance_trailcheck",
        "compliance_wording",
    )
    # Written by SECURITY DEFINER functions only.
    select_only = ("compliance_standing", "compliance_decision", "compliance_block", "compliance_personlink")
    destroy_only = ("compliance_subjectkey",)  # made when an account is born, destroyed when it is erased
    # Made and thrown away, never made into something else.
    unchanged = ("compliance_identitykey", "compliance_seat")
    kept = ("compliance_operator",)
    # What the fold of a measure writes. It is never deleted, and never moves to another player, source or ref.
    update_only = {
        "compliance_measure": (
            "kind",
            "sequence",
            "status",
            "origin",
            "scope",
            "requested_at",
            "effective_at",
            "ends_at",
            "auto_renew",
            "ended_at",
            "ended_by",
            "amount",
            "currency",
            "period",
            "previous_amount",
            "pending_amount",
            "pending_from",
            "needs_confirmation",
            "tightened_at",
            "relaxed_at",
            "product",
            "reached_at",
        ),
        "compliance_gatetrouble": ("times", "words", "last_at"),
        "compliance_legalhold": ("lifted_at", "lifted_by_id"),
        "compliance_brandstop": ("lifted_at", "lifted_by_id"),
        "compliance_override": ("signed_by_id", "signed_at", "declined_by_id", "declined_at"),
        "compliance_policyswitch": ("signed_by_id", "signed_at", "declined_by_id", "declined_at"),
        "compliance_levelreview": ("signed_by_id", "signed_at", "declined_by_id", "declined_at"),
        "compliance_markerversion": ("signed_by_id", "signed_at", "declined_by_id", "declined_at"),
        "compliance_counselanswer": ("signed_by_id", "signed_at", "declined_by_id", "declined_at"),
        "compliance_retention": ("signed_by_id", "signed_at", "declined_by_id", "declined_at"),
        "compliance_markerhit": ("version", "found", "at", "seen_at", "counts_until"),
        "compliance_case": (
            "level",
            "rule",
            "due_at",
            "acted_at",
            "owner_id",
            "closed_at",
            "closed_by_id",
            "outcome",
        ),
        "compliance_followup": ("done_at", "done_by_id", "figures", "finding"),
    }

    def ready(self) -> None:
        from compliance import checks  # noqa: F401
