"""What every page needs: the menu this operator may see, brand, feed light, counters."""

from typing import Any

from django.http import HttpRequest


def frame(request: HttpRequest) -> dict[str, Any]:
    return {}
