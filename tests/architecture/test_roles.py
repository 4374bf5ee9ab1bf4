import pytest
from django.db import connection, connections

pytestmark = pytest.mark.django_db


def test_the_tests_run_as_the_application_role_which_owns_nothing() -> None:
    with connection.cursor() as db:
        db.execute(
            "SELECT current_user, (SELECT count(*) FROM pg_class WHERE pg_get_userbyid(relowner) = current_user)"
        )
        user, owned = db.fetchone()

    assert user == connections["default"].settings_dict["USER"] != connections["owner"].settings_dict["USER"]
    assert owned == 0
