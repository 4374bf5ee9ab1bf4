from django.apps import AppConfig


class ComplianceConfig(AppConfig):
    name = "compliance"
    append_only = ("compliance_auditentry", "compliance_consent", "compliance_registercheck")
    # Written by SECURITY DEFINER functions only.
    select_only = ("compliance_standing", "compliance_decision")
