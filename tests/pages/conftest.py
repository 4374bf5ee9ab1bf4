"""Browsers already logged in, one per role."""

from collections.abc import Callable

import pytest
from django.test import Client

from compliance.roles import Role
from players.models import Brand
from tests.cast import make_operator

Enter = Callable[..., Client]


@pytest.fixture
def enter(db: None) -> Enter:
    """enter("finance") -> a client logged in as somebody with that seat (at one brand, if given)."""

    def as_role(role: str, brand: Brand | None = None) -> Client:
        client = Client()
        client.force_login(make_operator(f"{role}{brand.pk if brand else ''}", Role(role), brand))
        return client

    return as_role
