from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    name = "campaigns"
    append_only = ("campaigns_trace", "campaigns_providerlog")
    # An attempt's outcome may be written; who, what and under which decision may not.
    update_only = {
        "campaigns_attempt": ("status", "lease_until", "sent_at", "provider_id", "error"),
    }
