"""The shape of the house: who may import whom, what may lie at the top, how long a file may get."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from config.embedded.processes import ROOT

APPS = ("players", "segments", "campaigns", "bonuses", "compliance", "reporting", "config")
TOP = {*APPS, "manage.py", "pyproject.toml", "README.md", "templates", "static", "tests", "Makefile", "LICENSE"}
TOP |= {"requirements", "SECURITY.md", "CONTRIBUTING.md"}
NAMES_THAT_SAY_NOTHING = {"utils.py", "helpers.py", "services.py", "common.py", "misc.py"}
UNFINISHED = re.compile(
    r"\b(TO" + r"DO|FIX" + r"ME|NotImplemented" + r"Error|coming s" + r"oon|not imple" + r"mented)\b"
)
LONGEST_FILE, LONGEST_FUNCTION = 350, 60
HANDED_OUT_ALONE = {"compliance/sealing/verifier.py": 580}  # one file, or whoever checks cannot read what they run


@cache
def ours() -> tuple[Path, ...]:
    """Every file of the project, relative to it: all but what .gitignore names. Git itself need not be there."""
    ignored = {line.strip("/ ") for line in (ROOT / ".gitignore").read_text().splitlines() if line} | {".git"}

    def found(folder: Path) -> Iterator[Path]:
        for path in sorted(folder.iterdir()):
            if any(path.match(name) for name in ignored):
                continue
            if path.is_dir():
                yield from found(path)
            else:
                yield path.relative_to(ROOT)

    return tuple(found(ROOT))


def python() -> list[Path]:
    return [path for path in ours() if path.suffix == ".py" and "migrations" not in path.parts]


def test_imports_only_go_down_and_nobody_imports_the_composition_root() -> None:
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as lint; lint()"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout
    assert "0 broken" in done.stdout


CHEATS = {
    "players/cheat.py": ("import campaigns", "players.cheat -> campaigns"),
    "campaigns/cheat.py": ("from campaigns.channels.email import adapter", "campaigns.cheat -> campaigns.channels"),
    "bonuses/cheat.py": ("from bonuses import credit", "bonuses.cheat -> bonuses.credit"),
    "segments/cheat.py": ("import httpx", "segments.cheat -> httpx"),
}


def test_planted_cheats_are_named(tmp_path: Path) -> None:
    shape = [f"{app}/__init__.py" for app in APPS] + ["config/lib/__init__.py"]
    shape += [f"config/{module}.py" for module in ("settings", "urls", "flow", "celery", "asgi", "embedded", "frame")]
    for path in [*shape, "campaigns/channels/__init__.py", "bonuses/credit/__init__.py"]:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).touch()
    allowed = {
        "campaigns/dispatch.py": "import campaigns.channels",
        "campaigns/handing.py": "import campaigns.channels",
        "bonuses/crediting.py": "import bonuses.credit",
        "campaigns/channels/email/__init__.py": "",
        "campaigns/channels/email/adapter.py": "import smtplib",
        "bonuses/credit/generic/__init__.py": "import httpx",
        "compliance/registers/__init__.py": "",
        "compliance/registers/calling.py": "import httpx",
        "players/pam/__init__.py": "",
        "players/pam/fasttrack/__init__.py": "",
        "players/pam/fasttrack/operator.py": "import httpx",
    }
    for path, line in allowed.items() | {(path, line) for path, (line, _) in CHEATS.items()}:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(f"{line}\n")
    (tmp_path / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text())
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as lint; lint()"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    for _, named in CHEATS.values():
        assert named in done.stdout
    assert "campaigns.dispatch ->" not in done.stdout


def test_the_top_level_is_the_house_and_nothing_else() -> None:
    tops = {path.parts[0] for path in ours() if not path.parts[0].startswith(".")}

    assert tops - TOP == set()


def test_file_names_say_what_is_inside() -> None:
    assert [path for path in python() if path.name in NAMES_THAT_SAY_NOTHING] == []


def test_no_file_is_longer_than_a_reader_keeps_in_mind() -> None:
    lengths = {path: len((ROOT / path).read_text().splitlines()) for path in python() if path.parts[0] in APPS}

    allowed = {path: HANDED_OUT_ALONE.get(path.as_posix(), LONGEST_FILE) for path in lengths}
    assert {path: length for path, length in lengths.items() if length > allowed[path]} == {}


def test_no_function_is_longer_than_a_screen() -> None:
    long = []
    for path in python():
        for node in ast.walk(ast.parse((ROOT / path).read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                assert node.end_lineno
                if node.end_lineno - node.lineno > LONGEST_FUNCTION:
                    long.append(f"{path}:{node.lineno} {node.name}")

    assert long == []


def test_nothing_is_marked_unfinished() -> None:
    sources = [path for path in ours() if path.suffix in {".py", ".html", ".js"} and "vendor" not in path.parts]

    assert [path for path in sources if UNFINISHED.search((ROOT / path).read_text())] == []
