"""Nothing reaches a channel but through the door."""

import ast
from functools import cache
from pathlib import Path

from config.embedded.processes import ROOT

ALLOWED = {Path("campaigns/dispatch.py"), Path("campaigns/handing.py")}  # handing writes the answer down for dispatch
APPS = ("players", "segments", "campaigns", "bonuses", "compliance", "reporting", "config")


@cache
def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def those_who_import(package: str) -> set[Path]:
    files = (path for app in APPS for path in (ROOT / app).rglob("*.py"))
    return {
        path.relative_to(ROOT)
        for path in files
        if any(name == package or name.startswith(f"{package}.") for name in imports(path))
    }


def test_only_the_door_imports_the_channels() -> None:
    outside = {path for path in those_who_import("campaigns.channels") if path.parts[:2] != ("campaigns", "channels")}

    assert outside == ALLOWED


def test_only_the_email_channel_can_write_mail() -> None:
    assert {path.parent for path in those_who_import("django.core.mail")} == {Path("campaigns/channels/email")}
