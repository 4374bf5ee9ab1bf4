"""Who may do what: the matrix, deny by default. A seat is a role at one brand or at all of them."""

from django.db import models


class Role(models.TextChoices):
    CRM_MANAGER = "crm_manager", "CRM manager"
    COMPLIANCE_OFFICER = "compliance_officer", "Compliance officer"
    FINANCE = "finance", "Finance"
    SUPPORT_AGENT = "support_agent", "Support agent"
    VIP_HOST = "vip_host", "VIP host"
    API_DEVELOPER = "api_developer", "API developer"
    ANALYST = "analyst", "Analyst"
    ADMIN = "admin", "Admin"


# permission -> roles that hold it. Named "<menu section>.<verb>".
MATRIX: dict[str, frozenset[Role]] = {
    permission: frozenset(roles)
    for permission, roles in {
        "players.view": (
            Role.CRM_MANAGER,
            Role.COMPLIANCE_OFFICER,
            Role.SUPPORT_AGENT,
            Role.VIP_HOST,
            Role.ANALYST,
            Role.FINANCE,
        ),
        "players.reveal": (Role.COMPLIANCE_OFFICER, Role.SUPPORT_AGENT),
        "players.block": (Role.COMPLIANCE_OFFICER, Role.SUPPORT_AGENT),
        "players.money": (Role.COMPLIANCE_OFFICER, Role.FINANCE, Role.SUPPORT_AGENT, Role.CRM_MANAGER, Role.VIP_HOST),
        "players.import": (Role.CRM_MANAGER, Role.API_DEVELOPER, Role.COMPLIANCE_OFFICER, Role.ADMIN),
        "players.import_consents": (Role.COMPLIANCE_OFFICER, Role.ADMIN),
        "segments.view": (Role.CRM_MANAGER, Role.ANALYST, Role.COMPLIANCE_OFFICER),
        # An officer builds the segments of protection messages: nobody else may use what they are chosen by.
        "segments.edit": (Role.CRM_MANAGER, Role.ANALYST, Role.COMPLIANCE_OFFICER),
        "segments.state_lists": (Role.CRM_MANAGER, Role.COMPLIANCE_OFFICER),
        "segments.export": (Role.CRM_MANAGER, Role.COMPLIANCE_OFFICER),
        "campaigns.view": (Role.CRM_MANAGER, Role.ANALYST, Role.COMPLIANCE_OFFICER, Role.SUPPORT_AGENT, Role.VIP_HOST),
        "campaigns.edit": (Role.CRM_MANAGER,),
        "campaigns.approve": (Role.CRM_MANAGER, Role.COMPLIANCE_OFFICER),
        "campaigns.stop_all": (Role.CRM_MANAGER, Role.COMPLIANCE_OFFICER),
        "campaigns.resume_all": (Role.COMPLIANCE_OFFICER,),
        "bonuses.view": (
            Role.CRM_MANAGER,
            Role.FINANCE,
            Role.ANALYST,
            Role.COMPLIANCE_OFFICER,
            Role.SUPPORT_AGENT,
            Role.VIP_HOST,
        ),
        "bonuses.edit": (Role.CRM_MANAGER,),
        "bonuses.grant": (Role.CRM_MANAGER, Role.VIP_HOST, Role.SUPPORT_AGENT),
        "compliance.view": (Role.COMPLIANCE_OFFICER,),
        "compliance.edit": (Role.COMPLIANCE_OFFICER,),
        "compliance.reasons": (Role.COMPLIANCE_OFFICER,),
        "reports.view": (Role.CRM_MANAGER, Role.FINANCE, Role.ANALYST, Role.COMPLIANCE_OFFICER),
        "reports.finance": (Role.FINANCE,),
        "integration.view": (Role.API_DEVELOPER, Role.COMPLIANCE_OFFICER, Role.CRM_MANAGER),
        "integration.edit": (Role.API_DEVELOPER,),
        "reconciliation.view": (Role.FINANCE, Role.API_DEVELOPER, Role.COMPLIANCE_OFFICER, Role.ANALYST),
        "reconciliation.edit": (Role.FINANCE,),
        "settings.view": (Role.ADMIN,),
        "settings.edit": (Role.ADMIN,),
    }.items()
}
