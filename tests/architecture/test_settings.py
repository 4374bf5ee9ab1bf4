"""Settings refuse nonsense, and what a production host would set passes Django's own deployment checks."""

import os
import subprocess
import sys
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.template import Context, Template

from config.checks import suppression_has_a_key_of_its_own
from config.embedded.processes import ROOT, manage
from config.lib import env
from config.management.commands.verify import PRODUCTION


def run(command: list[str], **more: str) -> subprocess.CompletedProcess[str]:
    environment = {
        key: value
        for key, value in os.environ.items()
        if key not in {"DEBUG", "PITBOSS_DEMO", "SECRET_KEY", "SUPPRESSION_KEY", "DJANGO_ALLOW_ASYNC_UNSAFE"}
    }
    environment |= {"PYTHONPATH": str(ROOT), "DJANGO_SETTINGS_MODULE": "config.settings", **more}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def test_production_settings_pass_the_deployment_checks_without_a_warning() -> None:
    done = run(manage("check", "--deploy", "--fail-level", "WARNING"), **PRODUCTION)

    assert done.returncode == 0, done.stderr


def test_a_demo_on_a_production_host_does_not() -> None:
    done = run(manage("check", "--deploy", "--fail-level", "WARNING"), **{**PRODUCTION, "PITBOSS_DEMO": "1"})

    assert done.returncode == 1
    assert "pitboss.E001" in done.stderr


@pytest.mark.parametrize("key", ["", "short", PRODUCTION["SECRET_KEY"]])
def test_a_suppression_key_that_is_missing_weak_or_shared_does_not_pass(settings: Any, key: str) -> None:
    settings.DEMO, settings.SECRET_KEY, settings.SUPPRESSION_KEY = False, PRODUCTION["SECRET_KEY"], key

    assert [found.id for found in suppression_has_a_key_of_its_own(None)] == ["pitboss.E002"]


@pytest.mark.parametrize("key", ["SECRET_KEY", "SUPPRESSION_KEY"])
def test_a_web_process_without_one_of_its_keys_does_not_start(key: str) -> None:
    done = run([sys.executable, "-c", "import config.asgi"], **{**PRODUCTION, key: ""})

    assert done.returncode == 1
    assert f"{key} is not set" in done.stderr


def test_without_a_connection_to_the_mail_server_nothing_starts() -> None:
    done = run([sys.executable, "-c", "import config.settings"], **PRODUCTION, EMAIL_CONNECTIONS="0")

    assert done.returncode == 1
    assert "EMAIL_CONNECTIONS='0' is less than 1." in done.stderr


@pytest.mark.parametrize(
    ("reader", "value"),
    [(env.flag, "maybe"), (lambda name: env.number(name, 1), "ten"), (env.flag, "2"),
     (lambda name: env.number(name, 1, least=1), "-1")],
)  # fmt: skip
def test_a_value_that_makes_no_sense_is_refused(monkeypatch: pytest.MonkeyPatch, reader, value: str) -> None:
    monkeypatch.setenv("SOME_SETTING", value)

    with pytest.raises(ImproperlyConfigured, match="SOME_SETTING"):
        reader("SOME_SETTING")


@pytest.mark.parametrize("url", ["mysql://a@b/c", "postgresql://a@b", "nonsense"])
def test_only_a_postgresql_address_with_a_name_is_taken(url: str) -> None:
    with pytest.raises(ImproperlyConfigured):
        env.database(url)


def test_a_secret_may_come_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    (tmp_path / "key").write_text("from the file\n")
    monkeypatch.setenv("SOME_SECRET_FILE", str(tmp_path / "key"))

    assert env.text("SOME_SECRET") == "from the file"


def test_an_id_above_a_thousand_is_written_into_a_page_as_it_is() -> None:
    assert Template('<a href="/ws/players/{{ id }}/">').render(Context({"id": 2121})) == '<a href="/ws/players/2121/">'
