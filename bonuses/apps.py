from django.apps import AppConfig


class BonusesConfig(AppConfig):
    name = "bonuses"
    append_only = ("bonuses_terms", "bonuses_transfer", "bonuses_grantchange", "bonuses_wagercount")
    update_only = {
        "bonuses_account": ("debits", "credits"),
        "bonuses_gift": ("due_at", "state", "code", "refusal", "settled_at", "grant_id"),
        # What was promised stays promised; only its course may be written on.
        "bonuses_grant": (
            "decision_id",
            "status",
            "wagering_done",
            "closed_at",
            "credit",
            "credit_tries",
            "credit_due_at",
            "credit_detail",
        ),
    }
