from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from compliance.registers import health
from compliance.registers.catalogue import REGISTERS
from compliance.views.home import brands_of
from config.lib.clock import utcnow
from config.lib.http import requires
from config.lib.pages import page


@requires("compliance.view")
@require_safe
def registers(request: HttpRequest) -> HttpResponse:
    """Which registers are asked, by whom, and whether they answer."""
    now = utcnow()
    ours = health.of(brands_of(request).select_related("licence"), now=now)
    asked = {one.register.key for one in ours}
    context = {
        "registers": [(one, *one.state(now)) for one in ours],
        "others": [register for key, register in REGISTERS.items() if key not in asked],
        "now": now,
    }
    return page(request, "compliance/registers.html", context)
